// Reads the part of XML Schema that the schemas of CycloneDX use, as plain types.
import { readFileSync } from 'node:fs';
import { SaxesParser } from 'saxes';

/** The root element of a schema as `{ name, attributes, children }`, prefixes of names removed. */
export function readSchema(path) {
  const root = { name: '', attributes: {}, children: [] };
  const open = [root];
  const parser = new SaxesParser();
  parser.on('opentag', ({ name, attributes }) => {
    const node = { name: local(name), attributes, children: [] };
    open.at(-1).children.push(node);
    open.push(node);
  });
  parser.on('closetag', () => open.pop());
  parser.write(readFileSync(path, 'utf8')).close();
  return root.children[0];
}

const once = ({ attributes }) => [undefined, '1', '0'].includes(attributes.maxOccurs);
export const local = (name) => name.slice(name.indexOf(':') + 1);
export const among = (node, ...names) => node.children.filter(({ name }) => names.includes(name));
const SCALARS = {
  boolean: 'boolean',
  integer: 'integer',
  positiveInteger: 'integer',
  nonNegativeInteger: 'integer',
  decimal: 'number',
  normalizedString: 'line',
  token: 'token',
  anyURI: 'token',
  dateTime: 'token',
  date: 'token',
  language: 'token',
  NCName: 'token',
};

/** Elements that stand in several branches of a choice, once: where the last of them stands, behind what may come before any. */
function lastOfEach(elements) {
  const last = new Map(elements.map(({ name }, i) => [name, i]));
  return elements
    .filter(({ name }, i) => last.get(name) === i)
    .map((element) => ({ ...element, many: elements.some(({ name, many }) => many && name === element.name) }));
}

/**
 * The type of the root. Scalars: `string` as it stands, `line` without line breaks, `token` without outer space, and what XML Schema
 * says of numbers and booleans. A type is
 * `{ scalar }` or `{ attributes, text, elements }`: attributes and text by name and
 * scalar, elements in their order with `type` and `many`, `uniform` when all must be of one kind, and `mixed` when text may stand for them.
 */
export function readXsd(path) {
  const schema = readSchema(path);
  const named = new Map();
  for (const node of among(schema, 'complexType', 'simpleType')) named.set(node.attributes.name, node);
  const elements = new Map(among(schema, 'element').map((node) => [node.attributes.name, node]));
  const groups = new Map(among(schema, 'attributeGroup').map((node) => [node.attributes.name, node]));
  const types = new Map();
  const typeOf = (name) => {
    const key = local(name);
    if (name.startsWith('xs:')) return { scalar: SCALARS[key] ?? 'string' };
    if (name.startsWith('spdx:')) return { scalar: 'string' };
    if (!types.has(key)) {
      const made = {};
      types.set(key, made);
      Object.assign(made, build(named.get(key)), { name: key });
    }
    return types.get(key);
  };
  const build = (node) => {
    if (node.name === 'simpleType') {
      const [narrowed] = among(node, 'restriction', 'union');
      // What is in a union is read as the first of its types.
      const base = narrowed?.attributes.base ?? narrowed?.attributes.memberTypes?.split(' ')[0];
      return { scalar: base === undefined ? 'string' : typeOf(base).scalar };
    }
    const [content] = among(node, 'simpleContent', 'complexContent');
    const [extension] = content === undefined ? [node] : among(content, 'extension', 'restriction');
    const base = content === undefined ? {} : typeOf(extension.attributes.base);
    return {
      attributes: [...(base.attributes ?? []), ...attributesOf(extension)],
      text: content?.name === 'simpleContent' ? (base.text ?? base.scalar) : base.text,
      uniform: isUniform(extension),
      mixed: node.attributes.mixed === 'true',
      elements: lastOfEach([...(base.elements ?? []), ...particles(extension, false)]),
    };
  };
  const attributesOf = (node) =>
    among(node, 'attribute', 'attributeGroup').flatMap(({ name, attributes, children }) => {
      if (name === 'attributeGroup') return attributesOf(groups.get(local(attributes.ref)));
      const inline = children.find((child) => child.name === 'simpleType');
      const { scalar } = attributes.type === undefined ? build(inline) : typeOf(attributes.type);
      return [{ name: attributes.name, scalar }];
    });
  const particles = (node, repeated) =>
    among(node, 'sequence', 'choice', 'all', 'element').flatMap((child) => {
      const many = repeated || !once(child);
      if (child.name !== 'element') return particles(child, many);
      const declared = child.attributes.ref === undefined ? child : elements.get(local(child.attributes.ref));
      return [{ name: declared.attributes.name, many, type: elementType(declared) }];
    });
  /** One choice between elements that repeat. */
  const isUniform = (node) => {
    const [choice, ...others] = among(node, 'sequence', 'choice', 'all');
    return choice?.name === 'choice' && others.length === 0 && once(choice) && particles(choice, false).every(({ many }) => many);
  };
  const elementType = (node) => {
    if (node.attributes.type !== undefined) return typeOf(node.attributes.type);
    const [inline] = among(node, 'complexType', 'simpleType');
    return inline === undefined ? { scalar: 'string' } : build(inline);
  };
  return elementType(elements.get('bom'));
}
