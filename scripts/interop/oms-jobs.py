"""Signs and verifies with the reference implementation of OpenSSF Model Signing: a list of jobs as JSON on standard input, answers on standard output."""

import contextlib
import io
import json
import pathlib
import sys

from model_signing import hashing, signing, verifying


def paths(names):
    return [pathlib.Path(name) for name in names]


def hashing_of(job):
    config = hashing.Config()
    if 'shardSize' in job:
        config = config.use_shard_serialization(shard_size=job['shardSize'])
    elif 'hash' in job:
        config = config.use_file_serialization(hashing_algorithm=job['hash'])
    return config.set_ignored_paths(paths=paths([*job.get('ignore', []), job['signature']]), ignore_git_paths=True)


def sign(job):
    config = signing.Config()
    if 'certificate' in job:
        config = config.use_certificate_signer(
            private_key=pathlib.Path(job['key']),
            signing_certificate=pathlib.Path(job['certificate']),
            certificate_chain=paths(job['chain']),
        )
    else:
        config = config.use_elliptic_key_signer(private_key=pathlib.Path(job['key']))
    config.set_hashing_config(hashing_of(job)).sign(pathlib.Path(job['model']), pathlib.Path(job['signature']))


def verify(job):
    config = verifying.Config()
    if 'roots' in job:
        config = config.use_certificate_verifier(certificate_chain=paths(job['roots']))
    else:
        config = config.use_elliptic_key_verifier(public_key=pathlib.Path(job['publicKey']))
    # What the program does: the hashing that the signature speaks of, and what the caller ignores besides.
    config = config.set_hashing_config(hashing_of(job)) if job.get('asProgram', True) else config
    if job.get('ignoreUnsigned', False):
        config = config.set_ignore_unsigned_files(True)
    config.verify(pathlib.Path(job['model']), pathlib.Path(job['signature']))


def answer(job):
    try:
        with contextlib.redirect_stdout(io.StringIO()):
            {'sign': sign, 'verify': verify}[job['op']](job)
        return {'ok': True}
    except Exception as error:  # whatever it is, it is the answer
        return {'ok': False, 'error': f'{type(error).__name__}: {error}'[:300]}


print(json.dumps([answer(job) for job in json.load(sys.stdin)]))
