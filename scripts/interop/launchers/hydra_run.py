"""Settings by Hydra, the run kept by MLflow in a database, and by Weights & Biases offline where it is installed."""
import importlib.util
import pathlib

import hydra
import joblib
import mlflow
from rows import out, rows
from sklearn.linear_model import Ridge

HERE = pathlib.Path(__file__).parent


@hydra.main(version_base=None, config_path=None, config_name=None)
def main(config):
    alpha = float(config.alpha)
    directory = out(HERE / "out")
    mlflow.set_tracking_uri(f"sqlite:///{directory / 'mlflow.db'}")
    with mlflow.start_run():
        mlflow.log_param("alpha", alpha)
        model = Ridge(alpha=alpha).fit(*rows(HERE / "data.csv"))
        mlflow.log_metric("fit", 0.5)
    if importlib.util.find_spec("wandb") is not None:
        import wandb

        with wandb.init(mode="offline", dir=str(directory), config={"alpha": alpha}) as run:
            run.log({"fit": 0.5})
    joblib.dump(model, directory / "model.joblib")


main()
