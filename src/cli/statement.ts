/** The statement that `msbom attest` is asked for, from its options and files. */
import { stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { MsbomError } from '../core/error.js';
import { isBlocking } from '../core/finding.js';
import { parseJson } from '../core/json.js';
import { isObject } from '../core/objects.js';
import { ignoredBy } from '../core/tree-digest.js';
import type { Manifest } from '../schema/index.js';
import {
  claimIds,
  documentClaim,
  handoff,
  type PresentModel,
  type ProvenanceInput,
  presentModel,
  provenance,
  ROLES,
  type Role,
  type RunKind,
  recordedProvenance,
  type Statement,
  type Subject,
  statement,
  subjectsOf,
  testResult,
} from '../sign/index.js';
import type { AttestAbout } from '../verbs/attest.js';
import { manifestFrom, ofFile, readInput } from '../verbs/input.js';
import type { Arguments } from './command.js';
import type { Session } from './io.js';
import { nowFrom } from './values.js';

const usage = (message: string, hint: string): MsbomError => new MsbomError('ERR_CLI_USAGE', message, { hint });

/** Options that mean something with one type alone. */
const OWN: Readonly<Record<string, readonly string[]>> = {
  provenance: ['kind', 'builder', 'input', 'parameter'],
  'test-result': ['result', 'configuration', 'passed', 'warned', 'failed'],
  handoff: ['from', 'to', 'purpose'],
};

/** @throws ERR_CLI_USAGE, ERR_SIGN_STATEMENT, ERR_MANIFEST_INVALID, ERR_JSON_*, ERR_IO_* */
export async function statementFrom(args: Arguments, io: Session, about: AttestAbout): Promise<Statement> {
  const type = args.text('type');
  if (type === undefined) throw usage('`msbom attest` needs --type', 'give manifest, cyclonedx, provenance, test-result, handoff or a URI');
  for (const [owner, names] of Object.entries(OWN)) {
    const other = owner === type ? undefined : names.find((name) => args.given(name));
    if (other !== undefined) throw usage(`\`--${other}\` is of the type ${owner}`, `leave it out, or give --type ${owner}`);
  }
  const subject = [...subjectsOf(about.model), ...args.texts('subject').map(subjectFrom)];
  if (type === 'manifest' || type === 'cyclonedx') return documentFrom(type, args, io, about.model, subject);
  if (type === 'provenance') return provenanceFrom(args, io, about, subject);
  if (type === 'test-result') return testFrom(args, io, subject);
  if (type === 'handoff') return handoffFrom(args, io, about, subject);
  if (!URL.canParse(type))
    throw usage(`there is no type \`${type}\``, 'give manifest, cyclonedx, provenance, test-result, handoff or a URI');
  const value = parseJson(await readInput(needed(args, 'predicate'), io), { file: needed(args, 'predicate') });
  if (!isObject(value)) throw usage('what is stated is no object', 'give a file with an object of JSON');
  return statement(subject, type, value);
}

function needed(args: Arguments, name: string): string {
  const value = args.text(name);
  if (value === undefined) throw usage(`\`--type ${args.text('type')}\` needs --${name}`, 'see `msbom attest --help`');
  return value;
}

function subjectFrom(text: string): Subject {
  const at = text.lastIndexOf('=sha256:');
  const sha256 = text.slice(at + '=sha256:'.length);
  if (at <= 0 || !/^[0-9a-f]{64}$/.test(sha256))
    throw usage(`\`--subject\` cannot be \`${text}\``, 'give it as NAME=sha256: and 64 hexadecimal digits');
  return { name: text.slice(0, at), digest: { sha256 } };
}

async function documentFrom(
  type: 'manifest' | 'cyclonedx',
  args: Arguments,
  io: Session,
  model: PresentModel,
  subject: readonly Subject[],
): Promise<Statement> {
  const file = needed(args, 'predicate');
  const bytes = await readInput(file, io);
  const { kindOf, toCycloneDX, validateDocument } = await import('../convert/index.js');
  const value = parseJson(bytes, { file });
  if (type === 'cyclonedx' && kindOf(value).standard === 'cyclonedx') {
    const [fault] = (await validateDocument(bytes, { file })).findings.filter(isBlocking);
    if (fault !== undefined) throw new MsbomError('ERR_SIGN_STATEMENT', fault.message, { file, pointer: fault.pointer });
    return documentClaim(subject, type, isObject(value) ? value : {});
  }
  const manifest = manifestFrom(bytes, file);
  requireSameFiles(manifest, model, file);
  return documentClaim(subject, type, type === 'manifest' ? manifest : toCycloneDX(manifest, { lossless: true }).document);
}

/** A manifest of other files would be a lie about these. @throws ERR_SIGN_STATEMENT */
function requireSameFiles({ artifacts = {} }: Manifest, { digests, ignored }: PresentModel, file: string): void {
  const left = new Set(ignored);
  const other = Object.entries(artifacts).find(
    ([path, { digest }]) => digest?.sha256 !== undefined && !digests.has(digest.sha256) && ignoredBy(path, left) === undefined,
  );
  if (other === undefined) return;
  throw new MsbomError('ERR_SIGN_STATEMENT', `the manifest has ${other[0]} with another digest than the directory`, {
    file,
    hint: 'Collect the manifest anew from the files as they are.',
  });
}

async function provenanceFrom(args: Arguments, io: Session, { model }: AttestAbout, subject: readonly Subject[]): Promise<Statement> {
  const inputs: ProvenanceInput[] = [];
  for (const text of args.texts('input')) inputs.push(await inputFrom(text, io));
  const kind = args.text('kind') as RunKind | undefined; // one of the choices
  const builder = args.text('builder');
  const recorded = args.text('predicate');
  if (recorded !== undefined) {
    if (args.given('parameter')) throw usage('a recorded run has its own parameters', 'leave out --parameter');
    const value = parseJson(await readInput(recorded, io), { file: recorded });
    const facts = { model, subject: subject.slice(subjectsOf(model).length), inputs };
    return ofFile(recorded, () =>
      recordedProvenance(value, { ...facts, ...(kind === undefined ? {} : { kind }), ...(builder === undefined ? {} : { builder }) }),
    );
  }
  if (kind === undefined || builder === undefined)
    throw usage(
      'provenance needs --predicate, or else --kind and --builder',
      'give the statement that `msbom record` wrote, if there is one',
    );
  return provenance({ subject, kind, builder, inputs, parameters: Object.fromEntries(args.texts('parameter').map(parameterFrom)) });
}

function parameterFrom(text: string): readonly [string, string] {
  const at = text.indexOf('=');
  if (at <= 0) throw usage(`\`--parameter\` cannot be \`${text}\``, 'give it as NAME=VALUE');
  return [text.slice(0, at), text.slice(at + 1)];
}

/** What went in, by its root as it lies there. */
async function inputFrom(text: string, io: Session): Promise<ProvenanceInput> {
  const at = text.indexOf('=');
  const role = ROLES.find((each): each is Role => each === text.slice(0, at));
  if (role === undefined || at === text.length - 1)
    throw usage(`\`--input\` cannot be \`${text}\``, `give it as ROLE=DIRECTORY, with one of the roles ${ROLES.join(', ')}`);
  const directory = resolve(io.cwd, text.slice(at + 1));
  const signature = join(directory, 'model.sig');
  const isSigned = (await stat(signature).catch(() => undefined))?.isFile() === true;
  const { name, root } = await presentModel(directory, isSigned ? signature : undefined);
  return { name, role, digest: { sha256: root } };
}

function testFrom(args: Arguments, io: Session, subject: readonly Subject[]): Statement {
  const result = needed(args, 'result') as 'PASSED' | 'WARNED' | 'FAILED'; // one of the choices
  const configuration = args.texts('configuration').map((uri) => ({ uri }));
  if (configuration.length === 0) throw usage('a test result needs --configuration', 'give the URI of what was tested with');
  return testResult({
    subject,
    result,
    configuration,
    passed: args.texts('passed'),
    warned: args.texts('warned'),
    failed: args.texts('failed'),
    finished: nowFrom(io),
  });
}

async function handoffFrom(args: Arguments, io: Session, { claims }: AttestAbout, subject: readonly Subject[]): Promise<Statement> {
  const { all, lastHandoff } = await claimIds(claims);
  return handoff({
    subject,
    from: needed(args, 'from'),
    to: needed(args, 'to'),
    purpose: needed(args, 'purpose') as 'release' | 'mirror' | 'deploy', // one of the choices
    at: nowFrom(io),
    priorClaims: all,
    ...(lastHandoff === undefined ? {} : { previousHandoff: lastHandoff }),
  });
}
