// The public conformance protocol for OpenSSF Model Signing: only the exit code counts, 0 or not. Run it as scripts/oms-conformance,
// from any directory, after `npm run build`.
//   sign-model   --method key|certificate --model-path D --output-bundle F --private-key P [--signing-cert P --cert-chain P…] [--ignore-paths P…]
//   verify-model --method key|certificate --model-path D --bundle F (--public-key P | --cert-chain P…) [--ignore-paths P…] [--ignore-unsigned-files]
// Source: https://github.com/sampras343/model-signing-conformance/blob/main/docs/conformance_adapter_cli_protocol.md
import { readFileSync, writeFileSync } from 'node:fs';
import { relative, resolve, sep } from 'node:path';
import { parseArgs } from 'node:util';
import { keySigner, signDirectory, verifyDirectory } from '../dist/sign/index.js';

const text = { type: 'string' };
const texts = { type: 'string', multiple: true };
const OPTIONS = {
  method: text,
  'model-path': text,
  'output-bundle': text,
  bundle: text,
  'private-key': text,
  'public-key': text,
  'signing-cert': text,
  'cert-chain': texts,
  'ignore-paths': texts,
  'ignore-unsigned-files': { type: 'boolean' },
};

/** The paths of the protocol are absolute; those outside of the model have nothing to do with it. */
const ignoredOf = (model, paths = []) =>
  paths
    .map((path) => relative(resolve(model), resolve(path)).split(sep).join('/'))
    .filter((path) => path !== '' && !path.startsWith('../') && path !== '..');

async function signModel(values) {
  const { method } = values;
  if (method !== 'key' && method !== 'certificate') throw new Error(`no method ${method}`);
  const certificates =
    method === 'certificate'
      ? { certificate: readFileSync(values['signing-cert']), chain: (values['cert-chain'] ?? []).map((path) => readFileSync(path)) }
      : {};
  const signer = keySigner({ key: readFileSync(values['private-key']), ...certificates });
  const signatureFile = values['output-bundle'];
  const { bundle } = await signDirectory(values['model-path'], {
    signer,
    signatureFile,
    ignore: ignoredOf(values['model-path'], values['ignore-paths']),
  });
  writeFileSync(signatureFile, bundle);
}

/** The protocol names no signer, and knows of no usage and no loaders: those are accepted. Time, root and content are checked. */
async function verifyModel(values) {
  const { method } = values;
  if (method !== 'key' && method !== 'certificate') throw new Error(`no method ${method}`);
  const trust =
    method === 'key'
      ? { publicKey: readFileSync(values['public-key']) }
      : { roots: (values['cert-chain'] ?? []).map((path) => readFileSync(path)), identities: 'any', anyUsage: true };
  const verdict = await verifyDirectory(values['model-path'], values.bundle, {
    trust,
    ignore: ignoredOf(values['model-path'], values['ignore-paths']),
    allowUnsigned: values['ignore-unsigned-files'] === true,
    allowLoader: () => true,
    legacy: true,
  });
  for (const { code, path, detail } of verdict.reasons) console.error(`${code} ${path ?? ''} ${detail}`);
  if (!verdict.ok) process.exitCode = 1;
}

const COMMANDS = { 'sign-model': signModel, 'verify-model': verifyModel };

const [name, ...rest] = process.argv.slice(2);
try {
  const command = Object.hasOwn(COMMANDS, name ?? '') ? COMMANDS[name] : undefined;
  if (command === undefined) throw new Error('usage: oms-conformance sign-model|verify-model --method key|certificate …');
  await command(parseArgs({ args: rest, options: OPTIONS, strict: true }).values);
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 2;
}
