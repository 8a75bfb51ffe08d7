import { MsbomError } from '../../core/error.js';
import type { Finding } from '../../core/finding.js';
import { type Printable, printableJson } from '../../core/printable.js';
import { TOOL } from '../../core/tool.js';
import type { FileFindings } from '../../report/json.js';
import { type Line, printLines } from '../../report/lines.js';
import { SEVERITY_STYLES } from '../../report/text.js';
import { type FileScan, ruleOf, type ScanFinding, scanSettings } from '../../scan/index.js';
import { asFinding, scanPath } from '../../verbs/scanning.js';
import { type Arguments, type Command, FAIL_ON_OPTION } from '../command.js';
import { EXIT, type ExitCode, type Session } from '../io.js';
import { exitFor, paintFor, reportError } from '../printer.js';

const FORMATS = ['text', 'json', 'sarif', 'github', 'markdown'] as const;

export const command: Command = {
  name: 'scan',
  summary: 'say what loading model files would do, without loading them',
  usage: 'msbom scan PATH… [OPTIONS]',
  description:
    'Reads the bytes of files, and of what lies in them, and tells of everything that loading would import, call or unpack. Nothing is run, imported, unpacked to disk or fetched. Of a directory every file is scanned; `-` reads standard input. A file is clean only when all of it was looked at and nothing was found; the content decides what a file is, never its name.',
  minPositionals: 1,
  maxPositionals: 100_000,
  options: {
    format: { type: 'string', short: 'f', value: 'FORMAT', choices: FORMATS, default: 'text', help: 'how findings are written' },
    ...FAIL_ON_OPTION('low'),
    'allow-incomplete': { type: 'boolean', help: 'exit 0 also when files could not be looked at as a whole' },
    baseline: {
      type: 'string',
      value: 'FILE',
      help: 'an earlier result of --format json: findings that stand in it are shown, and do not count for the exit code',
    },
    allow: { type: 'string', value: 'NAME', multiple: true, help: 'a name (`module.name`) that you know to be harmless in pickles' },
  },
  examples: [
    ['msbom scan model.pt', 'one file'],
    ['msbom scan ./my-model --format json', 'every file of a directory, for programs'],
    ['msbom scan ./my-model --format sarif > scan.sarif', 'for code scanning'],
    ['msbom scan ./my-model --format markdown', 'for the summary of a job or a comment'],
    ['msbom scan . --baseline scan.json', 'only what is new since `msbom scan . --format json > scan.json` counts'],
    ['msbom scan model.pkl --allow my_package.nets.Net', 'with a class of your own'],
  ],
  exits: [
    'every file is clean, and all of it was looked at',
    'a file has a finding of the severity of --fail-on that makes it suspicious or malicious',
    'a file could not be read, or not all of it could be looked at, or a usage error',
  ],
  async run(args, io) {
    const settings = scanSettings({ allow: args.texts('allow') });
    const known = await baseline(args.text('baseline'), io);
    const files: FileScan[] = [];
    for (const given of args.positionals) {
      for await (const file of scanPath(given, settings, { ...io, onUnreadable: (error) => reportError(error, io) })) files.push(file);
    }
    const format = args.text('format') as (typeof FORMATS)[number]; // one of the choices
    if (format === 'markdown') {
      const { asMarkdown } = await import('../scan-markdown.js');
      io.stdout.write(asMarkdown(files, (path, found) => known.has(keyOf(path, found))));
      return exitCode(args, files, known);
    }
    io.stdout.write(
      format === 'text'
        ? text(files, args, io, known)
        : format === 'json'
          ? await asJson(files, known)
          : await RENDERERS[format](files, known),
    );
    return exitCode(args, files, known);
  },
};

/** Findings first, then what was not looked at: a finding is an answer, whatever else is missing. */
function exitCode(args: Arguments, files: readonly FileScan[], known: Known): ExitCode {
  const found = exitFor(
    args,
    files.flatMap(({ path, findings }) => findings.filter((found) => found.verdict !== 'note' && !known.has(keyOf(path, found)))),
  );
  if (found !== EXIT.clean) return found;
  const partial = files.some(({ status }) => status === 'error' || (status === 'incomplete' && !args.flag('allow-incomplete')));
  return partial ? EXIT.unanswered : EXIT.clean;
}

/** Findings of an earlier scan, by what makes two of them the same: what changes its place or its words is a new one. */
type Known = ReadonlySet<string>;

const keyOf = (path: string, { rule, member = '', message }: Pick<ScanFinding, 'rule' | 'member' | 'message'>): string =>
  JSON.stringify([path, rule, member, message]);

/** The parser is loaded when there is something to parse. */
async function parsed(file: string, io: Session): Promise<unknown> {
  const { parseJson } = await import('../../core/json.js');
  const { readInput } = await import('../input.js');
  return parseJson(await readInput(file, io), { file });
}

/** @throws ERR_JSON_*, ERR_IO_*, ERR_CLI_USAGE when the file is no result of a scan */
async function baseline(file: string | undefined, io: Session): Promise<Known> {
  if (file === undefined) return new Set();
  const { files } = ((await parsed(file, io)) ?? {}) as { files?: unknown };
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

async function asJson(files: readonly FileScan[], known: Known): Promise<Printable> {
  // Loaded for programs alone: people do not wait for it.
  const { ruleSetDigest } = await import('../../scan/digest.js');
  return printableJson({
    tool: { name: TOOL.name, version: TOOL.version, rules: { sha256: ruleSetDigest() } },
    files: files.map(({ path, status, verdict, formats, findings, more, notInspected, facts }) => ({
      path,
      status,
      verdict,
      formats,
      findings: findings.map((found) => ({ ...asObject(found), ...(known.has(keyOf(path, found)) ? { suppressed: true } : {}) })),
      ...(more > 0 ? { more } : {}),
      notInspected,
      facts,
    })),
  });
}

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
      ...findings.map((found) =>
        known.has(keyOf(path, found)) ? { ...asFinding(found, path), severity: 'info' as const } : asFinding(found, path),
      ),
      ...notInspected.map((why): Finding => ({ id: 'scan-incomplete', severity: 'medium', message: `not looked at: ${why}`, file: path })),
    ],
  }));
}

/** Loaded by those who ask for them: people do not wait for programs' formats. */
const RENDERERS = {
  sarif: async (files: readonly FileScan[], known: Known) => (await import('../../report/sarif.js')).asSarif(asFindings(files, known)),
  github: async (files: readonly FileScan[], known: Known) => (await import('../../report/github.js')).asGithub(asFindings(files, known)),
} as const;

const VERDICT_STYLES = { clean: 'green', unknown: 'yellow', suspicious: 'yellow', malicious: 'red' } as const;

function text(files: readonly FileScan[], args: Arguments, io: Session, known: Known): Printable {
  const quiet = args.flag('quiet');
  const lines = files.flatMap(({ path, status, verdict, formats, findings, more, notInspected }): readonly Line[] => {
    if (quiet && verdict === 'clean') return [];
    const state = [formats.join(', '), ...(status === 'complete' ? [] : [status])].filter((part) => part !== '').join('; ');
    return [
      [[VERDICT_STYLES[verdict], verdict], `  ${path}${state === '' ? '' : `  (${state})`}`],
      ...findings.flatMap((found) =>
        known.has(keyOf(path, found))
          ? [[['dim', `  in the baseline: ${found.message} [${found.rule}]`]] satisfies Line]
          : findingLines(found),
      ),
      ...(more > 0 ? [`  and ${more} more findings`] : []),
      ...notInspected.map((why): Line => [['yellow', '  not looked at'], `: ${why}`]),
    ];
  });
  return printLines(lines, paintFor(io.stdout, io));
}

function findingLines({ rule, severity, message, member, offset }: ScanFinding): readonly Line[] {
  const place = `${member ?? ''}${offset === undefined ? '' : ` (byte ${offset})`}`.trim();
  const fix = ruleOf(rule)?.fix;
  return [
    ['  ', [SEVERITY_STYLES[severity], severity], place === '' ? '' : ` ${place}:`, ` ${message} `, ['dim', `[${rule}]`]],
    ...(fix === undefined ? [] : [`    fix: ${fix}`]),
  ];
}
