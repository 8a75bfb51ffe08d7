import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { isOrdered, KEYS, type Manifest, ORDERED, REFERENCES, referencesIn, SHAPES, THINGS, visit, WORDS } from '../../src/schema/index.js';

interface Node {
  readonly $ref?: string;
  readonly type?: string;
  readonly title?: string;
  readonly description?: string;
  readonly pattern?: string;
  readonly examples?: readonly string[];
  readonly items?: Node;
  readonly properties?: Readonly<Record<string, Node>>;
  readonly propertyNames?: Node;
  readonly additionalProperties?: boolean | Node;
  readonly $defs?: Readonly<Record<string, Node>>;
}
const schema: Node = JSON.parse(readFileSync(new URL('../../schema/1.0/msbom.schema.json', import.meta.url), 'utf8'));
const defs = schema.$defs ?? {};
const named = (node: Node) => (node.$ref === undefined ? node : (defs[node.$ref.split('/').at(-1) ?? ''] ?? node));

/** Every member of every type, as `Type.member`. */
const members: readonly (readonly [string, Node])[] = [['Manifest', schema] as const, ...Object.entries(defs)].flatMap(([type, node]) =>
  Object.entries(node.properties ?? {}).map(([name, child]) => [`${type}.${name}`, child] as const),
);
const isMap = (node: Node) => node.type === 'object' && typeof node.additionalProperties === 'object';
const ID = /^\^\[A-Za-z0-9\]\[A-Za-z0-9\._-\]/;

/** The scalar that a member, its items or its values are. */
const scalar = (node: Node): Node => {
  const target = named(node);
  const inner = target.items ?? (isMap(target) ? (target.additionalProperties as Node) : undefined);
  return inner === undefined ? target : scalar(inner);
};

describe('references', () => {
  const saysSo = ([name, node]: readonly [string, Node]) =>
    (/in `\/[a-zA-Z]+`|among `\/artifacts`|by key in `/.test(node.description ?? '') && name !== 'Model.files') ||
    name === 'Manifest.dependencies';

  it('lists every member whose meaning says that it names something', () => {
    const said = members.filter(saysSo).map(([name]) => name);
    expect(said.filter((name) => REFERENCES[name] === undefined)).toEqual([]);
    expect(said.length).toBeGreaterThan(40);
  });
  it('lists every member that is an id', () => {
    const ids = members.filter(([, node]) => ID.test(scalar(node).pattern ?? '')).map(([name]) => name);
    expect(ids.filter((name) => REFERENCES[name] === undefined)).toEqual([]);
  });
  it('lists nothing else, and names the collection that the meaning names', () => {
    const meanings = new Map(members);
    for (const [name, row] of Object.entries(REFERENCES)) {
      const meaning = meanings.get(name)?.description ?? '';
      expect(meanings.has(name), name).toBe(true);
      const collections = [...meaning.matchAll(/`\/([a-zA-Z]+)`/g)].map((match) => match[1]);
      for (const collection of collections) expect([...row.in, 'model'], name).toContain(collection);
      for (const collection of row.in) expect(Object.keys(schema.properties ?? {})).toContain(collection);
    }
  });
});

describe('keys', () => {
  it('says of every map what its keys are, and of nothing else', () => {
    expect(Object.keys(KEYS).sort()).toEqual(
      members
        .filter(([, node]) => isMap(named(node)))
        .map(([name]) => name)
        .sort(),
    );
  });
  it('agrees with the patterns of the keys', () => {
    for (const [name, node] of members.filter(([member]) => KEYS[member] !== undefined)) {
      const { pattern = '' } = node.propertyNames ?? {};
      const kind = ID.test(pattern)
        ? ['id', 'thing']
        : pattern.startsWith('^(/')
          ? ['pointer']
          : pattern.includes('[^/')
            ? ['path']
            : ['name'];
      expect(kind, name).toContain(KEYS[name]);
    }
  });
  it('shares one space of ids among collections that are keyed by id', () => {
    for (const collection of THINGS) expect(KEYS[`Manifest.${collection}`]).toBe('id');
  });
});

describe('lists with an order', () => {
  it('are lists', () => {
    const lists = new Set(members.filter(([, node]) => named(node).type === 'array').map(([name]) => name));
    expect([...ORDERED].filter((name) => !lists.has(name))).toEqual([]);
  });
  it('are those whose meaning speaks of an order', () => {
    const said = members.filter(
      ([, { description = '', type }]) => type === 'array' && /in order|oldest first|outermost first|History/.test(description),
    );
    expect(said.map(([name]) => name).filter((name) => !ORDERED.has(name))).toEqual([]);
    expect(isOrdered('ModelIo', 'inputs')).toBe(true);
    expect(isOrdered('Model', 'licenses')).toBe(false);
  });
});

describe('shapes', () => {
  const shapes: Readonly<Record<string, Readonly<Record<string, string>>>> = SHAPES;
  it('have every member of every type in the order of the schema', () => {
    for (const [type, node] of [['Manifest', schema] as const, ...Object.entries(defs)])
      if (node.properties !== undefined)
        expect(
          Object.keys(shapes[type] ?? {}).filter((name) => name !== '*'),
          type,
        ).toEqual(Object.keys(node.properties));
  });
  it('name types that there are', () => {
    const named = Object.values(shapes).flatMap((type) => Object.values(type).map((shape) => shape.replace(/^(\[\]|\{\})+/, '')));
    expect(named.filter((name) => !['text', 'number', 'flag', '*'].includes(name) && shapes[name] === undefined)).toEqual([]);
  });
});

describe('words', () => {
  it('stand for every open vocabulary', () => {
    const open = members
      .filter(([, node]) => scalar(node).examples !== undefined || node.propertyNames?.examples !== undefined)
      .map(([name]) => name);
    expect(Object.keys(WORDS).sort()).toEqual([...open].sort());
  });
});

const bom = {
  specVersion: '1.0',
  serialNumber: 'urn:uuid:3e671687-395b-41f5-a30f-a58921a69b79',
  version: 1,
  timestamp: '2026-01-01T00:00:00Z',
};

describe('visit', () => {
  const document: Manifest = {
    bom: { ...bom, authors: ['acme'] },
    parties: { acme: { name: 'Acme' } },
    model: { name: 'm', training: { stages: { sft: { hyperparameters: { model: { dataset: 'x' } }, uses: { a: { dataset: 'a~b' } } } } } },
    artifacts: { 'a/b~c': { size: 1, digest: { sha256: '0'.repeat(64) } } },
    dependencies: { model: { edges: { loads: ['torch', 'numpy'] } } },
  };
  it('gives pointers, types and members', () => {
    const seen = new Map<string, string>();
    visit(document, ({ pointer, type, member, inside }) => seen.set(pointer, `${type ?? ''} ${member ?? ''} ${inside ?? ''}`));
    expect(seen.get('')).toBe('Manifest  ');
    expect(seen.get('/artifacts')).toBe(' Manifest.artifacts ');
    expect(seen.get('/artifacts/a~1b~0c')).toBe('Artifact Manifest.artifacts map');
    expect(seen.get('/bom/authors/0')).toBe(' Bom.authors list');
    expect(seen.get('/model/training/stages/sft/uses/a')).toBe('DatasetUse Stage.uses map');
    expect(seen.get('/dependencies/model/edges/loads/1')).toBe(' DependencyNode.edges list');
    expect([...seen.keys()].filter((pointer) => pointer.startsWith('/model/training/stages/sft/hyperparameters/'))).toEqual([]);
  });
  it('finds what is named, in keys too', () => {
    expect(referencesIn(document).map(({ pointer, value }) => `${pointer} ${value}`)).toEqual([
      '/bom/authors/0 acme',
      '/model/training/stages/sft/uses/a/dataset a~b',
      '/dependencies/model model',
      '/dependencies/model/edges/loads/0 torch',
      '/dependencies/model/edges/loads/1 numpy',
    ]);
  });
  it('passes over what has another type than the specification says', () => {
    const broken = { bom: 1, model: ['x'], artifacts: [{ size: 1 }], constructor: {} } as unknown as Manifest;
    const seen: string[] = [];
    visit(broken, ({ pointer }) => seen.push(pointer));
    expect(seen).toEqual(['', '/bom', '/model', '/artifacts']);
  });
});
