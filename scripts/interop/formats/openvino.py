"""Counts by the rule of docs/formats/openvino.md: fractions and packed whole numbers, each place in the data file once."""
IMPORTS = ["openvino", "numpy"]


def make(directory):
    import numpy as np
    import openvino as ov
    from openvino import opset13 as op

    generator = np.random.default_rng(0)

    def save(name, model, **options):
        ov.save_model(model, directory / f"{name}.xml", **options)

    x = op.parameter([-1, 4], np.float32, name="x")
    weight = op.constant(generator.random((4, 3), dtype=np.float32), name="w")
    half = op.constant(generator.random(3).astype(np.float16), name="h")
    y = op.add(op.matmul(x, weight, False, False), op.convert(half, "f32"))
    model = ov.Model([op.reshape(y, op.constant(np.array([-1, 3], np.int64)), False)], [x], "tiny")
    model.set_rt_info("label", ["model_info", "model_type"])
    save("float", model, compress_to_fp16=False)
    save("compressed", model)

    x = op.parameter([2, 4], np.float32, name="x")
    packed = op.constant(generator.integers(0, 15, (4, 8)), dtype=ov.Type.u4, name="weight")
    scaled = op.multiply(op.convert(packed, "f32"), op.constant(np.float32(0.5), name="weight/scale"))
    eight = op.convert(op.constant(generator.integers(-9, 9, (8, 2), np.int8), name="eight"), "f32")
    save("packed", ov.Model([op.matmul(op.matmul(x, scaled, False, False), eight, False, False)], [x], "packed"))

    # The same data twice is stored once.
    x = op.parameter([1, 40], np.float32, name="x")
    same = generator.random((40, 40), dtype=np.float32)
    save("shared", ov.Model([op.matmul(op.matmul(x, op.constant(same, name="a"), False, False), op.constant(same, name="b"), False, False)], [x], "shared"))

    body_x = op.parameter([1, 2], np.float32, name="bx")
    condition = op.parameter([], bool, name="condition")
    then = ov.Model([op.multiply(body_x, op.constant(np.array([[2.0, 3.0]], np.float32), name="t"))], [body_x], "then")
    other_x = op.parameter([1, 2], np.float32, name="ex")
    other = ov.Model([op.add(other_x, op.constant(np.array([[4.0, 5.0]], np.float32), name="e"))], [other_x], "else")
    branch = op.if_op(condition.output(0))
    branch.set_then_body(then)
    branch.set_else_body(other)
    x = op.parameter([1, 2], np.float32, name="x")
    branch.set_input(x.output(0), then.get_parameters()[0], other.get_parameters()[0])
    out = branch.set_output(then.get_results()[0], other.get_results()[0])
    save("branch", ov.Model([out], [condition, x], "branch"))

    import onnx
    from onnx import TensorProto, helper, numpy_helper

    graph = helper.make_graph(
        [helper.make_node("MatMul", ["x", "w"], ["y"])],
        "made",
        [helper.make_tensor_value_info("x", TensorProto.FLOAT, ["n", 4])],
        [helper.make_tensor_value_info("y", TensorProto.FLOAT, ["n", 3])],
        [numpy_helper.from_array(generator.random((4, 3), dtype=np.float32), "w")],
    )
    made = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)])
    helper.set_model_props(made, {"model_author": "Example", "model_license": "MIT"})
    import tempfile

    source = tempfile.mkdtemp() + "/made.onnx"
    onnx.save(made, source)
    save("converted", ov.convert_model(source))


def facts(path):
    import math

    import openvino as ov

    if path.suffix != ".xml":
        return None
    model = ov.Core().read_model(path)
    dtypes, seen, tensors, operations, shapes = {}, set(), 0, {}, {}
    offsets = stored_places(path)

    def visit(inner):
        nonlocal tensors
        for node in inner.get_ordered_ops():
            operations[node.get_type_name()] = operations.get(node.get_type_name(), 0) + 1
            if node.get_type_name() == "If":
                for index in range(2):
                    visit(node.get_function(index))
            if node.get_type_name() != "Constant" and node.get_type_name() != "Const":
                continue
            name = node.get_friendly_name()
            kind = node.get_element_type().get_type_name()
            place = offsets[name]
            if place in seen:
                continue
            seen.add(place)
            tensors += 1
            shapes[name] = [int(size) for size in node.get_output_shape(0)]
            if name.endswith(("/scale", "/zero_point")) or kind in ("i64", "i32", "i16", "boolean"):
                continue
            dtypes[kind] = dtypes.get(kind, 0) + math.prod(shapes[name])

    visit(model)
    ports = lambda items: [
        {"name": each.get_node().get_friendly_name(), "shape": [-1 if size.is_dynamic else size.get_length() for size in each.get_partial_shape()]} for each in items
    ]
    version = str(model.get_rt_info("OpenVINO Runtime").value) if model.has_rt_info("OpenVINO Runtime") else None
    operations["Const"] = operations.pop("Constant", 0)
    result = {
        "tensors.count": tensors,
        "tensors.parameters": sum(dtypes.values()),
        "tensors.dtypes": dict(sorted(dtypes.items())),
        "shapes": shapes,
        "metadata.net.name": model.get_friendly_name(),
        "metadata.operations": ", ".join(f"{name} {operations[name]}" for name in sorted(operations) if operations[name]),
        "producers": [f"OpenVINO {version}"] if version else [],
        "requires": sorted({node.get_type_info().version_id for node in model.get_ordered_ops()}),
        "companions": [path.stem + ".bin"],
        "inputNames": [each["name"] for each in ports(model.inputs)],
        "inputShapes": [each["shape"] for each in ports(model.inputs)],
        "outputShapes": [each["shape"] for each in ports(model.outputs)],
    }
    if model.has_rt_info(["framework", "model_license"]):
        result["license"] = model.get_rt_info(["framework", "model_license"]).astype(str)
        result["author"] = model.get_rt_info(["framework", "model_author"]).astype(str)
    return {name: value for name, value in result.items() if not name.startswith(("input", "output"))} | {
        "inputs": [
            {"name": port["name"], "dtype": each.get_element_type().get_type_name(), "shape": port["shape"]} for each, port in zip(model.inputs, ports(model.inputs))
        ],
    }


def stored_places(path):
    """Offset and size of each constant, by name: the library does not keep them."""
    import xml.etree.ElementTree as tree

    places = {}
    for layer in tree.parse(path).getroot().iter("layer"):
        if layer.get("type") == "Const":
            data = layer.find("data")
            places[layer.get("name")] = (data.get("offset"), data.get("size"))
    return places
