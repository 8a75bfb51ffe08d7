/** A document in three lines: what it is about, how much it holds, what to look at. */
import { type Finding, SEVERITIES, type Severity } from '../core/finding.js';
import type { Manifest } from '../schema/index.js';
import type { Line, Span } from './lines.js';
import { SEVERITY_STYLES } from './text.js';

/** Collections that are counted, with the words for one and for several. */
const COUNTED = [
  ['artifacts', 'file', 'files'],
  ['models', 'other model', 'other models'],
  ['datasets', 'dataset', 'datasets'],
  ['evaluations', 'evaluation', 'evaluations'],
  ['components', 'component', 'components'],
  ['environments', 'environment', 'environments'],
] as const satisfies readonly (readonly [keyof Manifest, string, string])[];

/** What people ask of a model first, with the pointer under which it may be declared as none. */
const ASKED: readonly (readonly [what: string, pointer: string, isThere: (manifest: Manifest) => boolean])[] = [
  ['version', '/model/version', ({ model }) => model?.version !== undefined],
  ['licences', '/model/licenses', ({ model }) => (model?.licenses ?? []).length > 0],
  ['base models', '/model/lineage', ({ model }) => model?.lineage !== undefined],
  [
    'training data',
    '/model/training',
    ({ model, datasets = {} }) =>
      Object.keys(model?.training?.uses ?? {}).length > 0 || Object.values(datasets).some(({ roles = [] }) => roles.includes('training')),
  ],
  ['evaluations', '/evaluations', ({ evaluations }) => evaluations !== undefined],
];

/** `written`: what became of it, such as the names of the files. */
export function summaryLines(manifest: Manifest, findings: readonly Finding[], written: string): readonly Line[] {
  return [headline(manifest), `  ${counts(manifest)}${written === '' ? '' : `; ${written}`}`, advice(manifest, findings)];
}

function headline(manifest: Manifest): Line {
  const { bom, model } = manifest;
  const { subject = 'model' } = bom;
  const thing = manifest.datasets?.[subject] ?? manifest.components?.[subject] ?? manifest.models?.[subject] ?? model;
  const version = thing !== undefined && 'version' in thing ? thing.version : undefined;
  const facts = thing === model ? modelFacts(manifest) : [];
  const name = `${thing?.name ?? 'unnamed'}${version === undefined ? '' : ` ${version}`}`;
  return [['bold', name], facts.length === 0 ? '' : ` (${facts.join('; ')})`];
}

function modelFacts({ model }: Manifest): readonly string[] {
  const licenses = (model?.licenses ?? [])
    .map(({ expression, name, url }) => expression ?? name ?? url)
    .filter((each) => each !== undefined);
  const total = model?.parameterCount?.total;
  return [
    ...(model?.architecture?.name === undefined ? [] : [model.architecture.name]),
    ...(total === undefined ? [] : [`${total.toLocaleString('en-US')} parameters`]),
    ...(licenses.length === 0 ? [] : [licenses.slice(0, 3).join(', ')]),
  ];
}

function counts(manifest: Manifest): string {
  const parts = COUNTED.flatMap(([key, one, several]) => {
    const count = Object.keys(manifest[key] ?? {}).length;
    return count === 0 ? [] : [`${count.toLocaleString('en-US')} ${count === 1 ? one : several}`];
  });
  return parts.length === 0 ? 'no files' : parts.join(', ');
}

function advice(manifest: Manifest, findings: readonly Finding[]): Line {
  const missing = unsaid(manifest);
  const found = countsBySeverity(findings);
  return [
    '  look at: ',
    ...(found.length === 0 ? ['no finding'] : found),
    ...(missing.length === 0 ? [] : [`; not stated: ${missing.join(', ')}`]),
  ];
}

/** `2 high, 1 low findings`, the most serious first. */
function countsBySeverity(findings: readonly Finding[]): readonly Span[] {
  const rows = [...SEVERITIES]
    .reverse()
    .map((severity: Severity) => [severity, findings.filter((each) => each.severity === severity).length] as const)
    .filter(([, count]) => count > 0);
  return rows.flatMap(([severity, count], i): readonly Span[] => [
    ...(i === 0 ? [] : [', ']),
    [SEVERITY_STYLES[severity], `${count} ${severity}`],
    ...(i === rows.length - 1 ? [findings.length === 1 ? ' finding' : ' findings'] : []),
  ]);
}

/** Of a document that is about a model; of others it is not asked. */
function unsaid(manifest: Manifest): readonly string[] {
  const { subject = 'model', declarations = {} } = manifest.bom;
  if (subject !== 'model' || manifest.model === undefined) return [];
  const isDeclared = (pointer: string): boolean => Object.hasOwn(declarations, pointer) && declarations[pointer]?.status !== 'unknown';
  return ASKED.filter(([, pointer, isThere]) => !isThere(manifest) && !isDeclared(pointer)).map(([what]) => what);
}
