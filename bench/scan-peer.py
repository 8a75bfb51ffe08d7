"""Runs one scanner over a directory, file by file, and prints its verdicts as JSON. Loading, processes and sockets are refused.

usage: scan-peer.py PEER DIRECTORY | PEER --version
"""

import hashlib
import importlib.metadata
import json
import logging
import os
import sys
import time
from pathlib import Path

# A scanner that needs longer than this has the rest left out, which the result says.
SECONDS = float(os.environ.get("MSBOM_BENCH_SECONDS", "120"))
PACKAGES = {"aisbom": "aisbom-cli"}


def picklescan(path):
    from picklescan.scanner import scan_file_path

    found = scan_file_path(path)
    if found.issues_count > 0 or found.infected_files > 0:
        return "malicious"
    if getattr(found, "suspicious_count", 0) > 0:
        return "alarm"
    return "none" if found.scan_err or found.scanned_files == 0 else "clean"


def modelscan(path):
    from modelscan.modelscan import ModelScan

    found = ModelScan().scan(path)
    summary = found["summary"]
    by = summary["total_issues_by_severity"]
    if by.get("CRITICAL", 0) + by.get("HIGH", 0) > 0:
        return "malicious"
    if summary["total_issues"] > 0:
        return "alarm"
    return "none" if found["errors"] or summary["scanned"]["total_scanned"] == 0 else "clean"


def fickling(path):
    from fickling.analysis import Severity, check_safety
    from fickling.fickle import Pickled

    with open(path, "rb") as file:
        pickled = Pickled.load(file, fail_on_decode_error=False)
    if pickled.has_invalid_opcode:
        return "none"
    severity = check_safety(pickled).severity
    if severity >= Severity.LIKELY_UNSAFE:
        return "malicious"
    return "clean" if severity == Severity.LIKELY_SAFE else "alarm"


def modelaudit(path):
    from modelaudit.core import scan_model_directory_or_file

    found = scan_model_directory_or_file(path)
    words = {getattr(issue.severity, "value", str(issue.severity)).lower() for issue in found.issues}
    if "critical" in words:
        return "malicious"
    if "warning" in words:
        return "alarm"
    return "clean" if found.files_scanned > 0 and not getattr(found, "has_errors", False) else "none"


def aisbom(path):
    from aisbom.scanner import DeepScanner

    found = DeepScanner(path).scan()
    risks = [str(each.get("risk_level", "")) for each in found["artifacts"]]
    if any(risk.startswith(("CRITICAL", "HIGH")) for risk in risks):
        return "malicious"
    # MEDIUM says of every pickle that it is one.
    unread = any(risk.startswith("UNKNOWN") or "Incomplete" in risk or "Unreadable" in risk for risk in risks)
    return "none" if unread or found.get("errors") or not risks else "clean"


def refuse(event, _args):
    if event in ("os.system", "subprocess.Popen", "os.exec", "os.posix_spawn", "socket.connect", "socket.getaddrinfo"):
        raise RuntimeError(f"refused: {event}")


def main():
    name, target = sys.argv[1:3]
    if target == "--version":
        __import__(name)
        print(importlib.metadata.version(PACKAGES.get(name, name)))
        return
    logging.disable(logging.CRITICAL)
    os.environ["PROMPTFOO_DISABLE_TELEMETRY"] = os.environ["NO_ANALYTICS"] = "1"
    scan = globals()[name]
    files = [path for path in Path(target).rglob("*") if path.is_file() and path.parent != Path(target)]
    # Mixed, always in the same way, so that a part of them is a sample of all.
    files.sort(key=lambda path: hashlib.sha256(path.relative_to(target).as_posix().encode()).digest())
    real = os.dup(1)
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    try:
        scan(str(files[0]))  # what it loads is not its time
    except BaseException:
        pass
    sys.addaudithook(refuse)
    verdicts = {}
    start = time.monotonic()
    for path in files:
        if time.monotonic() - start > SECONDS:
            break
        try:
            verdicts[path.relative_to(target).as_posix()] = scan(str(path))
        except BaseException:
            verdicts[path.relative_to(target).as_posix()] = "none"
    seconds = time.monotonic() - start
    sys.stdout.flush()
    os.write(real, (json.dumps({"seconds": seconds, "verdicts": verdicts}) + "\n").encode())


main()
