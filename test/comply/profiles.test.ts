import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { CORE_FIELDS } from '../../src/comply/core-fields.js';
import { PROFILE_IDS, type Predicate, type Profile, type Where } from '../../src/comply/index.js';
import { isPredicate } from '../../src/comply/profile.js';
import { REFERENCES, SHAPES, WORDS } from '../../src/schema/index.js';
import { allProfiles } from '../support/complying.js';

const profiles = await allProfiles();
const requirements = profiles.flatMap((profile) => profile.requirements);
const schema = JSON.parse(readFileSync(new URL('../../schema/1.0/msbom.schema.json', import.meta.url), 'utf8')) as {
  $defs: Record<
    string,
    { enum?: string[]; properties?: Record<string, { $ref?: string; enum?: string[]; examples?: string[]; items?: { $ref?: string } }> }
  >;
};

/** A place of the specification: what is there, and which member holds it. */
interface Spot {
  readonly shape: string;
  readonly member: string | undefined;
}

const shapes: Record<string, Record<string, string>> = SHAPES;
const root: Spot = { shape: 'Manifest', member: undefined };

/** Where an id leads: any of the collections that its row names. */
const targets = ({ shape, member }: Spot): readonly Spot[] => {
  const row = member === undefined ? undefined : REFERENCES[member];
  if (shape !== 'text' || row === undefined) return [{ shape, member }];
  return [...row.in.map((name) => shapes.Manifest?.[name]?.slice(2) ?? ''), ...(row.subject === true ? ['Model'] : [])].map((each) => ({
    shape: each,
    member: undefined,
  }));
};

function inside(spot: Spot, key: string): readonly Spot[] {
  return targets(spot).flatMap(({ shape, member }): readonly Spot[] => {
    if (shape === '*') return [{ shape: '*', member }];
    if (shape.startsWith('[]')) return /^\d+$|^\*$/.test(key) ? [{ shape: shape.slice(2), member }] : [];
    if (shape.startsWith('{}')) return key === '*' ? [{ shape: shape.slice(2), member }] : [];
    const inner = shapes[shape]?.[key] ?? shapes[shape]?.['*'];
    return inner === undefined ? [] : [{ shape: inner, member: `${shape}.${key}` }];
  });
}

const at = (spots: readonly Spot[], path: string): readonly Spot[] =>
  path
    .split('/')
    .slice(1)
    .reduce<readonly Spot[]>((from, key) => from.flatMap((spot) => inside(spot, key)), spots);

const itemsOf = (spots: readonly Spot[]): readonly Spot[] =>
  spots.flatMap(({ shape, member }) => (/^(\[\]|\{\})/.test(shape) ? [{ shape: shape.slice(2), member }] : []));

/** The words that a place takes: closed ones of the schema, registered ones of open vocabularies. */
function wordsAt({ member }: Spot): readonly (string | boolean)[] | undefined {
  const [type = '', name = ''] = member?.split('.') ?? [];
  const property = schema.$defs[type]?.properties?.[name];
  const target = (property?.$ref ?? property?.items?.$ref)?.split('/').at(-1);
  return property?.enum ?? WORDS[member ?? ''] ?? (target === undefined ? undefined : (schema.$defs[target]?.enum ?? property?.examples));
}

/** Open texts whose words stand in no table: names of formats, and the points of Annex III. */
const FREE = new Set(['ArtifactFormat.serialization', 'Classification.annexIII']);

/** What is wrong with a predicate against the specification. */
function faults(predicate: Predicate, spots: readonly Spot[], keyed = false): readonly string[] {
  const found: string[] = [];
  const path = 'path' in predicate ? predicate.path : undefined;
  const here = path === undefined || path === '#' ? spots : at(spots, path);
  if (path === '#' && !keyed) found.push('# outside of a map');
  if (path !== undefined && path !== '#' && here.length === 0) found.push(`${path} leads nowhere`);
  const values = (list: readonly unknown[], of: readonly Spot[], where: string): void => {
    for (const spot of of) {
      const words = spot.shape.endsWith('flag') ? [true, false] : wordsAt(spot);
      if (words === undefined && !FREE.has(spot.member ?? '')) found.push(`${where}: no words for ${spot.member}`);
      for (const each of list)
        if (words !== undefined && !words.includes(each as string)) found.push(`${where}: ${String(each)} is no word`);
    }
  };
  if ('values' in predicate) values(predicate.values, here, predicate.path);
  if ('reference' in predicate && at([root], predicate.reference).length === 0) found.push(`${predicate.reference} leads nowhere`);
  if ('of' in predicate) found.push(...predicate.of.flatMap((each) => faults(each, spots, keyed)));
  if (predicate.op === 'every' || predicate.op === 'some' || predicate.op === 'none') {
    const items = itemsOf(here);
    if (items.length === 0) found.push(`${predicate.path} is neither list nor map`);
    const isMap = here.some(({ shape }) => shape.startsWith('{}'));
    found.push(...whereFaults(predicate.where, items, isMap, values));
    found.push(...(predicate.then ?? []).flatMap((each) => faults(each, items, isMap)));
  }
  return found;
}

function whereFaults(
  where: Where | undefined,
  items: readonly Spot[],
  isMap: boolean,
  values: (list: readonly unknown[], of: readonly Spot[], where: string) => void,
) {
  if (where === undefined) return [];
  if (isPredicate(where)) return faults(where, items, isMap);
  return Object.entries(where).flatMap(([path, list]) => {
    const spots = at(items, path);
    values(list, spots, path);
    return spots.length === 0 ? [`${path} leads nowhere`] : [];
  });
}

describe('the built-in profiles', () => {
  it('are the files of the directory, 30 with 624 requirements, each of its own id', () => {
    const files = readdirSync(new URL('../../src/comply/profiles/', import.meta.url)).filter((name) => name.endsWith('.json'));
    expect(PROFILE_IDS.map((id) => `${id}.json`).sort()).toEqual(files.sort());
    expect(profiles.map(({ id }) => id)).toEqual(PROFILE_IDS);
    expect(profiles).toHaveLength(30);
    expect(requirements).toHaveLength(624);
    expect(new Set(requirements.map(({ id }) => id)).size).toBe(624);
  });
  it('say how each text was read, 23 of them from memory', () => {
    const counts = new Map<string, number>();
    for (const { reading } of requirements) counts.set(reading, (counts.get(reading) ?? 0) + 1);
    expect(Object.fromEntries(counts)).toEqual({
      own: 20,
      primary: 297,
      secondary: 235,
      transcript: 49,
      memory: 23,
    });
  });
  it('say nothing about keeping a law', () => {
    expect(JSON.stringify(profiles)).not.toMatch(/compliant/i);
  });
  it.each(profiles.map((profile): [string, Profile] => [profile.id, profile]))(
    '%s asks for places and words of the specification',
    (_, profile) => {
      for (const { id, predicate, when } of profile.requirements)
        expect([id, ...faults(predicate, [root]), ...(when === undefined ? [] : faults(when, [root]))]).toEqual([id]);
    },
  );
  it('would be caught asking for others', () => {
    const present = (path: string) => faults({ op: 'present', path }, [root]);
    expect(present('/bom/specVersoin')).toEqual(['/bom/specVersoin leads nowhere']);
    expect(present('/components/0/name')).not.toEqual([]);
    expect(present('/model/producer/phone')).not.toEqual([]);
    expect(present('/model/producer/contact/email')).toEqual([]);
    expect(faults({ op: 'every', path: '/model/name' }, [root])).not.toEqual([]);
    expect(faults({ op: 'some', path: '/artifacts', where: { '/role': ['optimizerState'] } }, [root])).toEqual([
      '/role: optimizerState is no word',
    ]);
    expect(faults({ op: 'some', path: '/security/vulnerabilities', where: { '/status': ['harmless'] } }, [root])).toEqual([
      '/status: harmless is no word',
    ]);
  });
  it('know the fields of the core by places of the specification', () => {
    for (const path of CORE_FIELDS.flatMap((each) => each.split('|'))) expect([path, at([root], path).length]).toEqual([path, 1]);
  });
});
