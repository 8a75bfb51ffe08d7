import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Collected, Contribution } from '../../src/collect/contribution.js';
import type { Host } from '../../src/core/host.js';
import { DEFAULT_LIMITS } from '../../src/core/limits.js';
import { memoryTree } from '../../src/core/source-tree.js';
import { type HostOptions, openHost } from '../../src/platform/host.js';
import type { ProbeContext } from '../../src/probe/probe.js';
import { validateManifest } from '../../src/validate/index.js';
import { collect } from './collect.js';
import { temporaryDirectory } from './temporary.js';

export const HOSTS = ['consumer-nvidia', 'cpu-only', 'h100', 'rocm'] as const;
export type HostName = (typeof HOSTS)[number];

export const context: ProbeContext = { environment: 'host', purpose: ['training'], limits: DEFAULT_LIMITS, includePrivate: false };

const fixtures = fileURLToPath(new URL('../fixtures/hosts/', import.meta.url));

/** A machine written down as text: `=== /path` and its content, `=== /path -> target`, `=== $ command` and what it prints. */
export interface Machine {
  readonly files: Map<string, string | Uint8Array>;
  readonly links: Map<string, string>;
  readonly commands: Map<string, string>;
  readonly options: Pick<HostOptions, 'machine' | 'env' | 'platform' | 'system'>;
}

export function machineOf(text: string): Machine {
  const machine: Machine = { files: new Map(), links: new Map(), commands: new Map(), options: {} };
  for (const section of text.split(/^=== /m).slice(1)) {
    const end = section.indexOf('\n');
    const [title, body] = [section.slice(0, end), section.slice(end + 1)];
    const link = / -> /.exec(title);
    if (title.startsWith('@ ')) Object.assign(machine.options, JSON.parse(title.slice(2)));
    else if (title.startsWith('$ ')) machine.commands.set(title.slice(2), body);
    else if (link !== null) machine.links.set(title.slice(0, link.index), title.slice(link.index + link[0].length));
    else machine.files.set(title, body);
  }
  return machine;
}

export const readMachine = (name: HostName): Machine => machineOf(readFileSync(join(fixtures, name, 'tree.txt'), 'utf8'));

/** The machine on the disk. A program of another name than those written down is not there; other arguments make it fail. */
export function hostOf({ files, links, commands, options }: Machine, more: HostOptions = {}): Host {
  const root = temporaryDirectory();
  for (const [path, content] of files) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), content);
  }
  for (const [path, target] of links) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    symlinkSync(target, join(root, path));
  }
  const run: Host['run'] = (command, args) => {
    const output = commands.get([command, ...args].join(' '));
    const there = [...commands.keys()].some((each) => each.split(' ')[0] === command);
    return Promise.resolve(
      output !== undefined ? { exitCode: 0, stdout: output } : there ? { exitCode: 2, stdout: 'refused\n' } : undefined,
    );
  };
  return openHost({ root, live: true, run, ...options, ...more });
}

/** A machine from a few files. */
export function hostWith(
  files: Readonly<Record<string, string | Uint8Array>>,
  {
    links = {},
    commands = {},
    ...options
  }: HostOptions & { links?: Readonly<Record<string, string>>; commands?: Readonly<Record<string, string>> } = {},
): Host {
  const machine = {
    files: new Map(Object.entries(files)),
    links: new Map(Object.entries(links)),
    commands: new Map(Object.entries(commands)),
    options: {},
  };
  return hostOf(machine, options);
}

/** One line a contribution, to be read by people: what it says and where that was read. */
export function linesOf({ contributions, findings = [] }: Collected): readonly string[] {
  return [...contributions.map(lineOf), ...findings.map(({ id, severity, message }) => `finding ${id} (${severity}): ${message}`)];
}

function lineOf(contribution: Contribution): string {
  if (contribution.kind === 'claim') return `${contribution.pointer} = ${JSON.stringify(contribution.value)}${sourceOf(contribution)}`;
  if (contribution.kind !== 'addition') return JSON.stringify(contribution);
  const { list, item, at = '' } = contribution;
  const { id: _id, purpose: _purpose, scope: _scope, status: _status, environment: _environment, ...rest } = item;
  let value: unknown = rest;
  for (const key of at.split('/').slice(1)) value = (value as { readonly [key: string]: unknown })[key];
  return `${list}${at} = ${JSON.stringify(value)}${sourceOf(contribution)}`;
}

function sourceOf({ from: { origin, name = '', key } }: Exclude<Contribution, { kind: 'sum' }>): string {
  return `  [${origin}: ${name}${key === undefined ? '' : `, ${key}`}]`;
}

/** The manifest of a model without files that was made on the machine, and what is wrong with it. */
export async function manifestOf(also: readonly Contribution[]) {
  const { manifest, findings } = await collect(memoryTree('my-model', {}), {
    now: '2026-11-23T09:00:00Z',
    digestFiles: () => Promise.resolve([]),
    also,
  });
  // Who says what the machine is for, `probeHost` adds.
  const problems = validateManifest(manifest).findings.filter(({ pointer = '' }) => !/^\/environments\/[^/]+\/purpose$/.test(pointer));
  return { manifest, findings, problems };
}
