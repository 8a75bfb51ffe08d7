import torch
from rows import out, rows

table, labels = (torch.tensor(each, dtype=torch.float32) for each in rows())
model = torch.nn.Linear(2, 1)
optimizer = torch.optim.AdamW(model.parameters(), lr=0.02)
for _ in range(3):
    loss = torch.nn.functional.binary_cross_entropy_with_logits(model(table)[:, 0], labels)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
if int(__import__("os").environ.get("RANK", "0")) == 0:
    torch.save({"model": model.state_dict(), "optimizer": optimizer.state_dict(), "epoch": 3}, out() / "model.pt")
