import { describe, expect, it } from 'vitest';
import { holdsTrees, isLearned } from '../../src/formats/shared/estimator-learned.js';

describe('of an estimator', () => {
  it.each(['coef_', 'steps.1.1.intercept_', 'estimators_.0.coef_', 'best_estimator_.coef_', '_tfidf.idf_', 'cluster_centers_'])(
    'is learned: %s',
    (name) => expect(isLearned(name, true)).toBe(true),
  );
  it.each([
    ...['alphas', 'class_prior', '_fit_X', '_optimizer.ms.0', '_dual_coef_', 'classes_', 'tree_.values', 'estimators_.2.tree_.nodes'],
    ...['cv_results_.mean_test_score', 'X_train_', 'best_score_', 'explained_variance_ratio_', 'steps.0.1.param_grid'],
  ])('is not learned: %s', (name) => expect(isLearned(name, true)).toBe(false));
});

describe('beside estimators in a dict', () => {
  it('lie arrays of others, which count', () => expect(isLearned('threshold_weights', false)).toBe(true));
  it('what an estimator keeps does not', () => expect(isLearned('model.cv_results_.mean', false)).toBe(false));
});

describe('trees', () => {
  it.each([
    'sklearn.tree._tree.Tree',
    'sklearn.ensemble._hist_gradient_boosting.predictor.TreePredictor',
    'xgboost.core.Booster',
    'lightgbm.basic.Booster',
  ])('are %s', (name) => expect(holdsTrees(['numpy.ndarray', name])).toBe(true));
  it.each(['sklearn.neighbors._kd_tree.KDTree64', 'sklearn.linear_model._logistic.LogisticRegression'])('are not %s', (name) =>
    expect(holdsTrees([name])).toBe(false),
  );
});
