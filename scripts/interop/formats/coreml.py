"""Counts by the rule of docs/formats/coreml.md."""
import math
import sys

# These libraries cannot live in one process with coremltools, and nothing here needs them.
for name in ("torch", "tensorflow", "xgboost", "sklearn"):
    sys.modules[name] = None

IMPORTS = ["coremltools", "numpy"]


def make(directory):
    import coremltools as ct
    import coremltools.optimize.coreml as optimize
    import numpy as np
    from coremltools.converters.mil import Builder as mb
    from coremltools.models import datatypes
    from coremltools.models.neural_network import NeuralNetworkBuilder, quantization_utils

    generator = np.random.default_rng(0)
    weight = generator.random((16, 32), dtype=np.float32)
    bias = generator.random(16, dtype=np.float32)

    def program(target):
        @mb.program(input_specs=[mb.TensorSpec(shape=(1, 32))], opset_version=target)
        def layers(x):
            y = mb.linear(x=x, weight=weight, bias=bias)
            y = mb.layer_norm(x=y, axes=[1], gamma=np.ones(16, np.float32), epsilon=np.float32(0.001))
            return mb.reshape(x=mb.relu(x=y), shape=(4, 4), name="out")

        return ct.convert(layers, convert_to="mlprogram", minimum_deployment_target=target, compute_precision=ct.precision.FLOAT16)

    def save(name, model):
        model.save(str(directory / f"{name}.mlpackage"))

    model = program(ct.target.iOS16)
    model.author, model.license, model.short_description, model.version = "Example", "MIT", "A layer", "1.2"
    model.user_defined_metadata["note"] = "kept"
    save("program", model)
    linear = lambda **options: optimize.OptimizationConfig(optimize.OpLinearQuantizerConfig(weight_threshold=0, **options))
    save("affine", optimize.linear_quantize_weights(program(ct.target.iOS16), linear()))
    save("blocks", optimize.linear_quantize_weights(program(ct.target.iOS18), linear(dtype="int4", granularity="per_block", block_size=32)))
    table = optimize.OptimizationConfig(optimize.OpPalettizerConfig(mode="uniform", nbits=4, weight_threshold=0))
    save("palette", optimize.palettize_weights(program(ct.target.iOS18), table))
    joint = optimize.linear_quantize_weights(optimize.palettize_weights(program(ct.target.iOS18), table), linear(granularity="per_tensor"), joint_compression=True)
    save("joint", joint)
    pruner = optimize.OpThresholdPrunerConfig(threshold=0.5, minimum_sparsity_percentile=0.1, weight_threshold=0)
    save("sparse", optimize.prune_weights(program(ct.target.iOS16), optimize.OptimizationConfig(pruner)))

    functions = ct.utils.MultiFunctionDescriptor()
    functions.add_function(str(directory / "program.mlpackage"), "main", "first")
    functions.add_function(str(directory / "program.mlpackage"), "main", "second")
    functions.default_function_name = "first"
    ct.utils.save_multifunction(functions, str(directory / "functions.mlpackage"))

    def network(norm=True):
        builder = NeuralNetworkBuilder([("x", datatypes.Array(1, 5, 6))], [("y", None)], disable_rank5_shape_mapping=True)
        kernel = generator.random((3, 3, 1, 4), dtype=np.float32)
        builder.add_convolution("conv", 1, 4, 3, 3, 1, 1, "valid", 1, kernel, None, False, input_name="x", output_name="a")
        if norm:  # its fusion with the convolution fails when weights are quantised
            builder.add_batchnorm("norm", 4, np.ones(4), np.zeros(4), np.zeros(4), np.ones(4), input_name="a", output_name="b")
        builder.add_flatten_to_2d("flat", input_name="b" if norm else "a", output_name="c")
        builder.add_inner_product("dense", generator.random((7, 48), dtype=np.float32), np.zeros(7), 48, 7, True, "c", "d")
        builder.add_activation("prelu", "PRELU", "d", "e", np.ones(1))
        builder.add_softmax("y", "e", "y")
        builder.spec.description.metadata.license = "Apache-2.0"
        return builder

    plain = network().spec
    ct.utils.save_spec(plain, str(directory / "network.mlmodel"))
    ct.utils.save_spec(quantization_utils._quantize_spec_weights(network(norm=False).spec, 16, ct.models._QUANTIZATION_MODE_LINEAR_QUANTIZATION), str(directory / "half.mlmodel"))
    ct.utils.save_spec(quantization_utils._quantize_spec_weights(network(norm=False).spec, 8, ct.models._QUANTIZATION_MODE_LINEAR_QUANTIZATION), str(directory / "bits.mlmodel"))
    ct.utils.save_spec(quantization_utils._quantize_spec_weights(network(norm=False).spec, 4, ct.models._QUANTIZATION_MODE_LOOKUP_TABLE_LINEAR), str(directory / "table.mlmodel"))

    custom = network()
    layer = custom.spec.neuralNetwork.layers.add()
    layer.name = "mine"
    layer.input.append("y")
    layer.output.append("z")
    layer.custom.className = "ExampleLayer"
    layer.custom.weights.add().floatValue.extend([1.0, 2.0, 3.0])
    ct.utils.save_spec(custom.spec, str(directory / "custom.mlmodel"))

    recurrent = NeuralNetworkBuilder([("x", datatypes.Array(3))], [("y", None)])
    matrices = [generator.random((4, 3)) for _ in range(4)]
    hidden = [generator.random((4, 4)) for _ in range(4)]
    recurrent.add_unilstm("lstm", matrices, hidden, [np.ones(4)] * 4, 4, 3, ["x", "h", "c"], ["y", "h2", "c2"])
    ct.utils.save_spec(recurrent.spec, str(directory / "recurrent.mlmodel"))

    pipeline = ct.proto.Model_pb2.Model()
    pipeline.specificationVersion = 4
    pipeline.description.CopyFrom(plain.description)
    pipeline.pipeline.models.add().CopyFrom(plain)
    linear_model = pipeline.pipeline.models.add()
    linear_model.specificationVersion = 1
    linear_model.glmRegressor.weights.add().value.extend([0.5, 1.5, 2.5])
    linear_model.glmRegressor.offset.append(1.0)
    ct.utils.save_spec(pipeline, str(directory / "pipeline.mlmodel"))

    from coremltools.models.tree_ensemble import TreeEnsembleRegressor

    trees = TreeEnsembleRegressor([("x", datatypes.Array(2))], "y")
    trees.set_default_prediction_value(0.0)
    trees.add_branch_node(0, 0, 0, 0.5, "BranchOnValueLessThan", 1, 2)
    trees.add_leaf_node(0, 1, 1.0)
    trees.add_leaf_node(0, 2, 2.0)
    ct.utils.save_spec(trees.spec, str(directory / "trees.mlmodel"))


def weight_params(message, found):
    """All WeightParams of a network, wherever they are."""
    from coremltools.proto import NeuralNetwork_pb2

    for field, value in message.ListFields():
        if field.message_type is None:
            continue
        for item in value if field.is_repeated else [value]:
            if isinstance(item, NeuralNetwork_pb2.WeightParams):
                found.append(item)
            else:
                weight_params(item, found)


def network_counts(network, dtypes):
    found = []
    weight_params(network, found)
    total = 0
    for params in found:
        if params.floatValue:
            kind, size = "FLOAT32", len(params.floatValue)
        elif params.float16Value:
            kind, size = "FLOAT16", len(params.float16Value) // 2
        elif params.rawValue:
            bits = params.quantization.numberOfBits
            kind, size = f"UINT{bits}", len(params.rawValue) * 8 // bits
        else:
            continue
        dtypes[kind] = dtypes.get(kind, 0) + size
        total += 1
    return total


def program_counts(program, dtypes):
    from coremltools.proto import MIL_pb2

    shape = lambda kind: [each.constant.size for each in kind.tensorType.dimensions]
    name = lambda kind: MIL_pb2.DataType.Name(kind.tensorType.dataType)
    operations = [
        each for function in program.functions.values() for block in function.block_specializations.values() for each in block.operations
    ]
    stored = {each.outputs[0].name: each for each in operations if each.type == "const" or each.type.startswith("constexpr_")}
    inner = {
        binding.name
        for each in stored.values()
        if each.type != "const"
        for argument in each.inputs.values()
        for binding in argument.arguments
        if binding.WhichOneof("binding") == "name"
    }
    seen, tensors = set(), 0
    for each in operations:
        if each.type != "const" and not each.type.startswith("constexpr_"):
            continue
        values = dict(each.attributes)
        main = None
        for key, argument in each.inputs.items():
            for binding in argument.arguments:
                if binding.WhichOneof("binding") == "value":
                    values[key] = binding.value
                elif key in ("data", "indices", "nonzero_data"):
                    main = stored[binding.name]
        blobs = [(value.blobFileValue.fileName, value.blobFileValue.offset) for value in values.values() if value.HasField("blobFileValue")]
        if blobs and all(blob in seen for blob in blobs):
            continue
        seen.update(blobs)
        tensors += 1
        output = each.outputs[0]
        size = math.prod(shape(output.type))
        if each.type == "const":
            kind = name(output.type)
            if output.name in inner or (not blobs and ("FLOAT" not in kind or not shape(output.type))):
                continue
        else:
            keys = [key for key in ("quantized_data", "data", "indices", "nonzero_data") if key in values]
            kind = name(values[keys[0]].type) if keys else None
            if kind is None and main is not None:
                lower = dict(main.attributes) | {k: a.arguments[0].value for k, a in main.inputs.items() if a.arguments[0].WhichOneof("binding") == "value"}
                kind = next(name(lower[key].type) for key in ("quantized_data", "data", "indices", "nonzero_data", "val") if key in lower)
            if output.name in inner:
                continue
        dtypes[kind] = dtypes.get(kind, 0) + size
    return tensors


def counts(spec, dtypes):
    kind = spec.WhichOneof("Type")
    if kind == "mlProgram":
        return program_counts(spec.mlProgram, dtypes)
    if kind.startswith("neuralNetwork"):
        return network_counts(getattr(spec, kind), dtypes)
    if kind == "pipeline":
        return sum(counts(model, dtypes) for model in spec.pipeline.models)
    if kind == "glmRegressor":
        rows = spec.glmRegressor
        size = sum(len(row.value) for row in rows.weights) + len(rows.offset)
        dtypes["DOUBLE"] = dtypes.get("DOUBLE", 0) + size
        return len(rows.weights) + (1 if len(rows.offset) else 0)
    return None


def features(items):
    from coremltools.proto import FeatureTypes_pb2

    kinds = {65568: "FLOAT32", 65600: "DOUBLE", 131104: "INT32", 65552: "FLOAT16"}
    result = []
    for item in items:
        kind = item.type.WhichOneof("Type")
        if kind == "multiArrayType":
            result.append({"name": item.name, "dtype": kinds[item.type.multiArrayType.dataType], "shape": list(item.type.multiArrayType.shape)})
        else:
            result.append({"name": item.name, "dtype": kind.replace("Type", ""), "shape": []})
    return result


def weight_facts(path):
    """What the specification says that this file holds."""
    import coremltools as ct
    from coremltools.proto import MIL_pb2

    found = {}

    def visit(message):
        for field, value in message.ListFields():
            if field.message_type is None:
                continue
            entries = value.values() if field.message_type.GetOptions().map_entry and hasattr(value, "values") else value if field.is_repeated else [value]
            for item in entries:
                if not hasattr(item, "ListFields"):
                    continue
                if isinstance(item, MIL_pb2.Value) and item.HasField("blobFileValue"):
                    kind = MIL_pb2.DataType.Name(item.type.tensorType.dataType)
                    found[item.blobFileValue.offset] = kind.capitalize().replace("Uint", "UInt")
                visit(item)

    visit(ct.utils.load_spec(str(path.parents[3])).mlProgram)
    counts = {}
    for kind in found.values():
        counts[kind] = counts.get(kind, 0) + 1
    return {"format": "coreml-weights", "formatVersion": "2", "metadata.blobs": ", ".join(f"{name} {counts[name]}" for name in sorted(counts))}


def facts(path):
    import coremltools as ct

    if path.name == "Manifest.json":
        return None
    if path.name == "weight.bin":
        return weight_facts(path)
    spec = ct.utils.load_spec(str(path.parents[2] if path.name == "model.mlmodel" else path))
    dtypes = {}
    tensors = counts(spec, dtypes)
    metadata = spec.description.metadata
    first = spec.description
    if not first.input and not first.output and first.functions:
        first = first.functions[0]
    opsets = sorted({function.opset for function in spec.mlProgram.functions.values()}) if spec.WhichOneof("Type") == "mlProgram" else []
    custom = [layer.custom.className for layer in spec.neuralNetwork.layers if layer.WhichOneof("layer") == "custom"]
    version = metadata.userDefined.get("com.github.apple.coremltools.version")
    types = [spec.WhichOneof("Type")] + [model.WhichOneof("Type") for model in spec.pipeline.models]
    result = {
        "formatVersion": str(spec.specificationVersion),
        "metadata.type": ", ".join(types),
        "inputs": features(first.input),
        "outputs": features(first.output),
        "requires": opsets + custom,
        "producers": [f"coremltools {version}"] if version else [],
        "companions": ["weights/weight.bin"] if opsets else [],
    }
    for key, value in {"description": metadata.shortDescription, "version": metadata.versionString, "author": metadata.author, "license": metadata.license}.items():
        if value:
            result[key] = value
    if tensors is not None:
        result.update({"tensors.count": tensors, "tensors.parameters": sum(dtypes.values()), "tensors.dtypes": dict(sorted(dtypes.items()))})
    if path.name == "model.mlmodel":
        program = spec.mlProgram
        operations = {}
        for function in program.functions.values():
            for block in function.block_specializations.values():
                for each in block.operations:
                    operations[each.type] = operations.get(each.type, 0) + 1
        result["metadata.operations"] = ", ".join(f"{name} {operations[name]}" for name in sorted(operations))
    return result
