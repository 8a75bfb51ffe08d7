import math

from ._parameters import counted

IMPORTS = ["safetensors", "numpy", "torch"]
DTYPES = {
    "float32": "F32",
    "float16": "F16",
    "bfloat16": "BF16",
    "float64": "F64",
    "int64": "I64",
    "int32": "I32",
    "int16": "I16",
    "int8": "I8",
    "uint8": "U8",
    "uint16": "U16",
    "uint32": "U32",
    "uint64": "U64",
    "bool": "BOOL",
    "complex64": "C64",
    "float8_e4m3fn": "F8_E4M3",
    "float8_e5m2": "F8_E5M2",
    "float8_e8m0fnu": "F8_E8M0",
    "float8_e4m3fnuz": "F8_E4M3FNUZ",
    "float8_e5m2fnuz": "F8_E5M2FNUZ",
}
EXPLAINED = {("dtypes.safetensors", "tensors.parameters"): "scales in F8_E8M0 are no parameters", ("dtypes.safetensors", "tensors.dtypes"): "the same"}


def make(directory):
    import json

    import numpy as np
    import torch
    from safetensors.numpy import save_file
    from safetensors.torch import save_file as save_torch

    generator = np.random.default_rng(0)
    save_file(
        {
            "a.weight": generator.random((7, 5), dtype=np.float32),
            "b.bias": generator.random(5).astype(np.float16),
            "c.index": np.arange(3, dtype=np.int64),
            "scalar": np.array(1.0),
        },
        directory / "made.safetensors",
        metadata={"format": "np"},
    )
    # The library refuses some types in one build and not in the other: all that it takes.
    tensors = {}
    for index, name in enumerate(DTYPES):
        dtype = getattr(torch, name, None)
        if dtype is None:
            continue
        tensor = torch.zeros((index + 1, 3), dtype=torch.float32).to(dtype)
        try:
            save_torch({"x": tensor}, directory / "probe.safetensors")
            tensors[f"t.{name}"] = tensor
        except (KeyError, ValueError, TypeError, RuntimeError):
            continue
    (directory / "probe.safetensors").unlink()
    save_torch(tensors, directory / "dtypes.safetensors", metadata={"format": "pt"})
    save_torch({}, directory / "empty.safetensors")
    save_torch({"none": torch.zeros((0, 4))}, directory / "zero.safetensors")
    kohya = {
        "ss_learning_rate": "0.0001",
        "ss_network_dim": "8",
        "ss_mixed_precision": "bf16",
        "ss_base_model_version": "sdxl_base_v1-0",
        "ss_datasets": json.dumps([{"batch_size_per_device": 2, "subsets": [{"image_dir": "10_cats", "num_repeats": 10}]}]),
        "ss_tag_frequency": json.dumps({"10_cats": {"cat": 4}, "5_dogs": {"dog": 2}}),
        "modelspec.title": "Cats",
        "modelspec.author": "Example",
        "modelspec.license": "MIT",
        "modelspec.tags": "cat, animal",
    }
    lora = {f"lora_unet_block_{i}.{part}.weight": torch.rand((8, 16) if part == "lora_down" else (16, 8)) for i in range(2) for part in ("lora_down", "lora_up")}
    save_torch(lora, directory / "kohya.safetensors", metadata=kohya)

    import transformers

    config = transformers.LlamaConfig(hidden_size=8, intermediate_size=16, num_hidden_layers=1, num_attention_heads=2, vocab_size=32, dtype="bfloat16")
    transformers.LlamaForCausalLM(config).to(torch.bfloat16).save_pretrained(directory / "llama")


def facts(path):
    import json

    from safetensors import safe_open

    if path.suffix != ".safetensors":
        return None
    with safe_open(path, framework="pt") as file:
        tensors = {name: file.get_slice(name) for name in file.keys()}
        shapes = {name: list(tensor.get_shape()) for name, tensor in tensors.items()}
        kinds = {name: tensor.get_dtype() for name, tensor in tensors.items()}
        metadata = file.metadata() or {}
    dtypes = {}
    for name, kind in kinds.items():
        if math.prod(shapes[name]) > 0:
            dtypes[kind] = dtypes.get(kind, 0) + math.prod(shapes[name])
    dtypes = counted(dtypes)
    result = {
        "tensors.count": len(tensors),
        "tensors.parameters": sum(dtypes.values()),
        "tensors.dtypes": dict(sorted(dtypes.items())),
        "shapes": shapes,
        "role": "adapter" if tensors and all("lora_" in name for name in tensors) else "weights",
    }
    if "format" in metadata:
        result["metadata.format"] = metadata["format"]
    if "ss_learning_rate" in metadata:
        result["hyperparameters.learning_rate"] = float(metadata["ss_learning_rate"])
        result["hyperparameters.network_dim"] = int(metadata["ss_network_dim"])
        result["hyperparameters.batch_size_per_device"] = json.loads(metadata["ss_datasets"])[0]["batch_size_per_device"]
        result["datasets"] = list(json.loads(metadata["ss_tag_frequency"]))
        result["baseModels"] = [{"key": "ss_base_model_version", "version": metadata["ss_base_model_version"]}]
        result["name"], result["author"], result["license"] = (metadata[f"modelspec.{key}"] for key in ("title", "author", "license"))
        result["tags"] = metadata["modelspec.tags"].split(", ")
    return result
