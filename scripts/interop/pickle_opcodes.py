"""What pickletools, which decodes pickles and never loads them, sees in them.

python pickle_opcodes.py < LINES       each line is a stream in hexadecimal; prints a JSON list of its opcodes, up to an error
python pickle_opcodes.py FILE...       prints for each file the number of its opcodes and the SHA-256 of their list
"""
import hashlib
import io
import json
import pathlib
import pickletools
import sys


def opcodes(file):
    """Each opcode as its name and offset; one pickle."""
    found = []
    try:
        for opcode, _, position in pickletools.genops(file):
            found.append(f"{opcode.name} {position}")
    except Exception as error:  # whatever a decoder trips over: here the stream ends
        return found, f"{type(error).__name__}: {error}"
    return found, None


def digest(path):
    lines = []
    with open(path, "rb") as file:
        while file.tell() < path.stat().st_size:
            found, error = opcodes(file)
            if error:
                raise ValueError(f"{path}: {error}")
            lines += found
    return {"opcodes": len(lines), "sha256": hashlib.sha256("\n".join(lines).encode()).hexdigest()}


if len(sys.argv) > 1:
    paths = [pathlib.Path(argument) for argument in sys.argv[1:]]
    print(json.dumps({path.name: digest(path) for path in paths}, indent=1))
else:
    for line in sys.stdin:
        print(json.dumps(opcodes(io.BytesIO(bytes.fromhex(line.strip())))))
