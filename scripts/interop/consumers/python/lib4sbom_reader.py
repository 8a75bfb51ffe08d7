"""Feeds documents to lib4sbom, a reader of CycloneDX and SPDX, and writes down what it understood.

usage: lib4sbom_reader.py OUTPUT-FOLDER FILE...
Prints one JSON object for each file.
"""

import contextlib
import io
import json
import sys
from importlib.metadata import version
from pathlib import Path

from lib4sbom.parser import SBOMParser


def feed(path: Path, folder: Path) -> str:
    parser = SBOMParser()
    with contextlib.redirect_stdout(io.StringIO()):
        parser.parse_file(str(path))
    if not parser.get_document():
        raise ValueError(f"read nothing (type {parser.get_type()})")
    target = folder / f"{path.name}.json"
    sbom = {
        "document": parser.get_document(),
        "packages": parser.get_packages(),
        "files": parser.get_files(),
        "relationships": parser.get_relationships(),
    }
    target.write_text(json.dumps(sbom, indent=1, default=str), encoding="utf-8")
    return str(target)


folder = Path(sys.argv[1])
for name in sys.argv[2:]:
    result = {"file": name, "version": version("lib4sbom")}
    try:
        result |= {"accepted": True, "output": feed(Path(name), folder)}
    except Exception as error:  # any way to refuse
        result |= {"accepted": False, "reason": f"{type(error).__name__}: {error}"[:400]}
    print(json.dumps(result))
