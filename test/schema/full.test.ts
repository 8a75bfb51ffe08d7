import { describe, expect, it } from 'vitest';
import schema from '../../schema/1.0/msbom.schema.json' with { type: 'json' };
import { isBlocking } from '../../src/core/finding.js';
import { validateManifest } from '../../src/validate/index.js';
import { full, fullText } from '../support/full-manifest.js';

/** A node of the schema, as far as it is walked. */
interface Node {
  readonly $ref?: string;
  readonly properties?: Readonly<Record<string, Node>>;
  readonly items?: Node;
  readonly additionalProperties?: boolean | Node;
}
const definitions = schema.$defs as unknown as Readonly<Record<string, Node>>;

/** Every property of every definition that a value fills, by the schema itself. */
function fill(value: unknown, node: Node, title: string, filled: Set<string>): void {
  const name = node.$ref?.slice('#/$defs/'.length);
  if (name !== undefined) fill(value, definitions[name] ?? {}, name, filled);
  else if (Array.isArray(value)) for (const item of value) fill(item, node.items ?? {}, title, filled);
  else if (typeof value === 'object' && value !== null)
    for (const [key, member] of Object.entries(value)) {
      const property = node.properties?.[key];
      if (property !== undefined) filled.add(`${title}.${key}`);
      const { additionalProperties: others } = node;
      fill(member, property ?? (typeof others === 'object' ? others : {}), property === undefined ? title : `${title}.${key}`, filled);
    }
}

describe('the full manifest', () => {
  it('is valid, and nothing of it is a finding above the lowest', () => {
    expect(validateManifest(full).findings.filter(({ severity }) => severity !== 'info')).toEqual([]);
    expect(validateManifest(full).findings.filter(isBlocking)).toEqual([]);
  });

  it('fills every property of the schema, without exception', () => {
    const filled = new Set<string>();
    fill(JSON.parse(fullText), schema as unknown as Node, 'Manifest', filled);
    const all = [['Manifest', schema as unknown as Node] as const, ...Object.entries(definitions)].flatMap(([title, { properties = {} }]) =>
      Object.keys(properties).map((key) => `${title}.${key}`),
    );
    expect(all.length).toBeGreaterThan(850);
    expect(all.filter((property) => !filled.has(property))).toEqual([]);
  });

  it('misses a property that is taken out of it', () => {
    const filled = new Set<string>();
    const { rationale: _rationale, ...training } = (JSON.parse(fullText) as { model: { training: Record<string, unknown> } }).model
      .training;
    fill({ model: { training } }, schema as unknown as Node, 'Manifest', filled);
    expect([filled.has('Training.code'), filled.has('Training.rationale')]).toEqual([true, false]);
  });
});
