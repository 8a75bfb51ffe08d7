// The schema as the validator is compiled from it: it means the same, in a form of which ajv makes little code.

/** Words that say nothing about a document. */
const ANNOTATIONS = new Set(['$comment', 'title', 'description', 'examples']);
/** Words that hold values, not schemas. */
const VALUES = new Set(['const', 'enum', 'required']);
/** Words that hold schemas by name. */
const NAMED = new Set(['properties', '$defs']);

export function schemaForValidator(schema) {
  return inParts(withItemTypes(withoutAnnotations(schema)));
}

function withoutAnnotations(node) {
  return mapParts(node, withoutAnnotations, (word) => !ANNOTATIONS.has(word));
}

/**
 * Every list of unique items in the schema is one of texts. Said beside the reference, ajv looks each text up once; otherwise
 * it compares every pair.
 */
function withItemTypes(node) {
  const copy = mapParts(node, withItemTypes);
  return copy.uniqueItems === true && copy.items?.type === undefined ? { ...copy, items: { type: 'string', ...copy.items } } : copy;
}

/**
 * Makes a definition of every object and of all that stands in several places. Each becomes a function of its own: one that a
 * document does not need is never compiled, and what is said often is there once.
 */
function inParts({ $defs, ...root }) {
  const seen = new Map();
  const count = (node) => {
    const text = JSON.stringify(node);
    seen.set(text, (seen.get(text) ?? 0) + 1);
    return mapMembers(node, count);
  };
  for (const node of [root, ...Object.values($defs)]) count(node);
  const isApart = (node) =>
    node.properties !== undefined || (seen.get(JSON.stringify(node)) > 1 && node.$ref === undefined && Object.keys(node).length > 1);

  const parts = {};
  const names = new Map();
  const within = (node, name) => mapMembers(node, (member, key) => move(member, `${name}.${key}`));
  const move = (node, name) => {
    if (!isApart(node)) return within(node, name);
    const text = JSON.stringify(node);
    if (!names.has(text)) {
      names.set(text, name);
      parts[name] = within(node, name);
    }
    return { $ref: `#/$defs/${names.get(text)}` };
  };
  const definitions = Object.fromEntries(Object.entries($defs).map(([name, node]) => [name, within(node, name)]));
  return { ...within(root, ''), $defs: { ...definitions, ...parts } };
}

/**
 * A schema with what it says of properties and items put through a function, with the name of the property. Unique items stay
 * as they are, since ajv looks for their type beside them.
 */
function mapMembers(node, map) {
  const { properties, items, additionalProperties, uniqueItems } = node;
  const isSchema = (value) => typeof value === 'object';
  return {
    ...node,
    ...(properties && { properties: Object.fromEntries(Object.entries(properties).map(([key, value]) => [key, map(value, key)])) }),
    ...(isSchema(items) && uniqueItems !== true && { items: map(items, 'items') }),
    ...(isSchema(additionalProperties) && { additionalProperties: map(additionalProperties, 'values') }),
  };
}

/** A schema with every schema directly in it put through a function, less the words that are not kept. */
function mapParts(node, map, keep = () => true) {
  if (typeof node !== 'object' || node === null) return node;
  const mapped = ([word, value]) => {
    if (VALUES.has(word)) return [word, value];
    if (NAMED.has(word)) return [word, Object.fromEntries(Object.entries(value).map(([name, each]) => [name, map(each)]))];
    return [word, Array.isArray(value) ? value.map(map) : map(value)];
  };
  return Object.fromEntries(
    Object.entries(node)
      .filter(([word]) => keep(word))
      .map(mapped),
  );
}
