/**
 * CycloneDX XML documents made from the XML schema of a version, as any producer may write them. What has not been used yet
 * comes first, so that a few dozen documents use every element, attribute and listed value.
 */
import type { AttributeModel, ContentModel, ElementModel, Particle, TextType } from './xsd-model.js';

/** A text as it means, and as it is written. */
export interface Written {
  readonly value: string;
  readonly written: string;
}

/** An element, equal for all ways to write it when read with `value`. */
export interface XmlElement {
  readonly name: string;
  readonly attributes: Readonly<Record<string, Written>>;
  readonly content: Written | readonly XmlElement[];
}

export interface GenerateOptions {
  readonly random: () => number;
  /** How often each path was used; `@` before the names of attributes, `=` before listed values. */
  readonly used: Map<string, number>;
  /** Paths that are not written. */
  readonly without: ReadonlySet<string>;
  /** Paths of elements that are always written, since JSON asks for them and XML does not. */
  readonly always: ReadonlySet<string>;
  /** Paths of contents that may repeat their elements in XML, and of elements that may repeat there, and not in JSON. */
  readonly once: ReadonlySet<string>;
  /** Paths of contents that are empty within themselves, since JSON has no place for them there. */
  readonly flat: ReadonlySet<string>;
  /** Texts by path or by name, where JSON narrows them more than XML does. */
  readonly texts: Readonly<Record<string, readonly string[]>>;
}

/** Optional elements that were used already get rarer with the depth. */
const CHANCE = 0.35;
const TOWARDS_UNUSED = 0.6;
const MAX_DEPTH = 14;

export function generateElement(root: ElementModel, options: GenerateOptions): XmlElement {
  return new Generator(options, unusedIn(root, options)).element(root, 0);
}

/** The contents in which something was not used yet. */
function unusedIn(root: ElementModel, { used, without }: GenerateOptions): ReadonlySet<ContentModel> {
  const found = new Set<ContentModel>();
  const parents = new Map<ContentModel, Set<ContentModel>>();
  const mark = (content: ContentModel): void => {
    if (found.has(content)) return;
    found.add(content);
    for (const parent of parents.get(content) ?? []) mark(parent);
  };
  const isUnused = (path: string): boolean => !used.has(path) && !without.has(path);
  const visitParticle = (particle: Particle, parent: ContentModel): void => {
    if (particle.kind === 'any') return;
    if (particle.kind !== 'element') {
      for (const part of particle.parts) visitParticle(part, parent);
      return;
    }
    const { path, type } = particle.element;
    if (isUnused(path)) mark(parent);
    if (isContent(type)) visit(type, parent);
  };
  const visit = (content: ContentModel, parent?: ContentModel): void => {
    const known = parents.get(content);
    const above = known ?? new Set<ContentModel>();
    parents.set(content, above);
    if (parent !== undefined) above.add(parent);
    if (found.has(content) && parent !== undefined) mark(parent);
    if (known !== undefined) return;
    if (content.attributes.some(({ name }) => isUnused(`${content.path}/@${name}`))) mark(content);
    for (const particle of content.particles) visitParticle(particle, content);
  };
  if (isContent(root.type)) visit(root.type);
  return found;
}

const isContent = (type: TextType | ContentModel): type is ContentModel => 'particles' in type;
const plain = (value: string): Written => ({ value, written: value });

class Generator {
  private refs = 0;
  private readonly open = new Map<string, number>();
  constructor(
    private readonly options: GenerateOptions,
    private readonly unused: ReadonlySet<ContentModel>,
  ) {}

  element({ name, path, type }: ElementModel, depth: number): XmlElement {
    this.use(path);
    if (!isContent(type)) return { name, attributes: {}, content: this.text(type, path, name) };
    this.open.set(type.path, (this.open.get(type.path) ?? 0) + 1);
    const attributes = type.attributes.flatMap((attribute) => this.attribute(attribute, type.path, depth));
    const content = this.content(type, `${path}/text()`, name, depth);
    this.open.set(type.path, (this.open.get(type.path) ?? 1) - 1);
    if (type.mixed && Array.isArray(content) && content.length === 0) return { name, attributes: {}, content: plain('a reference') };
    return { name, attributes: Object.fromEntries(attributes), content };
  }

  private content({ path: at, text, particles }: ContentModel, path: string, name: string, depth: number): XmlElement['content'] {
    if (text !== undefined) return this.text(text, path, name);
    if (this.options.flat.has(at) && (this.open.get(at) ?? 0) > 1) return plain('');
    // Not even space may stand in it.
    return particles.length === 0 ? plain('') : particles.flatMap((each) => this.particle(each, depth));
  }

  private attribute({ name, type, required }: AttributeModel, parent: string, depth: number): [string, Written][] {
    const path = `${parent}/@${name}`;
    if (this.options.without.has(path) || !(required || this.options.always.has(path) || this.wants(path, depth))) return [];
    this.use(path);
    return [[name, this.text(type, path, name)]];
  }

  private particle(particle: Particle, depth: number): readonly XmlElement[] {
    if (particle.kind === 'any') return [];
    if (particle.kind === 'element') return this.elements(particle, depth);
    const { min, max, path } = particle;
    const isRepeated = max > 1 && !this.options.once.has(path) && this.options.random() < 0.6;
    const times = min === 0 && this.isOpen(particle) ? 0 : isRepeated ? 2 : 1;
    return Array.from({ length: times }, () => this.group(particle, depth)).flat();
  }

  private elements(particle: Extract<Particle, { kind: 'element' }>, depth: number): readonly XmlElement[] {
    const { min, max, element } = particle;
    const { path, type } = element;
    const { without, always, once, random } = this.options;
    if (without.has(path)) return [];
    const isWanted = min > 0 || always.has(path) || (!this.isOpen(particle) && this.wants(path, depth, type));
    const isRepeated = max > 1 && random() < 0.3 && !once.has(path) && !isMixed(element);
    return Array.from({ length: isWanted ? Math.max(min, isRepeated ? 2 : 1) : 0 }, () => this.element(element, depth + 1));
  }

  private group({ kind, parts }: Extract<Particle, { kind: 'sequence' | 'choice' }>, depth: number): readonly XmlElement[] {
    if (kind === 'sequence') return parts.flatMap((part) => this.particle(part, depth));
    const real = parts.filter((part) => part.kind !== 'any' && !this.isLeftOut(part) && !this.isOpen(part));
    const [chosen] = real.sort((a, b) => this.usesOf(a) - this.usesOf(b));
    return chosen === undefined ? [] : this.particle(once(chosen), depth);
  }

  private isLeftOut(particle: Particle): boolean {
    return particle.kind === 'element' && this.options.without.has(particle.element.path);
  }

  /** Would it stand in itself in itself? */
  private isOpen(particle: Particle): boolean {
    if (particle.kind === 'any') return false;
    if (particle.kind === 'element') {
      const { type } = particle.element;
      return isContent(type) && (this.open.get(type.path) ?? 0) > 1;
    }
    const { kind, parts } = particle;
    return kind === 'choice' ? parts.every((part) => this.isOpen(part)) : parts.some((part) => part.min > 0 && this.isOpen(part));
  }

  private usesOf(particle: Particle): number {
    if (particle.kind === 'element') {
      const { path, type } = particle.element;
      return (this.options.used.get(path) ?? 0) + this.options.random() - (this.leads(type) ? 5 : 0);
    }
    return particle.kind === 'any' ? Number.POSITIVE_INFINITY : Math.min(...particle.parts.map((part) => this.usesOf(part)));
  }

  private leads(type: TextType | ContentModel | undefined): boolean {
    return type !== undefined && isContent(type) && this.unused.has(type);
  }

  private wants(path: string, depth: number, type?: TextType | ContentModel): boolean {
    if (!this.options.used.has(path)) return true;
    if (this.leads(type) && this.options.random() < TOWARDS_UNUSED) return true;
    return depth < MAX_DEPTH && this.options.random() < CHANCE / (1 + depth / 4);
  }

  private use(path: string): void {
    this.options.used.set(path, (this.options.used.get(path) ?? 0) + 1);
  }

  private text(type: TextType, path: string, name: string): Written {
    const known = this.options.texts[path] ?? (type.values.length === 0 ? this.options.texts[name] : undefined);
    if (known !== undefined) return this.lexical(this.least(known, path), type.base);
    if (type.values.length > 0) return plain(this.least(type.values, path));
    if (type.pattern !== undefined) return plain(this.least(patternTexts(type.pattern), path));
    if (type.minLength === 1 || name === 'bom-ref' || name === 'ref') return plain(`name ${++this.refs}`);
    const number = type.base.endsWith('nteger') ? `${type.minimum ?? 1}` : type.base === 'decimal' ? '0.25' : undefined;
    if (number !== undefined) return this.lexical(number, type.base);
    return this.pick(FORMS[type.base] ?? missing(`texts of ${type.base} at ${path}`));
  }

  /** The least used of some values. */
  private least(values: readonly string[], path: string): string {
    const [first = ''] = values
      .filter((value) => !this.options.without.has(`${path}=${value}`))
      .map((value) => [value, (this.options.used.get(`${path}=${value}`) ?? 0) + this.options.random()] as const)
      .sort((a, b) => a[1] - b[1])
      .map(([value]) => value);
    this.use(`${path}=${first}`);
    return first;
  }

  private lexical(value: string, base: string): Written {
    return { value, written: this.pick(LEXICAL[base] ?? [(text: string) => text])(value) };
  }

  private pick<T>(list: readonly T[]): T {
    const item = list[Math.floor(this.options.random() * list.length)];
    return item ?? missing('an item');
  }
}

/** Lists in JSON may not mix what mixed contents are. */
const isMixed = ({ type }: ElementModel): boolean => isContent(type) && type.mixed;

/** A choice of what may be left out is still a choice. */
const once = (particle: Particle): Particle => (particle.kind === 'element' && particle.min === 0 ? { ...particle, min: 1 } : particle);

function missing(what: string): never {
  throw new Error(`no ${what}`);
}

/** Forms of one value. */
const LEXICAL: Readonly<Record<string, readonly ((text: string) => string)[]>> = {
  integer: [(text) => text, (text) => ` ${text}\n`, (text) => `+${text}`, (text) => `00${text}`],
  positiveInteger: [(text) => text, (text) => `+${text}`],
  nonNegativeInteger: [(text) => text, (text) => `\t${text} `],
  decimal: [(text) => text, (text) => ` ${text} `, (text) => `+${text}0`, (text) => text.replace(/^0\./, '.')],
};

const form = (value: string, written = value): Written => ({ value, written });
const FORMS: Readonly<Record<string, readonly Written[]>> = {
  string: [form('text'), form(' outer  space\n\tand lines '), form('<&>"\'é\u{1f600}'), form('x')],
  normalizedString: [form('line'), form(' a  b ', '\ta\n b\n'), form('<&>"'), form('x')],
  token: [form('token'), form('a b', '\n a\t b ')],
  anyURI: [form('https://example.org/a?b=c&d#e'), form('https://example.org/', '\n https://example.org/ '), form('relative/path')],
  boolean: [form('true'), form('false'), form('true', ' 1 '), form('false', '0'), form('true', '\ntrue')],
  dateTime: [form('2026-01-01T00:00:00Z'), form('2026-01-31T23:59:59.125+02:00'), form('2024-02-29T12:00:00-11:30')],
  date: [form('2026-01-01'), form('2024-02-29')],
};

/** Texts of the patterns of the schemas. */
const PATTERNS: readonly string[] = [
  'urn:uuid:3e671687-395b-41f5-a30f-a58921a69b79',
  'urn:cdx:3e671687-395b-41f5-a30f-a58921a69b79/1',
  'urn:cdx:3e671687-395b-41f5-a30f-a58921a69b79/1#ref',
  '0123456789abcdef0123456789ABCDEF',
  `${'0123456789abcdef'.repeat(4)}`,
  'application/x-example',
  'cpe:2.3:a:example:name:1.0:*:*:*:*:*:*:*',
  'en',
  'en-US',
  'CRE:12-34',
  'EP1234567B1',
  'US',
];

const patterns = new Map<string, readonly string[]>();

function patternTexts(pattern: string): readonly string[] {
  const known = patterns.get(pattern);
  if (known !== undefined) return known;
  const expression = new RegExp(`^(?:${pattern})$`);
  const found = PATTERNS.filter((text) => expression.test(text));
  if (found.length === 0) missing(`texts of the pattern ${pattern}`);
  patterns.set(pattern, found);
  return found;
}
