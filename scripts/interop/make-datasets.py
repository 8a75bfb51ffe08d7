"""
Makes test/fixtures/collect/dataset with the libraries that write such files, and facts.json with what they say of them:

    python make-datasets.py test/fixtures/collect/dataset

Needs datasets, pyarrow and pandas.
"""

import json
import os
import shutil
import sys
import tempfile

import pyarrow as pa
import pyarrow.ipc as ipc
import pyarrow.parquet as pq
from datasets import ClassLabel, Dataset, DatasetDict, Features, Value, load_dataset

out = sys.argv[1]
work = tempfile.mkdtemp()
os.makedirs(out, exist_ok=True)
features = Features({"text": Value("string"), "label": ClassLabel(names=["neg", "pos"])})
train = Dataset.from_dict({"text": ["a", "b", "c"], "label": [0, 1, 0]}, features=features)
test = Dataset.from_dict({"text": ["d"], "label": [1]}, features=features)
DatasetDict({"train": train, "test": test}).save_to_disk(f"{out}/saved")
os.makedirs(f"{out}/cache", exist_ok=True)
with open(f"{work}/rows.csv", "w") as rows:
    rows.write("text,label\nx,0\ny,1\n")
loaded = load_dataset("csv", data_files=f"{work}/rows.csv", cache_dir=f"{work}/cache")
cached = loaded["train"].cache_files[0]["filename"]
shutil.copy(cached, f"{out}/cache/csv-train.arrow")
shutil.copy(os.path.join(os.path.dirname(cached), "dataset_info.json"), f"{out}/cache/dataset_info.json")
loaded["train"].filter(lambda row: row["label"] == 0).save_to_disk(f"{out}/filtered")
os.makedirs(f"{out}/parquet", exist_ok=True)
train.to_parquet(f"{out}/parquet/train.parquet")
test.to_parquet(f"{out}/parquet/test.parquet")
table = pa.table(
    {
        "i": pa.array([1, 2, 3, 4], pa.int32()),
        "f": pa.array([0.5, 1, 2, 3], pa.float32()),
        "d": pa.array([None, 1, 2, 3], pa.date32()),
        "s": pa.array([{"x": 1, "y": "a"}] * 4),
        "l": pa.array([[1], [], [2, 3], None], pa.list_(pa.int64())),
        "u": pa.array([1, 2, 3, 4], pa.uint8()),
        "t": pa.array(["a", "b", "c", "d"]),
        "b": pa.array([True, False, True, None]),
        "c": pa.array(["x", "y", "x", "y"]).dictionary_encode(),
    }
)
pq.write_table(table, f"{out}/parquet-types.parquet", row_group_size=2)
table.to_pandas().to_parquet(f"{out}/parquet-pandas.parquet")
pq.write_table(table.slice(0, 0), f"{out}/parquet-empty.parquet")
with pa.OSFile(f"{out}/types.arrow", "wb") as sink, ipc.new_file(sink, table.schema) as writer:
    writer.write_table(table, max_chunksize=3)
with pa.OSFile(f"{out}/stream.arrow", "wb") as sink, ipc.new_stream(sink, table.schema) as writer:
    writer.write_table(table, max_chunksize=1)
facts = {}
for name in ["parquet-types", "parquet-pandas", "parquet-empty", "parquet/train", "parquet/test"]:
    metadata = pq.read_metadata(f"{out}/{name}.parquet")
    facts[f"{name}.parquet"] = {
        "rows": metadata.num_rows,
        "row_groups": metadata.num_row_groups,
        "created_by": metadata.created_by,
        "columns": pq.read_schema(f"{out}/{name}.parquet").names,
    }
for name in ["types.arrow", "stream.arrow", "cache/csv-train.arrow", "saved/train/data-00000-of-00001.arrow"]:
    with pa.OSFile(f"{out}/{name}", "rb") as source:
        reader = ipc.open_file(source) if name == "types.arrow" else ipc.open_stream(source)
        read = reader.read_all()
        facts[name] = {
            "rows": read.num_rows,
            "columns": read.schema.names,
            "types": [str(each) for each in read.schema.types],
        }
with open(f"{out}/facts.json", "w") as file:
    json.dump(facts, file, indent=1)
