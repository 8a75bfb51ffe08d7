"""Plain pickles of all protocols, and what pickletools and the loaded objects say of them."""
import collections
import datetime
import decimal
import enum
import fractions
import pathlib
import pickle
import pickletools
import uuid

IMPORTS = ["numpy", "torch"]


class Colour(enum.Enum):
    RED = "red"


class Slots:
    __slots__ = ("a", "b")


class Plain:
    def __init__(self, value):
        self.value = value


class Listed(list):
    pass


def make(directory):
    slots = Slots()
    slots.a, slots.b = 1, "two"
    shared = [1, 2]
    objects = {
        "numbers": [0, 1, -1, 255, 256, 65536, 2**31, -(2**63), 2**70, 10**400, 1.5, float("inf"), True, False, None, 1j],
        "texts": ["", "plain", "café", "\n\\'\"", "a" * 300, "\U0001f600", b"", b"bytes", b"b" * 300, bytearray(b"array")],
        "containers": {"tuple": (1, 2, 3, 4), "set": {1}, "frozen": frozenset([2]), "shared": [shared, shared], (1, 2): "key", 3: 4},
        "objects": [Plain(1), Listed([1]), Colour.RED, collections.OrderedDict(a=1), collections.defaultdict(list, a=[1])],
        "library": [
            datetime.datetime(2020, 1, 2, 3, 4), decimal.Decimal("1.5"), fractions.Fraction(1, 3), uuid.UUID(int=5),
            pathlib.PurePosixPath("a/b"), range(3), slice(1, 2), complex(1, 2),
        ],
        "functions": [len, pickle.loads, Plain, int, collections.Counter("aab")],
    }
    loop = []
    loop.append(loop)
    objects["loop"] = loop
    for protocol in range(pickle.HIGHEST_PROTOCOL + 1):
        if protocol == 2:
            objects["slots"] = slots
        (directory / f"plain{protocol}.pkl").write_bytes(pickle.dumps(objects, protocol))
    make_arrays(directory)
    (directory / "optimized.pkl").write_bytes(pickletools.optimize(pickle.dumps(objects, 4)))
    (directory / "several.pkl").write_bytes(pickle.dumps({"first": Plain(1)}, 2) + pickle.dumps(Colour.RED, 4) + pickle.dumps(Listed(), 0))


def make_arrays(directory):
    import numpy
    import torch

    arrays = {
        "matrix": numpy.zeros((2, 3), "f4"), "scalar": numpy.float64(2), "words": numpy.array(["a", "bcd"]), "objects": numpy.array([1, "x"], object),
        "fortran": numpy.asfortranarray(numpy.ones((2, 2))), "empty": numpy.zeros((0, 3), "i8"), "times": numpy.array(["2020-01-01"], "M8[D]"),
        "nested": [numpy.arange(3, dtype=numpy.uint8), {"deep": numpy.ones(2, bool)}],
    }
    for protocol in (2, 4, 5):
        (directory / f"arrays{protocol}.pkl").write_bytes(pickle.dumps(arrays, protocol))
    tensors = {"half": torch.zeros(2, 3, dtype=torch.bfloat16), "layer": torch.nn.Linear(3, 2)}
    (directory / "tensors.pkl").write_bytes(pickle.dumps(tensors))


def streams(path):
    with open(path, "rb") as file:
        size = path.stat().st_size
        while file.tell() < size:
            yield list(pickletools.genops(file))


def imports(path):
    """Names by a stack and a memo of texts alone: enough for what the pickler of Python writes."""
    found = set()
    for opcodes in streams(path):
        texts, memo, last = [], {}, None
        for opcode, argument, _ in opcodes:
            if opcode.name in ("GLOBAL", "INST"):
                found.add(argument.replace(" ", "."))
            elif opcode.name == "STACK_GLOBAL":
                found.add(".".join(texts[-2:]))
            elif opcode.name in ("MEMOIZE", "PUT", "BINPUT", "LONG_BINPUT"):
                memo[len(memo) if opcode.name == "MEMOIZE" else argument] = last
                continue
            last = memo.get(argument) if opcode.name.endswith("GET") else argument
            if isinstance(last, str) and opcode.name.endswith(("UNICODE", "GET", "UNICODE8")):
                texts.append(last)
    return sorted(found)


def shapes(value, path=()):
    import numpy
    import torch

    if isinstance(value, (numpy.ndarray, torch.Tensor)):
        yield ".".join(path), list(value.shape)
    elif isinstance(value, torch.nn.Module):
        yield from shapes(dict(value.state_dict()), path)
    elif isinstance(value, dict):
        for key, item in value.items():
            yield from shapes(item, (*path, str(key)))
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from shapes(item, (*path, str(index)))


def facts(path):
    found = {"format": "pickle", "imports": imports(path)}
    protocols = [argument for opcode, argument, _ in next(streams(path)) if opcode.name == "PROTO"]
    found["formatVersion"] = str(max(protocols, default=0))
    if path.name == "several.pkl":
        found["metadata.pickles"] = "3"
    if path.name.startswith(("arrays", "tensors")):
        found["shapes"] = dict(shapes(pickle.loads(path.read_bytes())))
    return found
