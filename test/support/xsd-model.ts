/** The part of XML Schema that the schemas of CycloneDX use, as a model of what may stand where. */
import { readFileSync } from 'node:fs';
import { SaxesParser, type SaxesTagPlain } from 'saxes';

/** What a text may be: a built-in type, and what narrows it. */
export interface TextType {
  /** Without its prefix: `normalizedString`; `id` for the licences that SPDX lists. */
  readonly base: string;
  readonly values: readonly string[];
  readonly pattern?: string;
  readonly minimum?: number;
  readonly minLength?: number;
}

export interface AttributeModel {
  readonly name: string;
  readonly type: TextType;
  readonly required: boolean;
}

export interface ElementModel {
  readonly name: string;
  /** The named type that it stands in, or the path from there: `component/name`. */
  readonly path: string;
  readonly type: TextType | ContentModel;
}

export interface ContentModel {
  /** As `path` of an element; of a named type, its name. */
  readonly path: string;
  readonly attributes: readonly AttributeModel[];
  readonly text?: TextType;
  /** Text may stand between its elements. */
  readonly mixed: boolean;
  readonly particles: readonly Particle[];
}

export type Particle =
  | { readonly kind: 'element'; readonly min: number; readonly max: number; readonly element: ElementModel }
  | {
      readonly kind: 'sequence' | 'choice';
      readonly min: number;
      readonly max: number;
      readonly parts: readonly Particle[];
      /** Of the content that it is in. */
      readonly path: string;
    }
  /** Elements of other namespaces. */
  | { readonly kind: 'any'; readonly min: 0; readonly max: number };

interface Node {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: Node[];
}

function nodesOf(text: string): Node {
  const root: Node = { name: '', attributes: {}, children: [] };
  const open = [root];
  const parser = new SaxesParser();
  parser.on('opentag', ({ name, attributes }: SaxesTagPlain) => {
    const node: Node = { name: local(name), attributes, children: [] };
    open.at(-1)?.children.push(node);
    open.push(node);
  });
  parser.on('closetag', () => void open.pop());
  parser.write(text).close();
  return root.children[0] ?? root;
}

const local = (name: string): string => name.slice(name.indexOf(':') + 1);
const among = ({ children }: Node, ...names: string[]): Node[] => children.filter(({ name }) => names.includes(name));
const GROUPS = ['sequence', 'choice', 'all'];

/** The root element of a schema. */
export function readXsdModel(path: string): ElementModel {
  const schema = nodesOf(readFileSync(path, 'utf8'));
  const named = (kind: string, name = ''): Node => {
    const found = schema.children.find((node) => node.name === kind && node.attributes.name === local(name));
    if (found === undefined) throw new Error(`no ${kind} ${name} in ${path}`);
    return found;
  };
  const contents = new Map<string, ContentModel>();

  const textType = (node: Node): TextType => {
    const [union] = among(node, 'union');
    if (union !== undefined) return typeNamed(union.attributes.memberTypes?.split(' ')[0]) as TextType; // unions have texts
    const [restriction] = among(node, 'restriction');
    if (restriction === undefined) throw new Error(`no restriction in ${path}`);
    const facets = (name: string): string[] => among(restriction, name).map(({ attributes }) => attributes.value ?? '');
    const own: Partial<TextType> = {
      values: facets('enumeration'),
      ...Object.fromEntries(facets('pattern').map((value) => ['pattern', value])),
      ...Object.fromEntries(facets('minInclusive').map((value) => ['minimum', Number(value)])),
      ...Object.fromEntries(facets('minLength').map((value) => ['minLength', Number(value)])),
    };
    return { ...(typeNamed(restriction.attributes.base) as TextType), ...own };
  };
  const typeNamed = (name = 'xs:string'): TextType | ContentModel => {
    if (name.startsWith('xs:')) return { base: local(name), values: [] };
    if (name.startsWith('spdx:')) return { base: 'id', values: ['MIT', 'Apache-2.0', 'GPL-2.0-only'] };
    const key = local(name);
    const complex = schema.children.find((node) => node.name === 'complexType' && node.attributes.name === key);
    if (complex === undefined) return textType(named('simpleType', key));
    const known = contents.get(key);
    if (known !== undefined) return known;
    const made = {} as ContentModel; // filled below: types refer to themselves
    contents.set(key, made);
    return Object.assign(made, contentOf(complex, key));
  };
  const contentOf = (node: Node, at: string): ContentModel => {
    const [simple] = among(node, 'simpleContent');
    const body = simple === undefined ? node : (among(simple, 'extension')[0] ?? simple);
    const base = simple === undefined ? undefined : typeNamed(body.attributes.base);
    return {
      path: at,
      attributes: attributesOf(body),
      ...(base === undefined ? {} : { text: base as TextType }), // simple content extends texts only
      mixed: node.attributes.mixed === 'true',
      particles: body.children.flatMap((child) => particle(child, at)),
    };
  };
  const attributesOf = (node: Node): AttributeModel[] =>
    among(node, 'attribute', 'attributeGroup').flatMap((child): AttributeModel[] => {
      const { name = '', type, use, ref } = child.attributes;
      if (child.name === 'attributeGroup') return attributesOf(named('attributeGroup', ref));
      const [inline] = among(child, 'simpleType');
      return [{ name, type: inline === undefined ? (typeNamed(type) as TextType) : textType(inline), required: use === 'required' }];
    });
  const particle = (node: Node, at: string): Particle[] => {
    const { minOccurs = '1', maxOccurs = '1' } = node.attributes;
    const max = maxOccurs === 'unbounded' ? Number.POSITIVE_INFINITY : Number(maxOccurs);
    if (node.name === 'any') return [{ kind: 'any', min: 0, max }];
    if (node.name === 'element') return [{ kind: 'element', min: Number(minOccurs), max, element: elementOf(node, at) }];
    if (!GROUPS.includes(node.name)) return [];
    const kind = node.name === 'choice' ? 'choice' : 'sequence';
    return [{ kind, path: at, min: Number(minOccurs), max, parts: node.children.flatMap((child) => particle(child, at)) }];
  };
  const elementOf = (node: Node, at: string): ElementModel => {
    const { name = '', type } = node.attributes;
    const here = at === '' ? name : `${at}/${name}`;
    const [inline] = among(node, 'complexType', 'simpleType');
    if (type !== undefined || inline === undefined) return { name, path: here, type: typeNamed(type) };
    return { name, path: here, type: inline.name === 'simpleType' ? textType(inline) : contentOf(inline, here) };
  };
  return elementOf(named('element', 'bom'), '');
}
