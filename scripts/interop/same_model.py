"""Writes one small network in every format whose library is here and prints, as JSON, which, and what the library counts.

python same_model.py DIRECTORY

Two dense layers, 4 to 3 to 2: 23 learned values, and a table of 7 whole numbers that are none.
"""
import json
import os
import pathlib
import sys

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("CUDA_VISIBLE_DEVICES", "-1")
root = pathlib.Path(sys.argv[1])
made, missing = [], {}
result, sys.stdout = sys.stdout, sys.stderr


def writes(name, path):
    def run(write):
        try:
            (root / name).mkdir()
            write(root / name / path)
            made.append(name)
        except ImportError as error:
            missing[name] = str(error)
        return write

    return run


import numpy as np

generator = np.random.default_rng(0)
first, shift, second, last = (generator.random(shape, dtype=np.float32) for shape in ((3, 4), (3,), (2, 3), (2,)))
table = np.arange(7)


def torch_model():
    import torch

    class Net(torch.nn.Module):
        def __init__(self):
            super().__init__()
            self.a, self.b = torch.nn.Linear(4, 3), torch.nn.Linear(3, 2)
            self.register_buffer("table", torch.from_numpy(table))

        def forward(self, x):
            return self.b(torch.relu(self.a(x)))

    model = Net().eval()
    assert sum(each.numel() for each in model.parameters()) == 23
    return torch, model


@writes("torch-state", "model.pt")
def _(path):
    torch, model = torch_model()
    torch.save(model.state_dict(), path)


@writes("torch-checkpoint", "model.ckpt")
def _(path):
    torch, model = torch_model()
    optimizer = torch.optim.Adam(model.parameters())
    model(torch.ones(1, 4)).sum().backward()
    optimizer.step()
    torch.save({"state_dict": model.state_dict(), "optimizer": optimizer.state_dict(), "epoch": 1}, path)


@writes("torchscript", "model.pt")
def _(path):
    torch, model = torch_model()
    torch.jit.trace(model, torch.zeros(1, 4)).save(str(path))


@writes("torch-export", "model.pt2")
def _(path):
    torch, model = torch_model()
    torch.export.save(torch.export.export(model, (torch.zeros(1, 4),)), path)


@writes("safetensors", "model.safetensors")
def _(path):
    from safetensors.torch import save_file

    save_file(torch_model()[1].state_dict(), path)


def onnx_model(constants):
    from onnx import TensorProto, helper, numpy_helper

    values = {"w": first.T.copy(), "b": shift, "v": second.T.copy(), "c": last, "table": table}
    tensors = [numpy_helper.from_array(value, name) for name, value in values.items()]
    nodes = [helper.make_node("Constant", [], [each.name], value=each) for each in tensors] if constants else []
    nodes += [helper.make_node(*each) for each in (("MatMul", ["x", "w"], ["1"]), ("Add", ["1", "b"], ["2"]), ("Relu", ["2"], ["3"]), ("MatMul", ["3", "v"], ["4"]), ("Add", ["4", "c"], ["y"]))]
    x, y = (helper.make_tensor_value_info(name, TensorProto.FLOAT, ["n", size]) for name, size in (("x", 4), ("y", 2)))
    graph = helper.make_graph(nodes, "g", [x], [y], [] if constants else tensors)
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)


@writes("onnx-initializers", "model.onnx")
def _(path):
    import onnx

    onnx.save(onnx_model(False), path)


@writes("onnx-constants", "model.onnx")
def _(path):
    import onnx

    onnx.save(onnx_model(True), path)


@writes("openvino", "model.xml")
def _(path):
    import openvino

    source = path.with_suffix(".onnx")
    import onnx

    onnx.save(onnx_model(False), source)
    openvino.save_model(openvino.convert_model(source), path, compress_to_fp16=False)
    source.unlink()


def keras_model():
    import keras

    model = keras.Sequential([keras.Input((4,)), keras.layers.Dense(3, activation="relu"), keras.layers.Dense(2)])
    model.set_weights([first.T, shift, second.T, last])
    assert model.count_params() == 23
    model.compile("adam", "mse")
    model.fit(np.ones((8, 4)), np.ones((8, 2)), verbose=0)
    return model


@writes("keras", "model.keras")
def _(path):
    keras_model().save(path)


@writes("hdf5", "model.h5")
def _(path):
    keras_model().save(path)


@writes("savedmodel", "saved_model.pb")
def _(path):
    keras_model().export(path.parent, verbose=False)


@writes("tflite", "model.tflite")
def _(path):
    import tensorflow

    path.write_bytes(tensorflow.lite.TFLiteConverter.from_keras_model(keras_model()).convert())


@writes("gguf", "model.gguf")
def _(path):
    import gguf

    writer = gguf.GGUFWriter(path, "llama")
    for name, value in {"w": first, "b": shift, "v": second, "c": last, "table": table.astype(np.int32)}.items():
        writer.add_tensor(name, value)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


@writes("coreml", "model.mlmodel")
def _(path):
    import coremltools
    from coremltools.models import datatypes
    from coremltools.models.neural_network import NeuralNetworkBuilder

    builder = NeuralNetworkBuilder([("x", datatypes.Array(4))], [("y", datatypes.Array(2))])
    builder.add_inner_product("a", first, shift, 4, 3, True, "x", "1")
    builder.add_activation("r", "RELU", "1", "2")
    builder.add_inner_product("b", second, last, 3, 2, True, "2", "y")
    coremltools.utils.save_spec(builder.spec, str(path))


json.dump({"made": made, "missing": missing}, result)
