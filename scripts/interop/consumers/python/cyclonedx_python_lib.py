"""Feeds documents to cyclonedx-python-lib: its schema check, its reader and its writer.

usage: cyclonedx_python_lib.py OUTPUT-FOLDER FILE...
Prints one JSON object for each file.
"""

import json
import sys
from importlib.metadata import version
from pathlib import Path
from xml.etree import ElementTree

from cyclonedx.model.bom import Bom
from cyclonedx.output.json import BY_SCHEMA_VERSION
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator
from cyclonedx.validation.xml import XmlValidator


def feed(path: Path, folder: Path) -> str:
    text = path.read_text(encoding="utf-8")
    is_xml = path.suffix == ".xml"
    root = ElementTree.fromstring(text) if is_xml else json.loads(text)
    stated = root.tag.split("}")[0].rsplit("/", 1)[1] if is_xml else root["specVersion"]
    schema = SchemaVersion.from_version(stated)
    validator = (XmlValidator if is_xml else JsonStrictValidator)(schema)
    error = validator.validate_str(text)
    if error is not None:
        raise ValueError(str(getattr(error, "data", error))[:300])
    bom = Bom.from_xml(root) if is_xml else Bom.from_json(root)
    target = folder / f"{path.name}.json"
    target.write_text(BY_SCHEMA_VERSION[schema](bom).output_as_string(indent=1), encoding="utf-8")
    return str(target)


folder = Path(sys.argv[1])
for name in sys.argv[2:]:
    result = {"file": name, "version": version("cyclonedx-python-lib")}
    try:
        result |= {"accepted": True, "output": feed(Path(name), folder)}
    except Exception as error:  # any way to refuse
        result |= {"accepted": False, "reason": f"{type(error).__name__}: {error}"[:400]}
    print(json.dumps(result))
