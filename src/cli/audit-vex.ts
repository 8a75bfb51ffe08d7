/** VEX documents that `msbom audit` reads and writes, and who signed them. */
import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import {
  type AuditFinding,
  readVex,
  toCsafVex,
  toCycloneDXVex,
  toOpenVex,
  type VexOptions,
  type VexStatement,
  type WrittenVex,
  withVulnerabilities,
} from '../audit/index.js';
import { toSPDX } from '../convert/index.js';
import { MsbomError } from '../core/error.js';
import { isObject } from '../core/objects.js';
import { uuidFrom } from '../core/uuid.js';
import type { Manifest } from '../schema/index.js';
import { type SignerAnswer, type Trust, verifyDirectory, verifyStatement } from '../sign/index.js';
import { readInput } from '../verbs/input.js';
import { parsedFrom } from './auditing.js';
import type { Arguments, Options } from './command.js';
import type { Session } from './io.js';
import { say, writeText } from './printer.js';
import { trustFrom } from './signature.js';
import { givenTrustOption, TRUST_OPTIONS } from './signature-options.js';
import { timestampFrom } from './values.js';

export const VEX_FORMATS = ['openvex', 'cyclonedx', 'csaf', 'spdx'] as const;

export const VEX_OPTIONS: Options = {
  vex: {
    type: 'string',
    value: 'FILE',
    multiple: true,
    help: 'what somebody says of vulnerabilities, in OpenVEX, CycloneDX, CSAF or SPDX 3: what does not affect or is fixed is listed apart',
  },
  'vex-max-age': { type: 'string', value: 'DAYS', help: 'a statement of --vex holds for so many days, and not at all without a date' },
  'require-signed-vex': {
    type: 'boolean',
    help: 'only statements of whom --public-key, --cert-root or --trusted-root trusts take anything out: signed as an in-toto statement, or by FILE.sig beside the file',
  },
  ...TRUST_OPTIONS,
  'vex-out': { type: 'string', value: 'FILE', isOutput: true, help: 'write the findings as VEX, to be judged and signed' },
  'vex-format': { type: 'string', value: 'FORMAT', choices: VEX_FORMATS, default: 'openvex', help: 'of --vex-out' },
};

/** Statements of all documents. @throws ERR_CLI_USAGE for what is no VEX, ERR_SIGN_CONTENT for a signature that does not verify */
export async function vexFrom(args: Arguments, io: Session): Promise<readonly VexStatement[]> {
  const trusting = givenTrustOption(args);
  if (trusting !== undefined && !args.given('vex'))
    throw new MsbomError('ERR_CLI_USAGE', `\`--${trusting}\` says who signed VEX documents, and none was given`, {
      hint: 'name them with --vex',
    });
  const trust = args.flag('require-signed-vex') || trusting !== undefined ? await trustFrom(args, io) : undefined;
  const all: VexStatement[] = [];
  for (const file of args.texts('vex')) all.push(...(await statementsOf(file, trust, io)));
  return all;
}

async function statementsOf(file: string, trust: Trust | undefined, io: Session): Promise<readonly VexStatement[]> {
  const value = await parsedFrom(file, io);
  const isBundle = isObject(value) && ('dsseEnvelope' in value || 'payloadType' in value);
  const { content, signer } = isBundle ? await ofBundle(file, trust, io) : { content: value, signer: await besideOf(file, trust, io) };
  const statements = readVex(content, file);
  if (statements === undefined)
    throw new MsbomError('ERR_CLI_USAGE', 'the file is no VEX document', {
      file,
      hint: 'give OpenVEX, CycloneDX, CSAF or SPDX 3, or one of these signed as an in-toto statement',
    });
  return signer === undefined ? statements : statements.map((each) => ({ ...each, signer }));
}

/** The predicate of a signed statement. */
async function ofBundle(file: string, trust: Trust | undefined, io: Session): Promise<{ content: unknown; signer: string }> {
  if (trust === undefined)
    throw new MsbomError('ERR_CLI_USAGE', 'the VEX document is signed, and nobody is trusted', {
      file,
      hint: 'say by --public-key, --cert-root or --trusted-root who signs',
    });
  const verdict = verifyStatement(await readInput(file, io), { trust });
  if (!verdict.ok || verdict.statement === undefined) throw refused(file, verdict.reasons[0]?.detail);
  return { content: verdict.statement.predicate, signer: nameOf(verdict.signer) };
}

/** Who signed a file by a signature beside it; nobody where there is none. */
async function besideOf(file: string, trust: Trust | undefined, io: Session): Promise<string | undefined> {
  if (trust === undefined || file === '-') return undefined;
  const [path, signature] = [resolve(io.cwd, file), resolve(io.cwd, `${file}.sig`)];
  const isThere = await stat(signature).then(
    () => true,
    () => false,
  );
  if (!isThere) return undefined;
  const verdict = await verifyDirectory(path, signature, { trust });
  if (!verdict.ok) throw refused(`${file}.sig`, verdict.reasons[0]?.detail);
  return nameOf(verdict.signer);
}

const refused = (file: string, why = 'it is not signed by who is trusted'): MsbomError =>
  new MsbomError('ERR_SIGN_CONTENT', `the signature of the VEX document does not verify: ${why}`, {
    file,
    hint: 'ask who made the document for it again, or leave it out',
  });

const nameOf = (signer: SignerAnswer | undefined): string =>
  signer?.names?.[0] ?? (signer === undefined ? 'the key that is trusted' : `the key ${signer.keyHint.slice(0, 16)}`);

/** What is written says `under_investigation` of everything that nobody judged. */
export async function writeVex(args: Arguments, io: Session, manifest: Manifest, findings: readonly AuditFinding[]): Promise<void> {
  const target = args.text('vex-out');
  if (target === undefined) return;
  const timestamp = timestampFrom(io);
  const id = `urn:uuid:${uuidFrom(JSON.stringify([timestamp, findings.map((each) => [each.id, each.package, each.vex])]))}`;
  const { document, losses } = written(args.text('vex-format'), manifest, findings, {
    author: 'unsigned: to be judged by a person',
    timestamp,
    id,
  });
  await writeText(target, io, `${JSON.stringify(document, null, 2)}\n`);
  for (const loss of losses) say(args, io, [['yellow', 'lost'], `  ${loss}`]);
}

function written(format: string | undefined, manifest: Manifest, findings: readonly AuditFinding[], options: VexOptions): WrittenVex {
  if (format === 'cyclonedx') return toCycloneDXVex(findings, options);
  if (format === 'csaf') return toCsafVex(findings, options);
  if (format !== 'spdx') return toOpenVex(findings, options);
  const { document, losses } = toSPDX(withVulnerabilities(manifest, findings, options.timestamp.slice(0, 10)));
  return { document, losses: losses.filter(({ pointer = '' }) => pointer.startsWith('/security')).map(({ message }) => message) };
}
