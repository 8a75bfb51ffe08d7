"""Root digests of directories as the reference implementation of OpenSSF Model Signing makes them: oms-root.py DIRECTORY…"""

import json
import pathlib
import sys

from google.protobuf.json_format import MessageToDict
from model_signing import hashing
from model_signing._signing.signing import Payload


def described(directory: str) -> dict:
    root = pathlib.Path(directory)
    # The defaults of the program: Git's own files at the top are left out.
    manifest = hashing.Config().set_ignored_paths(paths=[], ignore_git_paths=True).hash(root)
    statement = MessageToDict(Payload(manifest).statement.pb)
    resources = statement['predicate']['resources']
    return {'root': statement['subject'][0]['digest']['sha256'], 'paths': [each['name'] for each in resources]}


print(json.dumps([described(each) for each in sys.argv[1:]]))
