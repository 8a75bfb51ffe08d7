/** What a probe sees of a machine: what is there and cannot be read becomes a finding, and the probe goes on. */
import { MsbomError } from '../core/error.js';
import { type Finding, findingOf } from '../core/finding.js';
import type { ClosableSource, CommandOptions, Host, HostEntry } from '../core/host.js';

/** A host that does not throw. */
export interface Sight {
  readonly host: Host;
  readonly findings: Finding[];
  /** A small text file, at most `maxBytes`, default 1 MiB. */
  text(path: string, maxBytes?: number): Promise<string | undefined>;
  /** A file of one short value, as /sys has them: printable text without the white space around it. */
  value(path: string): Promise<string | undefined>;
  list(path: string): Promise<readonly string[]>;
  kind(path: string): Promise<'file' | 'directory' | undefined>;
  resolve(path: string): Promise<string | undefined>;
  /** A file of any size; close it. */
  open(path: string): Promise<ClosableSource | undefined>;
  entry(path: string): Promise<HostEntry | undefined>;
  readLink(path: string): Promise<Uint8Array | undefined>;
  digest(...given: Parameters<Host['digest']>): Promise<string | undefined>;
  /** What a program prints; undefined when it is not there, fails or hangs. One that hung is not run again. */
  output(command: string, args: readonly string[], options?: CommandOptions): Promise<string | undefined>;
}

/** Findings of one probe are few; a machine that refuses everything is told of once a path. */
const MAX_FINDINGS = 50;

export function sightOf(host: Host): Sight {
  const findings: Finding[] = [];
  const hung = new Set<string>();
  const lists = new Map<string, Promise<readonly string[]>>();
  const tried = async <T, const U>(work: () => Promise<T>, otherwise: U): Promise<T | U> => {
    try {
      return await work();
    } catch (error) {
      if (!MsbomError.is(error)) throw error;
      const finding: Finding = { ...findingOf(error), severity: 'low', message: `what it says is missing: ${error.message}` };
      const known = findings.some(({ file, id }) => file === finding.file && id === finding.id);
      if (!known && findings.length < MAX_FINDINGS) findings.push(finding);
      return otherwise;
    }
  };
  const text = (path: string, maxBytes?: number) => tried(() => host.readText(path, maxBytes), undefined);
  return {
    host,
    findings,
    text,
    value: async (path) => asValue(await text(path)),
    list(path) {
      const known = lists.get(path) ?? tried(() => host.list(path), []);
      lists.set(path, known);
      return known;
    },
    kind: (path) => tried(() => host.kind(path), undefined),
    resolve: (path) => tried(() => host.resolve(path), undefined),
    open: (path) => tried(() => host.open(path), undefined),
    entry: (path) => tried(() => host.entry(path), undefined),
    readLink: (path) => tried(() => host.readLink(path), undefined),
    digest: (...given) => tried(() => host.digest(...given), undefined),
    async output(command, args, options) {
      if (hung.has(command)) return undefined;
      const output = await tried(() => host.run(command, args, options), 'hung');
      if (output === 'hung') hung.add(command);
      return output !== 'hung' && output?.exitCode === 0 ? output.stdout : undefined;
    },
  };
}

/** A short printable text on one line; undefined for anything else, above all for bytes that are no text. */
export function asValue(text: string | undefined): string | undefined {
  const value = text?.trim();
  return value !== undefined && /^[\x20-\x7e\u00a0-\ufffc]{1,256}$/.test(value) ? value : undefined;
}

/** A version as programs write them: it starts with a letter or digit, has a digit and no white space. */
export function asVersion(text: string | undefined): string | undefined {
  const value = text?.trim();
  return value !== undefined && /^[0-9A-Za-z][0-9A-Za-z.+:~_-]{0,99}$/.test(value) && /\d/.test(value) ? value : undefined;
}

/** A decimal count. */
export function asNumber(text: string | undefined): number | undefined {
  const value = text?.trim();
  return value !== undefined && /^\d{1,15}$/.test(value) ? Number(value) : undefined;
}

/** The lines of a text, at most `count` of them. */
export function linesOf(text: string | undefined, count = 100_000): readonly string[] {
  return (text ?? '').split('\n', count).map((line) => line.replace(/\r$/, ''));
}

/** `key<separator>value` lines as a map; what comes first wins. */
export function fieldsOf(lines: readonly string[], separator: string): ReadonlyMap<string, string> {
  const fields = new Map<string, string>();
  for (const line of lines) {
    const at = line.indexOf(separator);
    const key = line.slice(0, at).trim();
    if (at > 0 && !fields.has(key)) fields.set(key, line.slice(at + separator.length).trim());
  }
  return fields;
}
