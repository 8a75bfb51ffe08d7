import lightning
import torch
from rows import out, rows


class Tiny(lightning.LightningModule):
    def __init__(self, rate=0.02):
        super().__init__()
        self.save_hyperparameters()
        self.layer = torch.nn.Linear(2, 1)

    def training_step(self, batch):
        return torch.nn.functional.binary_cross_entropy_with_logits(self.layer(batch[0])[:, 0], batch[1])

    def configure_optimizers(self):
        return torch.optim.AdamW(self.parameters(), lr=self.hparams.rate)


data = torch.utils.data.TensorDataset(*(torch.tensor(each, dtype=torch.float32) for each in rows()))
trainer = lightning.Trainer(max_epochs=2, accelerator="cpu", logger=False, enable_progress_bar=False, default_root_dir=out())
trainer.fit(Tiny(), torch.utils.data.DataLoader(data, batch_size=4))
trainer.save_checkpoint(out() / "model.ckpt")
