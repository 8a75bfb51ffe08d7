/** One fault, or what may be one, in an XML document. */
import type { Written, XmlElement } from './xml-documents.js';

/** What a mutation did, for messages. */
export interface Mutated {
  readonly root: XmlElement;
  readonly what: string;
}

type Random = (below: number) => number;
type Children = readonly XmlElement[];

/** Texts that some types refuse. */
const TEXTS: readonly string[] = [
  '',
  ' ',
  'x',
  ' two  words\n',
  '-1',
  '0',
  '2',
  '1.5',
  '1e3',
  'INF',
  'yes',
  'TRUE',
  'urn:uuid:1',
  'urn:cdx:1/1#x',
  '2026-13-01T00:00:00Z',
  '2026-02-29',
  '2026-02-29T00:00:00Z',
  '2026-01-01T24:00:00Z',
  '2026-01-01T00:00:00z',
  '2026-01-01',
  'https://example.org/a b',
  'https://example.org/%zz',
  'http://[::1',
  ':no scheme',
  'é',
  'cpe:/a',
  'name 1',
  'x'.repeat(5000),
];

const isText = (content: XmlElement['content']): content is Written => 'value' in content;
const childrenOf = ({ content }: XmlElement): Children => (isText(content) ? [] : content);

/** The document with one mutation. */
export function mutateXml(root: XmlElement, random: Random): Mutated {
  for (;;) {
    const [name, mutation] = pick(MUTATIONS, random);
    const all = pathsOf(root);
    const path = pick(all, random);
    const element = path.reduce((node, i) => childrenOf(node)[i] ?? node, root);
    const made = mutation(element, random);
    if (made === undefined) continue;
    return { root: replaceAt(root, path, made), what: `${name} in ${element.name}` };
  }
}

function pathsOf(root: XmlElement): readonly (readonly number[])[] {
  const paths: (readonly number[])[] = [];
  const visit = (element: XmlElement, path: readonly number[]): void => {
    paths.push(path);
    for (const [i, child] of childrenOf(element).entries()) visit(child, [...path, i]);
  };
  visit(root, []);
  return paths;
}

function replaceAt(element: XmlElement, [first, ...rest]: readonly number[], made: XmlElement): XmlElement {
  if (first === undefined) return made;
  return { ...element, content: childrenOf(element).map((child, i) => (i === first ? replaceAt(child, rest, made) : child)) };
}

function pick<T>(list: readonly T[], random: Random): T {
  const item = list[random(list.length)];
  if (item === undefined) throw new Error('nothing to pick from');
  return item;
}

/** Undefined where the element has nothing to mutate in this way. */
type Mutation = (element: XmlElement, random: Random) => XmlElement | undefined;

const ofChildren =
  (change: (children: Children, at: number, random: Random) => Children): Mutation =>
  (element, random) => {
    const children = childrenOf(element);
    return children.length === 0 ? undefined : { ...element, content: change(children, random(children.length), random) };
  };

const ofAttributes =
  (change: (attributes: XmlElement['attributes'], name: string, random: Random) => XmlElement['attributes']): Mutation =>
  (element, random) => {
    const names = Object.keys(element.attributes);
    return names.length === 0 ? undefined : { ...element, attributes: change(element.attributes, pick(names, random), random) };
  };

const without = (attributes: XmlElement['attributes'], name: string): XmlElement['attributes'] =>
  Object.fromEntries(Object.entries(attributes).filter(([each]) => each !== name));
const written = (text: string): Written => ({ value: text, written: text });
const at = (children: Children, i: number): Children => children.slice(i, i + 1);

const FOREIGN: XmlElement = { name: 'other', attributes: { xmlns: written('https://example.org/') }, content: written('') };

const MUTATIONS: readonly (readonly [what: string, Mutation])[] = [
  ['an element is dropped', ofChildren((children, i) => children.toSpliced(i, 1))],
  ['an element stands twice', ofChildren((children, i) => children.toSpliced(i, 0, ...at(children, i)))],
  [
    'an element is renamed',
    ofChildren((children, i) => children.toSpliced(i, 1, ...at(children, i).map((child) => ({ ...child, name: `${child.name}s` })))),
  ],
  [
    'an element has the name of another',
    ofChildren((children, i, random) =>
      children.toSpliced(i, 1, ...at(children, i).map((child) => ({ ...child, name: pick(children, random).name }))),
    ),
  ],
  [
    'two elements are swapped',
    ofChildren((children, i, random) => {
      const j = random(children.length);
      return children.map((child, k) => children[k === i ? j : k === j ? i : k] ?? child);
    }),
  ],
  ['an element stands at the end', ofChildren((children, i) => [...children.toSpliced(i, 1), ...at(children, i)])],
  [
    'an element stands in its sibling',
    ofChildren((children, i, random) => {
      const inner = pick(children, random);
      return children.toSpliced(i, 1, ...at(children, i).map((child) => ({ ...child, content: [...childrenOf(child), inner] })));
    }),
  ],
  ['an element of another namespace is added', ofChildren((children, i) => children.toSpliced(i, 0, FOREIGN))],
  ['an element of another namespace stands last', ofChildren((children) => [...children, FOREIGN])],
  ['all elements are dropped', ofChildren(() => [])],
  ['text stands for elements', (element) => (isText(element.content) ? undefined : { ...element, content: written('text') })],
  ['space stands in it', (element) => (isText(element.content) ? undefined : { ...element, content: written(' ') })],
  ['a text is changed', (element, random) => (isText(element.content) ? { ...element, content: written(pick(TEXTS, random)) } : undefined)],
  [
    'an element stands in a text',
    (element) => (isText(element.content) ? { ...element, content: [{ name: 'name', attributes: {}, content: written('x') }] } : undefined),
  ],
  ['an attribute is dropped', ofAttributes(without)],
  ['an attribute is changed', ofAttributes((attributes, name, random) => ({ ...attributes, [name]: written(pick(TEXTS, random)) }))],
  ['an attribute is renamed', ofAttributes((attributes, name) => ({ ...without(attributes, name), [`${name}s`]: written('x') }))],
  [
    'an attribute is added',
    (element, random) => ({
      ...element,
      attributes: { ...element.attributes, [pick(['bom-ref', 'type', 'name', 'ref', 'other', 'xml:lang'], random)]: written('x') },
    }),
  ],
];
