from ._parameters import counted

IMPORTS = ["executorch", "torch"]
NAMES = {"BYTE": 8, "CHAR": 8, "SHORT": 16, "INT": 32, "LONG": 64, "HALF": 16, "FLOAT": 32, "DOUBLE": 64, "BOOL": 8, "BFLOAT16": 16}
OWN = {"aten", "executorch_prim", "dim_order_ops", "quantized_decomposed"}


def make(directory):
    import torch
    from executorch.backends.xnnpack.partition.xnnpack_partitioner import XnnpackPartitioner
    from executorch.exir import ExecutorchBackendConfig, to_edge, to_edge_transform_and_lower
    from torch.export import export

    torch.manual_seed(0)

    class Small(torch.nn.Module):
        def __init__(self):
            super().__init__()
            self.linear = torch.nn.Linear(6, 4)
            self.scale = torch.nn.Parameter(torch.rand(4).half())
            self.register_buffer("steps", torch.arange(4))

        def forward(self, x):
            return torch.relu(self.linear(x)) * self.scale.float() + self.steps, x.sum(1)

    class Counter(torch.nn.Module):
        def __init__(self):
            super().__init__()
            self.register_buffer("seen", torch.ones(3))

        def forward(self, x):
            self.seen.add_(x)
            return self.seen * 2

    program = export(Small().eval(), (torch.rand(2, 6),))
    (directory / "plain.pte").write_bytes(to_edge(program).to_executorch().buffer)
    lowered = to_edge_transform_and_lower(program, partitioner=[XnnpackPartitioner()]).to_executorch()
    (directory / "delegated.pte").write_bytes(lowered.buffer)
    outside = to_edge(program).to_executorch(ExecutorchBackendConfig(external_constants=True))
    (directory / "outside.pte").write_bytes(outside.buffer)
    outside.write_tensor_data_to_file(str(directory))
    (directory / "mutable.pte").write_bytes(to_edge(export(Counter(), (torch.rand(3),))).to_executorch().buffer)
    methods = {"encode": export(Small().eval(), (torch.rand(2, 6),)), "count": export(Counter(), (torch.rand(3),))}
    (directory / "methods.pte").write_bytes(to_edge(methods).to_executorch().buffer)


def facts(path):
    return data_facts(path) if path.suffix == ".ptd" else program_facts(path)


def summary(tensors):
    dtypes = {}
    for dtype, shape in tensors.values():
        size = 1
        for axis in shape:
            size *= axis
        dtypes[dtype] = dtypes.get(dtype, 0) + size
    size = lambda shape: __import__("math").prod(shape)
    return {
        "tensors.count": len(tensors),
        "tensors.parameters": sum(counted(dtypes).values()),
        "tensors.dtypes": counted(dtypes),
        "tensors.bytes": sum(size(shape) * NAMES[dtype] // 8 for dtype, shape in tensors.values()),
    }


def data_facts(path):
    from executorch.extension.flat_tensor.serialize.serialize import _deserialize_to_flat_tensor

    content = path.read_bytes()
    flat = _deserialize_to_flat_tensor(content)
    tensors = {each.key: (each.tensor_layout.scalar_type.name, list(each.tensor_layout.sizes)) for each in flat.named_data}
    return {"formatVersion": "FT01", "metadata.version": str(flat.version), "shapes": {key: shape for key, (_, shape) in tensors.items()}, **summary(tensors)}


def program_facts(path):
    from executorch.exir import schema
    from executorch.exir._serialize._program import deserialize_pte_binary

    program = deserialize_pte_binary(path.read_bytes())
    program = getattr(program, "program", program)
    operators, delegates, tensors, external, ends = {}, {}, {}, [], []
    for plan in program.execution_plan:
        names = [f"{each.name}.{each.overload}" if each.overload else each.name for each in plan.operators]
        for chain in plan.chains:
            for instruction in chain.instructions:
                if isinstance(instruction.instr_args, schema.KernelCall):
                    name = names[instruction.instr_args.op_index]
                    operators[name] = operators.get(name, 0) + 1
        for delegate in plan.delegates:
            delegates[delegate.id] = delegates.get(delegate.id, 0) + 1
        here = []
        for index, value in enumerate(plan.values):
            tensor = value.val
            if not isinstance(tensor, schema.Tensor):
                here.append(None)
                continue
            extra = tensor.extra_tensor_info
            name = (extra.fully_qualified_name if extra is not None else None) or f"{plan.name}.values[{index}]"
            here.append({"name": name, "dtype": tensor.scalar_type.name, "shape": list(tensor.sizes)})
            if extra is not None and extra.location == schema.TensorDataLocation.EXTERNAL:
                external.append(name)
            elif tensor.data_buffer_idx > 0:
                kind = "constant" if tensor.allocation_info is None else f"mutable{extra.mutable_data_segments_idx if extra else 0}"
                tensors.setdefault((kind, tensor.data_buffer_idx), (tensor.scalar_type.name, list(tensor.sizes)))
        ends.append(([here[i] for i in plan.inputs if here[i]], [here[i] for i in plan.outputs if here[i]]))
    shown = lambda counts: ", ".join(f"{name} {counts[name]}" for name in sorted(counts))
    namespaces = {name.split("::")[0] for name in operators}
    result = {
        "formatVersion": "ET12",
        "metadata.version": str(program.version),
        "metadata.methods": ", ".join(plan.name for plan in program.execution_plan),
        "metadata.operators": shown(operators),
        "requires": sorted(delegates) + sorted(namespaces - OWN),
        "inputs": ends[0][0],
        "outputs": ends[0][1],
    }
    if not operators:
        del result["metadata.operators"]
    if delegates:
        result["metadata.delegates"] = shown(delegates)
    if not delegates and not external:
        result.update(summary(tensors))
    return result
