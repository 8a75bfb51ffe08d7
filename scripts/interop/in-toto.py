"""Statements on standard input, a list of JSON: read by in-toto's own definitions, which know no other members; what is wrong with each, or null."""

import json
import sys

from google.protobuf import json_format
from in_toto_attestation.predicates.provenance.v1 import provenance_pb2
from in_toto_attestation.predicates.test_result.v0 import test_result_pb2
from in_toto_attestation.predicates.vsa.v1 import vsa_pb2
from in_toto_attestation.v1 import statement, statement_pb2

PREDICATES = {
    'https://slsa.dev/provenance/v1': provenance_pb2.Provenance,
    'https://slsa.dev/verification_summary/v1': vsa_pb2.VerificationSummary,
    'https://in-toto.io/attestation/test-result/v0.1': test_result_pb2.TestResult,
}


def fault(value):
    try:
        message = json_format.ParseDict(value, statement_pb2.Statement())
        statement.Statement.copy_from_pb(message).validate()
        predicate = PREDICATES.get(value['predicateType'])
        if predicate is not None:
            json_format.ParseDict(value['predicate'], predicate())
        return None
    except Exception as error:  # whatever it is, it is the answer
        return f'{type(error).__name__}: {error}'


print(json.dumps([fault(each) for each in json.load(sys.stdin)]))
