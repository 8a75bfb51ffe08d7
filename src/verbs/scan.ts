import { MsbomError } from '../core/error.js';
import type { Finding, Severity } from '../core/finding.js';
import { type Printable, printableJson } from '../core/printable.js';
import { TOOL } from '../core/tool.js';
import type { Waivers } from '../core/waiver.js';
import type { FileFindings } from '../report/json.js';
import { type Line, printLines } from '../report/lines.js';
import { SEVERITY_STYLES } from '../report/text.js';
import { type FileScan, ruleOf, type ScanFinding, scanSettings } from '../scan/index.js';
import type { VerbOptions } from './options.js';
import { type AnswerCode, exitCodeOf, type RenderOptions, type VerbResult } from './result.js';
import { asFinding, type ScanSurroundings, scanPath } from './scanning.js';
import { openWaivers, toldOf, type WaiverOptions } from './waivers.js';

export const SCAN_FORMATS = ['text', 'json', 'sarif', 'github', 'markdown'] as const;
export type ScanFormat = (typeof SCAN_FORMATS)[number];

export interface ScanVerbOptions extends ScanSurroundings, WaiverOptions {
  /** `exitCode` is 1 from this severity on; default `low`. */
  readonly failOn?: Severity | 'never';
  /** Files that could not be looked at as a whole do not make `exitCode` 2. */
  readonly allowIncomplete?: boolean;
  /** Path of an earlier result as JSON: findings that stand in it do not count. */
  readonly baseline?: string;
  /** Names (`module.name`) that are known to be harmless in pickles. */
  readonly allow?: readonly string[];
}

export interface ScanRenderOptions extends RenderOptions {
  /** Text says nothing of clean files. */
  readonly quiet?: boolean;
}

export interface ScanVerbResult extends VerbResult<ScanFormat> {
  readonly files: readonly FileScan[];
  render(format: ScanFormat, options?: ScanRenderOptions): Promise<Printable>;
}

/** What loading files would do, without loading them; of a directory every file. @throws ERR_IO_*, ERR_JSON_* and ERR_CLI_USAGE for the baseline */
export async function scan(paths: string | readonly string[], options: ScanVerbOptions = {}): Promise<ScanVerbResult> {
  const settings = scanSettings({ allow: options.allow ?? [] });
  const [earlier, waivers] = [await baseline(options.baseline, options), await openWaivers(options)];
  const files: FileScan[] = [];
  for (const given of typeof paths === 'string' ? [paths] : paths)
    for await (const file of scanPath(given, settings, options)) files.push(file);
  const known = knownOf(files, earlier, waivers);
  const told = toldOf(waivers);
  return {
    exitCode: codeOf(files, options, known),
    findings: [...asFindings(files, known), ...told].flatMap(({ findings }) => findings),
    formats: SCAN_FORMATS,
    files,
    render: (format, rendering = {}) => render(format, { files, known, told }, rendering),
  };
}

/** Formats for programs are loaded by those who ask for them: people do not wait for them. */
async function render(format: ScanFormat, { files, known, told }: Scanned, options: ScanRenderOptions): Promise<Printable> {
  if (format === 'text') return text({ files, known, told }, options);
  if (format === 'json') return asJson({ files, known, told });
  if (format === 'markdown') return (await import('./scan-markdown.js')).asMarkdown(files, (found) => whyKnown(known.get(found)));
  const { renderFindings } = await import('./findings.js');
  return renderFindings(format, [...asFindings(files, known), ...told]);
}

/** Findings first, then what was not looked at: a finding is an answer, whatever else is missing. */
function codeOf(files: readonly FileScan[], { failOn = 'low', allowIncomplete = false }: ScanVerbOptions, known: Known): AnswerCode {
  const found = exitCodeOf(
    files.flatMap(({ findings }) => findings.filter((each) => each.verdict !== 'note' && !known.has(each))),
    failOn,
  );
  if (found !== 0) return found;
  return files.some(({ status }) => status === 'error' || (status === 'incomplete' && !allowIncomplete)) ? 2 : 0;
}

/** Findings that do not count: they stand in an earlier scan, or somebody waived them. */
type Known = ReadonlyMap<ScanFinding, NonNullable<Finding['waived']> | 'baseline'>;

interface Scanned {
  readonly files: readonly FileScan[];
  readonly known: Known;
  /** What there is to say of the waivers. */
  readonly told: readonly FileFindings[];
}

function knownOf(files: readonly FileScan[], earlier: ReadonlySet<string>, waivers: Waivers): Known {
  const known = new Map<ScanFinding, NonNullable<Finding['waived']> | 'baseline'>();
  for (const { path, findings } of files)
    for (const found of findings) {
      const { waived } = waivers.judged(asFinding(found, path), path);
      if (waived !== undefined) known.set(found, waived);
      else if (earlier.has(keyOf(path, found))) known.set(found, 'baseline');
    }
  return known;
}

const whyKnown = (why: NonNullable<Finding['waived']> | 'baseline' | undefined): string | undefined =>
  why === undefined || why === 'baseline' ? why && 'in the baseline' : `waived by ${why.author} until ${why.expires}: ${why.reason}`;

/** Findings are the same by what makes two of them so: what changes its place or its words is a new one. */
const keyOf = (path: string, { rule, member = '', message }: Pick<ScanFinding, 'rule' | 'member' | 'message'>): string =>
  JSON.stringify([path, rule, member, message]);

async function asJson({ files, known, told }: Scanned): Promise<Printable> {
  // Loaded for programs alone: people do not wait for it.
  const { ruleSetDigest } = await import('../scan/digest.js');
  return printableJson({
    tool: { name: TOOL.name, version: TOOL.version, rules: { sha256: ruleSetDigest() } },
    files: files.map(({ path, status, verdict, formats, findings, more, notInspected, facts }) => ({
      path,
      status,
      verdict,
      formats,
      findings: findings.map((found) => ({ ...asObject(found), ...suppressed(known.get(found)) })),
      ...(more > 0 ? { more } : {}),
      notInspected,
      facts,
    })),
    ...(told.length === 0 ? {} : { waivers: told.flatMap(({ findings }) => findings) }),
  });
}

const suppressed = (why: NonNullable<Finding['waived']> | 'baseline' | undefined): object =>
  why === undefined ? {} : { suppressed: true, ...(why === 'baseline' ? {} : { waived: why }) };

function asObject({ rule, severity, verdict, message, member, offset, seen = {}, references = [] }: ScanFinding): object {
  const { call, import: name } = seen;
  const known = ruleOf(rule);
  return {
    rule,
    severity,
    verdict,
    message,
    ...(member === undefined ? {} : { member }),
    ...(offset === undefined ? {} : { offset }),
    ...(typeof name === 'string' ? { imports: [name] } : {}),
    ...(typeof call === 'string' ? { call } : {}),
    seen,
    references: [...new Set([...(known?.references ?? []), ...references])],
    fix: known?.fix,
  };
}

/** As the findings of other verbs, for the formats that they share. */
function asFindings(files: readonly FileScan[], known: Known): readonly FileFindings[] {
  return files.map(({ path, verdict, findings, notInspected }) => ({
    file: path,
    valid: verdict === 'clean',
    findings: [
      // A finding that stands in the baseline is shown, and is no error.
      ...findings.map((found): Finding => {
        const [why, finding] = [known.get(found), asFinding(found, path)];
        return why === undefined ? finding : why === 'baseline' ? { ...finding, severity: 'info' } : { ...finding, waived: why };
      }),
      ...notInspected.map((why): Finding => ({ id: 'scan-incomplete', severity: 'medium', message: `not looked at: ${why}`, file: path })),
    ],
  }));
}

const VERDICT_STYLES = { clean: 'green', unknown: 'yellow', suspicious: 'yellow', malicious: 'red' } as const;

function text({ files, known, told }: Scanned, { paint, quiet = false }: ScanRenderOptions): Printable {
  const lines = files.flatMap(({ path, status, verdict, formats, findings, more, notInspected }): readonly Line[] => {
    if (quiet && verdict === 'clean') return [];
    const state = [formats.join(', '), ...(status === 'complete' ? [] : [status])].filter((part) => part !== '').join('; ');
    return [
      [[VERDICT_STYLES[verdict], verdict], `  ${path}${state === '' ? '' : `  (${state})`}`],
      ...findings.flatMap((found) =>
        known.has(found)
          ? [[['dim', `  ${whyKnown(known.get(found))}: ${found.message} [${found.rule}]`]] satisfies Line]
          : findingLines(found),
      ),
      ...(more > 0 ? [`  and ${more} more findings`] : []),
      ...notInspected.map((why): Line => [['yellow', '  not looked at'], `: ${why}`]),
    ];
  });
  const ofWaivers = told.flatMap(({ findings }) => findings.map(({ message }): Line => [['yellow', 'waivers'], `  ${message}`]));
  return printLines([...lines, ...ofWaivers], paint);
}

function findingLines({ rule, severity, message, member, offset }: ScanFinding): readonly Line[] {
  const place = `${member ?? ''}${offset === undefined ? '' : ` (byte ${offset})`}`.trim();
  const fix = ruleOf(rule)?.fix;
  return [
    ['  ', [SEVERITY_STYLES[severity], severity], place === '' ? '' : ` ${place}:`, ` ${message} `, ['dim', `[${rule}]`]],
    ...(fix === undefined ? [] : [`    fix: ${fix}`]),
  ];
}

/** The parser is loaded when there is something to parse. */
async function parsed(file: string, options: VerbOptions): Promise<unknown> {
  const { parseJson } = await import('../core/json.js');
  const { readInput } = await import('./input.js');
  return parseJson(await readInput(file, options), { file });
}

/** @throws ERR_JSON_*, ERR_IO_*, ERR_CLI_USAGE when the file is no result of a scan */
async function baseline(file: string | undefined, options: VerbOptions): Promise<ReadonlySet<string>> {
  if (file === undefined) return new Set();
  const { files } = ((await parsed(file, options)) ?? {}) as { files?: unknown };
  const bad = new MsbomError('ERR_CLI_USAGE', 'the baseline is no result of a scan', {
    file,
    hint: 'make one with `msbom scan PATH --format json`',
  });
  if (!Array.isArray(files)) throw bad;
  return new Set(
    files.flatMap((each: { path?: unknown; findings?: unknown }) => {
      if (typeof each?.path !== 'string' || !Array.isArray(each.findings)) throw bad;
      const { path } = each;
      return each.findings.map((found: ScanFinding) => keyOf(path, found));
    }),
  );
}
