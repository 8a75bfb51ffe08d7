/**
 * Arbitrary SPDX 3.0.1 documents, driven by the table of classes that is made from the official schema: elements of every
 * class with values of every kind, references closed, relationships of every type, in the shapes in which producers write.
 */
import fc from 'fast-check';
import { isA, isElement, propertiesOf, type SPDXValue } from '../../src/convert/spdx3/classes.js';
import { SPDX_CLASSES } from '../../src/convert/spdx3/generated/classes.js';
import { CONTEXT } from '../../src/convert/spdx3/words.js';

type Json = Record<string, unknown>;

/** Numbers from which a document is made, one for each choice: shorter and smaller ones give simpler documents. */
class Tape {
  #at = 0;
  constructor(readonly numbers: readonly number[]) {}
  below(count: number): number {
    return (this.numbers[this.#at++] ?? 0) % count;
  }
  chance(percent: number): boolean {
    return this.below(100) >= 100 - percent;
  }
  of<T>(list: readonly [T, ...T[]] | readonly T[]): T {
    return list[this.below(list.length)] as T; // no list here is empty
  }
}

const CONCRETE = Object.keys(SPDX_CLASSES).filter((name) => SPDX_CLASSES[name]?.id !== undefined);
/** Every class of which things are, by what it is below. */
const below = (wanted: string): readonly string[] => CONCRETE.filter((name) => isA(name, wanted));
const ELEMENTS = CONCRETE.filter(isElement);
/** The classes that stand in some document: all of which things are, but for the words of closed lists. */
export const PRODUCED = CONCRETE.filter((name) => propertiesOf(name).size > 0);
const PACKAGES = ['ai_AIPackage', 'dataset_DatasetPackage', 'software_Package'] as const;
const FREQUENT = ['Relationship', 'LifecycleScopedRelationship', 'Annotation', ...PACKAGES, 'software_File', 'build_Build'] as const;

const HEX = { md5: 32, sha1: 40, sha224: 56, sha256: 64, sha384: 96, sha512: 128 } as const;
const BASES = ['https://example.org/spdx/doc', 'urn:example:doc', 'urn:cdx:3e671687-395b-41f5-a30f-a58921a69b79/1'] as const;
const TAILS = ['thing', 'model', 'msbom:run', 'msbom:sbom', 'file%3Aweights.bin', 'file:weights.bin', '%E0%A4%A', 'a b', 'Größe'] as const;
const TEXTS = [
  'x',
  'Two words',
  '',
  ' padded ',
  'two\nlines',
  'line\n',
  '<&>"\'',
  '𝕬𝖘𝖙𝖗𝖆𝖑',
  'name: value',
  'training/loss',
  'supervised',
  'true',
  '0.10',
  '7',
  '1e400',
  '-0',
  '{"json":true}',
  '__proto__',
  'constructor',
  'NOASSERTION',
  'https://example.org/a',
  'urn:example:b',
  'not a uri',
] as const;
const PROPERTY_NAMES = [
  'own:name',
  'msbom:synthetic',
  'msbom:kind',
  'msbom:dataset:role',
  'msbom:file:size',
  'msbom:model:author',
  'cdx:ai-ml:model:parameter:tune_method',
  'msbom:environment:purpose',
  '',
] as const;

/** What stands in a property more often than any text. */
const LIKELY: Readonly<Record<string, readonly string[]>> = {
  software_packageUrl: ['pkg:pypi/torch@2.9.0', 'pkg:huggingface/example/m@0123abcd', 'pkg:'],
  software_downloadLocation: ['https://example.org/d', 'git+https://example.org/r', 'NOASSERTION'],
  software_homePage: ['https://example.org/'],
  software_packageVersion: ['1.0', '2.0.0-rc.1'],
  simplelicensing_licenseExpression: ['MIT', 'Apache-2.0 OR MIT', 'LicenseRef-Own', 'NONE', 'Llama 2'],
  identifier: [
    'CVE-2026-0001',
    'CVE-1',
    'lab@example.org',
    'not an e-mail',
    'pkg:npm/a@1',
    'cpe:2.3:a:a:b:1:*:*:*:*:*:*:*',
    '529900T8BM49AURSDO55',
  ],
  comment: ['lei', 'euid', 'doi', 'uuid', 'loads', 'license: original', 'security.txt', 'modelCard: Card', 'api', 'threat model'],
  issuingAuthority: ['https://example.org/authority'],
  build_buildType: ['https://example.org/build', 'urn:msbom:build:training', 'urn:msbom:build:training-stage'],
  extension_cdxPropName: PROPERTY_NAMES,
  extension_cdxPropValue: ['dataset_datasetType', 'name', 'ancestor', 'adapter', 'service', 'environment', '12', 'training', 'finetune'],
  key: ['lr', 'cdx:ai-ml:model:parameter:count', 'msbom:quantization:bits', 'LicenseRef-Own', 'mAP: 50', 'training/'],
  value: ['0.1', '1e-7', '12', 'null', 'urn:example:text'],
  ai_typeOfModel: ['transformer', 'supervised', 'reinforcement-learning'],
  dataset_dataPreprocessing: ['tokenize', 'filter: by language', 'other'],
};

/** Words that the schema takes for a time; one is none in the calendar. */
const TIMES = [
  '2026-01-31T09:00:00Z',
  '1999-12-31T23:59:59Z',
  '2024-02-29T00:00:00Z',
  '2026-02-30T10:00:00Z',
  '0000-01-01T00:00:00Z',
] as const;
const PATTERNS: Readonly<Record<string, readonly string[]>> = {
  contentType: ['application/json', 'text/plain; charset=utf-8', 'a /b'],
  specVersion: ['3.0.1', '3.0.0', '3.0.1-rc.1+x'],
  simplelicensing_licenseListVersion: ['3.27.0', '3.28.1-draft'],
};

interface Planned {
  readonly type: string;
  readonly id: string;
  written: boolean;
}

/** Writes one document from a tape. */
class Producer {
  readonly #plan: Planned[] = [];
  readonly #ids = new Set<string>();
  readonly #top: Json[] = [];
  readonly #infos: string[] = [];
  readonly #base: string;
  #blanks = 0;

  constructor(readonly tape: Tape) {
    this.#base = tape.of(BASES);
  }

  document(): Json {
    const { tape } = this;
    this.#add(tape.of([...PACKAGES, ...PACKAGES, 'software_File']));
    if (tape.chance(70)) this.#add('SpdxDocument', this.#base);
    if (tape.chance(50)) this.#add('software_Sbom');
    for (let more = tape.below(14); more > 0; more--) this.#add(tape.chance(55) ? tape.of(FREQUENT) : tape.of(ELEMENTS));
    // Elements are added while others are written.
    for (let i = 0; i < this.#plan.length; i++) {
      const planned = this.#plan[i] as Planned; // within the list
      if (!planned.written) this.#top.push(this.#element(planned, 0));
    }
    for (let i = this.#top.length - 1; i > 0; i--) {
      const j = i - tape.below(i + 1);
      [this.#top[i], this.#top[j]] = [this.#top[j] as Json, this.#top[i] as Json]; // within the list
    }
    const [only] = this.#top;
    return this.#top.length === 1 && tape.chance(50) ? { '@context': CONTEXT, ...only } : { '@context': CONTEXT, '@graph': this.#top };
  }

  #add(type: string, wanted = this.#newId()): Planned {
    let id = wanted;
    for (let n = 2; this.#ids.has(id); n++) id = `${wanted}-${n}`;
    this.#ids.add(id);
    const planned = { type, id, written: false };
    this.#plan.push(planned);
    return planned;
  }

  #newId(): string {
    const { tape } = this;
    const tail = tape.of(TAILS);
    return tape.of([
      `${this.#base}#${tail}`,
      `https://elsewhere.example/${tail}`,
      `urn:spdx:${encodeURIComponent(tail)}`,
      `${tape.of(BASES)}#${tail}`,
    ]);
  }

  #element(planned: Planned, depth: number): Json {
    planned.written = true;
    return this.#object(planned.type, { type: planned.type, spdxId: planned.id }, depth);
  }

  #object(type: string, start: Json, depth: number): Json {
    const object: Json = start;
    for (const [name, property] of propertiesOf(type)) {
      const often = name === 'name' ? 80 : isA(type, 'software_Package') || isA(type, 'Relationship') ? 30 : 20;
      if (property.required !== true && !this.tape.chance(often)) continue;
      const value = name === 'creationInfo' ? this.#creationInfo(depth) : this.#property(name, property, object, depth);
      if (value !== undefined) object[name] = value;
    }
    return object;
  }

  #property(name: string, property: SPDXValue, object: Json, depth: number): unknown {
    if (property.list === undefined) return this.#value(name, property, object, depth);
    const count = property.list + this.tape.below(3);
    const values = Array.from({ length: count }, () => this.#value(name, property, object, depth)).filter((value) => value !== undefined);
    return values.length < property.list ? undefined : values;
  }

  #value(name: string, property: SPDXValue, object: Json, depth: number): unknown {
    const { tape } = this;
    if (property.class !== undefined) return this.#reference(property.class, property, depth);
    if (property.flag === true) return tape.chance(50);
    if (property.decimal === true) return tape.of(['7.2', '0', '1.', '-3', 0.5, 12, '0.0000001']);
    // A manifest must say when it was made: a document that names no day of the calendar is refused.
    if (property.time === true) return tape.of(name === 'created' ? TIMES.slice(0, 3) : TIMES);
    if (property.integer !== undefined) return property.integer + tape.of([0, 1, 41, 4_000_000_000]);
    if (property.words !== undefined) return tape.of(property.words);
    if (property.pattern !== undefined) return tape.of(PATTERNS[name] ?? []);
    if (name === 'hashValue' && tape.chance(70)) return this.#hash(object.algorithm);
    const likely = LIKELY[name];
    return likely !== undefined && tape.chance(70) ? tape.of(likely) : tape.of(TEXTS);
  }

  #hash(algorithm: unknown): string {
    const length = HEX[algorithm as keyof typeof HEX] ?? 64;
    return this.tape.of(['0a1', '9F', 'e07c']).repeat(length).slice(0, length);
  }

  #reference(wanted: string, { individuals = [], required }: SPDXValue, depth: number): unknown {
    if (wanted === 'extension_Extension') return this.#extension();
    if (!isElement(wanted)) return this.#part(wanted, depth);
    const { tape } = this;
    const there = this.#plan.filter(({ type }) => isA(type, wanted));
    if (individuals.length > 0 && tape.chance(10)) return tape.of(individuals);
    if (there.length === 0 || (there.length < 3 && tape.chance(10) && this.#plan.length < 40)) {
      if (there.length === 0 && required !== true && !tape.chance(30)) return undefined;
      there.push(this.#add(tape.of(below(wanted))));
    }
    const target = tape.of(there);
    return !target.written && depth < 3 && tape.chance(15) ? this.#element(target, depth + 1) : target.id;
  }

  /** A thing that is no element: in place, or beside the elements under the label of a blank node. */
  #part(wanted: string, depth: number): unknown {
    const { tape } = this;
    const type = tape.of(below(wanted));
    const object = this.#object(type, { type }, depth + 1);
    if (!tape.chance(10)) return object;
    const label = `_:${type}${this.#blanks++}`;
    if (tape.chance(50)) return { '@id': label, ...object };
    this.#top.push({ '@id': label, ...object });
    return label;
  }

  #extension(): Json {
    const { tape } = this;
    if (!tape.chance(30)) return this.#object('extension_CdxPropertiesExtension', { type: 'extension_CdxPropertiesExtension' }, 0);
    return { type: 'https://example.org/Own', 'https://example.org/value': tape.of([1, 'x', true, 0.5]) };
  }

  /** By reference to one of a few, or in place. */
  #creationInfo(depth: number): unknown {
    const { tape } = this;
    const known = tape.of(['', ...this.#infos]);
    if (known !== '' && tape.chance(90)) return known;
    if (this.#infos.length > 2) return this.#infos[0];
    const id = tape.of([`_:creationInfo${this.#infos.length}`, `_:c${this.#infos.length}`, `https://example.org/ci/${this.#infos.length}`]);
    this.#infos.push(id); // before what it names is written, which may name it in turn
    const info = this.#object('CreationInfo', { type: 'CreationInfo', '@id': id }, depth + 1);
    if (tape.chance(20)) return info;
    this.#top.push(info);
    return id;
  }
}

/** Documents that meet the official schema, whose references lead to something that may stand there. */
export const arbitrarySPDX: fc.Arbitrary<Json> = fc
  .array(fc.nat({ max: 9_999 }), { maxLength: 1500, size: 'max' })
  .map((numbers) => new Producer(new Tape(numbers)).document());
