"""Feeds SPDX documents to the libraries of Python that read them.

usage: spdx_readers.py TOOL OFFICIAL-FILES OUTPUT-FOLDER FILE...
OFFICIAL-FILES holds the context, schema and SHACL model, which spdx3-validate would fetch. Prints one JSON object for each file.
"""

import contextlib
import email.message
import io
import json
import sys
import urllib.request
import urllib.response
from importlib.metadata import version
from pathlib import Path

tool, official, folder, *names = sys.argv[1:]
LOCAL = {
    "https://spdx.org/rdf/3.0.1/spdx-context.jsonld": "spdx-context.jsonld",
    "https://spdx.org/rdf/3.0.1/spdx-model.ttl": "spdx-model.ttl",
    "https://spdx.org/schema/3.0.1/spdx-json-schema.json": "spdx-schema-v3.0.1.json",
}


class LocalFiles(urllib.request.HTTPSHandler):
    """Answers for the official addresses, and for no other."""

    def https_open(self, request):
        url = request.full_url
        if url not in LOCAL:
            raise OSError(f"{url} is not served here")
        body = io.BytesIO((Path(official) / LOCAL[url]).read_bytes())
        headers = email.message.Message()
        headers["Content-Type"] = "text/turtle" if url.endswith(".ttl") else "application/ld+json"
        response = urllib.response.addinfourl(body, headers, url, 200)
        response.msg = "OK"
        return response


def spdx_python_model(path: Path) -> str:
    from spdx_python_model import v3_0_1 as spdx

    objects = spdx.SHACLObjectSet()
    with path.open("rb") as file:
        spdx.JSONLDDeserializer().read(file, objects)
    missing = objects.link()
    if missing:
        raise ValueError(f"nothing has the ids {sorted(missing)[:3]}")
    target = Path(folder) / f"{path.name}.json"
    with target.open("wb") as file:
        spdx.JSONLDSerializer().write(objects, file)
    return str(target)


def spdx3_validate(path: Path) -> None:
    from spdx3_validate.main import main

    urllib.request.install_opener(urllib.request.build_opener(LocalFiles))
    output = io.StringIO()
    sys.argv = ["spdx3-validate", "--spdx-version", "3.0.1", "--quiet", "--json", str(path)]
    with contextlib.redirect_stdout(output), contextlib.redirect_stderr(output):
        code = main()
    if code not in (0, None):
        raise ValueError(output.getvalue()[-400:])


def spdx_tools(path: Path) -> str:
    from spdx_tools.spdx.parser.parse_anything import parse_file
    from spdx_tools.spdx.validation.document_validator import validate_full_spdx_document
    from spdx_tools.spdx.writer.write_anything import write_file

    document = parse_file(str(path))
    messages = validate_full_spdx_document(document, "SPDX-2.3")
    if messages:
        raise ValueError("; ".join(message.validation_message for message in messages)[:400])
    target = Path(folder) / f"{path.name}.json"
    write_file(document, str(target), validate=False)
    return str(target)


def ntia_conformance_checker(path: Path) -> str:
    from ntia_conformance_checker import SbomChecker

    kind = "spdx3" if path.name.endswith(".spdx3.json") else "spdx2"
    output = io.StringIO()
    with contextlib.redirect_stdout(output), contextlib.redirect_stderr(output):
        checker = SbomChecker(str(path), sbom_spec=kind)
    if checker.parsing_errors:
        raise ValueError(str(checker.parsing_errors)[:400])
    target = Path(folder) / f"{path.name}.json"
    found = {
        "names": not checker.components_without_names,
        "identifiers": not checker.components_without_identifiers,
        "author": checker.doc_author,
        "time": checker.doc_timestamp,
        "relationships": checker.dependency_relationships,
        "components": checker.get_total_number_components(),
    }
    target.write_text(json.dumps(found))
    return str(target)


PACKAGES = {
    "spdx-python-model": spdx_python_model,
    "spdx3-validate": spdx3_validate,
    "spdx-tools": spdx_tools,
    "ntia-conformance-checker": ntia_conformance_checker,
}
for name in names:
    result = {"file": name, "version": version(tool)}
    try:
        result |= {"accepted": True, "output": PACKAGES[tool](Path(name))}
    except (Exception, SystemExit) as error:  # any way to refuse
        result |= {"accepted": False, "reason": f"{type(error).__name__}: {error}"[:400]}
    print(json.dumps(result))
