IMPORTS = ["tokenizers"]


def make(directory):
    from tokenizers import AddedToken, Tokenizer, decoders, models, normalizers, pre_tokenizers, processors, trainers

    lines = ["the model has weights", "a licence for the data", "größe und 模型 \" \\ , { [ :", "tokens, shapes, layers"] * 20

    def train(name, model, trainer, **steps):
        tokenizer = Tokenizer(model)
        for step, value in steps.items():
            setattr(tokenizer, step, value)
        tokenizer.train_from_iterator(lines, trainer)
        return tokenizer

    bpe = train(
        "bpe",
        models.BPE(byte_fallback=True),
        trainers.BpeTrainer(vocab_size=300, special_tokens=["<s>", "</s>"], initial_alphabet=pre_tokenizers.ByteLevel.alphabet()),
        pre_tokenizer=pre_tokenizers.Sequence([pre_tokenizers.Digits(), pre_tokenizers.ByteLevel()]),
        decoder=decoders.ByteLevel(),
        post_processor=processors.ByteLevel(),
    )
    bpe.add_special_tokens(["<|im_start|>", "<|im_end|>"])
    bpe.add_tokens([AddedToken("\n\n", normalized=False), "the"])
    bpe.save(str(directory / "bpe.json"))
    bpe.save(str(directory / "compact.json"), pretty=False)
    word = train(
        "wordpiece",
        models.WordPiece(unk_token="[UNK]"),
        trainers.WordPieceTrainer(vocab_size=120, special_tokens=["[UNK]", "[CLS]", "[SEP]", "[PAD]", "[MASK]"]),
        normalizer=normalizers.BertNormalizer(),
        pre_tokenizer=pre_tokenizers.BertPreTokenizer(),
        decoder=decoders.WordPiece(),
        post_processor=processors.TemplateProcessing(single="[CLS] $A [SEP]", special_tokens=[("[CLS]", 1), ("[SEP]", 2)]),
    )
    word.enable_truncation(128)
    word.enable_padding()
    word.save(str(directory / "wordpiece.json"))
    unigram = train(
        "unigram",
        models.Unigram(),
        trainers.UnigramTrainer(vocab_size=60, special_tokens=["<pad>", "<unk>"], unk_token="<unk>"),
        normalizer=normalizers.Sequence([normalizers.NFKC(), normalizers.Lowercase()]),
        pre_tokenizer=pre_tokenizers.Metaspace(),
        decoder=decoders.Metaspace(),
    )
    unigram.add_special_tokens([f"<extra_id_{i}>" for i in range(5)])
    unigram.save(str(directory / "unigram.json"))
    level = train("wordlevel", models.WordLevel(unk_token="<unk>"), trainers.WordLevelTrainer(special_tokens=["<unk>"]), pre_tokenizer=pre_tokenizers.Whitespace())
    level.save(str(directory / "wordlevel.json"))


def facts(path):
    from tokenizers import Tokenizer

    tokenizer = Tokenizer.from_file(str(path))
    added = tokenizer.get_added_tokens_decoder()
    result = {
        "format": "huggingface-tokenizer",
        "formatVersion": "1.0",
        "vocabularySize": tokenizer.get_vocab_size(with_added_tokens=True),
        "metadata.model.vocab": str(tokenizer.get_vocab_size(with_added_tokens=False)),
        "metadata.model.type": type(tokenizer.model).__name__,
        "metadata.added_tokens": str(len(added)),
        "metadata.added_tokens.special": str(sum(1 for token in added.values() if token.special)),
    }
    for step in ("normalizer", "pre_tokenizer", "post_processor", "decoder"):
        value = getattr(tokenizer, step)
        if value is not None and type(value).__name__ != "Sequence":
            result[f"metadata.{step}"] = type(value).__name__
    return result
