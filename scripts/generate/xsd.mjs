// Reads the part of XML Schema that the schemas of CycloneDX use, as plain types.
import { readFileSync } from 'node:fs';
import { SaxesParser } from 'saxes';

/** An XML text as `{ name, attributes, children }`, prefixes of names removed. */
function parse(text) {
  const root = { name: '', attributes: {}, children: [] };
  const open = [root];
  const parser = new SaxesParser();
  parser.on('opentag', ({ name, attributes }) => {
    const node = { name: local(name), attributes, children: [] };
    open.at(-1).children.push(node);
    open.push(node);
  });
  parser.on('closetag', () => open.pop());
  parser.write(text).close();
  return root.children[0];
}

const once = ({ attributes }) => [undefined, '1', '0'].includes(attributes.maxOccurs);
const local = (name) => name.slice(name.indexOf(':') + 1);
const among = (node, ...names) => node.children.filter(({ name }) => names.includes(name));
const SCALARS = {
  boolean: 'boolean',
  integer: 'integer',
  positiveInteger: 'integer',
  nonNegativeInteger: 'integer',
  decimal: 'number',
  float: 'number',
  double: 'number',
  normalizedString: 'line',
  token: 'token',
  anyURI: 'token',
  dateTime: 'token',
  date: 'token',
  language: 'token',
  NCName: 'token',
};

/**
 * The type of the root. Scalars: `string` as it stands, `line` without line breaks, `token` without outer space, and what XML Schema
 * says of numbers and booleans. A type is
 * `{ scalar }` or `{ attributes, text, elements }`: attributes and text by name and
 * scalar, elements in their order with `type`
 * and `many`, and `ordered` when they must stand in that order.
 */
export function readXsd(path) {
  const schema = parse(readFileSync(path, 'utf8'));
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
      const [restriction] = among(node, 'restriction');
      const base = restriction?.attributes.base;
      return { scalar: base === undefined ? 'string' : typeOf(base).scalar };
    }
    const [content] = among(node, 'simpleContent', 'complexContent');
    const [extension] = content === undefined ? [node] : among(content, 'extension', 'restriction');
    const base = content === undefined ? {} : typeOf(extension.attributes.base);
    return {
      attributes: [...(base.attributes ?? []), ...attributesOf(extension)],
      text: content?.name === 'simpleContent' ? (base.text ?? base.scalar) : base.text,
      elements: [...(base.elements ?? []), ...particles(extension, false)],
      ordered: (base.ordered ?? true) && isSequence(extension),
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
  const isSequence = (node) =>
    among(node, 'sequence', 'choice').every((group) => once(group) && isSequence(group)) && among(node, 'all').length === 0;
  const elementType = (node) => {
    if (node.attributes.type !== undefined) return typeOf(node.attributes.type);
    const [inline] = among(node, 'complexType', 'simpleType');
    return inline === undefined ? { scalar: 'string' } : build(inline);
  };
  return elementType(elements.get('bom'));
}
