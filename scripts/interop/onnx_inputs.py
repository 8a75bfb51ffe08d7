"""Makes ONNX models whose inputs are of every kind and prints, as JSON, what ONNX Runtime says of each.

python onnx_inputs.py DIRECTORY
"""
import itertools
import json
import pathlib
import sys

import numpy as np
import onnx
import onnxruntime
from onnx import TensorProto, helper, numpy_helper

root = pathlib.Path(sys.argv[1])
F = TensorProto.FLOAT
array = numpy_helper.from_array
info = helper.make_tensor_value_info
weight = array(np.ones((4, 3), np.float32), "w")
bias = array(np.ones(3, np.float32), "b")
matmul = [helper.make_node("MatMul", ["x", "w"], ["t"]), helper.make_node("Add", ["t", "b"], ["y"])]
made = []


def save(name, nodes, inputs, outputs, initializers=(), opset=17, ir=8, functions=(), opsets=(), **options):
    graph = helper.make_graph(nodes, "g", list(inputs), list(outputs), list(initializers), **options)
    imports = [helper.make_opsetid("", opset), *opsets]
    model = helper.make_model(graph, opset_imports=imports, functions=list(functions), ir_version=ir)
    onnx.save(model, root / f"{name}.onnx")
    made.append(name)


y = info("y", F, ["n", 3])
x = info("x", F, ["n", 4])
w, b = info("w", F, [4, 3]), info("b", F, [3])
# Initialisers among the inputs: all, some, none, in any order, by IR version and operator set.
for (ir, opset), (how, inputs) in itertools.product(
    [(3, 7), (3, 8), (4, 9), (5, 10), (6, 11), (7, 13), (8, 17), (9, 19), (10, 21)],
    {"none": [x], "all": [x, w, b], "first": [w, x], "last": [x, b], "between": [w, x, b]}.items(),
):
    # Before IR version 4 an initialiser that is no input is not allowed.
    if ir > 3 or how in ("all", "between"):
        save(f"initializers-{how}-ir{ir}-opset{opset}", matmul, inputs, [y], [weight, bias], opset, ir)
# Shapes: fixed, symbolic, unknown axes, unknown rank, scalars, empty axes, a hundred axes by two names.
for name, shape in {"fixed": [2, 4], "symbolic": ["batch", "length"], "unknown": [None, None], "mixed": ["n", None, 4], "scalar": [], "empty": [0, 4], "rankless": None, "one": [1]}.items():
    save(f"shape-{name}", [helper.make_node("Relu", ["x"], ["y"])], [info("x", F, shape)], [info("y", F, shape)])
for name in ["FLOAT", "DOUBLE", "FLOAT16", "INT8", "UINT8", "INT16", "UINT16", "INT32", "UINT32", "INT64", "UINT64", "BOOL", "STRING", "BFLOAT16"]:
    kind = TensorProto.DataType.Value(name)
    save(f"type-{name}", [helper.make_node("Identity", ["x"], ["y"])], [info("x", kind, [2])], [info("y", kind, [2])])
# Containers.
tensor = lambda kind=F: helper.make_tensor_type_proto(kind, ["n"])
value = helper.make_value_info
for name, kind in {
    "sequence": helper.make_sequence_type_proto(tensor()),
    "sequence-int64": helper.make_sequence_type_proto(tensor(TensorProto.INT64)),
    "optional": helper.make_optional_type_proto(tensor()),
    "optional-sequence": helper.make_optional_type_proto(helper.make_sequence_type_proto(tensor())),
}.items():
    save(f"container-{name}", [helper.make_node("Identity", ["x"], ["y"])], [value("x", kind)], [value("y", kind)])
zipmap = helper.make_node("ZipMap", ["x"], ["y"], domain="ai.onnx.ml", classlabels_int64s=[0, 1, 2, 3])
maps = helper.make_sequence_type_proto(helper.make_map_type_proto(TensorProto.INT64, helper.make_tensor_type_proto(F, [])))
save("container-maps", [zipmap], [x], [value("y", maps)], opsets=[helper.make_opsetid("ai.onnx.ml", 3)])
vectorizer = helper.make_node("DictVectorizer", ["x"], ["y"], domain="ai.onnx.ml", string_vocabulary=["a", "b"])
counts = helper.make_map_type_proto(TensorProto.STRING, helper.make_tensor_type_proto(F, []))
save("container-map", [vectorizer], [value("x", counts)], [info("y", F, [1, 2])], opsets=[helper.make_opsetid("ai.onnx.ml", 3)])
# No input at all, inputs that nothing uses, outputs that are inputs, many.
save("inputs-none", [helper.make_node("Constant", [], ["y"], value=bias)], [], [info("y", F, [3])])
save("inputs-none-initializer", [helper.make_node("Identity", ["b"], ["y"])], [], [info("y", F, [3])], [bias])
save("inputs-overridable-only", [helper.make_node("Identity", ["b"], ["y"])], [b], [info("y", F, [3])], [bias])
save("inputs-unused", matmul, [x, info("mask", TensorProto.BOOL, ["n"])], [y], [weight, bias])
save("inputs-passed-on", [helper.make_node("Identity", ["x"], ["z"])], [x], [info("z", F, ["n", 4])])
save("inputs-many", [helper.make_node("Sum", [f"x{i}" for i in range(40)], ["y"])], [info(f"x{i}", F, [2]) for i in range(40)], [info("y", F, [2])])
save("outputs-many", [helper.make_node("Split", ["x"], ["a", "c"], axis=1)], [x], [info("c", F, ["n", 2]), info("a", F, ["n", 2])], opset=11, ir=6)
names = ["input.1", "x:0", "a b", "größe", "//x", "0"]
save("inputs-names", [helper.make_node("Sum", names, ["y"])], [info(name, F, [2]) for name in names], [info("y", F, [2])])
# Inputs of subgraphs and functions are none of the model.
branch = lambda name: helper.make_graph([helper.make_node("MatMul", ["x", "w"], [name])], name, [], [info(name, F, ["n", 3])])
own = lambda name: helper.make_graph([helper.make_node("MatMul", ["x", "v"], [name])], name, [], [info(name, F, ["n", 3])], [array(np.ones((4, 3), np.float32), "v")])
condition = info("condition", TensorProto.BOOL, [])
for name, then in {"outer": branch, "own": own}.items():
    nodes = [helper.make_node("If", ["condition"], ["y"], then_branch=then("p"), else_branch=then("q"))]
    save(f"branches-{name}", nodes, [condition, x], [y], [weight] if name == "outer" else [])
body = helper.make_graph(
    [helper.make_node("Identity", ["go"], ["go_on"]), helper.make_node("Add", ["state", "b"], ["next"])],
    "body",
    [info("i", TensorProto.INT64, []), info("go", TensorProto.BOOL, []), info("state", F, [3])],
    [info("go_on", TensorProto.BOOL, []), info("next", F, [3])],
)
loop = helper.make_node("Loop", ["trips", "", "start"], ["y"], body=body)
save("loop", [loop], [info("trips", TensorProto.INT64, []), info("start", F, [3])], [info("y", F, [3])], [bias])
save("loop-started", [loop], [info("trips", TensorProto.INT64, []), info("start", F, [3])], [info("y", F, [3])], [bias, array(np.zeros(3, np.float32), "start")])
step = helper.make_graph([helper.make_node("Add", ["s", "e"], ["s2"]), helper.make_node("Identity", ["s2"], ["o"])], "step", [info("s", F, [3]), info("e", F, [3])], [info("s2", F, [3]), info("o", F, [3])])
save("scan", [helper.make_node("Scan", ["b", "x"], ["last", "y"], body=step, num_scan_inputs=1)], [info("x", F, ["n", 3])], [y], [bias])
local = helper.make_function("local", "Affine", ["a", "m"], ["r"], [helper.make_node("MatMul", ["a", "m"], ["r"])], [helper.make_opsetid("", 17)])
calls = [helper.make_node("Affine", ["x", "w"], ["y"], domain="local")]
save("function", calls, [x], [y], [weight], functions=[local], opsets=[helper.make_opsetid("local", 1)])
save("function-overridable", calls, [x, w], [y], [weight], functions=[local], opsets=[helper.make_opsetid("local", 1)])
# A sparse initialiser is one as well.
sparse = helper.make_sparse_tensor(array(np.array([1.0, 2.0], np.float32), "w"), array(np.array([1, 7], np.int64), "at"), [4, 3])
save("sparse", matmul, [x], [y], [bias], sparse_initializer=[sparse])
save("sparse-input", matmul, [x, w], [y], [bias], sparse_initializer=[sparse])
external = onnx.load(root / "initializers-all-ir8-opset17.onnx")
onnx.save(external, root / "external.onnx", save_as_external_data=True, location="external.data", size_threshold=0)
made.append("external")

side = lambda items: [{"name": item.name, "type": item.type, "shape": [size if isinstance(size, int) else -1 for size in item.shape]} for item in items]
result = {"version": onnxruntime.__version__, "models": [], "refused": {}}
options = onnxruntime.SessionOptions()
options.log_severity_level = 4
for name in made:
    try:
        session = onnxruntime.InferenceSession(str(root / f"{name}.onnx"), options, providers=["CPUExecutionProvider"])
    except Exception as error:
        result["refused"][name] = str(error)[:300]
        continue
    result["models"].append({"name": name, "inputs": side(session.get_inputs()), "outputs": side(session.get_outputs()), "overridable": sorted(item.name for item in session.get_overridable_initializers())})
json.dump(result, sys.stdout)
