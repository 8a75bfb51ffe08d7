import numpy
import xgboost
from rows import out, rows

table, labels = rows()
settings = {"objective": "binary:logistic", "max_depth": 2, "eta": 0.3}
xgboost.train(settings, xgboost.DMatrix(numpy.array(table), labels), 3).save_model(out() / "model.json")
