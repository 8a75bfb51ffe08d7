import joblib
from rows import out, rows
from sklearn.linear_model import LogisticRegression

joblib.dump(LogisticRegression(C=0.25, max_iter=77).fit(*rows()), out() / "model.joblib")
