"""Trains a small classifier with scikit-learn: python3 train.py --trees 50 --seed 7"""
import argparse
import csv
import json
import pathlib

import joblib
from sklearn.ensemble import RandomForestClassifier
from sklearn.model_selection import train_test_split

parser = argparse.ArgumentParser()
parser.add_argument("--trees", type=int, default=50)
parser.add_argument("--seed", type=int, default=7)
arguments = parser.parse_args()

with open("data/flowers.csv", newline="") as file:
    rows = list(csv.reader(file))[1:]
features = [[float(value) for value in row[:-1]] for row in rows]
labels = [row[-1] for row in rows]
train_x, test_x, train_y, test_y = train_test_split(features, labels, test_size=0.3, random_state=arguments.seed, stratify=labels)

model = RandomForestClassifier(n_estimators=arguments.trees, random_state=arguments.seed)
model.fit(train_x, train_y)

out = pathlib.Path("out")
out.mkdir(exist_ok=True)
joblib.dump(model, out / "model.joblib")
accuracy = model.score(test_x, test_y)
(out / "results.json").write_text(json.dumps({"accuracy": accuracy}))
print(f"accuracy {accuracy:.3f} on {len(test_y)} flowers")
