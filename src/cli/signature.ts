/** Verifying by a signature, and its answer as text. */
import { resolve } from 'node:path';
import { MsbomError } from '../core/error.js';
import { printableJson } from '../core/printable.js';
import { type FileFindings, type Line, printLines } from '../report/index.js';
import { type Trust, type Verdict, type VerifyOptions, verifyDirectory, verifyTree } from '../sign/index.js';
import { renderFindings } from '../verbs/findings.js';
import { readInput } from '../verbs/input.js';
import { reasonFindings, reasonLine, relaxedLines, resultLines, verdictLines } from '../verbs/signature-text.js';
import type { Arguments } from './command.js';
import { EXIT, type ExitCode, type Session } from './io.js';
import { paintFor } from './printer.js';
import { progressBar } from './progress.js';
import { excluder, numberFrom } from './values.js';
import { optionsPolicy, signatureInput, summarizer } from './verification-summary.js';

const usage = (message: string, hint: string): MsbomError => new MsbomError('ERR_CLI_USAGE', message, { hint });

export async function verifyBySignature(args: Arguments, io: Session): Promise<ExitCode> {
  const target = resolve(io.cwd, args.positionals[0] ?? '.');
  const signature = args.text('signature');
  if (args.flag('recursive') && args.text('emit-vsa') !== undefined) throw usage('--emit-vsa is about one model', 'leave out --recursive');
  if (args.flag('recursive') && signature !== undefined)
    throw usage('--signature names one file, --recursive finds them by name', 'use --signature-name with --recursive');
  const progress = progressBar(io, args);
  const options = { ...(await verifyOptionsFrom(args, io)), ...(args.flag('recursive') ? {} : { onProgress: progress.update }) };
  if (signature === undefined) {
    const signatureName = args.text('signature-name') ?? 'model.sig';
    if (signatureName === '' || /[\\/]/.test(signatureName))
      throw usage('--signature-name is a name, no path', 'give a name such as model.sig');
    const verdict = await verifyTree(target, { ...options, signatureName });
    await writeVerdict(args, io, {
      verdict,
      lines: () => [...verdict.results.flatMap(resultLines), ...verdict.reasons.map(reasonLine), ...relaxedLines(verdict.relaxed)],
      files: () => [
        ...verdict.results.map((each) => refusedFile(each.directory, each)),
        ...(verdict.reasons.length === 0 ? [] : [refusedFile(args.positionals[0] ?? '.', verdict)]),
      ],
    });
    return verdict.ok ? EXIT.clean : EXIT.negative;
  }
  const summarize = await summarizer(args, io, (verdict) => optionsPolicy(options, verdict));
  const verdict = await verifyDirectory(target, resolve(io.cwd, signature), options).finally(progress.end);
  await summarize?.(verdict, await signatureInput(resolve(io.cwd, signature)));
  await writeVerdict(args, io, { verdict, lines: () => verdictLines(verdict), files: () => [refusedFile(signature, verdict)] });
  return verdict.ok ? EXIT.clean : EXIT.negative;
}

interface Shown {
  readonly verdict: object;
  lines(): readonly Line[];
  files(): readonly FileFindings[];
}

async function writeVerdict(args: Arguments, io: Session, { verdict, lines, files }: Shown): Promise<void> {
  const format = args.text('format');
  if (format === 'json') io.stdout.write(printableJson(verdict));
  else if (format === 'sarif' || format === 'github') io.stdout.write(await renderFindings(format, files()));
  else io.stdout.write(printLines(lines(), paintFor(io.stdout, io)));
}

const refusedFile = (file: string, { ok, reasons }: Pick<Verdict, 'ok' | 'reasons'>): FileFindings => ({
  file,
  valid: ok,
  findings: reasonFindings(reasons, file),
});

/** Whom to trust, and how files are judged, by the options. @throws ERR_CLI_USAGE, ERR_SIGN_KEYLESS */
export async function verifyOptionsFrom(args: Arguments, io: Session): Promise<VerifyOptions> {
  const jobs = numberFrom(args, 'jobs');
  const loaders = args.texts('allow-loader');
  return {
    trust: await trustFrom(args, io),
    ignore: args.texts('ignore'),
    allowUnsigned: args.flag('allow-unsigned'),
    allowSymlinks: args.flag('allow-symlinks'),
    legacy: args.flag('legacy'),
    ...(loaders.length === 0 ? {} : { allowLoader: excluder(loaders) }),
    ...(jobs === undefined ? {} : { jobs }),
  };
}

/** What a signature is checked by, and the options that mean something with it. */
const WITH: Readonly<Record<string, readonly string[]>> = {
  'public-key': [],
  'cert-root': ['identity', 'any-identity', 'any-usage', 'at'],
  'trusted-root': ['identity', 'any-identity', 'identity-provider'],
};

/** Whom the options say to trust. @throws ERR_CLI_USAGE, ERR_SIGN_KEYLESS */
export async function trustFrom(args: Arguments, io: Session): Promise<Trust> {
  const [by, more] = Object.keys(WITH).filter((name) => args.given(name));
  if (by === undefined || more !== undefined)
    throw usage('a signature is verified by one of --public-key, --cert-root and --trusted-root', 'give the one that the signer told you');
  const senseless = [...new Set(Object.values(WITH).flat())].find((name) => args.given(name) && !WITH[by]?.includes(name));
  if (senseless !== undefined) throw usage(`--${senseless} means nothing with --${by}`, 'see `msbom verify --help`');
  const read = async (name: string): Promise<Uint8Array> => readInput(name, io);
  if (by === 'public-key') return { publicKey: await read(args.text(by) ?? '') };
  const identities = args.texts('identity');
  const anybody = args.flag('any-identity');
  if (anybody === identities.length > 0)
    throw usage('who may have signed is said by --identity or --any-identity', `name the signer: --${by} certifies many`);
  if (by === 'trusted-root') {
    const issuer = args.text('identity-provider') ?? '';
    if (anybody === (issuer !== ''))
      throw usage('--identity and --identity-provider belong together', 'an address means something only by who vouched for it');
    const { keylessTrust } = await import('../sign/keyless/index.js');
    return keylessTrust({
      trustedRoot: await read(args.text(by) ?? ''),
      identities: anybody ? 'any' : identities.map((name) => ({ name, issuer })),
    });
  }
  const at = args.text('at');
  return {
    roots: await Promise.all(args.texts(by).map(read)),
    identities: anybody ? 'any' : identities,
    anyUsage: args.flag('any-usage'),
    ...(at === undefined ? {} : { at: timeFrom(at) }),
  };
}

function timeFrom(text: string): Date {
  const time = new Date(text);
  if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?(?:Z|[+-]\d\d:\d\d)$/.test(text) || Number.isNaN(time.getTime()))
    throw usage(`\`--at\` cannot be \`${text}\``, 'give a time such as 2026-01-31T12:00:00Z');
  return time;
}
