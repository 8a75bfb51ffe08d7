"""Facts come from the loaded model: its metadata, counts and the parameters that the library reads back from the file."""
import json

IMPORTS = ["catboost", "numpy", "pandas"]
# Settings of the output, lists, and 2^64 - 1 for no limit: no hyperparameters of docs/formats/catboost.md.
LEFT_OUT = {"ctr_leaf_count_limit", "use_best_model", "best_model_min_trees", "pool_metainfo_options", "class_names", "simple_ctr", "combinations_ctr"}


def make(directory):
    import catboost as cb
    import numpy as np
    import pandas as pd

    generator = np.random.default_rng(0)
    table = pd.DataFrame(generator.random((80, 3)), columns=["age", "body mass", "größe"])
    mixed = table.assign(kind=generator.choice(["x", "y", "z"], 80))
    classes = generator.choice(["no", "perhaps", "yes"], 80)
    amount = table["age"] * 3 + 1
    common = {"iterations": 5, "depth": 2, "verbose": 0, "allow_writing_files": False, "thread_count": 1}
    cb.CatBoostClassifier(**common, learning_rate=0.5, random_seed=7).fit(table, (amount > 2).astype(int)).save_model(directory / "binary.cbm")
    cb.CatBoostClassifier(**common).fit(table, classes).save_model(directory / "classes.cbm")
    cb.CatBoostClassifier(**common, cat_features=["kind"]).fit(mixed, (mixed["kind"] == "x").astype(int)).save_model(directory / "categorical.cbm")
    cb.CatBoostRegressor(**common, loss_function="Quantile:alpha=0.3", eval_metric="MAE", l2_leaf_reg=5).fit(table, amount).save_model(directory / "quantile.cbm")
    cb.CatBoostRegressor(**common, grow_policy="Lossguide", max_leaves=3, bootstrap_type="Bernoulli", subsample=0.5).fit(table, amount).save_model(directory / "lossguide.cbm")
    noted = cb.CatBoostRegressor(**common, od_type="Iter", od_wait=3).fit(table, amount, eval_set=(table, amount))
    noted.get_metadata()["author_note"] = "größer"
    noted.save_model(directory / "noted.cbm")


def facts(path):
    import catboost as cb
    import numpy as np

    model = cb.CatBoost()
    model.load_model(str(path))
    metadata = model.get_metadata()
    notes = {key: metadata[key] for key in metadata.keys()}
    classes = json.loads(notes.get("class_params", "{}")).get("class_names")
    result = {
        "producers": [f"catboost {cb.__version__}"],
        "metadata.trees": str(model.tree_count_),
        "metadata.leaf_values": str(len(model.get_leaf_values())),
        "metadata.float_features": str(len(model.feature_names_) - len(model.get_cat_feature_indices())),
        "metadata.cat_features": str(len(model.get_cat_feature_indices())) if model.get_cat_feature_indices() else None,
        "metadata.class_names": ", ".join(str(name) for name in classes) if classes else None,
        "metadata.train_finish_time": notes["train_finish_time"],
        "metadata.model_guid": notes["model_guid"],
        "metadata.author_note": notes.get("author_note"),
        "tensors.count": None,
    }
    for name, value in model.get_all_params().items():
        if name not in LEFT_OUT and not isinstance(value, (list, dict)):
            # Kept as 32-bit floats; the library prints some of them rounded.
            result[f"hyperparameters.{name}"] = float(np.float32(value)) if isinstance(value, float) else value
    return {key: value for key, value in result.items() if value is not None}
