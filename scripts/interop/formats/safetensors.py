import math

IMPORTS = ["safetensors", "numpy"]
DTYPES = {"float32": "F32", "float16": "F16", "float64": "F64", "int64": "I64"}


def make(directory):
    import numpy as np
    from safetensors.numpy import save_file

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


def facts(path):
    from safetensors import safe_open

    with safe_open(path, framework="numpy") as file:
        tensors = {name: file.get_tensor(name) for name in file.keys()}
    dtypes = {}
    for tensor in tensors.values():
        name = DTYPES[str(tensor.dtype)]
        dtypes[name] = dtypes.get(name, 0) + math.prod(tensor.shape)
    return {
        "tensors.count": len(tensors),
        "tensors.parameters": sum(dtypes.values()),
        "tensors.dtypes": dtypes,
        "shapes": {name: list(tensor.shape) for name, tensor in tensors.items()},
    }
