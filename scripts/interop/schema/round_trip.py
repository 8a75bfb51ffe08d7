"""round_trip.py MODULE DOCUMENTS: a line for each document, `same`, `refused` or `changed`.

Every document is read into the generated classes of pydantic and written again; what counts is the digest of the canonical form.
"""

import importlib.util
import json
import sys

import pydantic
import rfc8785

spec = importlib.util.spec_from_file_location("generated", sys.argv[1])
module = importlib.util.module_from_spec(spec)
sys.modules["generated"] = module
spec.loader.exec_module(module)
with open(sys.argv[2], encoding="utf-8", newline="\n") as file:
    for line in file:
        document = json.loads(line)
        try:
            manifest = module.Manifest.model_validate(document)
        except pydantic.ValidationError:
            print("refused")
            continue
        dumped = json.loads(manifest.model_dump_json(by_alias=True, exclude_unset=True))
        print("same" if rfc8785.dumps(dumped) == rfc8785.dumps(document) else "changed")
