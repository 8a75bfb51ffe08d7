// JSON Schema → the reference page of the specification.

export function schemaToReference(schema, from) {
  const named = Object.entries(schema.$defs);
  const sections = [
    '# MSBOM 1.0: reference',
    '',
    `Made from [${from}](../../${from}); the rules in words stand in [1.0.md](1.0.md).`,
    'A property marked * is required. Texts that have no pattern, lists and maps are never empty. An open vocabulary takes any word; the registered ones stand in [1.0.md](1.0.md).',
    '',
    '## Document',
    '',
    schema.description,
    '',
    ...table(schema, '', schema),
    ...Object.entries(schema.properties).flatMap(([name, node]) => objectSections(node, `/${name}`, schema)),
    '## Shared definitions',
    '',
    ...named.flatMap(([name, node]) => [
      `### ${name}`,
      '',
      node.description,
      '',
      ...(node.properties ? table(node, name, schema) : [constraint(node), '']),
      ...Object.entries(node.properties ?? {}).flatMap(([key, child]) => inner(child, `${name}.${key}`, schema)),
    ]),
  ];
  return `${sections
    .join('\n')
    .replace(/\n{3,}/g, '\n\n')
    .trimEnd()}\n`;
}

function objectSections(node, pointer, schema) {
  const own = node.properties ? node : node.items?.properties ? node.items : undefined;
  if (!own) return [];
  return [
    `## ${pointer}`,
    '',
    own.description,
    '',
    ...table(own, pointer, schema),
    ...Object.entries(own.properties).flatMap(([key, child]) => inner(child, `${pointer}/${key}`, schema)),
  ];
}

function inner(node, path, schema) {
  const own = node.properties ? node : node.items?.properties ? node.items : undefined;
  if (!own) return [];
  return [
    `#### ${path}`,
    '',
    own.description,
    '',
    ...table(own, path, schema),
    ...Object.entries(own.properties).flatMap(([key, child]) => inner(child, `${path}.${key}`, schema)),
  ];
}

function table(node, _path, schema) {
  const required = new Set(node.required ?? []);
  const rows = Object.entries(node.properties).map(
    ([name, child]) => `| \`${name}\`${required.has(name) ? ' *' : ''} | ${cell(typeOf(child))} | ${cell(describe(child, schema))} |`,
  );
  return ['| property | type | meaning |', '|---|---|---|', ...rows, ''];
}

function describe(node, schema) {
  return node.description ?? node.items?.description ?? schema.$defs[node.$ref?.split('/').at(-1)]?.description ?? '';
}

function typeOf(node) {
  if (node === false) return 'never';
  if (node.$ref) {
    const name = node.$ref.split('/').at(-1);
    return `[${name}](#${name.toLowerCase()})`;
  }
  if ('const' in node) return `\`${JSON.stringify(node.const)}\``;
  if (node.enum) return node.enum.map((value) => `\`${value}\``).join(' · ');
  if (node.type === 'array') return `list of ${typeOf(node.items)}`;
  if (node.type === 'object' && !node.properties)
    return `map of ${node.additionalProperties === true || !node.additionalProperties ? 'any value' : typeOf(node.additionalProperties)}`;
  if (Array.isArray(node.type)) return node.type.join(' or ');
  return node.type ?? 'any value';
}

function constraint(node) {
  if (node.pattern) return `Pattern: \`${node.pattern.replace(/\|/g, '\\|')}\``;
  if (node.oneOf) return `One of: ${node.oneOf.map(typeOf).join(' or ')}`;
  if (node.format) return `Format: \`${node.format}\``;
  return '';
}

function cell(text) {
  return text.replace(/\|/g, '\\|').replace(/\n/g, ' ');
}
