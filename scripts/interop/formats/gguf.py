from ._parameters import counted

IMPORTS = ["gguf", "numpy"]


def make(directory):
    import gguf
    import numpy as np

    generator = np.random.default_rng(0)

    def write(name, architecture, fill, tensors=(), **options):
        writer = gguf.GGUFWriter(directory / f"{name}.gguf", architecture, **options)
        fill(writer)
        for tensor, data, kind in tensors:
            writer.add_tensor(tensor, data, raw_dtype=kind)
        writer.write_header_to_file()
        writer.write_kv_data_to_file()
        writer.write_tensors_to_file()
        writer.close()

    kinds = gguf.GGMLQuantizationType
    plain = lambda *shape: generator.random(shape, dtype=np.float32)
    packed = lambda kind, *shape: gguf.quants.quantize(plain(*shape), kind)

    def model(writer):
        writer.add_name("Made")
        writer.add_context_length(128)
        writer.add_license("mit")
        writer.add_version("v2")
        writer.add_author("Example")
        writer.add_description("A test")
        writer.add_languages(["en", "de"])
        writer.add_tags(["tiny", "test"])
        writer.add_quantization_version(2)
        writer.add_file_type(gguf.LlamaFileType.MOSTLY_Q8_0)
        writer.add_source_repo_url("https://example.com/source")
        writer.add_base_model_count(2)
        writer.add_base_model_name(0, "First")
        writer.add_base_model_organization(0, "Example")
        writer.add_base_model_repo_url(0, "https://example.com/first")
        writer.add_base_model_name(1, "Second")
        writer.add_base_model_version(1, "1.1")
        writer.add_dataset_count(1)
        writer.add_dataset_name(0, "Sorted words")
        writer.add_dataset_repo_url(0, "https://example.com/words")
        writer.add_token_list([f"token-{i}" for i in range(100)])
        writer.add_chat_template([{"name": "default", "template": "{{ messages }}"}, {"name": "tool_use", "template": "{{ tools }}"}])

    tensors = [
        ("plain", plain(4, 32), None),
        ("half", plain(2, 64).astype(np.float16), None),
        ("packed", packed(kinds.Q8_0, 4, 64), kinds.Q8_0),
    ]
    write("made", "llama", model, tensors)
    write("big", "llama", model, [("plain", plain(4, 32), None), ("ids", np.arange(6, dtype=np.int32), None)], endianess=gguf.GGUFEndian.BIG)
    every = [
        (kind.name.lower(), packed(kind, 2, 256), kind)
        for kind in (kinds.Q4_0, kinds.Q4_1, kinds.Q5_0, kinds.Q5_1, kinds.BF16, kinds.TQ1_0, kinds.TQ2_0, kinds.MXFP4)
    ]
    sizes = {kind: gguf.GGML_QUANT_SIZES[kind] for kind in (kinds.Q4_K, kinds.Q6_K, kinds.Q2_K, kinds.IQ4_XS, kinds.IQ1_M, kinds.NVFP4, kinds.Q1_0)}
    every += [(kind.name.lower(), np.zeros((2, 256 // values * size), np.uint8), kind) for kind, (values, size) in sizes.items()]
    write("types", "llama", lambda writer: None, every)

    def adapter(writer):
        writer.add_type(gguf.GGUFType.ADAPTER)
        writer.add_string(gguf.Keys.Adapter.TYPE, "lora")
        writer.add_float32(gguf.Keys.Adapter.LORA_ALPHA, 16.0)

    write("adapter", "llama", adapter, [("blk.0.attn_q.weight.lora_a", plain(8, 32), None), ("blk.0.attn_q.weight.lora_b", plain(32, 8), None)])

    def projector(writer):
        writer.add_type(gguf.GGUFType.MMPROJ)
        writer.add_clip_has_vision_encoder(True)
        writer.add_clip_projector_type(gguf.VisionProjectorType.MLP if hasattr(gguf.VisionProjectorType, "MLP") else "mlp")

    write("mmproj-made", "clip", projector, [("mm.0.weight", plain(8, 8), None)])

    def matrix(writer):
        writer.add_type(gguf.GGUFType.IMATRIX)
        writer.add_array(gguf.Keys.IMatrix.DATASETS, ["words"])

    write("imatrix", "llama", matrix, [("blk.0.in_sum2", plain(1, 32), None)])
    write("vocabulary", "llama", lambda writer: writer.add_token_list(["a", "b"]))
    write("parts", "llama", model, tensors, split_max_tensors=2)


def facts(path):
    import gguf

    reader = gguf.GGUFReader(path)
    dtypes, size = {}, 0
    for tensor in reader.tensors:
        dtypes[tensor.tensor_type.name] = dtypes.get(tensor.tensor_type.name, 0) + int(tensor.n_elements)
        size += int(tensor.n_bytes)

    def field(key):
        found = reader.get_field(key)
        return None if found is None else found.contents()

    kind = field("general.type")
    tokens = field("tokenizer.ggml.tokens")
    role = {"adapter": "adapter", "imatrix": "data"}.get(kind, "tokenizer" if tokens and not reader.tensors else "weights")
    result = {"formatVersion": str(int(field("GGUF.version"))), "role": role}
    if kind != "imatrix":
        result.update({"tensors.count": len(reader.tensors), "tensors.parameters": sum(counted(dtypes).values()), "tensors.dtypes": counted(dtypes), "tensors.bytes": size})
    result["shapes"] = {tensor.name: [int(size) for size in reversed(tensor.shape)] for tensor in reader.tensors}
    for fact, key in {
        "name": "general.name",
        "version": "general.version",
        "author": "general.author",
        "description": "general.description",
        "license": "general.license",
        "architecture": "general.architecture",
        "contextLength": "llama.context_length",
        "languages": "general.languages",
        "tags": "general.tags",
    }.items():
        if field(key) is not None:
            result[fact] = field(key)
    if tokens:
        result["vocabularySize"] = len(tokens)
    if field("general.file_type") is not None:
        result["quantization"] = gguf.LlamaFileType(field("general.file_type")).name.replace("MOSTLY_", "").replace("ALL_", "")
    for key in ("general.quantization_version", "split.no", "split.count", "split.tensors.count", "clip.projector_type", "imatrix.datasets", "general.type"):
        if field(key) is not None:
            value = field(key)
            result[f"metadata.{key}"] = ", ".join(value) if isinstance(value, list) else str(value)
    if field("adapter.lora.alpha") is not None:
        result["hyperparameters"] = {"type": field("adapter.type"), "lora.alpha": field("adapter.lora.alpha")}
    parents = []
    for index in range(field("general.base_model.count") or 0):
        given = {"name": "name", "version": "version", "organization": "organization", "repo_url": "uri"}
        parents.append({"key": f"general.base_model.{index}"} | {ours: field(f"general.base_model.{index}.{theirs}") for theirs, ours in given.items() if field(f"general.base_model.{index}.{theirs}")})
    if field("general.source.repo_url"):
        parents.append({"key": "general.source", "uri": field("general.source.repo_url")})
    if parents:
        result["baseModels"] = parents
    if field("general.dataset.count"):
        result["datasets"] = [field(f"general.dataset.{index}.name") for index in range(field("general.dataset.count"))]
    if field("tokenizer.chat_template"):
        import hashlib

        digest = lambda text: hashlib.sha256(text.encode()).hexdigest()
        result["chatTemplates"] = {"default": digest(field("tokenizer.chat_template"))} | {
            name: digest(field(f"tokenizer.chat_template.{name}")) for name in field("tokenizer.chat_templates") or [] if name != "default"
        }
    return result
