// docs/mapping.md and docs/properties.md: where each member of a manifest stands in other standards, and the names of the properties
// that hold what these have no place for; from the tables that the converters run on, the schema, and the full manifest.
import { mkdirSync, writeFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';

/** The tables of the converters. */
export async function mappingTables(root) {
  const at = `${root}src/convert`;
  const entry = [
    `export { KINDS as cyclonedx } from '${at}/cyclonedx/things.js';`,
    `export { KINDS as spdx3 } from '${at}/spdx3/things.js';`,
    `export { KINDS as components, cycloneDXType } from '${at}/mapping/kinds.js';`,
    `export { VULNERABILITY as vulnerability } from '${at}/mapping/vulnerability.js';`,
    `export { OFFICIAL, OWN } from '${at}/mapping/names.js';`,
    `export { flatten } from '${at}/mapping/properties.js';`,
    `export { SHAPES } from '${root}src/schema/index.js';`,
  ].join('\n');
  const { outputFiles } = await build({
    stdin: { contents: entry, resolveDir: root },
    bundle: true,
    write: false,
    platform: 'node',
    format: 'esm',
    packages: 'external',
    logLevel: 'error',
  });
  const folder = `${root}node_modules/.cache/msbom`;
  mkdirSync(folder, { recursive: true });
  const path = `${folder}/mapping.mjs`;
  writeFileSync(path, outputFiles[0].text);
  return import(pathToFileURL(path).href);
}

const cell = (text) => String(text).replaceAll('|', '\\|').replace(/\s+/g, ' ');
const code = (text) => (text === undefined || text === '' ? '' : `\`${cell(text)}\``);
const table = (head, rows) =>
  [`| ${head.join(' | ')} |`, `|${head.map(() => '---|').join('')}`, ...rows.map((row) => `| ${row.join(' | ')} |`)].join('\n');
const titled = (level, title, body) => `${'#'.repeat(level)} ${title}\n${body}\n`;

/** What the schema says of a member; `at` has dots. */
function meaning(schema, type, at) {
  const steps = at.split('.');
  // A section about the subject stands beside the members of the subject.
  let node = schema.$defs[type].properties[steps[0]] === undefined ? schema : schema.$defs[type];
  let description = '';
  for (const step of steps) {
    const member = node.properties[step];
    const inner = member.$ref ?? member.items?.$ref;
    node = inner === undefined ? member : schema.$defs[inner.slice('#/$defs/'.length)];
    description = member.description ?? node.description ?? description;
  }
  return description;
}

const KINDS = {
  subject: 'The model that the document is about, with the sections about it',
  model: 'Another model',
  dataset: 'A dataset',
  component: 'A component of software or hardware',
  file: 'A file',
  service: 'A service',
};

export function mappingPage(schema, { cyclonedx, spdx3, components, cycloneDXType, vulnerability }) {
  const plain = (place) => place?.replace(/^dataset\./, 'data[0].').replace(/\[\]$/, '[]');
  const sections = Object.entries(KINDS).map(([name, title]) => {
    const [ours, theirs] = [cyclonedx[name], spdx3[name]];
    const all = new Map();
    const at = (member) => {
      const known = all.get(member) ?? { cyclonedx: new Set(), spdx3: new Set(), spdx2: new Set() };
      all.set(member, known);
      return known;
    };
    for (const row of [...ours.rows, ...theirs.rows]) {
      const { cyclonedx: place, since, spdx3: place3 = place?.startsWith('cdx:') ? place : undefined, spdx2 } = row;
      if (place !== undefined) at(row.at).cyclonedx.add(code(plain(place)) + (since === undefined ? '' : ` from ${since}`));
      if (place3 !== undefined) at(row.at).spdx3.add(code(plain(place3)));
      if (spdx2 !== undefined) at(row.at).spdx2.add(code(spdx2));
    }
    const add = (standard, { at: members, places: list, details = {} }) => {
      for (const member of members)
        for (const place of list)
          at(member)[standard].add(
            code(SPDX_ELEMENTS[place] ?? plain(place)) + (details[member] === undefined ? '' : ` ${code(details[member])}`),
          );
    };
    for (const block of ours.blocks) add('cyclonedx', block);
    for (const block of theirs.blocks) add('spdx3', block);
    const rows = [...all].map(([member, found]) => [
      code(member),
      [...found.cyclonedx].join(', '),
      [...found.spdx3].join(', '),
      [...found.spdx2].join(', '),
      cell(meaning(schema, ours.type, member)),
    ]);
    return titled(
      2,
      title,
      `${CLASSES[name]}, \`${theirs.class}\` of SPDX 3. Properties begin with \`${ours.at}:\`.\n\n${table(HEAD, rows)}`,
    );
  });
  const weakness = vulnerability.map(({ at, cyclonedx: place, spdx3: place3 }) => [
    code(at),
    code(place),
    code(place3),
    '',
    cell(meaning(schema, 'Vulnerability', at)),
  ]);
  const kinds = components.map(({ type, spdx3: word, spdx2 = 'OTHER' }) => [
    code(type),
    code(cycloneDXType(type, '1.7')),
    code(word),
    code(spdx2),
  ]);
  return [
    GENERATED,
    '# Where each member stands in CycloneDX and SPDX',
    'A member of the manifest, the member or official property of the other standard, in which it is said natively, and what it means. What is not here, or not exactly sayable there, is a [property](properties.md) of the same name in both.',
    '',
    ...sections,
    titled(2, 'A known weakness', `An entry of \`vulnerabilities\`, \`security_Vulnerability\` of SPDX 3.\n\n${table(HEAD, weakness)}`),
    titled(2, 'Kinds of components', table(['`components[].type`', 'CycloneDX', 'SPDX 3.0.1', 'SPDX 2.3'], kinds)),
  ].join('\n');
}

const GENERATED = '<!-- Written by scripts/generate.mjs from the tables of the converters. Do not edit. -->';
const HEAD = ['Manifest', 'CycloneDX', 'SPDX 3.0.1', 'SPDX 2.3', 'Meaning'];
const CLASSES = {
  subject: 'The main component of type `machine-learning-model`',
  model: 'A component of type `machine-learning-model`',
  dataset: 'A component of type `data`',
  component: 'A component',
  file: 'A component of type `file`',
  service: 'A service',
};
/** What the converters have under a name of their own until the relationships and elements are made. */
const SPDX_ELEMENTS = {
  '@licenses': 'hasDeclaredLicense, hasConcludedLicense',
  '@supplier': 'suppliedBy',
  '@origin': 'originatedBy',
  '@build': 'build_Build',
};

// --- names of properties

const TYPES = { text: 'text', number: 'number', flag: '`true` or `false`', '*': 'JSON' };

/** How a value of a shape is written. */
function typeOf(shape) {
  const inner = shape.replace(/^(\[\]|\{\})/, '');
  const of = TYPES[inner] ?? `[${inner}](#${inner.toLowerCase()})`;
  if (shape.startsWith('[]')) return TYPES[inner] === undefined ? `list of ${of}: a number from 0` : `${of}, one property each`;
  return shape.startsWith('{}') ? `${of} by key` : of;
}

/** A property of each member, from the full manifest: name and value, by definition and member. */
function examplesOf(full, { SHAPES, flatten, cyclonedx }) {
  const found = new Map();
  const walk = (type, thing, name) => {
    for (const [member, value] of Object.entries(thing)) {
      const shape = SHAPES[type]?.[member] ?? SHAPES[type]?.['*'];
      if (shape === undefined) continue;
      const key = `${type}.${member}`;
      const [first] = flatten(type, { [member]: value }, name);
      if (!found.has(key) && first !== undefined) found.set(key, first);
      const inner = shape.replace(/^(\[\]|\{\})/, '');
      if (SHAPES[inner] === undefined) continue;
      const parts =
        shape === inner
          ? [['', value]]
          : Object.entries(value).map(([step, part]) => [`:${step.replaceAll('%', '%25').replaceAll(':', '%3A')}`, part]);
      for (const [step, part] of parts) walk(inner, part, `${name}:${member}${step}`);
    }
  };
  const SECTIONS = {
    models: cyclonedx.model,
    datasets: cyclonedx.dataset,
    components: cyclonedx.component,
    artifacts: cyclonedx.file,
    services: cyclonedx.service,
  };
  walk(cyclonedx.model.type, full.model, cyclonedx.model.at);
  for (const [section, { type, at }] of Object.entries(SECTIONS)) for (const thing of Object.values(full[section])) walk(type, thing, at);
  for (const weakness of Object.values(full.security.vulnerabilities)) walk('Vulnerability', weakness, 'msbom:vulnerability');
  const APART = ['$schema', 'model', 'dependencies', 'evidence', 'foreign', ...Object.keys(SECTIONS)];
  walk('Manifest', Object.fromEntries(Object.entries(full).filter(([section]) => !APART.includes(section))), 'msbom');
  for (const license of full.model.licenses) walk('License', license, 'msbom:license');
  return { found, APART };
}

/** Of what the full manifest's model does not have. */
const EXAMPLES = {
  'bsi:component:filename': 'libtorch.so',
  'bsi:component:executable': 'executable',
  'bsi:component:archive': 'no archive',
  'bsi:component:structured': 'structured',
};

export function propertiesPage(schema, full, tables) {
  const { SHAPES, OFFICIAL, OWN, cyclonedx } = tables;
  const { found, APART } = examplesOf(full, tables);
  const rows = Object.values(cyclonedx).flatMap(({ type, rows: list }) => list.map((row) => ({ ...row, type })));
  const official = [
    ...new Map(
      rows.filter(({ cyclonedx: place }) => place !== undefined && /^(?:cdx|bsi):/.test(place)).map((row) => [row.cyclonedx, row]),
    ).values(),
  ].map(({ type, at, cyclonedx: name, codec }) => {
    const value = at.split('.').reduce((object, step) => object?.[step], full.model);
    const shown = EXAMPLES[name] ?? (Array.isArray(value) ? value[0] : value);
    return [code(name), codec === 'numberText' ? 'number' : 'text', cell(meaning(schema, type, at)), code(`${name} = ${shown}`)];
  });
  const named = (list) =>
    list.map(({ name, type, meaning: text, example }) => [code(name), type, cell(text), code(`${example[0]} = ${example[1]}`)]);
  const starts = [
    ['msbom:model:', 'Model', 'a model, on its component or package'],
    ['msbom:dataset:', 'Dataset', 'a dataset'],
    ['msbom:component:', 'Component', 'a component'],
    ['msbom:artifact:', 'Artifact', 'a file'],
    ['msbom:service:', 'Service', 'a service'],
    ['msbom:vulnerability:', 'Vulnerability', 'a known weakness'],
    ['msbom:license:', 'License', 'a licence, on the licence in CycloneDX'],
    ['msbom:', 'Manifest', 'the document, in its metadata or on the SPDX document'],
  ].map(([start, type, what]) => [code(start), `[${type}](#${type.toLowerCase()})`, what]);
  const reached = reachable(SHAPES, APART);
  const definitions = [...reached].sort().map((type) => {
    const members = Object.entries(SHAPES[type]).filter(([member]) => member !== '*' && !(type === 'Manifest' && APART.includes(member)));
    const list = members.map(([member, shape]) => {
      const example = found.get(`${type}.${member}`);
      const text = (type === 'Manifest' ? schema : schema.$defs[type]).properties[member]?.description ?? '';
      return [code(member), typeOf(shape), cell(text), example === undefined ? '' : code(`${example[0]} = ${cut(example[1])}`)];
    });
    return titled(3, type, table(['Member', 'Value', 'Meaning', 'Example'], list));
  });
  return [
    GENERATED,
    '# Names of properties',
    'What CycloneDX and SPDX have no member for stands in named properties: `properties` of CycloneDX, the extension `extension_CdxPropertiesExtension` of SPDX 3.0.1. A name is the same in both.',
    '',
    titled(
      2,
      'Names of the official taxonomy',
      `[CycloneDX property taxonomy](https://github.com/CycloneDX/cyclonedx-property-taxonomy), of a model; names that begin with \`bsi:\` are of the [taxonomy of the BSI](https://github.com/BSI-Bund/tr-03183-cyclonedx-property-taxonomy), of components and files, and in CycloneDX alone.\n\n${table(['Name', 'Value', 'Meaning', 'Example'], [...official, ...named(OFFICIAL)])}`,
    ),
    titled(
      2,
      'Names of msbom',
      `A name is the path of the value in the manifest with \`:\` between its steps. A key that the document chose has \`%25\` for \`%\` and \`%3A\` for \`:\`; items of a list of objects have numbers from 0; a list of texts is one property for each. Texts stand as they are, all else as JSON.\n\n${table(['Begins with', 'Members of', 'Of'], starts)}\n\nNames beside the members:\n\n${table(['Name', 'Value', 'Meaning', 'Example'], named(OWN))}`,
    ),
    titled(2, 'Members', definitions.join('\n')),
  ].join('\n');
}

const cut = (text) => (text.length > 80 ? `${text.slice(0, 77)}...` : text);

/** Definitions that a name can lead to. */
function reachable(shapes, apart) {
  const found = new Set();
  const open = ['Model', 'Dataset', 'Component', 'Artifact', 'Service', 'Vulnerability', 'License', 'Manifest'];
  for (let type = open.pop(); type !== undefined; type = open.pop()) {
    if (found.has(type)) continue;
    found.add(type);
    for (const [member, shape] of Object.entries(shapes[type])) {
      const inner = shape.replace(/^(\[\]|\{\})/, '');
      if (shapes[inner] !== undefined && !(type === 'Manifest' && apart.includes(member))) open.push(inner);
    }
  }
  return found;
}
