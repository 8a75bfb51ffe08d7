import { readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const src = fileURLToPath(new URL('../src/', import.meta.url));

/** Which layer may import which; nothing points back and siblings never meet. */
const LAYERS: Readonly<Record<string, readonly string[]>> = {
  core: [],
  schema: ['core'],
  manifest: ['core', 'schema'],
  validate: ['core', 'schema', 'manifest'],
  build: ['core', 'schema', 'manifest', 'validate'],
  formats: ['core'],
  collect: ['core', 'schema', 'manifest', 'formats'],
  probe: ['core', 'schema', 'manifest', 'formats', 'collect'],
  convert: ['core', 'schema', 'manifest'],
  report: ['core', 'schema', 'manifest'],
  audit: ['core', 'schema', 'report'],
  comply: ['core', 'schema', 'manifest', 'validate', 'convert', 'report'],
  paper: ['core', 'schema', 'manifest', 'convert', 'report', 'comply'],
  scan: ['core', 'formats'],
  show: ['core', 'schema', 'manifest', 'report'],
  platform: ['core'],
  sign: ['core', 'platform'],
  lineage: ['core', 'report', 'platform', 'sign'],
  oci: ['core', 'platform', 'sign', 'lineage'],
  policy: ['core', 'sign', 'lineage'],
  'collect/disk': ['core', 'schema', 'manifest', 'build', 'formats', 'collect', 'probe', 'platform'],
  record: ['core', 'schema', 'manifest', 'build', 'validate', 'formats', 'collect', 'collect/disk', 'probe', 'platform'],
  verbs: [
    'core',
    'schema',
    'manifest',
    'validate',
    'build',
    'formats',
    'collect',
    'collect/disk',
    'probe',
    'convert',
    'report',
    'audit',
    'comply',
    'paper',
    'platform',
    'record',
    'sign',
    'oci',
    'scan',
    'show',
  ],
  'index.ts': ['core', 'schema', 'manifest', 'validate', 'build'],
  'node.ts': ['core', 'schema', 'manifest', 'build', 'formats', 'collect', 'collect/disk', 'probe', 'platform', 'record', 'verbs'],
  cli: [
    'core',
    'schema',
    'manifest',
    'validate',
    'build',
    'formats',
    'collect',
    'collect/disk',
    'probe',
    'convert',
    'report',
    'audit',
    'comply',
    'paper',
    'platform',
    'verbs',
    'record',
    'sign',
    'lineage',
    'oci',
    'policy',
    'scan',
    'show',
    'node.ts',
  ],
};
/** May use modules of Node. */
const NODE_ONLY = new Set(['platform', 'sign', 'lineage', 'oci', 'policy', 'collect/disk', 'record', 'verbs', 'node.ts', 'cli']);
const manifest = JSON.parse(readFileSync(join(src, '../package.json'), 'utf8')) as { dependencies: object; peerDependencies: object };
/** Part of the build, so that nobody has to install them: see docs/dependencies.md. */
const BUILT_IN = ['docx', 'fflate'];
const DEPENDENCIES = [...Object.keys({ ...manifest.dependencies, ...manifest.peerDependencies }), ...BUILT_IN];

interface Source {
  readonly path: string;
  readonly layer: string;
  readonly text: string;
  readonly imports: readonly string[];
}

/** The layer of a path below `src`: its first folder, but for the part of `collect` that reads the disk. */
const layerOf = (path: string) =>
  path.startsWith('collect/disk/') ? 'collect/disk' : path.split('/').slice(0, 1).join('/').replace(/\.js$/, '.ts');

/** Modules that a text imports, statically or when needed. */
function importsOf(text: string): readonly string[] {
  return [...text.matchAll(/^(?:import|export|\}) ?[^'\n]*from '([^']+)'|\bimport\('([^']+)'\)/gm)].map(
    (match) => match[1] ?? match[2] ?? '',
  );
}

const sources: readonly Source[] = (readdirSync(src, { recursive: true }) as string[])
  .filter((path) => path.endsWith('.ts'))
  .map((path) => {
    const text = readFileSync(join(src, path), 'utf8');
    const imports = path.includes('generated/validate') ? [] : importsOf(text);
    return { path, layer: layerOf(path), text, imports };
  });

describe.each(sources.map((source) => [source.path, source] as const))('%s', (path, { layer, text, imports }) => {
  const allowed = LAYERS[layer];
  it('imports only what its layer may', () => {
    expect(allowed, `the layer ${layer} is not in the table`).toBeDefined();
    for (const target of imports) {
      if (target.startsWith('.')) {
        const to = layerOf(relative(src, join(src, dirname(path), target)));
        if (to !== layer) expect(allowed, `${path} imports ${target}`).toContain(to);
      } else if (target.startsWith('node:')) expect(NODE_ONLY.has(layer), `${path} imports ${target}`).toBe(true);
      else
        expect(
          DEPENDENCIES.some((name) => target === name || target.startsWith(`${name}/`)),
          `${path} imports ${target}`,
        ).toBe(true);
    }
  });
  it('keeps to the rules of the code', () => {
    if (path.includes('generated/')) return;
    expect(text).not.toMatch(/^export \* /m);
    expect(text).not.toMatch(/^(export )?(const )?enum /m);
    expect(text).not.toMatch(/\b(fetch|XMLHttpRequest|WebSocket)\s*\(/);
    expect(text).not.toMatch(/process\.exit\((?!0\))/);
    expect(text.split('\n').length, 'lines').toBeLessThanOrEqual(400);
  });
});

it('has no import cycles between files', () => {
  const graph = new Map(
    sources.map(({ path, imports }) => [
      path,
      imports
        .filter((target) => target.startsWith('.'))
        .map((target) => relative(src, join(src, dirname(path), target)).replace(/\.js$/, '.ts')),
    ]),
  );
  const typeOnly = new Set(
    sources.flatMap(({ path, text }) =>
      [...text.matchAll(/import type [^;]*from '(\.[^']+)'/g)].map(
        (match) => `${path} ${relative(src, join(src, dirname(path), match[1] ?? '')).replace(/\.js$/, '.ts')}`,
      ),
    ),
  );
  const done = new Set<string>();
  const visit = (node: string, trail: readonly string[]): void => {
    expect(trail.includes(node), [...trail, node].join(' → ')).toBe(false);
    if (done.has(node)) return;
    for (const next of graph.get(node) ?? []) if (!typeOnly.has(`${node} ${next}`)) visit(next, [...trail, node]);
    done.add(node);
  };
  for (const node of graph.keys()) visit(node, []);
});

it('has only files that belong to a layer', () => {
  expect(new Set(readdirSync(src).map((name) => (statSync(join(src, name)).isDirectory() ? name : name)))).toEqual(
    new Set(Object.keys(LAYERS).map((layer) => layer.split('/')[0])),
  );
});
