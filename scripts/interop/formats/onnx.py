"""Counts by the rule of docs/formats/onnx.md: initialisers but texts, and constants that hold fractions."""
IMPORTS = ["onnx", "numpy"]


def make(directory):
    import numpy as np
    import onnx
    from onnx import TensorProto, helper, numpy_helper

    generator = np.random.default_rng(0)
    weight = numpy_helper.from_array(generator.random((4, 3), dtype=np.float32), "w")
    constant = helper.make_node("Constant", [], ["c"], value=numpy_helper.from_array(np.ones(3, np.float32), "c0"))
    nodes = [constant, helper.make_node("MatMul", ["x", "w"], ["y0"]), helper.make_node("Add", ["y0", "c"], ["y"])]
    x = helper.make_tensor_value_info("x", TensorProto.FLOAT, ["n", 4])
    y = helper.make_tensor_value_info("y", TensorProto.FLOAT, ["n", 3])
    graph = helper.make_graph(nodes, "made", [x], [y], [weight])
    model = helper.make_model(graph, producer_name="msbom-interop", producer_version="1.0", opset_imports=[helper.make_opsetid("", 17)])
    onnx.helper.set_model_props(model, {"model_author": "Example", "model_license": "MIT"})
    onnx.save(model, directory / "made.onnx")
    onnx.save(model, directory / "external.onnx", save_as_external_data=True, all_tensors_to_one_file=True, location="external.onnx.data", size_threshold=0)


def facts(path):
    import onnx
    from onnx import TensorProto

    if path.suffix != ".onnx":
        return None
    model = onnx.load(path, load_external_data=False)
    fractions = {TensorProto.FLOAT, TensorProto.DOUBLE, TensorProto.FLOAT16, TensorProto.BFLOAT16}
    tensors, parameters = 0, 0

    def count(tensor, constant):
        nonlocal tensors, parameters
        tensors += 1
        size = 1
        for dim in tensor.dims:
            size *= dim
        if (tensor.data_type in fractions) if constant else (tensor.data_type != TensorProto.STRING):
            parameters += size

    def graph(g):
        for tensor in g.initializer:
            count(tensor, False)
        for node in g.node:
            for attribute in node.attribute:
                if attribute.HasField("t"):
                    count(attribute.t, True)
                for tensor in attribute.tensors:
                    count(tensor, True)
                if attribute.HasField("g"):
                    graph(attribute.g)
                for inner in attribute.graphs:
                    graph(inner)

    graph(model.graph)
    producer = " ".join(part for part in (model.producer_name, model.producer_version) if part)
    return {
        "tensors.count": tensors,
        "tensors.parameters": parameters,
        "producers": [producer] if producer else [],
        "requires": [f"{each.domain or 'ai.onnx'} {each.version}" for each in model.opset_import],
        "formatVersion": str(model.ir_version),
    }
