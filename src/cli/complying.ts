/** What `msbom comply` reads: the document, the profiles, and what lies beside the document. */
import { resolve } from 'node:path';
import {
  type Answer,
  builtInProfile,
  comply,
  type DocumentSignature,
  type Level,
  PROFILE_IDS,
  type Profile,
  type Report,
  readProfile,
  type SchemaNode,
  STATUSES,
  type Status,
  todoAsYaml,
} from '../comply/index.js';
import type { OpenedDocument } from '../convert/document.js';
import { MsbomError } from '../core/error.js';
import { digestManifest } from '../manifest/digest.js';
import type { Manifest } from '../schema/index.js';
import type { SignerAnswer } from '../sign/index.js';
import { readInput } from '../verbs/input.js';
import type { Arguments } from './command.js';
import { readDocument } from './document.js';
import type { Session } from './io.js';
import { writeText } from './printer.js';
import { schemaText } from './schema-file.js';
import { givenTrustOption } from './signature-options.js';

export interface AskedDocument {
  /** As the user named it. */
  readonly file: string;
  readonly manifest: Manifest;
  readonly locate: OpenedDocument['locate'];
}

/** A document that was named, as a manifest. */
export async function openAsked(file: string, args: Arguments, io: Session): Promise<AskedDocument> {
  const { manifest, locate } = await readDocument(file, args, io);
  return { file, manifest, locate };
}

/** Profiles by what `--profile` names. @throws ERR_CLI_USAGE, ERR_PROFILE_INVALID, and what reading a file throws */
export async function profilesFrom(args: Arguments, io: Session): Promise<readonly Profile[]> {
  const names = args.texts('profile').flatMap((each) => each.split(',').filter((name) => name !== ''));
  if (names.length === 0)
    throw new MsbomError('ERR_CLI_USAGE', '`msbom comply` needs --profile', {
      hint: `give \`all\`, a file of your own, or some of ${PROFILE_IDS.join(', ')}`,
    });
  const profiles = new Map<string, Profile>();
  for (const name of names.flatMap((each) => (each === 'all' ? PROFILE_IDS : [each]))) {
    const profile = /\.json$|[\\/]/.test(name) ? await ownProfile(name, io) : await builtInProfile(name);
    const known = profiles.get(profile.id);
    if (known !== undefined && !PROFILE_IDS.includes(name))
      throw new MsbomError('ERR_CLI_USAGE', `two profiles have the id ${profile.id}`, { file: name, hint: 'give yours an id of its own' });
    profiles.set(profile.id, profile);
  }
  return [...profiles.values()];
}

/** What is wrong with a profile is no answer about the document. */
async function ownProfile(name: string, io: Session): Promise<Profile> {
  const bytes = await readInput(name, io);
  try {
    return await readProfile(bytes, name);
  } catch (error) {
    if (!MsbomError.is(error) || !error.code.startsWith('ERR_JSON_')) throw error;
    throw new MsbomError('ERR_PROFILE_INVALID', error.message, {
      file: name,
      line: error.line,
      column: error.column,
      pointer: error.pointer,
      cause: error,
    });
  }
}

/** The report on what is asked for the audience. */
export async function reportFor(
  { file, manifest }: AskedDocument,
  profiles: readonly Profile[],
  args: Arguments,
  io: Session,
): Promise<Report> {
  const audience = args.text('audience');
  const asked = audience === undefined ? profiles : profiles.map((profile) => forAudience(profile, audience));
  const { recomputedFrom } = await import('./recomputed.js');
  const recomputed = await recomputedFrom(manifest, args, io);
  const signature = await signatureOf(file, manifest, args, io);
  return comply(manifest, asked, {
    ...(recomputed === undefined ? {} : { recomputed }),
    ...(signature === undefined ? {} : { signature }),
  });
}

const forAudience = (profile: Profile, audience: string): Profile => ({
  ...profile,
  requirements: profile.requirements.filter((each) => each.audience === undefined || each.audience === audience),
});

const LEVELS: readonly Level[] = ['MUST', 'SHOULD', 'MAY'];
/** What leaves a MUST open. */
const DEFAULT_FAILS = ['missing:MUST', 'failed:MUST', 'needs-review:MUST', 'not-examined:MUST'];

/** Does an answer have a status that `--fail-on` names, at its level or above? @throws ERR_CLI_USAGE */
export function failOnFrom(args: Arguments): (answer: Answer) => boolean {
  const given = args.texts('fail-on').flatMap((each) => each.split(','));
  if (given.includes('never')) return () => false;
  const rules = (given.length === 0 ? DEFAULT_FAILS : given).map((word) => {
    const [status = '', level = 'MAY'] = word.split(':', 2);
    if (!(STATUSES as readonly string[]).includes(status) || !(LEVELS as readonly string[]).includes(level))
      throw new MsbomError('ERR_CLI_USAGE', `\`--fail-on\` cannot be \`${word}\``, {
        hint: `give a status (${STATUSES.join(', ')}), with \`:MUST\` or \`:SHOULD\` behind it if only those count, or \`never\``,
      });
    return { status: status as Status, least: LEVELS.indexOf(level as Level) }; // both were looked up
  });
  return ({ status, level }) => rules.some((rule) => rule.status === status && LEVELS.indexOf(level) <= rule.least);
}

/** Whether the document was signed by whom the options trust: as a file, or by a statement about its digest. */
async function signatureOf(file: string, manifest: Manifest, args: Arguments, io: Session): Promise<DocumentSignature | undefined> {
  const signature = args.text('signature');
  if (signature === undefined) {
    const trusting = givenTrustOption(args);
    if (trusting === undefined) return undefined;
    throw new MsbomError('ERR_CLI_USAGE', `\`--${trusting}\` says who signed, and no signature was given`, {
      hint: 'name the signature of the document with --signature',
    });
  }
  if (file === '-')
    throw new MsbomError('ERR_CLI_USAGE', '--signature is of a file, not of standard input', { hint: 'give the name of the document' });
  const [{ trustFrom }, { verifyDirectory, verifyStatement }] = await Promise.all([import('./signature.js'), import('../sign/index.js')]);
  const trust = await trustFrom(args, io);
  const statement = verifyStatement(await readInput(signature, io), { trust, subject: digestManifest(manifest) });
  if (statement.ok) return { ok: true, detail: whoSigned(statement.signer) };
  const verdict = await verifyDirectory(resolve(io.cwd, file), resolve(io.cwd, signature), { trust });
  if (verdict.ok) return { ok: true, detail: whoSigned(verdict.signer) };
  return { ok: false, detail: verdict.reasons[0]?.detail ?? statement.reasons[0]?.detail ?? 'it proves nothing' };
}

const whoSigned = (signer: SignerAnswer | undefined): string => signer?.names?.join(', ') ?? `the key ${signer?.keyHint ?? ''}`;

/** What is missing, as `--todo` asks for it. */
export async function writeTodo(
  args: Arguments,
  io: Session,
  asked: { readonly document: AskedDocument; readonly profiles: readonly Profile[]; readonly report: Report },
): Promise<void> {
  const target = args.text('todo');
  if (target === undefined) return;
  if (target === '-' && args.text('output') === '-')
    throw new MsbomError('ERR_CLI_USAGE', 'the report and what is to do cannot be written to the same place', {
      hint: 'give -o or --todo a file',
    });
  const { document, profiles, report } = asked;
  await writeText(target, io, todoAsYaml(document.manifest, profiles, report.requirements, JSON.parse(schemaText()) as SchemaNode)); // our own schema
}
