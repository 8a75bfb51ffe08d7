import lightgbm
import numpy
from rows import out, rows

table, labels = rows()
settings = {"objective": "binary", "num_leaves": 3, "learning_rate": 0.05, "min_data_in_leaf": 1, "verbose": -1}
lightgbm.train(settings, lightgbm.Dataset(numpy.array(table), labels), 3).save_model(out() / "model.txt")
