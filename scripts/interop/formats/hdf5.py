"""Counts by the rule of docs/formats/hdf5.md: weights of the model, not those of the optimizer; none in files of no known layout."""
import json
import math

IMPORTS = ["h5py", "keras", "numpy", "tensorflow"]
NAMES = {"|b1": "bool", "complex64": "complex64", "complex128": "complex128"}


def model():
    import keras

    return keras.Sequential(
        [keras.Input((4,)), keras.layers.BatchNormalization(), keras.layers.Dense(2, name="out")],
        name="tiny",
    )


def make(directory):
    import h5py
    import keras
    import numpy as np

    keras.utils.set_random_seed(0)
    made = model()
    made.compile(optimizer=keras.optimizers.SGD(0.01, momentum=0.5), loss=keras.losses.MeanSquaredError(), metrics=[keras.metrics.MeanAbsoluteError()])
    made.fit(np.ones((8, 4)), np.ones((8, 2)), verbose=0)
    made.save(directory / "whole.h5")
    made.save_weights(directory / "keras3.weights.h5")
    with h5py.File(directory / "weights.h5", "w") as file:
        # What `save_weights` wrote before Keras 3.
        from keras.src.legacy.saving import legacy_h5_format

        half = keras.Sequential([keras.Input((4,)), keras.layers.Dense(2, dtype="bfloat16")])
        legacy_h5_format.save_weights_to_hdf5_group(file, keras.Sequential([keras.Input((4,)), keras.layers.Dense(2, dtype="float16")]))
    half.save_weights(directory / "bfloat16.weights.h5")
    with h5py.File(directory / "userblock.h5", "w", userblock_size=1024) as file:
        file.attrs["text"] = "behind a user block"
        file["a/b"] = np.zeros((2, 3), ">f8")
    for name, options in {
        "earliest": {},
        "latest": {"libver": "latest"},
        "tracked": {"track_order": True, "libver": ("v108", "v110")},
    }.items():
        with h5py.File(directory / f"{name}.h5", "w", **options) as file:
            generic(file)


def generic(file):
    import h5py
    import numpy as np

    file.attrs["text"] = "vlen é"
    file.attrs["fixed"] = np.bytes_("abc")
    file.attrs["texts"] = ["x", "yy"]
    file.attrs["integer"] = -5
    file.attrs["big"] = np.uint64(2**63 + 1)
    file.attrs["bigEndian"] = np.array([1, 2], dtype=">i4")
    file.attrs["fraction"] = 1.5
    file.attrs["nothing"] = h5py.Empty("f4")
    for i in range(10):
        file.attrs[f"many{i}"] = f"value {i}"
    file["scalar"] = 1.0
    file["half"] = np.zeros((2, 3), "f2")
    file["complex"] = np.zeros(3, "c8")
    file["bool"] = np.zeros(4, bool)
    file["compound"] = np.zeros(2, dtype=[("a", "i4"), ("b", "f8", (2,))])
    file["string"] = np.array(["a"], dtype=h5py.string_dtype())
    file["enum"] = np.zeros(2, dtype=h5py.enum_dtype({"A": 1, "B": 2}))
    file["opaque"] = np.zeros(3, "V2")
    file["nothing"] = h5py.Empty("f4")
    file.create_dataset("compressed", data=np.zeros((20, 20), "i2"), compression="gzip", shuffle=True, fletcher32=True, chunks=(10, 10))
    file.create_dataset("unwritten", shape=(5, 5), dtype=">u4")
    file["type"] = np.dtype("f8")
    file.create_dataset("committed", (3,), dtype=file["type"])
    many = file.create_group("many")
    for i in range(20):
        many[f"d{i}"] = np.zeros(i % 3 + 1, "u1")
    many["loop"] = file["/"]
    many["again"] = file["half"]
    file["soft"] = h5py.SoftLink("/half")
    file["a/b/c"] = np.zeros(2)


def dtype(dataset):
    import h5py

    if isinstance(dataset.attrs.get("dtype"), str):
        return dataset.attrs["dtype"]
    kind = dataset.dtype
    if h5py.check_string_dtype(kind):
        return "string"
    if h5py.check_enum_dtype(kind) and kind.kind != "b":
        return "enum"
    return {"V": "compound" if kind.names else "opaque", "b": "bool"}.get(kind.kind, kind.name)


def built(loaded):
    """The optimizer with the state that it has in training: the library makes it as late as it can."""
    optimizer = type(loaded.optimizer).from_config(loaded.optimizer.get_config())
    optimizer.build(loaded.trainable_variables)
    return optimizer


def visit(file):
    import h5py

    found = {}
    file.visititems(lambda name, item: found.update({name: item}) if isinstance(item, h5py.Dataset) else None)
    return found


def facts(path):
    import h5py

    if path.suffix not in (".h5", ".hdf5"):
        return None
    with h5py.File(path) as file:
        found = visit(file)
        root = dict(file.attrs)
        isKeras = "model_config" in root or "layer_names" in root or path.name.endswith(".weights.h5")
        own = {
            name: item
            for name, item in found.items()
            if isKeras and not name.startswith(("optimizer/", "optimizer_weights/"))
        }
        dtypes = {}
        for item in own.values():
            dtypes[dtype(item)] = dtypes.get(dtype(item), 0) + int(item.size)
        result = {
            "format": "hdf5",
            "tensors.count": len(found),
            "tensors.parameters": sum(dtypes.values()),
            "tensors.dtypes": dtypes,
            "shapes": {name: list(item.shape or ()) for name, item in found.items()},
            "types": {name: dtype(item) for name, item in found.items()},
        }
        for name in ("text", "fixed", "integer", "big", "fraction"):
            if name in root:
                result[f"metadata.{name}"] = root[name].decode() if isinstance(root[name], bytes) else str(root[name])
        if "texts" in root:
            result["metadata.texts"] = ", ".join(root["texts"])
            result["metadata.bigEndian"] = ", ".join(str(value) for value in root["bigEndian"])
            for i in range(10):
                result[f"metadata.many{i}"] = root[f"many{i}"]
        if "keras_version" in root:
            result["producers"] = [f"keras {root['keras_version']}"]
            result["metadata.backend"] = root["backend"]
    if "model_config" in root:
        import keras

        loaded = keras.models.load_model(path)
        optimizer = json.loads(root["training_config"])["optimizer_config"]
        settings = {name: value for name, value in loaded.optimizer.get_config().items() if value is not None and name != "name"}
        # A test of the library itself: the numbers that it loads are those that we count.
        assert loaded.count_params() == result["tensors.parameters"]
        assert math.isclose(settings["learning_rate"], 0.01, rel_tol=1e-6)
        result["architecture"] = type(loaded).__name__
        result["name"] = loaded.name
        result["inputs"] = [{"name": "input_layer", "dtype": "float32", "shape": [-1, 4]}] if loaded.input_shape == (None, 4) else []
        result["hyperparameters"] = {"optimizer": optimizer["class_name"], **settings, "loss": "MeanSquaredError", "metrics": "MeanAbsoluteError"}
        result["metadata.optimizer.values"] = str(sum(int(math.prod(v.shape)) for v in built(loaded).variables))
    return result
