"""Counts by the rule of docs/formats/onnx.md: fractions, small whole numbers and wider ones that stand for fractions, but scales and zero points."""
import math

IMPORTS = ["onnx", "numpy"]
DATA = {"DequantizeLinear": [0], "QLinearConv": [0, 3, 8], "QLinearMatMul": [0, 3], "QLinearAdd": [0, 3], "QLinearMul": [0, 3], "QGemm": [0, 3, 6]}
SCALES = {"DequantizeLinear": [1, 2], "QuantizeLinear": [1, 2], "QLinearMatMul": [1, 2, 4, 5, 6, 7], "MatMulNBits": [2, 3, 4]}


def make(directory):
    import ml_dtypes
    import numpy as np
    import onnx
    from onnx import TensorProto, helper, numpy_helper

    generator = np.random.default_rng(0)
    array = numpy_helper.from_array
    x = helper.make_tensor_value_info("x", TensorProto.FLOAT, ["n", 4])
    y = helper.make_tensor_value_info("y", TensorProto.FLOAT, ["n", 3])
    opset = lambda domain="", version=21: helper.make_opsetid(domain, version)

    def save(name, nodes, initializers, *, opsets=(opset(),), change=None, outputs=(y,), **options):
        graph = helper.make_graph(nodes, "made", [x], list(outputs), initializers, **options)
        model = helper.make_model(graph, producer_name="msbom-interop", producer_version="1.0", opset_imports=list(opsets))
        if change:
            change(model)
        onnx.save(model, directory / f"{name}.onnx")
        return model

    weight = array(generator.random((4, 3), dtype=np.float32), "w")
    constant = helper.make_node("Constant", [], ["c"], value=array(np.ones(3, np.float32), "c0"))
    nodes = [constant, helper.make_node("MatMul", ["x", "w"], ["y0"]), helper.make_node("Add", ["y0", "c"], ["y"])]

    def about(model):
        helper.set_model_props(model, {"model_author": "Example", "model_license": "MIT"})
        model.model_version = 3
        model.doc_string = "A test"
        model.domain = "com.example"

    model = save("made", nodes, [weight], opsets=[opset("", 17)], change=about)
    onnx.save(model, directory / "external.onnx", save_as_external_data=True, all_tensors_to_one_file=True, location="external.onnx.data", size_threshold=0)
    model = onnx.load(directory / "made.onnx")
    onnx.save(model, directory / "scattered.onnx", save_as_external_data=True, all_tensors_to_one_file=False, size_threshold=0)

    quantized = [
        helper.make_node("DequantizeLinear", ["wq", "s", "z"], ["wf"]),
        helper.make_node("MatMul", ["x", "wf"], ["y"]),
    ]
    save("qdq", quantized, [array(generator.integers(-9, 9, (4, 3), np.int8), "wq"), array(np.ones(3, np.float32), "s"), array(np.zeros(3, np.int8), "z")])
    packed = helper.make_node("MatMulNBits", ["x", "b", "s"], ["y"], domain="com.microsoft", K=4, N=3, bits=4, block_size=16)
    save("packed", [packed], [array(np.zeros((3, 1, 8), np.uint8), "b"), array(np.ones(3, np.float32), "s")], opsets=[opset(), opset("com.microsoft", 1)])

    local = helper.make_function(
        "com.example.local",
        "Shift",
        ["a"],
        ["b"],
        [helper.make_node("Constant", [], ["k"], value=array(np.array([1.0, 2.0], np.float32), "k0")), helper.make_node("Add", ["a", "k"], ["b"])],
        [opset("", 21)],
    )
    calls = [helper.make_node("Shift", ["x"], ["t"], domain="com.example.local"), helper.make_node("MatMul", ["t", "w"], ["y"])]
    save("functions", calls, [weight], opsets=[opset(), opset("com.example.local", 1)], change=lambda model: model.functions.append(local))
    save("custom", [helper.make_node("Magic", ["x"], ["y"], domain="com.example.ops")], [weight], opsets=[opset(), opset("com.example.ops", 2)])

    sparse = helper.make_sparse_tensor(array(np.array([1.0, 2.0], np.float32), "sv"), array(np.array([1, 7], np.int64), "si"), [4, 3])

    def training(model):
        info = model.training_info.add()
        info.algorithm.CopyFrom(helper.make_graph([], "train", [], [], [array(np.zeros(9, np.float32), "momentum")]))

    def annotated(model):
        annotation = model.graph.quantization_annotation.add()
        annotation.tensor_name = "w"
        entry = annotation.quant_parameter_tensor_names.add()
        entry.key, entry.value = "SCALE_TENSOR", "w_scale"
        training(model)

    save("training", nodes, [weight, array(np.float32(0.5), "w_scale")], change=annotated, sparse_initializer=[sparse])
    kinds = [
        array(np.zeros((2, 3)).astype(kind), name)
        for name, kind in {"bf16": ml_dtypes.bfloat16, "f8": ml_dtypes.float8_e4m3fn, "i4": ml_dtypes.int4, "u16": np.uint16, "f64": np.float64, "b": bool}.items()
    ]
    texts = helper.make_tensor("names", TensorProto.STRING, [2], [b"a", b"b"])
    save("types", nodes, [weight, texts, *kinds])
    branch = lambda name, value: helper.make_graph(
        [helper.make_node("Constant", [], [name], value=array(np.full(3, value, np.float32), f"{name}0"))], name, [], [helper.make_tensor_value_info(name, TensorProto.FLOAT, [3])]
    )
    condition = helper.make_node("Constant", [], ["cond"], value=array(np.array(True), "cond0"))
    choose = helper.make_node("If", ["cond"], ["y"], then_branch=branch("t", 1), else_branch=branch("e", 2))
    save("branches", [condition, choose], [weight])


def facts(path):
    import onnx
    from onnx import TensorProto

    if path.suffix != ".onnx":
        return None
    model = onnx.load(path, load_external_data=False)
    names = TensorProto.DataType.Name
    learned = {number for number in TensorProto.DataType.values() if any(word in names(number) for word in ("FLOAT", "DOUBLE", "COMPLEX"))}
    learned |= {number for number in TensorProto.DataType.values() if names(number) in ("INT2", "UINT2", "INT4", "UINT4", "INT8", "UINT8")}
    stand_for = set()
    auxiliary, packed, found, operators = set(), {}, [], {}

    def nodes(items):
        for node in items:
            name = f"{node.domain}.{node.op_type}" if node.domain else node.op_type
            operators[name] = operators.get(name, 0) + 1
            auxiliary.update(node.input[i] for i in SCALES.get(node.op_type, []) if i < len(node.input))
            stand_for.update(node.input[i] for i in DATA.get(node.op_type, []) if i < len(node.input))
            if node.op_type == "MatMulNBits":
                sizes = {attribute.name: attribute.i for attribute in node.attribute}
                packed[node.input[1]] = sizes["K"] * sizes["N"]
            for attribute in node.attribute:
                if attribute.HasField("t"):
                    found.append((attribute.t, "constant"))
                found.extend((tensor, "constant") for tensor in attribute.tensors)
                if attribute.HasField("g"):
                    graph(attribute.g)
                for inner in attribute.graphs:
                    graph(inner)

    def graph(g, kind="initializer"):
        found.extend((tensor, kind) for tensor in g.initializer)
        found.extend((tensor.values, kind) for tensor in g.sparse_initializer)
        for annotation in g.quantization_annotation:
            auxiliary.update(entry.value for entry in annotation.quant_parameter_tensor_names)
        nodes(g.node)

    graph(model.graph)
    for function in model.functions:
        nodes(function.node)
    for info in model.training_info:
        graph(info.algorithm, "training")
    dtypes = {}
    for tensor, kind in found:
        if kind == "training" or tensor.name in auxiliary:
            continue
        if tensor.data_type not in learned and tensor.name not in stand_for and tensor.name not in packed:
            continue
        name = TensorProto.DataType.Name(tensor.data_type)
        dtypes[name] = dtypes.get(name, 0) + packed.get(tensor.name, math.prod(tensor.dims))
    opsets = [(each.domain, each.version) for each in model.opset_import]
    for function in model.functions:
        opsets += [(each.domain, each.version) for each in function.opset_import if (each.domain, each.version) not in opsets]
    producer = " ".join(part for part in (model.producer_name, model.producer_version) if part)
    props = {each.key: each.value for each in model.metadata_props}
    locations = {entry.value for tensor, _ in found for entry in tensor.external_data if entry.key == "location"}
    result = {
        "tensors.count": len(found),
        "tensors.parameters": sum(dtypes.values()),
        "tensors.dtypes": dict(sorted(dtypes.items())),
        "producers": [producer] if producer else [],
        "requires": [f"{domain or 'ai.onnx'} {version}" for domain, version in opsets],
        "formatVersion": str(model.ir_version),
        "companions": sorted(locations),
    }
    shown = ", ".join(f"{name} {operators[name]}" for name in sorted(operators))
    if len(shown) < 490:
        result["metadata.operators"] = shown
    if model.model_version:
        result["version"] = str(model.model_version)
    if model.doc_string.strip():
        result["description"] = model.doc_string.strip()
    if "model_license" in props:
        result["license"], result["author"] = props["model_license"], props["model_author"]
    names = lambda items: [item.name for item in items]
    result["metadata.graph.name"] = model.graph.name or None
    return {name: value for name, value in result.items() if value is not None}
