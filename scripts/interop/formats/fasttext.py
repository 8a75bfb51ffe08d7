"""Facts come from the loaded model: its arguments, dictionary and matrices."""
IMPORTS = ["fasttext", "numpy"]
ARGS = ["dim", "ws", "epoch", "minCount", "neg", "wordNgrams", "bucket", "minn", "maxn", "lrUpdateRate", "t"]


def make(directory):
    import fasttext

    text = directory.parent / "fasttext-input.txt"
    labelled = "".join(f"__label__{'even' if i % 2 == 0 else 'odd'} word{i % 40} größe number{i % 7}\n" for i in range(400))
    text.write_text(labelled, encoding="utf-8")
    common = {"input": str(text), "dim": 6, "thread": 1, "verbose": 0, "minCount": 1}
    fasttext.train_supervised(**common, epoch=2, bucket=50, wordNgrams=2).save_model(str(directory / "supervised.bin"))
    fasttext.train_supervised(**common, epoch=2, loss="ova", minn=2, maxn=3, bucket=60).save_model(str(directory / "one-vs-all.bin"))
    fasttext.train_supervised(**common, loss="hs", bucket=0).save_model(str(directory / "hierarchical.bin"))
    fasttext.train_unsupervised(**common, model="skipgram", bucket=80, ws=3, neg=4).save_model(str(directory / "skipgram.bin"))
    fasttext.train_unsupervised(**common, model="cbow", maxn=0, bucket=1, t=0.001).save_model(str(directory / "cbow.bin"))
    quantized = fasttext.train_supervised(**common, bucket=400, wordNgrams=2)
    quantized.quantize(input=str(text), qnorm=True, retrain=False, dsub=2)
    quantized.save_model(str(directory / "quantized.ftz"))
    # Quantising the output needs as many labels as a codebook has values.
    text.write_text("".join(f"__label__{i % 300} word{i % 40} number{i % 7}\n" for i in range(600)), encoding="utf-8")
    both = fasttext.train_supervised(**common, bucket=400, wordNgrams=2)
    both.quantize(input=str(text), qout=True, qnorm=True, cutoff=300, retrain=True, dsub=3)
    both.save_model(str(directory / "pruned.ftz"))
    text.unlink()


def facts(path):
    import fasttext
    from fasttext.FastText import _FastText

    fasttext.FastText.eprint = lambda *_: None
    model = fasttext.load_model(str(path))
    args = model.f.getArgs()
    name = str(args.model).rsplit(".", 1)[-1]
    loss = {"ova": "one-vs-all"}.get(str(args.loss).rsplit(".", 1)[-1], str(args.loss).rsplit(".", 1)[-1])
    words, counts = model.get_words(include_freq=True)
    result = {
        "hyperparameters": {**{arg: getattr(args, arg) for arg in ARGS}, "model": name, "loss": loss},
        "architecture": name,
        "vocabularySize": len(words),
        "metadata.words": str(len(words)),
        # For other models the library has no list of labels.
        "metadata.labels": str(len(model.get_labels())) if name == "supervised" else None,
        "quantization": "product quantization" if model.is_quantized() else None,
        "notInspected": [],
    }
    if not model.is_quantized():
        inputs, outputs = model.get_input_matrix(), model.get_output_matrix()
        result["shapes"] = {"input": list(inputs.shape), "output": list(outputs.shape)}
        result["tensors.parameters"] = int(inputs.size + outputs.size)
        result["tensors.bytes"] = int(inputs.nbytes + outputs.nbytes)
        result["tensors.dtypes"] = {str(inputs.dtype): int(inputs.size + outputs.size)}
    return {key: value for key, value in result.items() if value is not None}
