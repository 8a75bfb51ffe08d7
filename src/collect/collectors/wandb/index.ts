/**
 * Files of a run of Weights & Biases. Source:
 * https://github.com/wandb/wandb/blob/main/wandb/proto/wandb_internal.proto (EnvironmentRecord), and older Python clients
 */

import { append } from '../../../core/append.js';
import { type ByteSource, bytesSource } from '../../../core/byte-source.js';
import type { JsonValue } from '../../../core/canonical-json.js';
import { MsbomError } from '../../../core/error.js';
import type { Finding } from '../../../core/finding.js';
import { packageAddition } from '../../component.js';
import {
  baseName,
  type CollectContext,
  type Collected,
  type Contribution,
  directoryOf,
  type Origin,
  RANKS,
  type SourceCollector,
} from '../../contribution.js';
import { hyperparameterClaims } from '../../hyperparameters.js';
import { lockedFacts } from '../../python-package/locked.js';
import { asObject, asText, type Loose } from '../../values.js';
import { unreadable } from '../shared/json-file.js';
import { addition, claim, metricAdditions, readJsonObject, readYamlMap, textOf } from '../shared/run-file.js';
import { type RunLayout, readRuns } from '../shared/runs.js';
import { readLog } from './log.js';
import { metadataFacts } from './metadata.js';
import { FILE } from './place.js';

const MAX_FILE_BYTES = 64 * 1024 * 1024;
const MAX_PACKAGES = 20_000;

const LAYOUT: RunLayout = {
  tool: 'Weights & Biases',
  runOf: (path) => (FILE.test(path) ? directoryOf(path).replace(/files\/$/, '') : undefined),
};

export const wandb: SourceCollector = {
  id: 'wandb',
  files:
    '`files/config.yaml`, `files/wandb-metadata.json`, `files/wandb-summary.json`, `files/requirements.txt` of `wandb/run-*`, or its `run-*.wandb`',
  matches: (path) => LAYOUT.runOf(path) !== undefined,
  collectSource: (source, context) => readRuns({ path: source.name }, context, LAYOUT, (_, files) => readRun(files, source, context)),
};

/** While it is offline the client writes the log only; its files then say nothing more. */
async function readRun(files: readonly string[], first: ByteSource, context: CollectContext): Promise<Collected> {
  const logs = files.filter((path) => path.endsWith('.wandb'));
  const texts = files.filter((path) => !path.endsWith('.wandb'));
  const contributions: Contribution[] = runClaims(files[0] ?? '');
  const findings: Finding[] = [];
  for (const path of texts.some((path) => baseName(path) === 'config.yaml') ? texts : [...texts, ...logs]) {
    const file = path === first.name && first.size > MAX_FILE_BYTES ? undefined : await context.read(path);
    if (path.endsWith('.wandb')) {
      const source = path === first.name ? first : file === undefined ? undefined : bytesSource(path, file.bytes);
      const read =
        source === undefined
          ? { contributions: [], findings: [notInspected(path, 'has more than 64 MiB')] }
          : await logFacts(source, context);
      append(contributions, read.contributions);
      append(findings, read.findings ?? []);
    } else if (file !== undefined && baseName(path) === 'requirements.txt')
      append(contributions, installedPackages(path, textOf(file.bytes) ?? ''));
    else if (file !== undefined) {
      const { value, finding } = baseName(path) === 'config.yaml' ? readYamlMap(file) : readJsonObject(file, context.limits);
      if (finding !== undefined) findings.push(finding);
      else append(contributions, factsOf(path, value));
    }
  }
  return { contributions, findings };
}

function factsOf(path: string, value: Loose): readonly Contribution[] {
  const name = baseName(path);
  return name === 'config.yaml'
    ? configFacts(path, value)
    : name === 'wandb-metadata.json'
      ? metadataFacts(path, value)
      : summaryMetrics(path, value);
}

async function logFacts(source: ByteSource, { limits }: CollectContext): Promise<Collected> {
  const path = source.name;
  try {
    const log = await readLog(source, limits);
    const status = log.exitCode === undefined ? undefined : log.exitCode === 0 ? 'completed' : 'failed';
    const from: Origin = { origin: 'observed', path, key: 'exit.exit_code', method: 'log of Weights & Biases' };
    return {
      contributions: [
        ...configFacts(path, log.config),
        ...metadataFacts(path, log.environment),
        ...summaryMetrics(path, log.summary),
        ...claim('/model/training/run/status', status, RANKS.run, from),
        ...claim('/model/training/run/exitCode', log.exitCode, RANKS.run, from),
      ],
    };
  } catch (error) {
    if (!MsbomError.is(error) || error.code.startsWith('ERR_IO')) throw error;
    const finding =
      error.code === 'ERR_LIMIT_BYTES'
        ? notInspected(path, `needs more than ${limits.maxReadBytes} bytes to be read`)
        : unreadable(path, error.message, { offset: error.offset });
    return { contributions: [], findings: [finding] };
  }
}

function notInspected(file: string, reason: string): Finding {
  return {
    id: 'run-not-inspected',
    severity: 'info',
    message: `the log of the run was not read: it ${reason}`,
    fix: 'Upload the run, or state what it says with the builder.',
    file,
  };
}

/** The directory is named after the run. */
function runClaims(path: string): Contribution[] {
  const id = FILE.exec(path)?.[2];
  const from = { origin: 'inferred', path, method: 'directory of a run of Weights & Biases' } as const;
  return [...claim('/model/training/run/tracker', 'wandb', RANKS.run, from), ...claim('/model/training/run/id', id, RANKS.run, from)];
}

/** `<name>: {value: …}`, and `_wandb`, what the client notes of itself. */
function configFacts(path: string, config: Loose): readonly Contribution[] {
  const from: Origin = { origin: 'declared', path, method: 'Weights & Biases configuration' };
  const values = Object.entries(config).flatMap(([name, item]): (readonly [string, unknown])[] => {
    const value = asObject(item)?.value;
    return name === '_wandb' || name === 'wandb_version' || value === undefined ? [] : [[name, value]];
  });
  const own = asObject(asObject(config._wandb)?.value);
  const version = (key: string): string | undefined => {
    const text = asText(own?.[key]);
    return text !== undefined && /^\d[\w.+!-]{0,63}$/.test(text) ? text : undefined;
  };
  return [
    ...hyperparameterClaims('wandb', values, from, RANKS.run),
    ...VERSIONS.flatMap(([key, name]) => {
      const found = version(key);
      return found === undefined
        ? []
        : [packageAddition({ type: 'pypi', name, version: found, scope: ['training'], status: 'installed', key: `_wandb.${key}` }, from)];
    }),
  ];
}

/** `name==version` of each distribution that the client found installed where the run was; any other line says less. */
function installedPackages(path: string, text: string): readonly Contribution[] {
  const from: Origin = { origin: 'observed', path, method: 'packages noted by Weights & Biases' };
  const packages = text.split('\n', MAX_PACKAGES).flatMap((line) => {
    const [, name, version] = /^([\w.-]{1,200})==([\w.!+-]{1,200})$/.exec(line.trim()) ?? [];
    const facts = lockedFacts(name, version, { status: 'installed', scope: ['training'], environment: 'training', key: line.trim() });
    return facts === undefined ? [] : [packageAddition(facts, from)];
  });
  return packages.length === 0 ? [] : [addition('/environments', { id: 'training', purpose: ['training'] }, from), ...packages];
}

/** Versions that the client notes of the frameworks it sees. */
const VERSIONS = [
  ['cli_version', 'wandb'],
  ['huggingface_version', 'transformers'],
] as const;

function summaryMetrics(path: string, summary: Loose): readonly Contribution[] {
  const values: (readonly [string, JsonValue])[] = Object.entries(summary).flatMap(([name, value]) =>
    name.startsWith('_') || typeof value !== 'number' ? [] : [[name, value] as const],
  );
  return metricAdditions(values, { origin: 'observed', path, method: 'summary of Weights & Biases' });
}
