"""
Validates Croissant documents with mlcroissant and records what it reads in them:

    python croissant.py test/fixtures/collect/croissant/1.1/croissant.json test/fixtures/collect/croissant/1.0/croissant.json

Writes facts.json into the directory above each document's. Needs mlcroissant.
"""

import json
import sys
from pathlib import Path

import mlcroissant

TEXTS = ["name", "description", "version", "url", "license", "in_language", "same_as", "cite_as"]
RAI = [
    "data_collection",
    "data_collection_type",
    "data_collection_missing_data",
    "data_collection_raw_data",
    "data_collection_timeframe",
    "data_imputation_protocol",
    "data_preprocessing_protocol",
    "data_annotation_protocol",
    "data_annotation_platform",
    "data_annotation_analysis",
    "annotations_per_item",
    "annotator_demographics",
    "machine_annotation_tools",
    "data_biases",
    "data_use_cases",
    "data_limitations",
    "personal_sensitive_information",
    "data_release_maintenance_plan",
]
DATES = ["date_published", "date_modified"]


def plain(value):
    if isinstance(value, (list, tuple)):
        return [plain(each) for each in value]
    return value if value is None or isinstance(value, (str, int, float, bool)) else str(value)


for path in map(Path, sys.argv[1:]):
    metadata = mlcroissant.Dataset(path).metadata
    facts = {key: plain(getattr(metadata, key)) for key in TEXTS + RAI + DATES}
    facts["creators"] = [each.name for each in metadata.creators]
    facts["publisher"] = [each.name for each in metadata.publisher]
    facts["files"] = {
        each.id: {"url": each.content_url, "sha256": each.sha256, "md5": each.md5, "size": each.content_size}
        for each in metadata.file_objects
    }
    facts["fields"] = [field.id for record_set in metadata.record_sets for field in record_set.fields]
    facts["warnings"] = sorted(metadata.ctx.issues.warnings)
    with open(path.parent.parent / f"facts-{path.parent.name}.json", "w") as file:
        json.dump(facts, file, indent=1, sort_keys=True)
