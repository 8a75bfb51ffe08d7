// Derives from the official schemas of CycloneDX how its XML form says what its JSON form says.
import { readFileSync } from 'node:fs';
import { flatten } from './flat-schema.mjs';
import { readXsd } from './xsd.mjs';

/** Names that differ by more than case or a plural: `XML type/element` or `type/@attribute` -> name in JSON. */
const NAMES = {
  'organizationOrIndividualType/individual': 'contact',
  'licenseExpressionDetailedType/details': 'expressionDetails',
  'cryptoPropertiesType/protocolProperties/cryptoRef': 'cryptoRefArray',
  'vulnerabilityType/analysis/responses': 'response',
};

/** Elements that are one value of JSON: their text, or the attribute named. */
const VALUES = { bomReferenceType: 'ref', 'dependencyType/provides': 'ref', 'dependencyType/dependency': 'ref' };

/** Elements whose children stand for them: one of several kinds of value. */
const CHOICES = new Set(['patentAssertionType/asserter', 'patentType/patentAssignee']);

/** Lists whose items look like a member of themselves, but are not wrapped. */
const BARE = new Set([
  'vulnerabilityType/affects/target/versions',
  'inputType/environmentVars',
  'outputType/environmentVars',
  'service/data',
]);

/** Elements that JSON says in their place only: the list of tools before 1.5. */
const LEGACY = { 'metadata/tools': 'tool', 'vulnerabilityType/tools': 'tool' };

/** What stands only in XML; the reader says that it was left out. */
const ONLY_XML = new Set(['componentEvidenceType/callstack/tools', 'environmentalConsiderationsType/energyConsumptions/properties']);

/** The table of shapes for one version. @throws when the schemas hold something that no rule here explains */
export function xmlShapes(directory, version) {
  const read = (name) => JSON.parse(readFileSync(`${directory}/${name}.SNAPSHOT.schema.json`, 'utf8'));
  const schema = read(`bom-${version}`);
  const flat = flatten(schema, { 'cryptography-defs.SNAPSHOT.schema.json': version === '1.7' ? read('cryptography-defs') : {} });
  const shapes = [];
  const known = new Map();
  const problems = [];

  const shapeOf = (type, node, path) => {
    if (type.scalar !== undefined) return type.scalar;
    const { properties, required } = flat(node);
    const where = type.name ?? path;
    const key = `${where} ${Object.keys(properties).sort()}`;
    if (known.has(key)) return known.get(key);
    known.set(key, shapes.length);
    const shape = { name: where };
    shapes.push(shape);
    fill(shape, type, properties, where);
    if (shape.text !== undefined && !required.has(shape.text[0])) shape.optional = true;
    return known.get(key);
  };

  const fill = (shape, type, properties, where) => {
    const named = (at, name) => {
      const camel = name.replace(/-(\w)/g, (_, letter) => letter.toUpperCase());
      return [NAMES[at], name, camel, `${name}s`].find((candidate) => candidate !== undefined && Object.hasOwn(properties, candidate));
    };
    const attributes = type.attributes.map(({ name, scalar }) => [name, [named(`${where}/@${name}`, name), scalar]]);
    for (const [name, [key]] of attributes) if (key === undefined) problems.push(`${where}/@${name}`);
    if (attributes.length > 0) shape.attributes = Object.fromEntries(attributes);
    if (type.text !== undefined) shape.text = [textKey(properties, attributes, where), type.text];
    const elements = type.elements.map((element) => {
      const at = `${where}/${element.name}`;
      const place = placeOf(element, properties, named(at, element.name), at);
      if (place === undefined && !ONLY_XML.has(at)) problems.push(at);
      return [element.name, place ?? null];
    });
    if (elements.length > 0) shape.elements = Object.fromEntries(elements);
    if (type.mixed) shape.mixed = true;
  };

  const textKey = (properties, attributes, where) => {
    const left = Object.keys(properties).filter((key) => !attributes.some(([, [taken]]) => taken === key));
    const key = ['content', 'value', 'classification', 'expression'].find((name) => left.includes(name)) ?? left[0];
    if (key === undefined) problems.push(`${where}/text()`);
    return key;
  };

  const placeOf = (element, properties, key, at) => {
    const { type, many } = element;
    if (VALUES[at] !== undefined) return many && [at.endsWith('/dependency') ? 'dependsOn' : 'provides', 'many', { value: VALUES[at] }];
    if (at === 'service/data/dataflow/classification') return [null, 'merge', shapeOf(type, { properties }, at)];
    if (key === undefined) return undefined;
    const { types, items, properties: inner } = flat(properties[key]);
    if (CHOICES.has(at)) return [key, many ? 'many choice' : 'choice', choices(type, many ? items : properties[key], at)];
    if (LEGACY[at] !== undefined)
      return [key, 'one', shapeOf(without(type, LEGACY[at]), properties[key], at), listItems(only(type, LEGACY[at]), items, at)];
    if (types.has('array') && isWrapper(type, many)) return [key, type.uniform ? 'uniform list' : 'list', listItems(type, items, at)];
    if (types.has('array')) return [key, 'many', valueFor(type, items, at)];
    if (type.scalar === undefined) return Object.keys(inner).length > 0 ? [key, 'one', shapeOf(type, properties[key], at)] : undefined;
    return [key, 'one', type.scalar];
  };

  const valueFor = (type, node, at) => {
    const value = VALUES[type.name];
    return value === undefined ? shapeOf(type, node, at) : { value };
  };

  /** What each kind of item of a wrapper element becomes; with a name, `{ [name]: item }`. */
  const listItems = (type, node, at) => {
    const { properties } = flat(node);
    const entries = type.elements.map(({ name, type: item }) => {
      const wrapped = Object.hasOwn(properties, name) && !BARE.has(at) && item.text === undefined;
      return [name, wrapped ? [shapeOf(item, properties[name], `${at}/${name}`), name] : [valueFor(item, node, `${at}/${name}`)]];
    });
    return Object.fromEntries(entries);
  };

  const choices = (type, node, at) =>
    Object.fromEntries(type.elements.map(({ name, type: item }) => [name, item.scalar ?? shapeOf(item, node, `${at}/${name}`)]));

  shapeOf(readXsd(`${directory}/bom-${version}.SNAPSHOT.xsd`), schema, 'bom');
  if (problems.length > 0) throw new Error(`CycloneDX ${version}: no place in JSON for ${problems.join(', ')}`);
  return shapes;
}

/** Is an element only there to hold items? Those that repeat and have more than one kind of child are items themselves. */
function isWrapper(type, many) {
  const repeated = (type.elements ?? []).filter((element) => element.many);
  return repeated.length > 0 && type.attributes.length === 0 && (!many || type.elements.length <= 2);
}

const only = (type, name) => ({ ...type, elements: type.elements.filter((element) => element.name === name) });
const without = (type, name) => ({ ...type, name: undefined, elements: type.elements.filter((element) => element.name !== name) });

const BANNER = (version) =>
  `// Written by scripts/generate.mjs from the JSON schema and the XSD of CycloneDX ${version}, Apache-2.0. Do not edit.\nimport type { Shape } from '../shape.js';\n\n/** What the XML elements of CycloneDX are in JSON; the first is the document. Numbers are places in this list. */\n`;

/** The module with the table. */
export function xmlTable(directory, version) {
  const lines = xmlShapes(directory, version).map((shape, index) => `  /* ${index} */ ${JSON.stringify(shape)},\n`);
  return `${BANNER(version)}export const SHAPES: readonly Shape[] = [\n${lines.join('')}];\n`;
}
