IMPORTS = ["gguf", "numpy"]


def make(directory):
    import gguf
    import numpy as np

    generator = np.random.default_rng(0)
    writer = gguf.GGUFWriter(directory / "made.gguf", "llama")
    writer.add_name("Made")
    writer.add_context_length(128)
    writer.add_license("mit")
    writer.add_token_list([f"token-{i}" for i in range(100)])
    writer.add_tensor("plain", generator.random((4, 32), dtype=np.float32))
    writer.add_tensor("half", generator.random((2, 64)).astype(np.float16))
    packed = gguf.quants.quantize(generator.random((4, 64), dtype=np.float32), gguf.GGMLQuantizationType.Q8_0)
    writer.add_tensor("packed", packed, raw_dtype=gguf.GGMLQuantizationType.Q8_0)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


def facts(path):
    import gguf

    reader = gguf.GGUFReader(path)
    dtypes = {}
    for tensor in reader.tensors:
        dtypes[tensor.tensor_type.name] = dtypes.get(tensor.tensor_type.name, 0) + int(tensor.n_elements)
    field = lambda key: reader.get_field(key).contents()
    return {
        "tensors.count": len(reader.tensors),
        "tensors.parameters": sum(dtypes.values()),
        "tensors.dtypes": dtypes,
        "shapes": {tensor.name: [int(size) for size in reversed(tensor.shape)] for tensor in reader.tensors},
        "name": field("general.name"),
        "license": field("general.license"),
        "architecture": field("general.architecture"),
        "contextLength": field("llama.context_length"),
        "vocabularySize": len(field("tokenizer.ggml.tokens")),
    }
