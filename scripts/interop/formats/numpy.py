"""One tensor for each array; a record counts as one for each of its fields, as docs/formats/numpy.md says."""
import math

from ._parameters import counted

IMPORTS = ["numpy"]


def make(directory):
    import numpy as np

    generator = np.random.default_rng(0)
    matrix = generator.random((7, 5), dtype=np.float32)
    record = np.dtype([("id", "<i8"), ("point", "<f4", (2, 2)), ("nested", [("flag", "?"), ("label", "<U3")])])
    padded = np.dtype({"names": ["a", "b"], "formats": ["u1", "<f8"]}, align=True)
    np.save(directory / "plain.npy", matrix)
    np.save(directory / "scalar.npy", np.array(1.5))
    np.save(directory / "empty.npy", np.zeros((0, 4), np.int16))
    np.save(directory / "fortran.npy", np.asfortranarray(matrix))
    np.save(directory / "big-endian.npy", matrix.astype(">f4"))
    np.save(directory / "complex.npy", matrix.astype(np.complex64))
    np.save(directory / "half.npy", matrix.astype(np.float16))
    np.save(directory / "texts.npy", np.array(["a", "bcd"]))
    np.save(directory / "bytes.npy", np.array([b"a", b"bcd"]))
    np.save(directory / "dates.npy", np.array(["2020-01-01"], "M8[D]"))
    np.save(directory / "record.npy", np.zeros(3, record))
    np.save(directory / "padded.npy", np.zeros(3, padded))
    np.save(directory / "unicode-field.npy", np.zeros(2, np.dtype([("größe", "<f4"), ("数", "<i4")])))
    np.save(directory / "objects.npy", np.array([{"a": 1}, None], object), allow_pickle=True)
    many = np.dtype([(f"field_{i:05d}", "<f4") for i in range(3000)])
    np.save(directory / "version2.npy", np.zeros(1, many))
    np.savez(directory / "stored.npz", weight=matrix, bias=np.zeros(5), steps=np.array(3))
    np.savez_compressed(directory / "deflated.npz", weight=matrix, big=np.zeros((300, 300)), record=np.zeros(3, record))


def leaves(dtype, path=()):
    if dtype.subdtype is not None:
        inner, shape = dtype.subdtype
        for name, leaf, axes in leaves(inner, path):
            yield name, leaf, [*shape, *axes]
    elif dtype.fields is not None:
        for name in dtype.names:
            yield from leaves(dtype.fields[name][0], (*path, name))
    else:
        yield ".".join(path), dtype, []


def facts(path):
    import numpy as np

    loaded = np.load(path, allow_pickle=True)
    arrays = {name: loaded[name] for name in loaded.files} if path.suffix == ".npz" else {"": loaded}
    shapes, dtypes, objects = {}, {}, False
    for name, array in arrays.items():
        for leaf, dtype, axes in leaves(array.dtype):
            shape = [*array.shape, *axes]
            shapes[".".join(part for part in (name, leaf) if part)] = shape
            objects = objects or dtype.hasobject
            if dtype.kind not in "SUVO" and math.prod(shape) > 0:
                dtypes[dtype.name] = dtypes.get(dtype.name, 0) + math.prod(shape)
    result = {
        "shapes": shapes,
        "tensors.count": len(shapes),
        "tensors.parameters": sum(counted(dtypes).values()),
        "tensors.dtypes": counted(dtypes),
        "notInspected": ["pickled objects"] if objects else [],
    }
    if path.suffix == ".npy":
        with open(path, "rb") as file:
            major, minor = np.lib.format.read_magic(file)
        result["formatVersion"] = f"{major}.{minor}"
        if array.flags.f_contiguous and not array.flags.c_contiguous:
            result["metadata.fortran_order"] = "True"
    if not objects:
        stored = sum(array.size * sum(leaf.itemsize * math.prod(axes) for _, leaf, axes in leaves(array.dtype)) for array in arrays.values())
        result["tensors.bytes"] = stored
    return result
