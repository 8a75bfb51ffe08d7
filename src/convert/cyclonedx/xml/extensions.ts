/** Elements and attributes of other namespaces in a CycloneDX XML document: cut out with what they need, and put in again. */
import { appendTo } from '../../../core/append.js';

/** An element or an attribute, and the value of JSON in whose element it stands. */
export type Extension = ExtensionElement | ExtensionAttribute;
interface ExtensionElement {
  readonly at: string;
  /** It declares every prefix that it uses. */
  readonly xml: string;
}
interface ExtensionAttribute {
  readonly at: string;
  /** With its prefix. */
  readonly name: string;
  readonly namespace: string;
  readonly value: string;
}

/** Names and other words; those with a colon may begin with a prefix. */
const WORD = /[^\s<>/="'!?&;]+/g;
const WITHOUT_PREFIX = /<[^\s<>/=:"'!?&;]+[\s/>]/;

/** The source of an element, with the declarations that it takes from around it. `own` are the prefixes that it declares itself. */
export function standingAlone(source: string, own: ReadonlySet<string>, resolve: (prefix: string) => unknown): string {
  const used = new Set<string>();
  for (const [word] of source.matchAll(WORD)) for (const prefix of word.split(':').slice(0, -1)) used.add(prefix);
  used.delete('');
  if (WITHOUT_PREFIX.test(source)) used.add('');
  const missing = [...used].filter((prefix) => !own.has(prefix) && prefix !== 'xml' && prefix !== 'xmlns').sort();
  const declarations = missing.flatMap((prefix) => {
    const uri = resolve(prefix) ?? (prefix === '' ? '' : undefined);
    return typeof uri === 'string' ? [` xmlns${prefix === '' ? '' : `:${prefix}`}="${attributeText(uri)}"`] : [];
  });
  return source.replace(/^<[^\s/>]+/, (start) => start + declarations.join(''));
}

const attributeText = (text: string): string => text.replace(/[&<>"\t\n\r]/g, (character) => `&#${character.charCodeAt(0)};`);

/** Where the element of a value begins and ends in a text. */
export interface ElementSpan {
  /** Of the `>` or `/>` of its first tag. */
  readonly open: number;
  /** Of its last tag; the same as `open` when it has but one. */
  readonly close: number;
}

/** A text with extensions in the elements that `spans` has for their places. */
export function insertExtensions(text: string, extensions: readonly Extension[], spans: ReadonlyMap<string, ElementSpan>): string {
  const places = new Map<string, Extension[]>();
  for (const extension of extensions) appendTo(places, extension.at, extension);
  const pieces: (readonly [at: number, end: number, piece: string])[] = [];
  for (const [at, here] of places) {
    const span = spans.get(at);
    if (span === undefined) continue;
    const attributes = attributesText(here.filter((each) => 'name' in each));
    const elements = here.flatMap((each) => ('xml' in each ? [each.xml] : [])).join('');
    if (span.close > span.open) pieces.push([span.open, span.open, attributes], [span.close, span.close, elements]);
    else if (elements === '') pieces.push([span.open, span.open, attributes]);
    else pieces.push([span.open, span.open + 2, `${attributes}>${elements}</${nameBefore(text, span.open)}>`]);
  }
  let end = 0;
  const parts = pieces
    .sort((a, b) => a[0] - b[0])
    .flatMap(([at, next, piece]) => {
      const before = text.slice(end, at);
      end = next;
      return [before, piece];
    });
  return parts.join('') + text.slice(end);
}

const nameBefore = (text: string, at: number): string => /^<([^\s/>]+)/.exec(text.slice(text.lastIndexOf('<', at)))?.[1] ?? '';

function attributesText(attributes: readonly ExtensionAttribute[]): string {
  const declared = new Map(
    attributes.flatMap(({ name, namespace }) => {
      const prefix = name.slice(0, name.indexOf(':'));
      return prefix === 'xml' ? [] : [[prefix, namespace] as const];
    }),
  );
  const declarations = [...declared].map(([prefix, namespace]) => ` xmlns:${prefix}="${attributeText(namespace)}"`);
  return [...declarations, ...attributes.map(({ name, value }) => ` ${name}="${attributeText(value)}"`)].join('');
}
