"""Makes files with the formats' own libraries and prints, as JSON, what those libraries say of them.

python run.py DIRECTORY [ID...]          makes files in DIRECTORY/<ID>/ and prints their facts
python run.py --facts ID FILE...         prints the facts of files that are there

One module for each format lies in formats/. It has IMPORTS (modules it needs), make(directory), which writes files, and
facts(path), which returns a dict of facts under the names of test/interop/facts.ts, or None for a file that is only a
companion of another. EXPLAINED may map (file name, fact) to the reason why our value is meant to differ.
"""
import importlib
import importlib.metadata
import json
import os
import pathlib
import subprocess
import sys
import traceback

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("CUDA_VISIBLE_DEVICES", "-1")
sys.path.insert(0, str(pathlib.Path(__file__).parent))


def load(name):
    module = importlib.import_module(f"formats.{name}")
    versions = {}
    for needed in module.IMPORTS:
        importlib.import_module(needed)
        top = needed.split(".")[0]
        try:
            versions[top] = importlib.metadata.version(importlib.metadata.packages_distributions().get(top, [top])[0])
        except importlib.metadata.PackageNotFoundError:
            versions[top] = "unknown"
    return module, versions


def describe(module, name, files, root, versions):
    explained = getattr(module, "EXPLAINED", {})
    for path in files:
        facts = module.facts(path)
        if facts is None:
            continue
        shown = path.relative_to(root).as_posix() if root in path.parents else str(path)
        reasons = {fact: why for (file, fact), why in explained.items() if file == path.name}
        yield {"format": name, "path": shown, "facts": facts, "explained": reasons, "libraries": versions}


def make(root, name):
    try:
        module, versions = load(name)
    except ImportError as error:
        return {"files": [], "missing": [{"format": name, "reason": str(error)}]}
    try:
        directory = root / name
        directory.mkdir(parents=True, exist_ok=True)
        module.make(directory)
        files = sorted(path for path in directory.rglob("*") if path.is_file())
        return {"files": list(describe(module, name, files, root, versions)), "missing": []}
    except Exception as error:  # one format must not hide the others; the caller fails on what is here
        return {"files": [], "missing": [{"format": name, "reason": f"failed: {error!r}", "trace": traceback.format_exc()}]}


def main(arguments):
    # What libraries print on the way must not get into the result.
    result, sys.stdout = sys.stdout, sys.stderr
    found = {"files": [], "missing": []}
    if arguments[0] == "--facts":
        module, versions = load(arguments[1])
        files = [pathlib.Path(argument) for argument in arguments[2:]]
        found["files"] = list(describe(module, arguments[1], files, pathlib.Path("/nowhere"), versions))
    elif arguments[0] == "--child":
        found = make(pathlib.Path(arguments[1]), arguments[2])
    else:
        root = pathlib.Path(arguments[0]).resolve()
        available = sorted(path.stem for path in (pathlib.Path(__file__).parent / "formats").glob("[a-z]*.py"))
        for name in arguments[1:] or available:
            # A process for each: some of these libraries cannot live in one.
            child = subprocess.run([sys.executable, __file__, "--child", str(root), name], capture_output=True, text=True)
            try:
                part = json.loads(child.stdout)
            except ValueError:
                part = {"files": [], "missing": [{"format": name, "reason": f"failed: exit {child.returncode}", "trace": child.stderr[-4000:]}]}
            found["files"].extend(part["files"])
            found["missing"].extend(part["missing"])
    json.dump(found, result, default=str)


main(sys.argv[1:])
