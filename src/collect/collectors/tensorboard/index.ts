/** Event files of TensorBoard: hyperparameters of the HParams plugin and the last values of scalars. */
import { type ByteSource, bytesSource } from '../../../core/byte-source.js';
import { MsbomError } from '../../../core/error.js';
import type { Finding } from '../../../core/finding.js';
import { type CollectContext, type Collected, type Contribution, directoryOf, RANKS, type SourceCollector } from '../../contribution.js';
import { hyperparameterClaims } from '../../hyperparameters.js';
import { unreadable } from '../shared/json-file.js';
import { metricAdditions } from '../shared/run-file.js';
import { type RunLayout, readRuns } from '../shared/runs.js';
import { type Events, readEvents } from './records.js';

/** Keras and others log training and validation to two directories of one run. */
const SPLIT = /(^|\/)(train|validation|val|eval|test)\/$/;

const LAYOUT: RunLayout = {
  tool: 'TensorBoard',
  runOf: (path) => (/(^|\/)events\.out\.tfevents\.[^/]+$/.test(path) ? directoryOf(path).replace(SPLIT, '$1') : undefined),
};

export const tensorboard: SourceCollector = {
  id: 'tensorboard',
  files: '`events.out.tfevents.*`',
  matches: (path) => LAYOUT.runOf(path) !== undefined,
  collectSource: (source, context) => readRuns({ path: source.name }, context, LAYOUT, (_, files) => readRun(files, source, context)),
};

async function readRun(files: readonly string[], first: ByteSource, context: CollectContext): Promise<Collected> {
  const scalars = new Map<string, { readonly value: number; readonly path: string }>();
  const contributions: Contribution[] = [];
  const findings: Finding[] = [];
  // Names begin with the time, so that a later file of a run comes later.
  for (const path of files) {
    const file = path === first.name ? first : await sourceOf(path, context);
    if (file === undefined) findings.push(notInspected(path, 'it has more than 64 MiB and is not the first of its run'));
    else {
      const events = await eventsOf(file, context, findings);
      const split = SPLIT.exec(directoryOf(path))?.[2];
      for (const [tag, value] of events?.scalars ?? []) scalars.set(`${split ?? ''}\u0000${tag}`, { value, path });
      contributions.push(
        ...hyperparameterClaims(
          'tensorboard',
          events?.hyperparameters ?? [],
          { origin: 'declared', path, method: 'TensorBoard hyperparameters' },
          RANKS.run,
        ),
      );
    }
  }
  for (const [key, { value, path }] of scalars) {
    const [split = '', tag = ''] = key.split('\u0000');
    const [metric] = metricAdditions([[tag, value]], { origin: 'observed', path, method: 'TensorBoard scalars' });
    if (metric !== undefined) contributions.push(split === '' ? metric : { ...metric, item: { ...metric.item, slice: split } });
  }
  return { contributions, findings };
}

async function sourceOf(path: string, context: CollectContext): Promise<ByteSource | undefined> {
  const file = await context.read(path);
  return file === undefined ? undefined : bytesSource(path, file.bytes);
}

async function eventsOf(file: ByteSource, { limits }: CollectContext, findings: Finding[]): Promise<Events | undefined> {
  try {
    const events = await readEvents(file, limits);
    if (events.skipped > 0) findings.push(notInspected(file.name, `${events.skipped} of its records are too long for scalars`));
    return events;
  } catch (error) {
    if (!MsbomError.is(error) || error.code.startsWith('ERR_IO')) throw error;
    // What was read is not the last of it: nothing is taken.
    findings.push(
      error.code === 'ERR_LIMIT_BYTES'
        ? notInspected(file.name, `it needs more than ${limits.maxReadBytes} bytes to be read`)
        : unreadable(file.name, error.message, { offset: error.offset }),
    );
    return undefined;
  }
}

function notInspected(file: string, reason: string): Finding {
  return {
    id: 'run-not-inspected',
    severity: 'info',
    message: `the event file was not read whole: ${reason}`,
    fix: 'State what it logged with the builder where that matters.',
    file,
  };
}
