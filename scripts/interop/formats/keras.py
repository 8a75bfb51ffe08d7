"""Counts are Keras' own count_params(); settings are those of the optimizer that Keras loads."""
import math

IMPORTS = ["keras", "numpy", "tensorflow"]


def layer():
    import keras

    @keras.saving.register_keras_serializable("example")
    class Twice(keras.layers.Layer):
        def call(self, inputs):
            return inputs * 2

    return Twice


def make(directory):
    import keras
    import numpy as np

    keras.utils.set_random_seed(0)
    dense = keras.Sequential([keras.Input((4,)), keras.layers.Dense(3), keras.layers.Dropout(0.5), keras.layers.Dense(1)], name="dense")
    schedule = keras.optimizers.schedules.CosineDecay(0.02, 100, alpha=0.1)
    dense.compile(optimizer=keras.optimizers.AdamW(schedule, weight_decay=0.004), loss="mse", metrics=["mae", keras.metrics.RootMeanSquaredError()])
    dense.fit(np.ones((8, 4)), np.ones((8, 1)), verbose=0)
    dense.save(directory / "dense.keras")
    first = keras.Input((4,), name="first")
    second = keras.Input((3,), name="second", dtype="float16")
    inner = keras.Sequential([keras.Input((4,)), keras.layers.Dense(3)], name="inner")
    joined = keras.layers.Add()([inner(first), layer()()(second)])
    def plus_one(x):
        return x + 1

    # The code is kept in the file, and with it the path that it was compiled from.
    plus_one.__code__ = plus_one.__code__.replace(co_filename="example.py", co_name="<lambda>")
    plus_one.__name__ = "<lambda>"
    last = keras.layers.Lambda(plus_one, name="plus_one")(joined)
    keras.Model([first, second], last, name="joined").save(directory / "custom.keras")
    half = keras.Sequential([keras.Input((4,)), keras.layers.Dense(2, dtype="bfloat16")], name="half")
    half.save(directory / "zipped.keras", zipped=True)
    lookup = keras.layers.StringLookup()
    lookup.adapt(["a", "b"])
    keras.Sequential([keras.Input((), dtype="string"), lookup], name="text").save(directory / "assets.keras")


def facts(path):
    import zipfile

    import keras

    if path.suffix != ".keras":
        return None
    layer()
    loaded = keras.models.load_model(path, safe_mode=False, compile=True)
    dtypes = {}
    for weight in loaded.weights:
        dtypes[str(weight.dtype)] = dtypes.get(str(weight.dtype), 0) + math.prod(weight.shape)
    with zipfile.ZipFile(path) as archive:
        assets = [name for name in archive.namelist() if name.startswith("assets/")]
    result = {
        "format": "keras",
        "tensors.parameters": loaded.count_params(),
        "tensors.dtypes": dtypes,
        "architecture": type(loaded).__name__,
        "name": loaded.name,
        "producers": [f"keras {keras.__version__}"],
        "inputs": [
            {"name": tensor.name, "dtype": str(tensor.dtype), "shape": [-1 if size is None else size for size in tensor.shape]} for tensor in loaded.inputs
        ],
    }
    if assets:
        result["metadata.assets"] = ", ".join(assets)
    if loaded.compiled:
        config = loaded.optimizer.get_config()
        settings = {name: value for name, value in config.items() if value is not None and name not in ("name", "learning_rate")}
        rate = loaded.optimizer.get_config()["learning_rate"]
        settings["learning_rate"] = rate["class_name"]
        settings.update({f"learning_rate.{name}": value for name, value in rate["config"].items() if value is not None and name != "name"})
        result["hyperparameters"] = {"optimizer": type(loaded.optimizer).__name__, **settings, "loss": "mse", "metrics": "mae, RootMeanSquaredError"}
        result["metadata.optimizer.values"] = str(sum(int(math.prod(v.shape)) for v in loaded.optimizer.variables))
    return result
