/** What Hydra writes of each job. Source: https://hydra.cc/docs/tutorials/basic/running_your_app/working_directory/ */
import { append } from '../../../core/append.js';
import { packageAddition } from '../../component.js';
import {
  baseName,
  type CollectContext,
  type Collected,
  type Collector,
  type Contribution,
  directoryOf,
  RANKS,
} from '../../contribution.js';
import { hyperparameterClaims } from '../../hyperparameters.js';
import { asObject, asText } from '../../values.js';
import { publicArguments, readYaml } from '../shared/run-file.js';
import { type RunLayout, readRuns } from '../shared/runs.js';

const LAYOUT: RunLayout = {
  tool: 'Hydra',
  runOf: (path) => (/(^|\/)\.hydra\/(config|overrides|hydra)\.yaml$/.test(path) ? directoryOf(path) : undefined),
};

export const hydra: Collector = {
  id: 'hydra',
  files: '`.hydra/config.yaml`, `.hydra/overrides.yaml`, `.hydra/hydra.yaml`',
  matches: (path) => LAYOUT.runOf(path) !== undefined,
  collect: (file, context) => readRuns(file, context, LAYOUT, (_, files) => readRun(files, context)),
};

async function readRun(files: readonly string[], context: CollectContext): Promise<Collected> {
  const contributions: Contribution[] = [];
  const findings = [];
  for (const path of files) {
    const file = await context.read(path);
    if (file === undefined) continue;
    const { value, finding } = readYaml(file);
    if (finding !== undefined) findings.push(finding);
    else append(contributions, FILES[baseName(path) as keyof typeof FILES](value, path)); // the layout has only these names
  }
  return { contributions, findings };
}

const FILES = {
  'config.yaml': (value: unknown, path: string): readonly Contribution[] =>
    hyperparameterClaims('hydra', asObject(value) ?? {}, { origin: 'declared', path, method: 'Hydra configuration' }, RANKS.run),
  /** Overrides are the arguments of the program. */
  'overrides.yaml'(value: unknown, path: string): readonly Contribution[] {
    const given = publicArguments(value);
    return given === undefined
      ? []
      : [
          {
            kind: 'claim',
            pointer: '/model/training/code/arguments',
            value: given,
            rank: RANKS.run,
            from: { origin: 'declared', path, method: 'Hydra overrides' },
          },
        ];
  },
  'hydra.yaml'(value: unknown, path: string): readonly Contribution[] {
    const runtime = asObject(asObject(asObject(value)?.hydra)?.runtime);
    const version = asText(runtime?.version);
    return version === undefined || !/^\d[\w.+!-]{0,63}$/.test(version)
      ? []
      : [
          packageAddition(
            { type: 'pypi', name: 'hydra-core', version, scope: ['training'], status: 'installed', key: 'hydra.runtime.version' },
            { origin: 'observed', path, method: 'runtime noted by Hydra' },
          ),
        ];
  },
} as const;
