/** Every native name of the mapping stands in the golden documents, on things of its kind. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { KINDS as CYCLONEDX } from '../../src/convert/cyclonedx/things.js';
import { CODECS } from '../../src/convert/mapping/codecs.js';
import { KINDS as COMPONENT_KINDS, cycloneDXType } from '../../src/convert/mapping/kinds.js';
import type { Row } from '../../src/convert/mapping/row.js';
import { VULNERABILITY } from '../../src/convert/mapping/vulnerability.js';
import { KINDS as SPDX3 } from '../../src/convert/spdx3/things.js';

type Node = Readonly<Record<string, unknown>>;
const read = (name: string) => readFileSync(new URL(`./golden/full.${name}`, import.meta.url), 'utf8');
const isObject = (value: unknown): value is Node => typeof value === 'object' && value !== null && !Array.isArray(value);

/** Every object of a document, however deep. */
function objectsIn(value: unknown): readonly Node[] {
  if (Array.isArray(value)) return value.flatMap(objectsIn);
  return isObject(value) ? [value, ...Object.values(value).flatMap(objectsIn)] : [];
}

/** Is there something at a place with dots? Lists on the way are looked into. */
function has(value: unknown, [step, ...steps]: readonly string[]): boolean {
  if (step === undefined) return value !== undefined;
  if (Array.isArray(value)) return value.some((each) => has(each, [step, ...steps]));
  return isObject(value) && Object.hasOwn(value, step) && has(value[step], steps);
}

const PROPERTIES = ['name', 'extension_cdxPropName', 'key'] as const;
const hasProperty = (node: Node, name: string): boolean =>
  objectsIn([node.properties, node.extension, node.ai_hyperparameter]).some((each) => PROPERTIES.some((key) => each[key] === name));

const rowsOf = (kind: { readonly rows: readonly Row[] }): readonly Row[] => kind.rows;
const missing = (rows: readonly Row[], place: (row: Row) => string | undefined, nodes: readonly Node[]): readonly string[] =>
  rows.flatMap((row) => {
    const name = place(row)
      ?.replace(/\[\]$/, '')
      .replace(/^dataset\./, 'data.');
    if (name === undefined) return [];
    const isThere = nodes.some((node) => (name.includes(':') ? hasProperty(node, name) : has(node, name.split('.'))));
    return isThere ? [] : [`${row.at}: ${name}`];
  });

describe.each(['1.5', '1.6', '1.7'])('CycloneDX %s', (version) => {
  const document = JSON.parse(read(`cyclonedx@${version}.json`)) as Node;
  const metadata = document.metadata as Node;
  const all = objectsIn(document).filter(({ type, 'bom-ref': ref }) => typeof type === 'string' && typeof ref === 'string');
  const NODES: Readonly<Record<keyof typeof CYCLONEDX, readonly Node[]>> = {
    subject: [metadata.component as Node],
    model: all.filter(({ type, 'bom-ref': ref }) => type === 'machine-learning-model' && ref !== 'model'),
    dataset: all.filter(({ data }) => data !== undefined),
    component: all.filter(({ type }) => type === 'library'),
    file: all.filter(({ 'bom-ref': ref }) => String(ref).startsWith('file:')),
    service: document.services as readonly Node[],
  };
  const isThere = ({ since = '1.5' }: Row): boolean => since <= version;

  it.each(Object.keys(CYCLONEDX) as (keyof typeof CYCLONEDX)[])('has every member of a %s', (name) => {
    // Another model than the subject has the members that the subject has.
    const rows = rowsOf(CYCLONEDX[name === 'model' ? 'subject' : name]).filter(isThere);
    // A file has the same rows for its properties, and in the full manifest all of them.
    const own = rows.filter(({ at }) => name !== 'component' || !at.startsWith('properties.'));
    expect(missing(own, ({ cyclonedx }) => cyclonedx, name === 'model' ? NODES.subject : NODES[name])).toEqual([]);
    const places = CYCLONEDX[name].blocks.flatMap((block) => block.places);
    const inCard = places.filter((place) => !NODES[name].concat(NODES.subject).some((node) => has(node, place.split('.'))));
    const ABSENT: Readonly<Record<string, readonly string[]>> = {
      '1.5': ['manufacturer', 'authors', 'swhid', 'omniborId', 'modelCard.considerations.environmentalConsiderations'],
      '1.6': ['author'],
      '1.7': ['author'],
    };
    expect(inCard.filter((place) => !(ABSENT[version] ?? []).includes(place))).toEqual([]);
  });

  it('has every member of a weakness', () => {
    expect(missing(VULNERABILITY, ({ cyclonedx }) => cyclonedx, document.vulnerabilities as readonly Node[])).toEqual([]);
  });

  it('has every kind of component that it has a word for', () => {
    const words = new Set(all.map(({ type }) => type));
    const own = COMPONENT_KINDS.flatMap(({ type }) => (cycloneDXType(type, version) === type ? [type] : []));
    expect(own.length).toBe(version === '1.5' ? 12 : 13);
    expect(own.filter((word) => !words.has(word))).toEqual([]);
    expect(own[0]).toBe('application');
  });
});

describe('SPDX 3.0.1', () => {
  const graph = (JSON.parse(read('spdx@3.0.1.json')) as { readonly '@graph': readonly Node[] })['@graph'];
  const placeOf = ({ spdx3, cyclonedx }: Row): string | undefined => spdx3 ?? (cyclonedx?.startsWith('cdx:') ? cyclonedx : undefined);
  it.each(Object.keys(SPDX3) as (keyof typeof SPDX3)[])('has every member of a %s', (name) => {
    const { class: type } = SPDX3[name];
    const nodes = graph.filter((node) => node.type === type);
    const rows: readonly Row[] = rowsOf(SPDX3[name]).filter(({ at }) => name !== 'softwareFile' || !LACKING.has(at));
    expect(missing(rows, placeOf, nodes)).toEqual([]);
    const places = SPDX3[name].blocks.flatMap((block) => block.places).filter((place) => !place.startsWith('@'));
    const absent = places.filter((place) => !nodes.some((node) => Object.hasOwn(node, place)));
    expect(absent.filter((place) => name !== 'softwareFile' || place !== 'externalIdentifier')).toEqual([]);
  });
  /** The full manifest has one file of software, which says little: the rows are those of components. */
  const LACKING = new Set(['description', 'copyright', 'timestamp', 'supportEnd']);

  it('has every member of a weakness, and every purpose', () => {
    expect(
      missing(
        VULNERABILITY,
        ({ spdx3 }) => spdx3,
        graph.filter(({ type }) => type === 'security_Vulnerability'),
      ),
    ).toEqual([]);
    const purposes = new Set(graph.map((node) => node.software_primaryPurpose));
    expect(COMPONENT_KINDS.flatMap(({ spdx3 = 'library' }) => (purposes.has(spdx3) ? [] : [spdx3]))).toEqual([]);
  });
});

describe('SPDX 2.3', () => {
  const document = JSON.parse(read('spdx@2.3.json')) as Readonly<Record<string, readonly Node[]>>;
  it.each(Object.keys(SPDX3) as (keyof typeof SPDX3)[])('has every member of a %s', (name) => {
    const nodes = name === 'file' ? (document.files ?? []) : (document.packages ?? []);
    expect(missing(rowsOf(SPDX3[name]), ({ spdx2 }) => spdx2, nodes)).toEqual([]);
  });
  it('has every purpose', () => {
    const purposes = new Set(document.packages?.map(({ primaryPackagePurpose }) => primaryPackagePurpose));
    // A file is an entry of its own list.
    expect(COMPONENT_KINDS.flatMap(({ spdx2 = 'OTHER' }) => (purposes.has(spdx2) || spdx2 === 'FILE' ? [] : [spdx2]))).toEqual([]);
  });
});

it('has a use for every codec', () => {
  const rows: readonly Row[] = [...Object.values(CYCLONEDX), ...Object.values(SPDX3)].flatMap(rowsOf).concat(VULNERABILITY);
  const used = new Set(rows.flatMap(({ codec = 'same' }) => (typeof codec === 'string' ? [codec] : Object.values(codec))));
  expect(Object.keys(CODECS).filter((name) => !used.has(name as keyof typeof CODECS))).toEqual([]);
});

it('misses a name that is no longer written', () => {
  const row: Row = { at: 'name', cyclonedx: 'modelCard.modelParameters.tusk' };
  const subject = (JSON.parse(read('cyclonedx@1.6.json')) as { readonly metadata: { readonly component: Node } }).metadata.component;
  expect(missing([row, { ...row, cyclonedx: 'modelCard.modelParameters.task' }], ({ cyclonedx }) => cyclonedx, [subject])).toEqual([
    'name: modelCard.modelParameters.tusk',
  ]);
});
