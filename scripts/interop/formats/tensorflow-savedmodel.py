"""What TensorFlow's own message classes say of saved_model.pb, keras_metadata.pb and fingerprint.pb."""
import importlib
import json
import math

IMPORTS = ["tensorflow", "keras", "numpy"]


def make(directory):
    import keras
    import numpy as np
    import tensorflow as tf

    keras.utils.set_random_seed(0)
    words = directory / "words.txt"
    words.write_text("a\nb\n")

    class Module(tf.Module):
        def __init__(self):
            self.weight = tf.Variable(tf.ones((4, 3)))
            self.words = tf.saved_model.Asset(str(words))

        @tf.function(input_signature=[tf.TensorSpec([None, 4], name="x"), tf.TensorSpec([], tf.int32, name="n")])
        def __call__(self, x, n):
            return {"y": x @ self.weight * tf.cast(n, tf.float32), "text": tf.io.read_file(self.words.asset_path)}

    module = Module()
    tf.saved_model.save(module, str(directory / "module"), signatures={"run": module.__call__})
    words.unlink()

    v1 = tf.compat.v1
    with tf.Graph().as_default(), v1.Session() as session:
        x = v1.placeholder(tf.float32, [None, 4], name="x")
        y = tf.add(tf.matmul(x, tf.constant(np.ones((4, 3), np.float32), name="w")), tf.constant(np.zeros(3, np.float32), name="b"), name="y")
        v1.saved_model.simple_save(session, str(directory / "frozen"), {"x": x}, {"y": y})

    # Too large to be recorded; compared when the tests against the libraries run.
    model = keras.Sequential([keras.Input((4,)), keras.layers.Dense(3), keras.layers.Dropout(0.5), keras.layers.Dense(1)], name="tiny")
    model.export(directory / "exported", verbose=False)
    (directory / "exported" / "variables" / "parameters.json").write_text(json.dumps({"variables": model.count_params()}))

    # TensorFlow still holds a copy of Keras 2, without its version.
    import tensorflow.python.keras as keras2
    from tensorflow.python.keras.layers import Dense, InputLayer
    from tensorflow.python.keras.models import Sequential
    from tensorflow.python.keras.optimizer_v2.adam import Adam

    keras2.__version__ = "2.6.0"
    old = Sequential([InputLayer((4,)), Dense(3), Dense(1)], name="old")
    old.compile(Adam(0.01), "mse", metrics=["mae"])
    old.save(directory / "keras2", save_format="tf")
    (directory / "keras2" / "variables" / "parameters.json").write_text(json.dumps({"variables": old.count_params()}))


def facts(path):
    if path.name == "variables.index":
        return importlib.import_module("formats.tensorflow-checkpoint").facts(path)
    reader = {"saved_model.pb": saved_model, "keras_metadata.pb": keras_metadata, "fingerprint.pb": fingerprint}.get(path.name)
    return reader and {"format": "tensorflow-savedmodel", **reader(path)}


def side(infos):
    import tensorflow as tf

    return [
        {
            "name": name,
            "dtype": tf.dtypes.as_dtype(info.dtype).name,
            "shape": [] if info.tensor_shape.unknown_rank else [dim.size for dim in info.tensor_shape.dim],
        }
        for name, info in infos.items()
    ]


def saved_model(path):
    import tensorflow as tf
    from tensorflow.core.protobuf import saved_model_pb2

    message = saved_model_pb2.SavedModel.FromString(path.read_bytes())
    (meta,) = message.meta_graphs
    nodes = [*meta.graph_def.node, *(node for function in meta.graph_def.library.function for node in function.node_def)]
    signatures = {name: signature for name, signature in meta.signature_def.items() if name != "__saved_model_init_op"}
    serving = signatures.get("serving_default") or next(iter(signatures.values()))
    counts = {}
    for node in nodes:
        counts[node.op] = counts.get(node.op, 0) + 1
    result = {
        "formatVersion": str(message.saved_model_schema_version),
        "producers": [f"tensorflow {meta.meta_info_def.tensorflow_version}"],
        "metadata.tags": ", ".join(meta.meta_info_def.tags),
        "metadata.tensorflow_git_version": meta.meta_info_def.tensorflow_git_version,
        "metadata.nodes": str(len(nodes)),
        "metadata.operators": ", ".join(f"{name} {count}" for name, count in sorted(counts.items())),
        "metadata.method": serving.method_name,
    }
    if meta.graph_def.library.function:
        result["metadata.functions"] = str(len(meta.graph_def.library.function))
    if meta.asset_file_def:
        result["metadata.assets"] = ", ".join(asset.filename for asset in meta.asset_file_def)
    # Map entries are written in no order of their own; only single ones can be compared as lists.
    if len(serving.inputs) == 1:
        result["inputs"] = side(serving.inputs)
    if len(serving.outputs) == 1:
        result["outputs"] = side(serving.outputs)
    constants = [tf.make_ndarray(node.attr["value"].tensor) for node in meta.graph_def.node if node.op == "Const"]
    weights = [array for array in constants if array.dtype.kind == "f"]
    hasVariables = any(node.op in ("VarHandleOp", "VariableV2") for node in nodes)
    if not hasVariables:
        result["tensors.parameters"] = sum(int(array.size) for array in weights)
        result["tensors.count"] = len(constants)
    return result


def keras_metadata(path):
    from tensorflow.python.keras.protobuf import saved_metadata_pb2

    message = saved_metadata_pb2.SavedMetadata.FromString(path.read_bytes())
    root = json.loads(message.nodes[0].metadata)
    optimizer = root["training_config"]["optimizer_config"]
    settings = {name: value for name, value in optimizer["config"].items() if value is not None and name != "name"}
    return {
        "architecture": root["class_name"],
        "name": root["name"],
        "producers": [f"keras {root['keras_version']}"],
        "hyperparameters": {"optimizer": optimizer["class_name"], **settings, "loss": "mse", "metrics": "mae"},
    }


def fingerprint(path):
    from tensorflow.core.protobuf import fingerprint_pb2

    message = fingerprint_pb2.FingerprintDef.FromString(path.read_bytes())
    names = ["saved_model_checksum", "graph_def_program_hash", "signature_def_hash", "saved_object_graph_hash", "checkpoint_hash", "uuid"]
    return {f"metadata.{name}": str(getattr(message, name)) for name in names if getattr(message, name)}
