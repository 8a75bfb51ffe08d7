import { existsSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';

interface Node {
  readonly description?: string;
  readonly $ref?: string;
  readonly allOf?: readonly Node[];
  readonly oneOf?: readonly Node[];
  readonly items?: Node;
  readonly properties?: Readonly<Record<string, Node>>;
  readonly additionalProperties?: Node | boolean;
}

const schema = JSON.parse(readFileSync(new URL('../../schema/1.0/msbom.schema.json', import.meta.url), 'utf8')) as Node & {
  readonly $defs: Readonly<Record<string, Node>>;
};
const material = new URL('../../../shared/data/revision/profiles.json', import.meta.url);

/** The schema of the member `key` below `node`; lists are looked through. */
function member(node: Node | undefined, key: string): Node | undefined {
  if (node === undefined) return undefined;
  // What an id names has its members there.
  if (node.description?.includes('its id in `/components`') === true) return member(schema.$defs.Component, key);
  if (node.$ref !== undefined) return member(schema.$defs[node.$ref.split('/').at(-1) ?? ''], key);
  const branches = [...(node.allOf ?? []), ...(node.oneOf ?? [])];
  for (const branch of branches) {
    const found = member(branch, key);
    if (found !== undefined) return found;
  }
  if (node.items !== undefined) return /^\d+$/.test(key) ? node.items : member(node.items, key);
  const own = node.properties?.[key];
  if (own !== undefined) return own;
  return typeof node.additionalProperties === 'object' ? node.additionalProperties : undefined;
}

const resolves = (pointer: string): boolean =>
  pointer
    .split('/')
    .slice(1)
    .map((key) => key.replace('[]', ''))
    .filter((key) => key !== '*')
    .reduce<Node | undefined>(member, schema) !== undefined;

it('every property has a description', () => {
  const bare: string[] = [];
  const visit = (node: Node, path: string): void => {
    for (const [key, child] of Object.entries(node.properties ?? {})) {
      const described = 'description' in child || child.$ref !== undefined;
      if (!described) bare.push(`${path}/${key}`);
      visit(child, `${path}/${key}`);
      if (child.items !== undefined) visit(child.items, `${path}/${key}`);
    }
  };
  visit(schema, '');
  for (const [name, definition] of Object.entries(schema.$defs)) visit(definition, `$defs/${name}`);
  // Any value of JSON, described by its object: with a description of its own the type generator takes it for an object.
  expect(bare).toEqual(['$defs/EvidenceValue/said']);
});

it.skipIf(!existsSync(material))(
  `every concept of the compliance profiles has a place${existsSync(material) ? '' : ' (skipped: the profiles are not here)'}`,
  () => {
    const { concepts } = JSON.parse(readFileSync(material, 'utf8')) as { concepts: { pointer: string }[] };
    expect(concepts.length).toBeGreaterThanOrEqual(205);
    expect(concepts.map(({ pointer }) => pointer).filter((pointer) => !resolves(pointer))).toEqual([]);
  },
);
