"""Files of PyTorch in every form that the installed libraries write, and what these libraries say of them."""
import enum
import io
import os
import pickletools
import warnings
import zipfile

from ._parameters import counted

IMPORTS = ["torch", "transformers", "trl", "lightning", "peft", "numpy"]

warnings.filterwarnings("ignore")

try:
    import torch
    from torch import nn

    class Tiny(nn.Module):
        def __init__(self):
            super().__init__()
            self.embed = nn.Embedding(11, 4)
            self.norm = nn.BatchNorm1d(4)
            self.head = nn.Linear(4, 11, bias=False)
            self.head.weight = self.embed.weight

        def forward(self, x):
            return self.head(self.norm(self.embed(x).mean(1)))

    class Labelled(torch.Tensor):
        pass
except ImportError:
    torch = None

NOT_HYPERPARAMETERS = {"output_dir", "logging_dir", "run_name", "hub_model_id", "hub_token", "push_to_hub_token", "resume_from_checkpoint"}


def make(directory):
    torch.manual_seed(0)
    os.chdir(directory)
    model = Tiny()
    torch.save(model.state_dict(), "zip.pt")
    torch.save(model.state_dict(), "legacy.pth", _use_new_zipfile_serialization=False)
    torch.save(model, "module.pt")
    make_kinds()
    make_training(model)
    make_programs(model)
    make_arguments()
    make_distributed()
    make_lightning()
    make_adapter()


def make_kinds():
    kinds = {
        name: torch.zeros(2, 3).to(getattr(torch, name))
        for name in "bfloat16 float16 float64 float8_e4m3fn float8_e5m2 complex64 bool uint8 int8 int16 int32 uint16 uint32".split()
    }
    kinds["scalar"] = torch.tensor(1.5)
    kinds["empty"] = torch.zeros(0, 4)
    kinds["slice"] = torch.arange(10.0)[2:5]
    shared = torch.arange(12.0)
    kinds["left"], kinds["right"], kinds["turned"] = shared[:6].view(2, 3), shared[6:], shared[:6].view(2, 3).t()
    kinds["coo"] = torch.eye(3).to_sparse()
    kinds["csr"] = torch.eye(3).to_sparse_csr()
    kinds["per_tensor"] = torch.quantize_per_tensor(torch.ones(4), 0.1, 1, torch.qint8)
    kinds["per_channel"] = torch.quantize_per_channel(torch.ones(2, 3), torch.tensor([0.1, 0.2]), torch.tensor([0, 0]), 0, torch.quint8)
    kinds["parameter"] = nn.Parameter(torch.zeros(3))
    kinds["buffer"] = nn.Buffer(torch.zeros(2))
    kinds["meta"] = torch.zeros(3, 2, device="meta")
    kinds["conjugate"] = torch.zeros(2, dtype=torch.complex64).conj()
    kinds["subclass"] = torch.zeros(2).as_subclass(Labelled)
    kinds["expanded"] = torch.zeros(1).expand(5)
    torch.save(kinds, "kinds.pt")


def make_training(model):
    import numpy
    import random

    optimizer = torch.optim.AdamW(model.parameters(), lr=1e-3)
    model(torch.zeros(2, 3, dtype=torch.long)).sum().backward()
    optimizer.step()
    random.seed(0)
    scheduler = torch.optim.lr_scheduler.StepLR(optimizer, 1)
    checkpoint = {"model_state_dict": model.state_dict(), "optimizer_state_dict": optimizer.state_dict(), "epoch": 3, "loss": torch.tensor(0.5)}
    torch.save(checkpoint, "checkpoint.pt")
    torch.save(optimizer.state_dict(), "optimizer.pt")
    torch.save(scheduler.state_dict(), "scheduler.pt")
    torch.save({"python": random.getstate(), "numpy": numpy.random.RandomState(0).get_state(), "cpu": torch.get_rng_state()[:64]}, "rng_state.pth")
    deepspeed = {"module": model.state_dict(), "ds_version": "0.15.4", "ds_config": {"train_batch_size": 8, "zero_optimization": {"stage": 1}}, "global_steps": 7}
    torch.save(deepspeed, "mp_rank_00_model_states.pt")
    torch.save({"optimizer_state_dict": {"zero_stage": 2, "fp32_flat_groups": [torch.zeros(9)]}, "ds_version": "0.15.4"}, "zero_pp_rank_0_mp_rank_00_optim_states.pt")


def without_debug(data, path):
    """The archive without the files that hold paths of the machine."""
    source = zipfile.ZipFile(io.BytesIO(data))
    writer = torch._C.PyTorchFileWriter(str(path))
    for name in source.namelist():
        inner = name.split("/", 1)[1]
        if not name.endswith(".debug_pkl") and inner not in ("version", ".data/serialization_id", "byteorder"):
            writer.write_record(inner, source.read(name), len(source.read(name)))
    writer.write_end_of_file()


def make_programs(model):
    script = io.BytesIO()
    torch.jit.save(torch.jit.script(model.eval()), script)
    without_debug(script.getvalue(), "script.pt")
    frozen = io.BytesIO()
    torch.jit.save(torch.jit.freeze(torch.jit.script(nn.Sequential(nn.Linear(3, 2), nn.Linear(2, 1)).eval())), frozen)
    without_debug(frozen.getvalue(), "frozen.pt")
    program = torch.export.export(model.eval(), (torch.zeros(2, 3, dtype=torch.long),), dynamic_shapes={"x": {0: torch.export.Dim("batch")}})
    for node in program.graph.nodes:
        node.meta.pop("stack_trace", None)
    torch.export.save(program, "program.pt2")
    make_old_program(program)


def make_old_program(program):
    """The layout that torch.export.save wrote before there were archives with a format."""
    from torch._export.serde.serialize import serialize

    artifact = serialize(program)
    with zipfile.ZipFile("old.pt2", "w") as archive:
        archive.writestr("serialized_exported_program.json", artifact.exported_program)
        archive.writestr("serialized_state_dict.pt", artifact.state_dict)
        archive.writestr("serialized_constants.pt", artifact.constants)
        archive.writestr("serialized_example_inputs.pt", artifact.example_inputs)
        archive.writestr("version", "8.8")


def make_arguments():
    from transformers import TrainingArguments
    from trl import SFTConfig

    arguments = TrainingArguments(
        output_dir="out", learning_rate=5e-5, num_train_epochs=2, seed=7, hub_token="not-a-real-value", run_name="run", report_to=[],
        save_strategy="epoch", use_cpu=True,
    )
    torch.save(arguments, "training_args.bin")
    torch.save(SFTConfig(output_dir="out", max_length=77, report_to=[], use_cpu=True, bf16=False), "sft_training_args.bin")


def make_distributed():
    import torch.distributed.checkpoint as checkpoint

    state = {"model": {"a.weight": torch.zeros(4, 3), "b": torch.zeros(2, dtype=torch.bfloat16)}, "step": 3, "optim": {"exp": torch.zeros(4, 3)}}
    checkpoint.save(state, checkpoint_id="distributed")


def make_lightning():
    import lightning

    class Module(lightning.LightningModule):
        def __init__(self, hidden=4, lr=0.01, name="x", layers=(1, 2)):
            super().__init__()
            self.save_hyperparameters()
            self.layer = nn.Linear(3, hidden)

        def training_step(self, batch, index):
            return self.layer(batch[0]).sum()

        def configure_optimizers(self):
            return torch.optim.Adam(self.parameters(), lr=self.hparams.lr)

    class Data(lightning.LightningDataModule):
        def __init__(self, batch_size=2):
            super().__init__()
            self.save_hyperparameters()

        def train_dataloader(self):
            return torch.utils.data.DataLoader(torch.utils.data.TensorDataset(torch.zeros(4, 3)), batch_size=self.hparams.batch_size)

    quiet = dict(logger=False, enable_progress_bar=False, enable_model_summary=False, enable_checkpointing=False)
    trainer = lightning.Trainer(max_epochs=1, accelerator="cpu", **quiet)
    trainer.fit(Module(), Data())
    trainer.save_checkpoint("lightning.ckpt")


def make_adapter():
    from peft import LoraConfig, get_peft_model, get_peft_model_state_dict

    model = get_peft_model(nn.Sequential(nn.Linear(6, 4)), LoraConfig(r=2, target_modules=["0"]))
    torch.save(get_peft_model_state_dict(model), "adapter_model.bin")


def imports(path):
    if path.suffix == ".pth" and not zipfile.is_zipfile(path):
        found = set()
        with open(path, "rb") as file:
            for _ in range(5):
                found |= names(file)
        return sorted(found)
    archive = zipfile.ZipFile(path)
    pickles = [name for name in archive.namelist() if name.split("/")[-1] in ("data.pkl", "constants.pkl")]
    return sorted(set().union(*(names(io.BytesIO(archive.read(name))) for name in pickles)))


def names(file):
    return {arg.replace(" ", ".") for opcode, arg, _ in pickletools.genops(file) if opcode.name == "GLOBAL" and not arg.startswith("__torch__.")}


def tensors_of(value, path=()):
    if isinstance(value, torch.Tensor):
        yield ".".join(path), value
    elif isinstance(value, dict):
        for key, item in value.items():
            yield from tensors_of(item, (*path, str(key)))
    elif isinstance(value, (list, tuple)):
        for index, item in enumerate(value):
            yield from tensors_of(item, (*path, str(index)))


def values_of(tensor):
    return tensor.values().numel() if tensor.layout != torch.strided else tensor.numel()


def summary(named, weights=None):
    """Values of the weights, those that several tensors show counted once by their storage, its size at most."""
    seen, left, dtypes = set(), {}, {}
    for name, tensor in named.items() if weights is None else weights.items():
        fresh = values_of(tensor)
        if tensor.layout == torch.strided and not tensor.is_meta:
            storage = tensor.untyped_storage()
            view = (storage.data_ptr(), tensor.storage_offset(), tuple(tensor.shape), tensor.stride(), tensor.dtype)
            if view in seen and storage.nbytes() > 0:
                continue
            seen.add(view)
            rest = left.get(storage.data_ptr(), storage.nbytes() // tensor.element_size())
            fresh = min(fresh, rest)
            left[storage.data_ptr()] = rest - fresh
        if fresh > 0:
            dtype = str(tensor.dtype).split(".")[1]
            dtypes[dtype] = dtypes.get(dtype, 0) + fresh
    dtypes = counted(dtypes)
    return {
        "tensors.count": len(named),
        "tensors.parameters": sum(dtypes.values()),
        "tensors.dtypes": dtypes,
        "shapes": {name: list(tensor.shape) for name, tensor in named.items()},
    }


def scalars(table):
    plain = {}
    for name, value in table.items():
        value = value.value if isinstance(value, enum.Enum) else value
        if isinstance(value, (str, int, float, bool)) and not name.startswith("_") and name not in NOT_HYPERPARAMETERS:
            plain[name] = value
    return plain


def facts(path):
    special = {
        "program.pt2": program_facts, "old.pt2": program_facts, "script.pt": script_facts, "frozen.pt": frozen_facts,
        ".metadata": distributed_facts, "module.pt": module_facts,
    }.get(path.name)
    if special is not None:
        return special(path)
    if path.suffix == ".distcp":
        return {"format": "pytorch", "role": "checkpoint"}
    if path.suffix not in (".pt", ".pth", ".bin", ".ckpt"):
        return None
    root = torch.load(path, weights_only=False)
    found = {"format": "pytorch", "imports": imports(path)}
    if path.name.endswith("training_args.bin"):
        return {**found, "role": "config", "hyperparameters": scalars(vars(root)), "metadata.output_dir": "out"}
    return {**found, **checkpoint_facts(path.name, root)}


ROLES = {
    "checkpoint.pt": "checkpoint", "lightning.ckpt": "checkpoint", "mp_rank_00_model_states.pt": "checkpoint", "rng_state.pth": "optimizer-state",
    "optimizer.pt": "optimizer-state", "scheduler.pt": "optimizer-state", "zero_pp_rank_0_mp_rank_00_optim_states.pt": "optimizer-state",
    "adapter_model.bin": "adapter",
}
WEIGHTS = {"checkpoint.pt": "model_state_dict", "lightning.ckpt": "state_dict", "mp_rank_00_model_states.pt": "module"}


def checkpoint_facts(name, root):
    named = dict(tensors_of(root))
    role = ROLES.get(name, "weights")
    found = {"role": role}
    if named:
        weights = root[WEIGHTS[name]] if name in WEIGHTS else {} if role in ("checkpoint", "optimizer-state") else None
        found |= summary(named, weights)
    if name == "lightning.ckpt":
        found["producers"] = [f"pytorch-lightning {root['pytorch-lightning_version']}"]
        [group] = root["optimizer_states"][0]["param_groups"]
        kept = {"weight_decay": group["weight_decay"], "epsilon": group["eps"], "amsgrad": group["amsgrad"]}
        found["hyperparameters"] = scalars({**kept, **root["datamodule_hyper_parameters"], **root["hyper_parameters"]})
        found["metadata.global_step"] = str(root["global_step"])
    if "ds_version" in root:
        found["producers"] = [f"deepspeed {root['ds_version']}"]
    return found


def module_facts(path):
    module = torch.load(path, weights_only=False)
    return {"role": "weights", "architecture": type(module).__name__, "imports": imports(path), **summary(module.state_dict())}


def script_facts(path):
    module = torch.jit.load(path)
    return {"architecture": module.original_name, "imports": imports(path), "notInspected": ["TorchScript code"], **summary(module.state_dict())}


def frozen_facts(path):
    code = torch.jit.load(path)
    constants = {f"CONSTANTS.{name}": value for name, value in code.code_with_constants[1].const_mapping.items()}
    return {"notInspected": ["TorchScript code"], **summary(constants)}


def program_facts(path):
    program = torch.export.load(path) if path.name == "program.pt2" else None
    if program is None:
        program = torch.export.load(path.with_name("program.pt2"))
    found = {"producers": [f"torch {torch.__version__}"], "role": "weights", **summary(dict(program.state_dict))}
    return {**found, "inputs": [{"name": "x", "dtype": "int64", "shape": [-1, 3]}]}


def distributed_facts(path):
    from torch.distributed.checkpoint import FileSystemReader

    metadata = FileSystemReader(path.parent).read_metadata()
    sizes = {name: item for name, item in metadata.state_dict_metadata.items() if hasattr(item, "size")}
    return {
        "role": "index",
        "tensors.count": len(sizes),
        "tensors.parameters": sum(item.size.numel() for name, item in sizes.items() if name.startswith("model.")),
        "shapes": {name: list(item.size) for name, item in sizes.items()},
        "companions": sorted({info.relative_path for info in metadata.storage_data.values()}),
    }
