"""Makes the metadata of training runs with the real tools, and states what the tools' own APIs say of it.

usage: make-runs.py [--record] DIRECTORY [ID…]

Writes DIRECTORY/<id>/… and prints {"<id>": {facts}} as JSON. With --record it also writes the facts to DIRECTORY/<id>.facts.json
and leaves out what is too big for a fixture: `make-runs.py --record test/fixtures/collect` makes those of the tests. Nothing here
uses the network; where a tool notes the machine, it is given a neutral one.
"""

import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import traceback

NEUTRAL = {
    "HF_HUB_OFFLINE": "1",
    "HF_HUB_DISABLE_TELEMETRY": "1",
    "TOKENIZERS_PARALLELISM": "false",
    "MLFLOW_ALLOW_FILE_STORE": "true",
    "MLFLOW_DISABLE_TELEMETRY": "true",
    "MLFLOW_ENABLE_ARTIFACTS_PROGRESS_BAR": "false",
    "DVC_NO_ANALYTICS": "1",
    "WANDB_MODE": "offline",
    "WANDB_SILENT": "true",
    "WANDB_ERROR_REPORTING": "false",
    "USER": "user",
    "LOGNAME": "user",
    "USERNAME": "user",
    "GIT_AUTHOR_NAME": "Example",
    "GIT_AUTHOR_EMAIL": "example@example.org",
    "GIT_COMMITTER_NAME": "Example",
    "GIT_COMMITTER_EMAIL": "example@example.org",
    "GIT_AUTHOR_DATE": "2026-01-01T00:00:00Z",
    "GIT_COMMITTER_DATE": "2026-01-01T00:00:00Z",
    "GIT_CONFIG_GLOBAL": os.devnull,
    "CUDA_VISIBLE_DEVICES": "",
}
PRIVATE = ("MLFLOW_TRACKING_URI", "WANDB_API_KEY", "HF_TOKEN")


def run(*command, cwd):
    subprocess.run(command, cwd=cwd, check=True, stdout=sys.stderr, stderr=sys.stderr)


def git_repository(directory):
    run("git", "init", "--quiet", "--initial-branch", "main", cwd=directory)
    run("git", "remote", "add", "origin", "https://user:not-a-secret@example.org/team/project.git", cwd=directory)
    run("git", "add", ".", cwd=directory)
    run("git", "commit", "--quiet", "--allow-empty", "--message", "Start", cwd=directory)


def tiny_model():
    """A random causal language model of a few thousand parameters and a tokenizer of twenty words."""
    from tokenizers import Tokenizer, models, pre_tokenizers
    from transformers import LlamaConfig, LlamaForCausalLM, PreTrainedTokenizerFast

    words = ["<unk>", "<s>", "</s>", "<pad>", *"a b c d e f g h i j k l m n o p".split()]
    tokenizer = Tokenizer(models.WordLevel({word: index for index, word in enumerate(words)}, unk_token="<unk>"))
    tokenizer.pre_tokenizer = pre_tokenizers.Whitespace()
    fast = PreTrainedTokenizerFast(
        tokenizer_object=tokenizer, unk_token="<unk>", bos_token="<s>", eos_token="</s>", pad_token="<pad>"
    )
    config = LlamaConfig(
        vocab_size=len(words), hidden_size=8, intermediate_size=8, num_hidden_layers=1, num_attention_heads=2,
        num_key_value_heads=2, max_position_embeddings=32, pad_token_id=3, bos_token_id=1, eos_token_id=2,
    )
    return LlamaForCausalLM(config), fast


def in_neutral_place(directory, *places):
    """What a tool writes of the place it ran in is of this machine; a neutral one stands for it."""
    for path in directory.rglob("*"):
        if not path.is_file():
            continue
        content = path.read_bytes()
        if b"\0" in content:
            continue
        for place in sorted({str(directory), *map(str, places)}, key=len, reverse=True):
            content = content.replace(place.encode(), b"/home/user/project")
        path.write_bytes(content)


def without_weights(directory):
    """Keeps what the collector reads: the weights, the optimizer and the arguments are read elsewhere."""
    for path in sorted(directory.rglob("*")):
        if path.is_file() and path.suffix in {".safetensors", ".bin", ".pt", ".pth", ".jinja"} or path.name.startswith("tokenizer"):
            path.unlink()


def huggingface_trainer(directory):
    import torch
    from transformers import Trainer, TrainingArguments

    model, tokenizer = tiny_model()
    rows = [{"input_ids": torch.tensor([1, 4 + i, 5 + i]), "labels": torch.tensor([1, 4 + i, 5 + i])} for i in range(8)]
    arguments = TrainingArguments(
        output_dir=str(directory), per_device_train_batch_size=2, num_train_epochs=2, learning_rate=3e-4, save_steps=4,
        eval_strategy="steps", eval_steps=4, logging_steps=2, report_to=[], use_cpu=True, seed=7,
        load_best_model_at_end=True, metric_for_best_model="loss", include_num_input_tokens_seen="all",
    )
    trainer = Trainer(model=model, args=arguments, train_dataset=rows, eval_dataset=rows[:2], processing_class=tokenizer)
    result = trainer.train()
    trainer.save_metrics("train", result.metrics)
    trainer.save_metrics("eval", trainer.evaluate())
    trainer.save_state()
    trainer.create_model_card(model_name="tiny", dataset="letters")
    state = trainer.state
    without_weights(directory)
    return {
        "flops": state.total_flos,
        "steps": state.global_step,
        "epochs": state.num_train_epochs,
        "tokens": state.num_input_tokens_seen,
        "bestMetric": state.best_metric,
        "trainLoss": result.metrics["train_loss"],
        "checkpoints": sorted(path.name for path in directory.glob("checkpoint-*")),
    }


def trainer_card(directory):
    from datasets import Dataset
    from transformers import set_seed
    from trl import SFTConfig, SFTTrainer
    from peft import LoraConfig

    set_seed(3)
    model, tokenizer = tiny_model()
    data = Dataset.from_list([{"text": "a b c d e f"}, {"text": "g h i j k l"}] * 4)
    with tempfile.TemporaryDirectory() as place:
        base = pathlib.Path(place) / "tiny-base"
        model.save_pretrained(base)
        tokenizer.save_pretrained(base)
        trainer = SFTTrainer(
            model=str(base),
            args=SFTConfig(
                output_dir=str(directory), max_steps=2, per_device_train_batch_size=2, report_to=[], use_cpu=True,
                max_length=16, seed=3, save_strategy="no", bf16=False, learning_rate=2e-4, packing=False,
            ),
            train_dataset=data,
            processing_class=tokenizer,
            peft_config=LoraConfig(r=4, lora_alpha=8, target_modules=["q_proj"], task_type="CAUSAL_LM"),
        )
        trainer.train()
        trainer.save_state()
        trainer.create_model_card(model_name="tiny-sft")
        card = directory / "README.md"
        card.write_text(card.read_text().split("## Citations")[0])
    without_weights(directory)
    return {"method": "sft", "steps": trainer.state.global_step}


def lightning(directory):
    import torch
    import lightning as L
    from lightning.pytorch.loggers import CSVLogger

    class Tiny(L.LightningModule):
        def __init__(self, learning_rate=0.01, batch_size=4, width=3, activation="relu"):
            super().__init__()
            self.save_hyperparameters()
            self.layer = torch.nn.Linear(2, 1)

        def training_step(self, batch, _):
            loss = self.layer(batch[0]).pow(2).mean()
            self.log("train_loss", loss)
            return loss

        def configure_optimizers(self):
            return torch.optim.SGD(self.parameters(), lr=self.hparams.learning_rate)

    data = torch.utils.data.DataLoader(torch.utils.data.TensorDataset(torch.ones(8, 2)), batch_size=4)
    module = Tiny(learning_rate=1e-05, width=5)
    logger = CSVLogger(str(directory), name="lightning_logs", flush_logs_every_n_steps=1)
    trainer = L.Trainer(
        max_epochs=2, logger=logger, accelerator="cpu", enable_checkpointing=False, enable_progress_bar=False,
        enable_model_summary=False, log_every_n_steps=1,
    )
    trainer.fit(module, data)
    metrics = logger.experiment.metrics_file_path
    import csv

    rows = list(csv.DictReader(open(metrics)))
    return {
        "hyperparameters": dict(module.hparams),
        "metrics": {"train_loss": float([row for row in rows if row["train_loss"]][-1]["train_loss"])},
        "step": int(rows[-1]["step"]),
    }


def mlflow_run(client_uri, experiment):
    import mlflow
    from mlflow.data.meta_dataset import MetaDataset
    from mlflow.data.http_dataset_source import HTTPDatasetSource

    mlflow.set_tracking_uri(client_uri)
    mlflow.set_registry_uri(client_uri)
    client = mlflow.MlflowClient(client_uri, client_uri if client_uri.startswith("file") else None)
    with mlflow.start_run(experiment_id=experiment, run_name="first") as active:
        mlflow.log_params({"learning_rate": 0.05, "batch_size": 8, "opt_name": "Adam", "epochs": 3, "note": "a plain run"})
        mlflow.log_metric("loss", 0.9, step=1)
        mlflow.log_metric("loss", 0.25, step=2)
        mlflow.set_tags({"mlflow.source.git.commit": "0123456789abcdef0123456789abcdef01234567", "mlflow.source.name": "train.py",
                         "mlflow.source.git.repoURL": "https://user:not-a-secret@example.org/team/project.git",
                         "mlflow.source.git.branch": "main"})
        source = HTTPDatasetSource("https://example.org/data.csv")
        mlflow.log_input(MetaDataset(source, name="rows", digest="abc12345"), context="training")
    got = client.get_run(active.info.run_id)
    return got


def mlflow_facts(got):
    import mlflow

    return {
        "runId": got.info.run_id,
        "hyperparameters": dict(got.data.params),
        "metrics": dict(got.data.metrics),
        "commit": got.data.tags["mlflow.source.git.commit"],
        "datasets": [
            {"name": entry.dataset.name, "digest": entry.dataset.digest, "context": [tag.value for tag in entry.tags]}
            for entry in got.inputs.dataset_inputs
        ],
        "start": got.info.start_time,
        "end": got.info.end_time,
        "version": mlflow.__version__,
    }


def mlflow(directory):
    """A file store, and a model that was saved from it."""
    import mlflow
    from mlflow.models import Model
    from mlflow.tracking import MlflowClient

    os.chdir(directory)
    uri = "file:./mlruns"
    client = MlflowClient(uri)
    experiment = client.create_experiment("tiny", artifact_location="./mlruns/artifacts")
    got = mlflow_run(uri, experiment)
    (directory / "train.py").write_text("class Echo: pass\n")
    model = Model(artifact_path="model", run_id=got.info.run_id, model_uuid="0" * 32, utc_time_created="2026-01-01 00:00:00.000000")
    model.add_flavor("sklearn", pickled_model="model.pkl", sklearn_version="1.9.0", serialization_format="cloudpickle", code=None)
    model.add_flavor("python_function", loader_module="mlflow.sklearn", model_path="model.pkl", python_version="3.11.9",
                     env={"conda": "conda.yaml", "virtualenv": "python_env.yaml"})
    (directory / "model").mkdir()
    model.save(str(directory / "model" / "MLmodel"))
    (directory / "train.py").unlink()
    loaded = Model.load(str(directory / "model" / "MLmodel"))
    shutil.rmtree(directory / "mlruns" / "0", ignore_errors=True)
    shutil.rmtree(directory / "mlruns" / ".trash", ignore_errors=True)
    return {**mlflow_facts(got), "modelVersion": loaded.mlflow_version, "flavors": sorted(loaded.flavors)}


def mlflow_database(directory):
    """The SQLite store, MLflow's default since 3.7. Needs sqlalchemy and alembic."""
    import sqlalchemy  # noqa: F401
    from mlflow.store.tracking.sqlalchemy_store import SqlAlchemyStore

    os.chdir(directory)
    uri = "sqlite:///mlflow.db"
    store = SqlAlchemyStore(uri, "./artifacts")
    experiment = store.create_experiment("tiny", artifact_location="./artifacts")
    import time

    from mlflow.entities import Dataset, DatasetInput, InputTag, Metric, Param, RunStatus, RunTag

    start = int(time.time() * 1000)
    created = store.create_run(experiment, "user", start, [RunTag("mlflow.source.name", "train.py"), RunTag("mlflow.user", "user"),
                               RunTag("mlflow.source.git.commit", "0123456789abcdef0123456789abcdef01234567")], "first")
    run_id = created.info.run_id
    for key, value in {"learning_rate": "0.05", "batch_size": "8", "opt_name": "Adam"}.items():
        store.log_param(run_id, Param(key, value))
    for step, value in ((1, 0.9), (2, 0.25)):
        store.log_metric(run_id, Metric("loss", value, start + step, step))
    store.log_inputs(run_id, [DatasetInput(Dataset("rows", "abc12345", "http", json.dumps({"url": "https://example.org/data.csv"})),
                                           [InputTag("mlflow.data.context", "training")])])
    store.update_run_info(run_id, RunStatus.FINISHED, start + 5000, "first")
    got = store.get_run(run_id)
    store._dispose_engine() if hasattr(store, "_dispose_engine") else store.engine.dispose()
    import sqlite3

    with sqlite3.connect("mlflow.db") as connection:
        connection.execute("vacuum")
    shutil.rmtree(directory / "artifacts", ignore_errors=True)
    return mlflow_facts(got)


def log_records(content):
    """Records of a LevelDB log: blocks of 32 KiB behind a header of seven bytes, parts of records with checksum, length, kind."""
    at, record = 7, b""
    while at + 7 <= len(content):
        if 32768 - at % 32768 < 7:
            at += 32768 - at % 32768
            continue
        length, kind = int.from_bytes(content[at + 4 : at + 6], "little"), content[at + 6]
        record += content[at + 7 : at + 7 + length]
        at += 7 + length
        if kind in (1, 4):
            yield record
            record = b""


def wandb_files(log, files):
    """What wandb writes to `files/` while it is online, from the records of an offline run."""
    import yaml
    from google.protobuf.json_format import MessageToDict
    from wandb.proto import wandb_internal_pb2

    config, summary, environment = {}, {}, wandb_internal_pb2.EnvironmentRecord()
    for data in log_records(log.read_bytes()):
        record = wandb_internal_pb2.Record.FromString(data)
        for update in (*record.run.config.update, *record.config.update):
            config[update.key or ".".join(update.nested_key)] = {"value": json.loads(update.value_json)}
        for update in record.summary.update:
            summary[update.key or ".".join(update.nested_key)] = json.loads(update.value_json)
        for item in record.history.item:
            summary[item.key or ".".join(item.nested_key)] = json.loads(item.value_json)
        environment.MergeFrom(record.environment)
    (files / "wandb-metadata.json").write_text(json.dumps(MessageToDict(environment), indent=2))
    (files / "config.yaml").write_text(yaml.safe_dump(config))
    (files / "wandb-summary.json").write_text(json.dumps(summary))


def wandb_log(directory):
    """A run whose log is all that there is, as the client leaves it while it is offline."""
    return wandb(directory, log_only=True)


def wandb(directory, log_only=False):
    import platform

    import wandb

    platform.platform = lambda *_, **__: "Linux-6.1.0-x86_64-with-glibc2.36"
    with tempfile.TemporaryDirectory() as place:
        os.chdir(place)
        git_repository(place)
        settings = wandb.Settings(host="host", username="user", email="user@example.org", x_executable="/home/user/env/bin/python",
                                  program="train.py", program_relpath="train.py", program_abspath="/home/user/project/train.py",
                                  root_dir=place, disable_job_creation=True, x_stats_sampling_interval=100.0, console="off")
        type(settings)._args = property(lambda _: ["--lr", "0.01", "--token", "not-a-secret", "--data", "/home/user/data"])
        active = wandb.init(project="tiny", name="first", dir=place, settings=settings,
                            config={"learning_rate": 0.01, "batch_size": 16, "optimizer": "adam", "nested": {"depth": 2}, "api_key": "not-a-secret"})
        active.log({"loss": 0.5})
        active.log({"loss": 0.25, "accuracy": 0.75})
        run_id, config, summary = active.id, dict(active.config), {k: v for k, v in dict(active.summary).items() if not k.startswith("_")}
        active.finish()
        wandb.teardown()  # the service writes the log to its end only when it stops
        for source in sorted(pathlib.Path(place).glob("wandb/offline-run-*")):
            target = directory / "wandb" / source.name
            (log,) = source.glob("*.wandb")
            (target / "files").mkdir(parents=True)
            if log_only:
                shutil.copy(log, target / log.name)
            else:
                wandb_files(log, target / "files")
        in_neutral_place(directory, place)
        os.chdir("/")
    return {"runId": run_id, "hyperparameters": config, "metrics": summary, "version": wandb.__version__}


def dvc(directory):
    import dvc.api
    from dvc.repo import Repo

    program = str(pathlib.Path(sys.executable).with_name("dvc"))
    with tempfile.TemporaryDirectory() as place:
        place = pathlib.Path(place)
        (place / "data").mkdir()
        (place / "data" / "train.csv").write_text("x,y\n1,2\n")
        (place / "labels.txt").write_text("a\nb\n")
        (place / "train.py").write_text("open('model.bin','w').write('weights')\nopen('metrics.json','w').write('{\"accuracy\": 0.5}')\n")
        (place / "params.yaml").write_text("train:\n  lr: 0.01\n  epochs: 4\n  shuffle: true\nseed: 42\nunused: 1\n")
        (place / "dvc.yaml").write_text(
            "stages:\n"
            "  prepare:\n    cmd: cp labels.txt prepared.txt\n    deps:\n    - labels.txt\n    outs:\n    - prepared.txt\n"
            "  train:\n    cmd: python3 train.py\n    deps:\n    - data\n    - prepared.txt\n    - train.py\n    params:\n    - seed\n    - train\n"
            "    outs:\n    - model.bin\n    metrics:\n    - metrics.json:\n        cache: false\n"
        )
        run("git", "init", "--quiet", "--initial-branch", "main", cwd=place)
        run(program, "init", "--quiet", cwd=place)
        run(program, "config", "core.analytics", "false", cwd=place)
        run(program, "remote", "add", "--default", "store", "https://user:not-a-secret@example.org/store", cwd=place)
        run(program, "add", "--quiet", "labels.txt", cwd=place)
        run(program, "repro", "--quiet", cwd=place)
        run("git", "add", ".", cwd=place)
        run("git", "commit", "--quiet", "--message", "Start", cwd=place)
        os.chdir(place)
        params = dvc.api.params_show()
        stage = {stage.addressing: stage for stage in Repo(str(place)).stage.collect()}
        deps = {dep.def_path: dep.hash_info.value for dep in stage["train"].deps if not dep.def_path.endswith((".yaml",))}
        metrics = dvc.api.metrics_show()
        for name in ("dvc.yaml", "dvc.lock", "labels.txt.dvc", "params.yaml", "metrics.json", "train.py"):
            shutil.copy(place / name, directory / name)
        (directory / ".dvc").mkdir()
        shutil.copy(place / ".dvc" / "config", directory / ".dvc" / "config")
        os.chdir("/")
    return {"params": params, "dependencies": deps, "metrics": metrics}


def hydra(directory):
    from omegaconf import OmegaConf

    with tempfile.TemporaryDirectory() as place:
        place = pathlib.Path(place)
        (place / "conf" / "optimizer").mkdir(parents=True)
        (place / "conf" / "config.yaml").write_text(
            "defaults:\n- optimizer: adam\n- _self_\nlearning_rate: 0.01\nbatch_size: 32\nseed: 1\ndata_dir: /home/user/data\nuse_amp: true\n"
        )
        (place / "conf" / "optimizer" / "adam.yaml").write_text("name: adam\nweight_decay: 0.1\n")
        (place / "train.py").write_text(
            "import hydra\n@hydra.main(version_base=None, config_path='conf', config_name='config')\ndef main(config): pass\nmain()\n"
        )
        run(sys.executable, "train.py", "learning_rate=0.002", "seed=5", "hydra.run.dir=outputs/2026-01-01/00-00-00", cwd=place)
        out = place / "outputs" / "2026-01-01" / "00-00-00" / ".hydra"
        config = OmegaConf.to_container(OmegaConf.load(out / "config.yaml"))
        version = OmegaConf.load(out / "hydra.yaml").hydra.runtime.version
        target = directory / "outputs" / "2026-01-01" / "00-00-00" / ".hydra"
        target.mkdir(parents=True)
        for name in ("config.yaml", "overrides.yaml"):
            shutil.copy(out / name, target / name)
        shutil.copy(out / "hydra.yaml", target / "hydra.yaml")
        in_neutral_place(directory, place)
    return {"config": config, "version": version}


def tensorboard(directory):
    import socket

    from tensorboard.backend.event_processing import event_accumulator
    from tensorboard.plugins.hparams import plugin_data_pb2
    import torch.utils.tensorboard as tb

    socket.gethostname = lambda: "host"
    writer = tb.SummaryWriter(str(directory / "runs"))
    for step in range(3):
        writer.add_scalar("loss/train", 1 / (step + 1), step)
    writer.add_hparams({"lr": 0.003, "batch_size": 8, "optimizer": "adam", "shuffle": True}, {"hparam/accuracy": 0.625}, run_name=".")
    writer.close()
    scalars, settings = {}, {}
    for path in sorted((directory / "runs").rglob("events*")):
        accumulator = event_accumulator.EventAccumulator(str(path))
        accumulator.Reload()
        for tag in accumulator.Tags()["scalars"]:
            scalars[tag] = accumulator.Scalars(tag)[-1].value
        content = accumulator.summary_metadata.get("_hparams_/session_start_info")
        if content is not None:
            data = plugin_data_pb2.HParamsPluginData.FromString(content.plugin_data.content)
            for name, value in data.session_start_info.hparams.items():
                settings[name] = getattr(value, value.WhichOneof("kind"))
    return {"metrics": scalars, "hyperparameters": settings}


MAKERS = {
    "dvc": dvc,
    "huggingface-trainer": huggingface_trainer,
    "hydra": hydra,
    "lightning": lightning,
    "mlflow": mlflow,
    "mlflow-database": mlflow_database,
    "tensorboard": tensorboard,
    "trainer-card": trainer_card,
    "wandb": wandb,
    "wandb-log": wandb_log,
}


# A new database has tables for everything; a log holds settings with the places of this machine.
NOT_RECORDED = {"mlflow-database", "wandb-log"}


def main(*arguments):
    record = "--record" in arguments
    target, *ids = (argument for argument in arguments if argument != "--record")
    outcome = {}
    for id in ids or MAKERS:
        if record and id in NOT_RECORDED:
            continue
        directory = pathlib.Path(target).resolve() / id
        shutil.rmtree(directory, ignore_errors=True)
        directory.mkdir(parents=True)
        place = os.getcwd()
        try:
            outcome[id] = MAKERS[id](directory)
            in_neutral_place(directory)
        except ImportError as error:
            shutil.rmtree(directory)
            outcome[id] = {"missing": str(error)}
        except Exception:
            outcome[id] = {"failed": traceback.format_exc()}
        finally:
            os.chdir(place)
        if record and not {"missing", "failed"} & outcome[id].keys():
            (directory.parent / f"{id}.facts.json").write_text(json.dumps(outcome[id], indent=1, default=str) + "\n")
    return outcome


if __name__ == "__main__":
    os.environ.update(NEUTRAL)
    for name in PRIVATE:
        os.environ.pop(name, None)
    real = os.dup(1)
    os.dup2(2, 1)  # tools print; only the facts go to standard output
    text = json.dumps(main(*sys.argv[1:]), indent=1, default=str)
    os.write(real, text.encode() + b"\n")
