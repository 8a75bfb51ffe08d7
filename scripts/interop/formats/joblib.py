"""Facts come from the loaded estimator: class, version, parameters, fitted attributes and the arrays that pickling it meets."""
import math
import pickle

from ._parameters import learned, summed

RANDOM = "states of random number generators are no parameters"
EXPLAINED = {
    **{("network.joblib", f"tensors.{fact}"): RANDOM for fact in ("parameters", "dtypes")},
    ("network.joblib", "tensors.count"): "one array is the seed of a random number generator, behind its state",
}
IMPORTS = ["joblib", "sklearn", "numpy", "pandas"]


def make(directory):
    import joblib
    import numpy as np
    import pandas as pd
    from sklearn.compose import ColumnTransformer
    from sklearn.ensemble import AdaBoostClassifier, RandomForestClassifier, StackingRegressor, VotingClassifier
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.linear_model import LinearRegression, LogisticRegression, Ridge
    from sklearn.model_selection import GridSearchCV
    from sklearn.neighbors import KNeighborsClassifier
    from sklearn.neural_network import MLPRegressor
    from sklearn.pipeline import Pipeline
    from sklearn.preprocessing import OneHotEncoder, StandardScaler
    from sklearn.svm import SVC

    generator = np.random.default_rng(0)
    table = pd.DataFrame(generator.random((60, 3)), columns=["age", "body mass", "größe"])
    mixed = table.assign(kind=generator.choice(["x", "y", "z"], 60))
    yes = (table["age"] > 0.5).to_numpy().astype(int)
    words = np.where(yes == 1, "yes", "no")
    amount = table["age"].to_numpy() * 3
    logistic = LogisticRegression(C=0.25, max_iter=50, class_weight="balanced", random_state=4)

    def dump(name, model, **options):
        joblib.dump(model, directory / name, **options)

    pipeline = Pipeline([("scale", StandardScaler(with_mean=False)), ("skip", "passthrough"), ("clf", logistic)]).fit(table, words)
    dump("pipeline.joblib", pipeline)
    dump("pipeline-zlib.joblib", pipeline, compress=3)
    dump("pipeline-gzip.pkl.gz", pipeline, compress=("gzip", 3))
    dump("pipeline-protocol2.joblib", pipeline, protocol=2)
    dump("pipeline-protocol5.joblib", pipeline, protocol=5)
    (directory / "plain.pkl").write_bytes(pickle.dumps(pipeline))
    dump("forest.joblib", RandomForestClassifier(n_estimators=3, max_depth=2, random_state=3).fit(table, yes))
    dump("boosted.joblib", AdaBoostClassifier(n_estimators=2, learning_rate=0.5).fit(table.to_numpy(), yes))
    columns = ColumnTransformer([("num", StandardScaler(), ["age"]), ("cat", OneHotEncoder(handle_unknown="ignore"), ["kind"]), ("rest", "drop", ["größe"])])
    dump("columns.joblib", Pipeline([("prepare", columns), ("regress", Ridge(alpha=2.0))]).fit(mixed, amount))
    search = GridSearchCV(Ridge(solver="svd"), {"alpha": np.logspace(-2, 0, 3)}, cv=2, scoring="r2").fit(table, amount)
    dump("search.joblib", search)
    dump("search-best.joblib", search.best_estimator_)
    dump("votes.joblib", VotingClassifier([("a", KNeighborsClassifier(3)), ("b", SVC(kernel="poly", degree=2))]).fit(table, words))
    dump("stack.joblib", StackingRegressor([("line", LinearRegression())], final_estimator=Ridge(0.5), cv=2).fit(table, amount))
    dump("network.joblib", MLPRegressor(hidden_layer_sizes=(4, 3), max_iter=5, alpha=0.01).fit(table, amount))
    dump("texts.joblib", TfidfVectorizer(ngram_range=(1, 2), min_df=1).fit(["a first text", "a second one"]))
    dump("unfitted.joblib", Ridge(alpha=3))
    dump("dict.joblib", {"model": Ridge(alpha=0.7).fit(table, amount), "threshold": 0.5, "weights": np.arange(6.0).reshape(2, 3)})
    # More than a reader may hold at once, so that it reads the compressed stream forwards.
    big = LinearRegression().fit(generator.random((3, 400_000)), generator.random((3, 3)))
    dump("large-zlib.joblib", big, compress=("zlib", 1))
    dump("pipeline-xz.joblib", pipeline, compress=("xz", 3))
    dump("pipeline-bz2.joblib", pipeline, compress=("bz2", 3))
    dump("pipeline-lzma.joblib", pipeline, compress=("lzma", 3))


def plain(value):
    import numpy as np

    if isinstance(value, np.generic):
        value = value.item()
    return value if isinstance(value, (bool, int, float, str)) and value != "" else None


def parameters(estimator):
    """`get_params`, and of it what is a scalar; random states and the like are objects."""
    found = {name: plain(value) for name, value in estimator.get_params(deep=True).items()}
    return {name: value for name, value in found.items() if value is not None and not (isinstance(value, float) and not math.isfinite(value))}


def arrays(path):
    """Every array in the order in which it lies in the file, as joblib's own reader meets it."""
    import joblib.numpy_pickle as numpy_pickle

    found = []
    original = numpy_pickle.NumpyArrayWrapper.read

    def read(self, unpickler, *more):
        found.append((self.dtype, self.shape))
        return original(self, unpickler, *more)

    numpy_pickle.NumpyArrayWrapper.read = read
    try:
        model = numpy_pickle.load(path)
    finally:
        numpy_pickle.NumpyArrayWrapper.read = original
    return model, found


def facts(path):
    import joblib
    import sklearn
    from sklearn.base import BaseEstimator

    model, met = arrays(path)
    opaque = next((kind for kind in ("xz", "bz2", "lzma") if path.name == f"pipeline-{kind}.joblib"), None)
    if opaque:
        return {"notInspected": [f"content compressed with {opaque}"], "metadata.compression": opaque, "hyperparameters": {}}
    estimator = model if isinstance(model, BaseEstimator) else model["model"]
    kind = type(estimator)
    # Without arrays of its own kind a file is a plain pickle.
    form = "joblib" if b"NumpyArrayWrapper" in path.read_bytes() or path.name.startswith(("pipeline-", "large-")) else "pickle"
    dtypes = summed(learned(model))
    if isinstance(model, dict):
        # What lies beside estimators is no part of them.
        dtypes = summed([*learned(estimator), *((value.dtype, value.shape) for value in model.values() if hasattr(value, "dtype"))])
    result = {
        "format": form,
        "architecture": kind.__name__,
        "metadata.estimator": f"{kind.__module__}.{kind.__name__}",
        "producers": [f"scikit-learn {sklearn.__version__}"],
        "hyperparameters": parameters(estimator),
        "tensors.count": len(met) or None,
        "tensors.parameters": sum(dtypes.values()) if met else None,
        "tensors.dtypes": dtypes if met else None,
        "notInspected": [],
    }
    fitted = {**(vars(estimator.steps[0][1]) if hasattr(estimator, "steps") else {}), **vars(estimator)}
    if "feature_names_in_" in fitted:
        result["metadata.feature_names_in_"] = ", ".join(estimator.feature_names_in_)
    if "n_features_in_" in fitted:
        result["metadata.n_features_in_"] = str(estimator.n_features_in_)
    if "classes_" in vars(estimator):
        result["metadata.classes_"] = ", ".join(str(name) for name in estimator.classes_)
    if not path.name.startswith("pipeline-") and met is not None:
        # What the unpickler asks for, the pickles inside of arrays of objects included.
        result["imports"] = imports(path)
    return {name: value for name, value in result.items() if value is not None}


def imports(path):
    import joblib.numpy_pickle as numpy_pickle
    import joblib.numpy_pickle_utils as utils

    found = set()
    original = numpy_pickle.NumpyUnpickler.find_class

    def find_class(self, module, name):
        found.add(f"{module}.{name}")
        return original(self, module, name)

    numpy_pickle.NumpyUnpickler.find_class = find_class
    try:
        numpy_pickle.load(path)
    finally:
        numpy_pickle.NumpyUnpickler.find_class = original
    return sorted(found)
