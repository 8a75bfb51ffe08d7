/**
 * Attributes of scikit-learn estimators that look like parameters and are none: classes set them for the ones they inherit from.
 * By class; found by comparing `vars()` with `get_params()` of every estimator of scikit-learn 1.9.
 */
const BY_ATTRIBUTES: readonly (readonly [attributes: string, classes: string])[] = [
  ['algorithm deflation_mode mode', 'CCA PLSRegression'],
  ['deflation_mode mode', 'PLSCanonical'],
  ['alpha', 'GradientBoostingClassifier'],
  ['store_precision', 'GraphicalLasso GraphicalLassoCV'],
  ['bootstrap_features oob_score', 'IsolationForest'],
  ['fit_path n_nonzero_coefs', 'LarsCV'],
  ['l1_ratio', 'Lasso MultiTaskLasso'],
  ['fit_path', 'LassoLarsIC'],
  ['loss', 'MLPClassifier'],
  ['positive precompute', 'MultiTaskLassoCV'],
  ['C epsilon', 'NuSVC'],
  ['epsilon probability', 'NuSVR'],
  ['C epsilon probability', 'OneClassSVM'],
  ['alpha epsilon eta0 l1_ratio learning_rate power_t', 'PassiveAggressiveClassifier'],
  ['alpha eta0 l1_ratio learning_rate power_t', 'PassiveAggressiveRegressor'],
  ['average epsilon learning_rate loss power_t', 'Perceptron'],
  ['bootstrap oob_score', 'RandomTreesEmbedding'],
  ['alpha_per_target', 'RidgeClassifierCV'],
  ['alpha early_stopping epsilon l1_ratio loss n_iter_no_change penalty validation_fraction', 'SGDOneClassSVM'],
  ['epsilon nu', 'SVC'],
  ['nu probability', 'SVR'],
  ['stack_method', 'StackingRegressor'],
];

/** By the name of the class. */
export const NO_PARAMETERS: ReadonlyMap<string, ReadonlySet<string>> = new Map(
  BY_ATTRIBUTES.flatMap(([attributes, classes]) => classes.split(' ').map((name) => [name, new Set(attributes.split(' '))] as const)),
);
