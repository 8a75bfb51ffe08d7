// What follows from the schema: tables of shapes and words, and the members of a manifest.

const FROM = 'schema/1.0/msbom.schema.json';
const BANNER = `// Written by scripts/generate.mjs from ${FROM}. Do not edit.\n`;
const quote = (text) => `'${text.replaceAll("'", "\\'")}'`;
const nameOf = ({ $ref }) => $ref?.slice('#/$defs/'.length);

/** The definitions with the document itself among them. */
const typesOf = ({ $defs, ...root }) => [['Manifest', root], ...Object.entries($defs).sort(([a], [b]) => (a < b ? -1 : 1))];

/** Any JSON value, or an object whose members the specification does not know. */
const isFree = (node) =>
  Object.keys(node).every((key) => key === 'description') || (node.additionalProperties === true && !node.properties);

function shape(node, schema) {
  const name = nameOf(node);
  const target = name === undefined ? node : schema.$defs[name];
  if (isFree(target)) return '*';
  if (target.properties) return name;
  if (target.type === 'array') return `[]${shape(target.items, schema)}`;
  if (target.type === 'object') return `{}${shape(target.additionalProperties, schema)}`;
  return SCALARS[target.type];
}

const SCALARS = { string: 'text', integer: 'number', number: 'number', boolean: 'flag' };

/** The module with what each member of each type holds. */
export function schemaToShapes(schema) {
  const rows = typesOf(schema)
    .filter(([, node]) => node.properties)
    .map(([name, node]) => {
      const members = Object.entries(node.properties).map(([key, child]) => `${key}: ${quote(shape(child, schema))}`);
      if (node.additionalProperties === true) members.push("'*': '*'");
      return `  ${name}: { ${members.join(', ')} },\n`;
    });
  return `${BANNER}/**
 * What each member of each type holds: \`text\`, \`number\` or \`flag\`, \`Bom\` an object of that type, \`{}Party\` a map of them,
 * \`[]Tool\` a list, \`*\` anything; a member \`*\` stands for those that the specification does not name. Members stand in the
 * order of the specification.
 */
export const SHAPES = {\n${rows.join('')}} as const satisfies Readonly<Record<string, Readonly<Record<string, string>>>>;

/** Name of a type of object. */
export type TypeName = keyof typeof SHAPES;
`;
}

/** The registered words of open vocabularies by `Type.member`. */
export function registeredWords(schema) {
  return Object.fromEntries(
    typesOf(schema).flatMap(([type, node]) =>
      Object.entries(node.properties ?? {}).flatMap(([key, child]) => {
        const words = wordsOf(child, schema);
        return words === undefined ? [] : [[`${type}.${key}`, words]];
      }),
    ),
  );
}

/** The module with the registered words of open vocabularies. */
export function schemaToWords(schema) {
  const rows = Object.entries(registeredWords(schema)).map(([member, words]) => `  ${quote(member)}: [${words.map(quote).join(', ')}],\n`);
  return `${BANNER}/** Registered words of open vocabularies by \`Type.member\`; for a list its items, for a map its keys. */
export const WORDS: Readonly<Record<string, readonly string[]>> = {\n${rows.join('')}};\n`;
}

function wordsOf(node, schema) {
  const item = node.items ?? (typeof node.additionalProperties === 'object' ? node.additionalProperties : undefined);
  if (node.propertyNames?.examples) return node.propertyNames.examples;
  const target = schema.$defs[nameOf(item ?? node)] ?? item ?? node;
  return target.type === 'string' ? target.examples : undefined;
}

/** What texts of a pattern are; patterns that need no rule beside them are not here. */
const FORMS = [
  [/^\^\[A-Za-z\]\[A-Za-z0-9\+\.-\]\*:/, 'uri'],
  [/T\(\[01\]/, 'time'],
  [/^\^\[0-9\]\{4\}/, 'date'],
  [/\[\^\/\.\]/, 'path'],
];

/** The module with the members whose form a schema tells in part only. */
export function schemaToForms(schema) {
  const formOf = (node) => {
    const target = schema.$defs[nameOf(node)] ?? node;
    if (target.items) return formOf(target.items);
    if (target.description === 'E-mail address.') return 'email';
    return FORMS.find(([pattern]) => pattern.test(target.pattern ?? ''))?.[1];
  };
  const rows = typesOf(schema).flatMap(([type, node]) =>
    Object.entries(node.properties ?? {}).flatMap(([key, child]) => {
      const form = formOf(child);
      return form === undefined ? [] : [`  ${quote(`${type}.${key}`)}: ${quote(form)},\n`];
    }),
  );
  return `${BANNER}/** Members, or the items of those that are lists, that are URIs, times, dates, paths and e-mail addresses, by \`Type.member\`. */
export const FORMS: Readonly<Record<string, 'uri' | 'time' | 'date' | 'path' | 'email'>> = {\n${rows.join('')}};\n`;
}

/** The module with the members of a manifest. */
export function schemaToSections(schema) {
  const list = (words) => `[\n${words.map((word) => `  ${quote(word)},\n`).join('')}] as const`;
  return `${BANNER}/** Members of a manifest in the order of the specification. */
export const SECTIONS = ${list(Object.keys(schema.properties))};

/** Members that are texts wherever the specification has them, but in the document's own data. */
export const TEXT_MEMBERS = ${list(textMembers(schema))};

/** Kinds of components, in the words of CycloneDX. */
export const COMPONENT_TYPES = ${list(schema.$defs.Component.properties.type.examples)};
`;
}

/** Names of members that are never anything but text. */
function textMembers(schema) {
  const kinds = new Map();
  for (const [, node] of typesOf(schema))
    for (const [key, child] of Object.entries(node.properties ?? {})) {
      const target = schema.$defs[nameOf(child)] ?? child;
      kinds.set(key, (kinds.get(key) ?? true) && target.type === 'string');
    }
  return [...kinds]
    .filter(([, text]) => text)
    .map(([name]) => name)
    .sort();
}

/** The schema as the generator of types reads it best: what is free-form is a JSON value. */
export function typed({ $schema, $id, ...node }) {
  const { examples, propertyNames, properties, $defs, items, additionalProperties, ...rest } = node;
  if (Object.keys(node).length === 0) return { tsType: 'JsonValue' };
  const each = (map) => Object.fromEntries(Object.entries(map).map(([name, child]) => [name, typed(child)]));
  const free = { tsType: node.title === 'DigestSet' ? 'string | undefined' : 'JsonValue' };
  return {
    ...rest,
    ...(properties && { properties: each(properties) }),
    ...($defs && { $defs: each($defs) }),
    ...(items && { items: typed(items) }),
    ...(additionalProperties !== undefined && { additionalProperties: additionalProperties === true ? free : plain(additionalProperties) }),
  };
}

const plain = (node) => (typeof node === 'object' ? typed(node) : node);
