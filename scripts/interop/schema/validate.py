"""validate.py LIBRARY SCHEMA DOCUMENTS: a digit for each line of the file with documents, 1 for one that meets the schema."""

import json
import sys

library, schema_path, documents = sys.argv[1:]
with open(schema_path, encoding="utf-8") as file:
    schema = json.load(file)
if library == "jsonschema":
    import jsonschema

    jsonschema.Draft202012Validator.check_schema(schema)
    validator = jsonschema.Draft202012Validator(schema)
else:
    import jsonschema_rs

    validator = jsonschema_rs.Draft202012Validator(schema)
with open(documents, encoding="utf-8", newline="\n") as file:
    print("".join("01"[validator.is_valid(json.loads(line))] for line in file))
