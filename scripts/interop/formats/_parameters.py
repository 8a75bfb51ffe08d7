"""What counts as a parameter, in the libraries' own terms: no whole numbers of more than eight bits and no truth values; of estimators of
scikit-learn only what they learned, found by their attributes and not by the names of what lies in the file."""
import math

WHOLE = {
    "bool", "int16", "int32", "int64", "uint16", "uint32", "uint64", "BOOL", "I16", "I32", "I64", "U16", "U32", "U64", "SHORT", "INT", "LONG",
    "UINT16", "UINT32", "UINT64",
}
# Fitted attributes that keep data, scores, counts or what follows from others, of the estimators that are tried here.
NOT_LEARNED = {
    "classes_", "tree_", "labels_", "cv_results_", "explained_variance_ratio_", "singular_", "singular_values_", "categories_", "support_",
    "feature_names_in_", "loss_curve_", "estimator_errors_", "data_min_", "data_max_", "data_range_", "n_samples_seen_", "X_", "y_", "scores_", "best_score_", "class_weight_",
}


def counted(dtypes):
    """Values by type, without those of types that hold no parameters."""
    return {name: count for name, count in sorted(dtypes.items()) if name not in WHOLE and count}


def holds_trees(value, seen=None):
    """Whether trees are in an estimator: what they learned is no array, and what stands beside them is not all."""
    import numpy as np

    seen = set() if seen is None else seen
    if id(value) in seen:
        return False
    seen.add(id(value))
    if type(value).__name__ in ("Tree", "TreePredictor"):
        return True
    if isinstance(value, np.ndarray):
        return value.dtype == object and any(holds_trees(item, seen) for item in value.ravel())
    items = value.values() if isinstance(value, dict) else value if isinstance(value, (list, tuple)) else vars(value).values() if hasattr(value, "__dict__") else ()
    return any(holds_trees(item, seen) for item in items)


def learned(value, fitted=False, seen=None, kinds=None):
    """Types and sizes of the arrays that an estimator learned, each array once; `kinds` are the types that count as arrays."""
    import numpy as np
    from sklearn.base import BaseEstimator

    if seen is None and holds_trees(value):
        return []
    seen = set() if seen is None else seen
    kinds = kinds or (np.ndarray,)
    if isinstance(value, kinds):
        return [(value.dtype, value.shape)] if fitted and value.dtype.kind in "fc" else []
    if id(value) in seen:
        return []
    seen.add(id(value))
    if isinstance(value, dict):
        return [array for item in value.values() for array in learned(item, fitted, seen, kinds)]
    if isinstance(value, (list, tuple)):
        return [array for item in value for array in learned(item, fitted, seen, kinds)]
    if not isinstance(value, BaseEstimator):
        return []
    arrays = []
    for name, item in vars(value).items():
        if name == "_tfidf" or not (name.startswith("_") or name in NOT_LEARNED):
            arrays += learned(item, fitted or name.endswith("_"), seen, kinds)
    return arrays


def summed(arrays):
    dtypes = {}
    for dtype, shape in arrays:
        dtypes[dtype.name] = dtypes.get(dtype.name, 0) + math.prod(shape)
    return counted(dtypes)
