IMPORTS = ["sentencepiece"]
SETTINGS = "vocab_size character_coverage max_sentencepiece_length split_digits byte_fallback unk_id bos_id eos_id pad_id shuffle_input_sentence".split()


def make(directory):
    import io
    import random

    import sentencepiece

    random.seed(0)
    words = ["model", "weights", "token", "manifest", "licence", "data", "layer", "shape", "größe", "模型"]
    lines = [" ".join(random.choices(words, k=8)) for _ in range(400)]

    def train(name, **options):
        out = io.BytesIO()
        sentencepiece.SentencePieceTrainer.train(sentence_iterator=iter(lines), model_writer=out, **options)
        (directory / f"{name}.model").write_bytes(out.getvalue())

    # With its own normaliser; the others without, so that they are small.
    train("unigram", vocab_size=80, hard_vocab_limit=False)
    train("bpe", vocab_size=320, model_type="bpe", byte_fallback=True, user_defined_symbols=["<mask>"], pad_id=3, split_digits=True, normalization_rule_name="identity")
    train("chars", vocab_size=40, model_type="char", character_coverage=0.98, hard_vocab_limit=False, normalization_rule_name="identity")
    train("words", vocab_size=30, model_type="word", hard_vocab_limit=False, normalization_rule_name="identity")


def facts(path):
    import sentencepiece
    from sentencepiece import sentencepiece_model_pb2 as schema

    processor = sentencepiece.SentencePieceProcessor(model_file=str(path))
    model = schema.ModelProto.FromString(path.read_bytes())
    trainer, normalizer = model.trainer_spec, model.normalizer_spec
    types = {}
    for index in range(processor.get_piece_size()):
        kind = next(
            (name for name in ("unknown", "control", "unused", "byte") if getattr(processor, f"is_{name}")(index)),
            "user_defined" if model.pieces[index].type == 4 else "normal",
        ).upper()
        types[kind] = types.get(kind, 0) + 1
    shown = lambda value: str(value).lower() if isinstance(value, bool) else str(round(value, 7)) if isinstance(value, float) else str(value)
    result = {
        "vocabularySize": processor.vocab_size(),
        "metadata.trainer_spec.model_type": schema.TrainerSpec.ModelType.Name(trainer.model_type) if trainer.HasField("model_type") else None,
        "metadata.normalizer_spec.name": normalizer.name,
    }
    result.update({f"metadata.pieces.{kind}": str(count) for kind, count in types.items()})
    for name in ("add_dummy_prefix", "remove_extra_whitespaces"):
        result[f"metadata.normalizer_spec.{name}"] = shown(getattr(normalizer, name)) if normalizer.HasField(name) else None
    result.update({f"metadata.trainer_spec.{name}": shown(getattr(trainer, name)) for name in SETTINGS if trainer.HasField(name)})
    return {name: value for name, value in result.items() if value is not None}
