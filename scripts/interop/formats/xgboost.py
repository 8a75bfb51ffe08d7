"""Facts come from the loaded booster: its configuration, attributes, dump and weights."""
import json

IMPORTS = ["xgboost", "numpy"]


def make(directory):
    import numpy as np
    import xgboost as xgb

    generator = np.random.default_rng(0)
    rows = generator.random((80, 4)).astype(np.float32)
    binary = (rows[:, 0] > 0.5).astype(int)
    classes = generator.integers(0, 3, 80)
    positive = rows[:, 1] * 10 + 1
    named = ["age", "größe", "a.b", "c d"]

    def train(name, label, rounds=3, feature_names=None, encodings=("json", "ubj"), attributes=None, **parameters):
        data = xgb.DMatrix(rows, label=label, feature_names=feature_names)
        booster = xgb.train({"seed": 1, **parameters}, data, num_boost_round=rounds)
        if attributes:
            booster.set_attr(**attributes)
        for encoding in encodings:
            booster.save_model(directory / f"{name}.{encoding}")

    train("binary", binary, feature_names=named, objective="binary:logistic", scale_pos_weight=2, max_depth=2, attributes={"note": "a \"quoted\" text", "best_iteration": "1"})
    train("classes", classes, objective="multi:softprob", num_class=3, max_depth=2)
    train("dart", binary, booster="dart", objective="binary:hinge", max_depth=2)
    train("linear", positive, booster="gblinear", objective="reg:squarederror")
    train("forest", positive, rounds=1, num_parallel_tree=4, subsample=0.8, max_depth=2, objective="reg:gamma")
    train("tweedie", positive, objective="reg:tweedie", tweedie_variance_power=1.3, max_depth=2)
    train("quantile", positive, objective="reg:quantileerror", quantile_alpha=[0.1, 0.9], max_depth=2)
    ranking = xgb.XGBRanker(n_estimators=2, max_depth=2)
    ranking.fit(rows, classes, qid=np.arange(80) // 20)
    ranking.save_model(directory / "ranker.json")
    classifier = xgb.XGBClassifier(n_estimators=6, max_depth=2, early_stopping_rounds=2)
    classifier.fit(rows, binary, eval_set=[(rows, binary)], verbose=False)
    classifier.save_model(directory / "classifier.ubj")
    # Longer than several pages of the reader, skipped by seeking and by scanning.
    train("large", positive, rounds=300, max_depth=6, objective="reg:squarederror")


def number(text):
    try:
        return int(text)
    except ValueError:
        try:
            return float(text)
        except ValueError:
            return text


def facts(path):
    import xgboost as xgb

    booster = xgb.Booster(model_file=path)
    learner = json.loads(booster.save_config())["learner"]
    name = learner["gradient_booster"]["name"]
    objective = learner["objective"]
    hyperparameters = {"booster": name, "objective": objective["name"]}
    for group, settings in objective.items():
        if group.endswith("_param"):
            hyperparameters.update({key: number(value) for key, value in settings.items()})
    result = {
        "architecture": name,
        "producers": [f"xgboost {xgb.__version__}"],
        "metadata.num_feature": str(booster.num_features()),
        "metadata.num_class": learner["learner_model_param"]["num_class"],
        "metadata.base_score": learner["learner_model_param"]["base_score"],
        "metadata.feature_names": str(len(booster.feature_names)) if booster.feature_names else None,
        "notInspected": [],
    }
    for key, value in booster.attributes().items():
        result[f"metadata.attributes.{key}"] = value
    if name == "gblinear":
        dump = json.loads(booster.get_dump(dump_format="json")[0])
        count = len(dump["weight"]) + len(dump["bias"])
        result.update({"tensors.parameters": count, "shapes": {"weights": [count]}, "metadata.boosted_rounds": str(booster.num_boosted_rounds())})
    else:
        dump = booster.get_dump()
        wrapper = learner["gradient_booster"].get("gbtree", learner["gradient_booster"])
        hyperparameters["num_parallel_tree"] = int(wrapper["gbtree_model_param"]["num_parallel_tree"])
        result["metadata.num_trees"] = str(len(dump))
        result["metadata.nodes"] = str(sum(len(tree.strip().splitlines()) for tree in dump))
    result["hyperparameters"] = hyperparameters
    return {key: value for key, value in result.items() if value is not None}
