"""Three trials; the best one is the model."""
import joblib
import optuna
from rows import out, rows
from sklearn.linear_model import Ridge

optuna.logging.set_verbosity(optuna.logging.ERROR)
table, labels = rows()
study = optuna.create_study(sampler=optuna.samplers.GridSampler({"alpha": [0.5, 1.0, 2.0]}))
study.optimize(lambda trial: -Ridge(alpha=trial.suggest_float("alpha", 0.1, 3.0)).fit(table, labels).score(table, labels), n_trials=3)
joblib.dump(Ridge(**study.best_params).fit(table, labels), out() / "model.joblib")
