"""Prints, as JSON, what the formats' own libraries say of files: python facts.py FILE...

ONNX counts by the rule of docs/formats/onnx.md: initialisers but texts, and constants that hold fractions.
"""
import json
import sys


def onnx_facts(path):
    import onnx
    from onnx import TensorProto

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
    return {"tensors": tensors, "parameters": parameters, "producer": producer or None, "version": onnx.__version__}


def safetensors_facts(path):
    import safetensors
    from safetensors import safe_open

    with safe_open(path, framework="numpy") as file:
        shapes = [file.get_slice(name).get_shape() for name in file.keys()]
    parameters = 0
    for shape in shapes:
        size = 1
        for dim in shape:
            size *= dim
        parameters += size
    return {"tensors": len(shapes), "parameters": parameters, "producer": None, "version": safetensors.__version__}


def gguf_facts(path):
    import gguf

    reader = gguf.GGUFReader(path)
    return {"tensors": len(reader.tensors), "parameters": sum(int(tensor.n_elements) for tensor in reader.tensors), "producer": None, "version": "gguf"}


READERS = {".onnx": onnx_facts, ".safetensors": safetensors_facts, ".gguf": gguf_facts}

print(json.dumps({path: READERS[path[path.rindex(".") :]](path) for path in sys.argv[1:]}))
