"""Signatures by the reference implementation of OpenSSF Model Signing, for test/fixtures/sign: make-oms-vectors.py DIRECTORY

The model lies in DIRECTORY/model. Keys are made anew and thrown away: only public parts, certificates and signatures are written.
"""

import base64
import datetime
import hashlib
import json
import pathlib
import sys
import tempfile

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from model_signing import hashing, signing
from model_signing._signing import sign_sigstore_pb

out = pathlib.Path(sys.argv[1]).resolve()
model = out / 'model'
private = pathlib.Path(tempfile.mkdtemp())
PEM = serialization.Encoding.PEM


def key_pair(name: str, curve) -> pathlib.Path:
    key = ec.generate_private_key(curve)
    path = private / f'{name}.pem'
    path.write_bytes(key.private_bytes(PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()))
    (out / f'{name}.pub').write_bytes(key.public_key().public_bytes(PEM, serialization.PublicFormat.SubjectPublicKeyInfo))
    return path


def load(path: pathlib.Path):
    return serialization.load_pem_private_key(path.read_bytes(), None)


def certificate(subject: str, issuer: str, public, signer, extensions) -> x509.Certificate:
    name = lambda text: x509.Name([x509.NameAttribute(NameOID.ORGANIZATION_NAME, 'Example'), x509.NameAttribute(NameOID.COMMON_NAME, text)])
    builder = (
        x509.CertificateBuilder()
        .subject_name(name(subject))
        .issuer_name(name(issuer))
        .public_key(public)
        .serial_number(x509.random_serial_number())
        .not_valid_before(datetime.datetime(2020, 1, 1))
        .not_valid_after(datetime.datetime(2099, 1, 1))
    )
    for extension, critical in extensions:
        builder = builder.add_extension(extension, critical)
    return builder.sign(signer, hashes.SHA256())


def usage(sign: bool) -> x509.KeyUsage:
    return x509.KeyUsage(sign, False, False, False, False, not sign, not sign, False, False)


def write(name: str, signature) -> None:
    signature.write(out / f'python-{name}.sig')


def sign(name: str, key: pathlib.Path, config: hashing.Config | None = None) -> None:
    config = (config or hashing.Config()).set_ignored_paths(paths=[model / 'left-out.txt'], ignore_git_paths=True)
    signing.Config().use_elliptic_key_signer(private_key=key).set_hashing_config(config).sign(model, out / f'python-{name}.sig')


keys = {
    'p256': key_pair('p256', ec.SECP256R1()),
    'p384': key_pair('p384', ec.SECP384R1()),
    'p521': key_pair('p521', ec.SECP521R1()),
}
for name, path in keys.items():
    sign(name, path)
sign('blake2b', keys['p256'], hashing.Config().use_file_serialization(hashing_algorithm='blake2'))
sign('blake3', keys['p256'], hashing.Config().use_file_serialization(hashing_algorithm='blake3'))
sign('shards', keys['p256'], hashing.Config().use_shard_serialization(shard_size=16))

root_key = ec.generate_private_key(ec.SECP384R1())
middle_key = ec.generate_private_key(ec.SECP384R1())
leaf_path = key_pair('leaf', ec.SECP256R1())
authority = [(x509.BasicConstraints(True, None), True), (usage(False), True)]
root = certificate('Root', 'Root', root_key.public_key(), root_key, authority)
middle = certificate('Middle', 'Root', middle_key.public_key(), root_key, authority)
leaf = certificate(
    'Release',
    'Middle',
    load(leaf_path).public_key(),
    middle_key,
    [
        (x509.BasicConstraints(False, None), True),
        (usage(True), True),
        (x509.ExtendedKeyUsage([ExtendedKeyUsageOID.CODE_SIGNING]), False),
        (x509.SubjectAlternativeName([x509.RFC822Name('release@example.com')]), False),
    ],
)
(out / 'root.crt').write_bytes(root.public_bytes(PEM))
(private / 'middle.crt').write_bytes(middle.public_bytes(PEM))
(private / 'leaf.crt').write_bytes(leaf.public_bytes(PEM))
config = hashing.Config().set_ignored_paths(paths=[model / 'left-out.txt'], ignore_git_paths=True)
signing.Config().use_certificate_signer(
    private_key=leaf_path, signing_certificate=private / 'leaf.crt', certificate_chain=[private / 'middle.crt']
).set_hashing_config(config).sign(model, out / 'python-certificate.sig')

# As version 0.2 signed: every file a subject, and the payload as Python shows bytes.
files = sorted(p.relative_to(model).as_posix() for p in model.rglob('*') if p.is_file() and p.name != 'left-out.txt')
statement = {
    '_type': 'https://in-toto.io/Statement/v1',
    'subject': [{'name': name, 'digest': {'sha256': hashlib.sha256((model / name).read_bytes()).hexdigest()}} for name in files],
    'predicateType': 'https://model_signing/Digests/v0.1',
    'predicate': {'unused': "Unused, it's just passed over"},
}
payload = json.dumps(statement, indent=2).encode()
signature = load(keys['p384']).sign(sign_sigstore_pb.pae_compat(payload), ec.ECDSA(hashes.SHA384()))
encode = lambda data: base64.b64encode(data).decode()
(out / 'python-legacy.sig').write_text(
    json.dumps(
        {
            'mediaType': 'application/vnd.dev.sigstore.bundle.v0.3+json',
            'verificationMaterial': {'publicKey': {'rawBytes': encode(b'not used'), 'keyDetails': 'PKIX_ECDSA_P384_SHA_256'}},
            'dsseEnvelope': {
                'payload': encode(payload),
                'payloadType': 'application/vnd.in-toto+json',
                'signatures': [{'sig': encode(signature), 'keyid': None}],
            },
        }
    )
)
