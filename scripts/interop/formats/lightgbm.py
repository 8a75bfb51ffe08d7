"""Facts come from the loaded booster: its dump, its counts and the parameters that the library reads back from the file."""
IMPORTS = ["lightgbm", "numpy", "pandas"]
# Files and machines: left out on purpose.
PRIVATE = {"data", "valid", "input_model", "output_model", "output_result", "snapshot_freq", "machines", "machine_list_filename", "local_listen_port", "forcedsplits_filename", "forcedbins_filename", "parser_config_file"}


def make(directory):
    import lightgbm as lgb
    import numpy as np
    import pandas as pd

    generator = np.random.default_rng(0)
    rows = generator.random((200, 3))
    table = pd.DataFrame(rows, columns=["age", "body mass", "größe"])
    table["kind"] = pd.Categorical(generator.choice(["x", "y"], 200))
    classes = generator.integers(0, 3, 200)
    amounts = rows[:, 0] * 3 + generator.random(200)

    def train(name, data, label, rounds=3, **parameters):
        dataset = lgb.Dataset(data, label=label, params={"verbosity": -1})
        lgb.train({"verbosity": -1, "num_leaves": 4, "num_threads": 1, **parameters}, dataset, rounds).save_model(directory / name)

    train("binary.txt", table, classes > 0, objective="binary", learning_rate=0.05)
    train("classes.txt", table, classes, objective="multiclass", num_class=3, metric=["multi_logloss", "multi_error"])
    train("forest.txt", rows, amounts, objective="quantile", alpha=0.3, boosting="rf", bagging_fraction=0.5, bagging_freq=1)
    train("dart.txt", rows, amounts, boosting="dart", monotone_constraints=[1, 0, -1], interaction_constraints=[[0, 1], [2]])
    train("linear.txt", rows, amounts, objective="regression", linear_tree=True)
    train("none.txt", np.zeros((200, 2)), amounts, objective="regression")
    train("custom.txt", rows, amounts, objective=lambda preds, data: (preds - data.get_label(), np.ones_like(preds)))
    lgb.LGBMClassifier(n_estimators=2, verbosity=-1, num_leaves=4).fit(table, classes > 0).booster_.save_model(directory / "sklearn.lgb")
    # Many trees: their sizes lead behind them in one step.
    train("large.txt", rows, amounts, rounds=400, objective="regression", min_data_in_leaf=2)


def text(value):
    if isinstance(value, bool):
        return int(value)
    if isinstance(value, list):
        return ",".join(f"[{text(item)}]" if isinstance(item, list) else str(text(item)) for item in value)
    return value


def facts(path):
    import lightgbm as lgb

    booster = lgb.Booster(model_file=path)
    dump = booster.dump_model()
    parameters = {name: text(value) for name, value in booster.params.items() if name not in PRIVATE and text(value) != ""}
    # A list of one number is a number in the file.
    parameters = {name: float(value) if isinstance(value, str) and value.replace(".", "", 1).isdigit() else value for name, value in parameters.items()}
    result = {
        "formatVersion": dump["version"],
        "hyperparameters": parameters,
        "metadata.trees": str(booster.num_trees()),
        "metadata.feature_names": str(len(booster.feature_name())),
        "metadata.num_tree_per_iteration": str(booster.num_model_per_iteration()),
        "metadata.num_class": str(dump["num_class"]),
        "metadata.label_index": str(dump["label_index"]),
        "metadata.max_feature_idx": str(booster.num_feature() - 1),
        "metadata.average_output": "true" if dump["average_output"] else None,
        "metadata.objective": dump.get("objective") or None,
        "notInspected": [],
    }
    return {name: value for name, value in result.items() if value is not None}
