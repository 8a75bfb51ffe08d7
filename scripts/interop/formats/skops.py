"""Facts come from the loaded estimator and from the tree of nodes that skops audits."""
import io
import json
import math
import zipfile

from ._parameters import learned, summed

IMPORTS = ["skops.io", "sklearn", "numpy", "pandas"]


def make(directory):
    import numpy as np
    import pandas as pd
    import skops.io as sio
    from sklearn.compose import ColumnTransformer
    from sklearn.ensemble import RandomForestClassifier
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.linear_model import LogisticRegression, Ridge
    from sklearn.model_selection import GridSearchCV
    from sklearn.neighbors import KNeighborsClassifier
    from sklearn.pipeline import Pipeline
    from sklearn.preprocessing import FunctionTransformer, OneHotEncoder, StandardScaler
    from sklearn.svm import SVC

    generator = np.random.default_rng(0)
    table = pd.DataFrame(generator.random((60, 3)), columns=["age", "body mass", "größe"])
    mixed = table.assign(kind=generator.choice(["x", "y", "z"], 60))
    words = np.where(table["age"] > 0.5, "yes", "no")
    amount = table["age"].to_numpy() * 3
    logistic = LogisticRegression(C=0.25, max_iter=50, random_state=4)

    def dump(name, model, compression=zipfile.ZIP_DEFLATED):
        sio.dump(model, directory / name, compression=compression)

    pipeline = Pipeline([("scale", StandardScaler(with_mean=False)), ("skip", "passthrough"), ("clf", logistic)]).fit(table, words)
    dump("pipeline.skops", pipeline)
    dump("stored.skops", pipeline, compression=zipfile.ZIP_STORED)
    dump("forest.skops", RandomForestClassifier(n_estimators=2, max_depth=2, random_state=3).fit(table, words))
    columns = ColumnTransformer([("num", StandardScaler(), ["age"]), ("cat", OneHotEncoder(handle_unknown="ignore"), ["kind"]), ("rest", "drop", ["größe"])])
    dump("columns.skops", Pipeline([("prepare", columns), ("regress", Ridge(alpha=2.0))]).fit(mixed, amount))
    dump("search.skops", GridSearchCV(Ridge(solver="svd"), {"alpha": [0.5, 1.0]}, cv=2, scoring="r2").fit(table, amount))
    dump("function.skops", FunctionTransformer(np.log1p).fit(table))
    dump("neighbours.skops", KNeighborsClassifier(3).fit(table, words))
    dump("texts.skops", TfidfVectorizer(ngram_range=(1, 2)).fit(["a first text", "a second one"]))
    dump("support.skops", SVC(kernel="poly", degree=2).fit(table, words))
    dump("unfitted.skops", Ridge(alpha=3))


def plain(value):
    import numpy as np

    if isinstance(value, np.generic):
        value = value.item()
    return value if isinstance(value, (bool, int, float, str)) and value != "" else None


def parameters(estimator):
    found = {name: plain(value) for name, value in estimator.get_params(deep=True).items()}
    return {name: value for name, value in found.items() if value is not None and not (isinstance(value, float) and not math.isfinite(value))}


def nodes(path):
    """Every node that skops would build, but for those of plain JSON."""
    from skops.io._audit import Node, get_tree
    from skops.io._general import JsonNode
    from skops.io._utils import LoadContext

    found, seen = set(), set()

    def walk(node):
        if isinstance(node, dict):
            node = list(node.values())
        if isinstance(node, (list, tuple)):
            for child in node:
                walk(child)
        elif isinstance(node, Node) and id(node) not in seen:
            seen.add(id(node))
            if not isinstance(node, JsonNode):
                found.add(f"{node.module_name}.{node.class_name}")
            walk(node.children)

    with zipfile.ZipFile(path) as archive:
        schema = json.loads(archive.read("schema.json"))
        walk(get_tree(schema, LoadContext(archive, schema["protocol"]), trusted=None))
    return sorted(found)


def facts(path):
    import numpy as np
    import sklearn
    import skops
    import skops.io as sio

    estimator = sio.load(path, trusted=sio.get_untrusted_types(file=path))
    kind = type(estimator)
    dtypes, count, others = summed(learned(estimator, kinds=(np.ndarray, np.generic))), 0, []
    with zipfile.ZipFile(path) as archive:
        schema = json.loads(archive.read("schema.json"))
        for name in archive.namelist():
            if name.endswith(".npy"):
                array = np.load(io.BytesIO(archive.read(name)), allow_pickle=False)
                fields = [array.dtype[field] for field in array.dtype.names] if array.dtype.names else [array.dtype]
                count += len(fields)
            elif name != "schema.json":
                others.append(name)
    result = {
        "formatVersion": str(schema["protocol"]),
        "architecture": kind.__name__,
        "metadata.estimator": f"{kind.__module__}.{kind.__name__}",
        "producers": [f"skops {skops.__version__}", f"scikit-learn {sklearn.__version__}"],
        "hyperparameters": parameters(estimator),
        "tensors.count": count or None,
        "tensors.parameters": sum(dtypes.values()) if count else None,
        "tensors.dtypes": dtypes if count else None,
        "imports": nodes(path),
        "notInspected": [f"members that are no arrays: {', '.join(others)}"] if others else [],
    }
    fitted = {**(vars(estimator.steps[0][1]) if hasattr(estimator, "steps") else {}), **vars(estimator)}
    if "feature_names_in_" in fitted:
        result["metadata.feature_names_in_"] = ", ".join(fitted["feature_names_in_"])
    if "n_features_in_" in fitted:
        result["metadata.n_features_in_"] = str(fitted["n_features_in_"])
    if "classes_" in vars(estimator):
        result["metadata.classes_"] = ", ".join(str(name) for name in estimator.classes_)
    return {name: value for name, value in result.items() if value is not None}
