/**
 * Which arrays of an estimator of scikit-learn were learned. Fitted attributes end with `_`
 * (https://scikit-learn.org/stable/developers/develop.html#estimated-attributes); what begins with `_` is kept for the work of the class: copies,
 * states of solvers, the training data of neighbours. Trees are no tensors, as in the formats of XGBoost and LightGBM.
 */

/** Fitted attributes that keep data, vocabularies, counts, scores, the course of the training or what follows from other ones. */
const OF_THE_FIT: ReadonlySet<string> = new Set([
  ...['X_', 'y_', 'X_train_', 'y_train_', 'X_fit_', 'y_fit_', 'embedding_', 'labels_', 'classes_', 'categories_', 'tree_', 'f_'],
  ...['random_state_', 'idx_', 'transduction_', 'label_distributions_', 'core_distances_', 'reachability_', 'ordering_', 'predecessor_'],
  ...['data_min_', 'data_max_', 'data_range_', 'n_samples_seen_', 'class_count_', 'feature_count_', 'precisions_', 'precisions_cholesky_'],
  ...['explained_variance_ratio_', 'singular_', 'singular_values_', 'exp_dirichlet_component_', 'feature_importances_', 'dual_gaps_'],
  ...['cv_results_', 'cv_values_', 'train_score_', 'validation_scores_', 'loss_curve_', 'scores_', 'best_score_', 'pvalues_', 'mse_path_'],
  ...['oob_score_', 'oob_scores_', 'oob_improvement_', 'oob_decision_function_', 'oob_prediction_', 'estimator_errors_', 'grid_scores_'],
  ...['alphas_', 'Cs_', 'coefs_paths_', 'coef_path_', 'scores_path_', 'active_', 'support_', 'ranking_', 'inlier_mask_', 'outlier_mask_'],
  ...['lower_bounds_', 'objective_', 'bounds_', 'n_iter_', 'n_features_in_', 'feature_names_in_', 'class_weight_'],
]);

/** TfidfVectorizer leaves the learning to an estimator inside. */
const INNER = '_tfidf';

const isFitted = (part: string): boolean => part.endsWith('_') && !part.startsWith('_');

/**
 * Was the array with this name, the path of attributes that leads to it, learned? In an estimator that is the root a fitted attribute must
 * lead to it; beside estimators in a dict or a list lie arrays of other programs, which count.
 */
export function isLearned(name: string, isEstimator: boolean): boolean {
  const parts = name.split('.');
  if (parts.some((part) => (part.startsWith('_') && part !== INNER) || OF_THE_FIT.has(part))) return false;
  return !isEstimator || parts.some(isFitted);
}

/**
 * Are there trees among the estimators? What they learned is no tensor, and what stands beside them (a scaler, the class prior that boosting
 * begins with) is not what the model learned: nothing is counted then.
 */
const TREES =
  /^(?:sklearn\.(?:tree\._tree\.Tree|ensemble\._hist_gradient_boosting\.predictor\.TreePredictor)|xgboost\.core\.Booster|lightgbm\.basic\.Booster)$/;
export const holdsTrees = (imports: readonly string[]): boolean => imports.some((name) => TREES.test(name));

/** Modules of estimators: scikit-learn's, and those that follow its interface. */
export const LIBRARIES = ['sklearn.', 'lightgbm.sklearn.', 'xgboost.sklearn.'];

/** Does a file hold estimators, by what loading it would import? */
export const holdsEstimators = (imports: readonly string[]): boolean =>
  imports.some((name) => LIBRARIES.some((module) => name.startsWith(module)));
