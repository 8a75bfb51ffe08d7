"""Counts by the rule of docs/formats/tflite.md: stored fractions, and whole numbers with a scale, each buffer once."""
IMPORTS = ["tensorflow", "numpy"]
TYPES = {0: "FLOAT32", 1: "FLOAT16", 2: "INT32", 3: "UINT8", 4: "INT64", 5: "STRING", 6: "BOOL", 7: "INT16", 9: "INT8", 10: "FLOAT64", 17: "INT4"}
FRACTIONS = {"FLOAT32", "FLOAT16", "FLOAT64"}


def make(directory):
    import tempfile
    import zipfile

    import numpy as np
    import tensorflow as tf

    tf.random.set_seed(0)
    lite = tf.lite

    class Small(tf.Module):
        def __init__(self):
            self.w = tf.Variable(tf.random.normal((3, 3, 1, 4)), name="w")
            self.d = tf.Variable(tf.random.normal((36, 40)), name="d")
            self.b = tf.Variable(tf.random.normal((40,)), name="b")

        @tf.function(input_signature=[tf.TensorSpec((None, 5, 5, 1), tf.float32, name="x")])
        def __call__(self, x):
            y = tf.nn.relu(tf.nn.conv2d(x, self.w, 1, "VALID"))
            return {"scores": tf.nn.softmax(tf.matmul(tf.reshape(y, (-1, 36)), self.d) + self.b)}

        @tf.function(input_signature=[tf.TensorSpec((2, 36), tf.float32, name="z")])
        def head(self, z):
            return {"head": tf.matmul(z, self.d)}

    model = Small()
    saved = tempfile.mkdtemp()
    tf.saved_model.save(model, saved, signatures={"serving_default": model.__call__, "head": model.head})

    def convert(name, *, optimize=False, types=None, ops=None, representative=None):
        converter = lite.TFLiteConverter.from_saved_model(saved)
        if optimize:
            converter.optimizations = [lite.Optimize.DEFAULT]
        if types:
            converter.target_spec.supported_types = types
        if ops:
            converter.target_spec.supported_ops = ops
        if representative:
            converter.representative_dataset = representative
        (directory / name).write_bytes(converter.convert())

    def samples():
        for _ in range(4):
            yield ("serving_default", {"x": np.random.default_rng(0).random((1, 5, 5, 1), dtype=np.float32)})
        for _ in range(4):
            yield ("head", {"z": np.random.default_rng(0).random((2, 36), dtype=np.float32)})

    convert("float.tflite")
    convert("dynamic.tflite", optimize=True)
    convert("float16.tflite", optimize=True, types=[tf.float16])
    convert("int8.tflite", optimize=True, ops=[lite.OpsSet.TFLITE_BUILTINS_INT8], representative=samples)

    @tf.function(input_signature=[tf.TensorSpec((3, 3), tf.float32)])
    def flex(x):
        return tf.linalg.inv(x) + tf.constant([1.0, 2.0, 3.0])

    @tf.function(input_signature=[tf.TensorSpec((2, 3), tf.float32)])
    def custom(x):
        return tf.math.erfinv(x) + tf.constant([1.0, 2.0, 3.0])

    converter = lite.TFLiteConverter.from_concrete_functions([flex.get_concrete_function()])
    converter.target_spec.supported_ops = [lite.OpsSet.TFLITE_BUILTINS, lite.OpsSet.SELECT_TF_OPS]
    (directory / "flex.tflite").write_bytes(converter.convert())
    converter = lite.TFLiteConverter.from_concrete_functions([custom.get_concrete_function()])
    converter.allow_custom_ops = True
    (directory / "custom.tflite").write_bytes(converter.convert())

    (directory / "labelled.tflite").write_bytes((directory / "float.tflite").read_bytes())
    with zipfile.ZipFile(directory / "labelled.tflite", "a") as archive:
        archive.writestr("labels.txt", "\n".join(f"label {i}" for i in range(40)))


def facts(path):
    import flatbuffers
    import tensorflow as tf
    from tensorflow.lite.python import conversion_metadata_schema_py_generated as conversion
    from tensorflow.lite.python import schema_py_generated as schema

    content = path.read_bytes()
    model = schema.ModelT.InitFromObj(schema.Model.GetRootAsModel(content, 0))
    text = lambda value: value.decode() if isinstance(value, bytes) else value
    seen, count, dtypes, shapes = set(), 0, {}, {}
    for graph in model.subgraphs:
        for tensor in graph.tensors:
            data = model.buffers[tensor.buffer].data
            if data is None or len(data) == 0 or tensor.buffer in seen:
                continue
            seen.add(tensor.buffer)
            count += 1
            name = TYPES[tensor.type]
            shape = [int(size) for size in (tensor.shape if tensor.shape is not None else [])]
            shapes[text(tensor.name)] = shape
            size = 1
            for axis in shape:
                size *= axis
            scale = tensor.quantization.scale if tensor.quantization is not None else None
            if name in FRACTIONS or (scale is not None and len(scale) > 0):
                dtypes[name] = dtypes.get(name, 0) + size

    custom, operators = [], {}
    names = {value: name for name, value in vars(schema.BuiltinOperator).items() if not name.startswith("_")}
    codes = []
    for code in model.operatorCodes:
        builtin = max(code.builtinCode, code.deprecatedBuiltinCode)
        name = text(code.customCode) if builtin == 32 else names[builtin]
        if builtin == 32:
            custom.append(name)
        codes.append(name if code.version == 1 else f"{name}@{code.version}")
    for graph in model.subgraphs:
        for operator in graph.operators:
            operators[codes[operator.opcodeIndex]] = operators.get(codes[operator.opcodeIndex], 0) + 1

    requires, producers, modes, kind = [], [], [], None
    for entry in model.metadata:
        data = bytes(model.buffers[entry.buffer].data)
        if text(entry.name) == "min_runtime_version":
            requires.append("TensorFlow Lite runtime " + data.split(b"\0")[0].decode())
        if text(entry.name) == "CONVERSION_METADATA":
            parsed = conversion.ConversionMetadataT.InitFromObj(conversion.ConversionMetadata.GetRootAs(data, 0))
            producers.append("TensorFlow " + text(parsed.environment.tensorflowVersion))
            kinds = {value: name for name, value in vars(conversion.ModelType).items() if not name.startswith("_")}
            kind = kinds[parsed.environment.modelType]
            optimizations = {value: name for name, value in vars(conversion.ModelOptimizationMode).items() if not name.startswith("_")}
            modes = [optimizations[mode] for mode in (parsed.options.modelOptimizationModes if parsed.options.modelOptimizationModes is not None else [])]

    result = {
        "formatVersion": str(model.version),
        "tensors.count": count,
        "tensors.parameters": sum(dtypes.values()),
        "tensors.dtypes": dict(sorted(dtypes.items())),
        "shapes": shapes,
        "requires": requires + sorted(set(custom)),
        "producers": producers,
        "metadata.operators": ", ".join(f"{name} {operators[name]}" for name in sorted(operators)),
        "metadata.conversion.model_type": kind,
        "quantization": ", ".join(modes) or None,
    }
    # What the interpreter itself sees of the first subgraph.
    try:
        interpreter = tf.lite.Interpreter(model_content=content)
    except (RuntimeError, ValueError):  # it has not the custom operators
        return {name: value for name, value in result.items() if value is not None}
    kinds = {"float32": "FLOAT32", "int8": "INT8", "uint8": "UINT8", "int32": "INT32"}
    import numpy as np

    def ends(details):
        return [
            {"name": each["name"], "dtype": kinds[np.dtype(each["dtype"]).name], "shape": [int(size) for size in each["shape_signature"]]}
            for each in details
        ]

    result["inputs"] = ends(interpreter.get_input_details())
    result["outputs"] = ends(interpreter.get_output_details())
    signatures = ", ".join(interpreter.get_signature_list())
    if signatures:
        result["metadata.signatures"] = signatures
    return {name: value for name, value in result.items() if value is not None}
