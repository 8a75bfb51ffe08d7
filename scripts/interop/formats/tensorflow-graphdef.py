"""Counts by the rule of docs/formats/tensorflow-graphdef.md: constants that hold fractions, in graphs without variables."""
import math

IMPORTS = ["tensorflow", "numpy"]


def make(directory):
    import numpy as np
    import tensorflow as tf
    from tensorflow.python.framework.convert_to_constants import convert_variables_to_constants_v2

    tf.random.set_seed(0)
    v1 = tf.compat.v1
    with tf.Graph().as_default() as graph, v1.Session() as session:
        x = v1.placeholder(tf.float32, [None, 4], name="x")
        weight = v1.get_variable("w", [4, 3])
        large = v1.get_variable("large", [3, 2000], initializer=v1.zeros_initializer())
        tf.identity(tf.nn.relu(tf.matmul(tf.matmul(x, weight), large)) + tf.constant(np.float32(0.5)), name="y")
        session.run(v1.global_variables_initializer())
        frozen = v1.graph_util.convert_variables_to_constants(session, graph.as_graph_def(), ["y"])
        (directory / "frozen.pb").write_bytes(frozen.SerializeToString())
        (directory / "variables.pb").write_bytes(graph.as_graph_def().SerializeToString())
        v1.train.Saver().save(session, str(directory / "model.ckpt"))
        for name in ("checkpoint", "model.ckpt.index", "model.ckpt.data-00000-of-00001"):
            (directory / name).unlink()

    variable = tf.Variable(tf.ones((4, 3), tf.float16))
    function = tf.function(lambda x: tf.cast(tf.strings.length(tf.io.read_file("x")), tf.float16) * x @ variable)
    concrete = convert_variables_to_constants_v2(function.get_concrete_function(tf.TensorSpec([None, 4], tf.float16)))
    (directory / "half.pb").write_bytes(concrete.graph.as_graph_def().SerializeToString())


def facts(path):
    import tensorflow as tf
    from tensorflow.core.framework import graph_pb2
    from tensorflow.core.protobuf import meta_graph_pb2

    result = {"format": "tensorflow-graphdef"}
    if path.suffix == ".meta":
        meta = meta_graph_pb2.MetaGraphDef.FromString(path.read_bytes())
        graph = meta.graph_def
        result["producers"] = [f"tensorflow {meta.meta_info_def.tensorflow_version}"]
    else:
        graph = graph_pb2.GraphDef.FromString(path.read_bytes())
    nodes = [*graph.node, *(node for function in graph.library.function for node in function.node_def)]
    counts = {}
    for node in nodes:
        counts[node.op] = counts.get(node.op, 0) + 1
    constants = {node.name: tf.make_ndarray(node.attr["value"].tensor) for node in graph.node if node.op == "Const"}
    result["formatVersion"] = str(graph.versions.producer)
    result["metadata.nodes"] = str(len(nodes))
    result["metadata.operators"] = ", ".join(f"{name} {count}" for name, count in sorted(counts.items()))
    result["shapes"] = {name: list(array.shape) for name, array in constants.items()}
    result["types"] = {node.name: tf.dtypes.as_dtype(node.attr["value"].tensor.dtype).name for node in graph.node if node.op == "Const"}
    if not any(node.op in ("VarHandleOp", "VariableV2") for node in nodes):
        result["tensors.parameters"] = sum(math.prod(array.shape) for array in constants.values() if array.dtype.kind == "f")
        result["tensors.bytes"] = sum(array.nbytes for array in constants.values()) if all(a.dtype.kind != "O" for a in constants.values()) else None
    return {name: value for name, value in result.items() if value is not None}
