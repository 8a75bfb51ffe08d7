// The official SPDX 3.0.1 JSON schema → a table of classes and properties, which src/convert/spdx/schema.ts walks.
// The schema itself says "one of a hundred classes" everywhere: compiled as it stands it answers a single fault with
// hundreds of errors, none of which names it.
import { schemaModule } from './foreign-schemas.mjs';

const BANNER = '// Written by scripts/generate.mjs from test/support/spdx/spdx-schema-v3.0.1.json (see the NOTICE there). Do not edit.\n';

export function spdxClasses(schema) {
  const definitions = schema.$defs;
  const classes = {};
  for (const [name, { allOf }] of Object.entries(definitions)) {
    if (!name.endsWith('_props')) continue;
    const own = name.slice(0, -'_props'.length);
    const parent = allOf.map((part) => last(part.$ref ?? '')).find((ref) => ref.endsWith('_props'));
    const required = new Set(allOf.flatMap((part) => part.required ?? []));
    const properties = {};
    for (const [property, node] of allOf.flatMap((part) => Object.entries(part.properties ?? {}))) {
      const list = node.anyOf?.[0];
      const item = list === undefined ? node : list.items;
      properties[property] = {
        ...kindOf(definitions[last(item.$ref)], definitions),
        ...(list === undefined ? {} : { list: list.minItems ?? 0 }),
        ...(required.has(property) ? { required: true } : {}),
      };
    }
    const concrete = definitions[own] !== undefined;
    const members = definitions[own]?.then?.allOf?.[0]?.properties ?? {};
    classes[own] = {
      ...(parent === undefined || parent === 'SHACLClass_props' ? {} : { parent: parent.slice(0, -'_props'.length) }),
      ...(concrete ? { id: members.spdxId === undefined ? '@id' : 'spdxId' } : {}),
      ...(own === 'SHACLClass' ? {} : { properties }),
    };
  }
  delete classes.SHACLClass;
  return `${BANNER}import type { SPDXClass } from '../classes.js';\n\n${literal('SPDX_CLASSES', 'Readonly<Record<string, SPDXClass>>', classes, 'Every class, its parent and its own properties.')}`;
}

const last = (ref) => ref.slice(ref.lastIndexOf('/') + 1);

/** The kind of a value, in as few words as say it. */
function kindOf(node, definitions) {
  if (node.$ref !== undefined) {
    const name = last(node.$ref);
    if (name === 'anyURI') return { text: true };
    const branches = definitions[name].anyOf;
    const individuals = branches.flatMap((branch) => (branch.const === undefined ? [] : [branch.const]));
    return { class: name.slice(0, -'_derived'.length), ...(individuals.length > 0 ? { individuals } : {}) };
  }
  if (node.enum !== undefined) return { words: node.enum };
  if (node.anyOf !== undefined) return { decimal: true };
  if (node.type === 'boolean') return { flag: true };
  if (node.type === 'integer') return { integer: node.minimum };
  if (node.allOf !== undefined) return { time: true };
  if (node.pattern !== undefined) return { pattern: node.pattern };
  if (node.type === 'string' && Object.keys(node).length === 1) return { text: true };
  throw new Error(`the SPDX schema has a kind of value that is not known: ${JSON.stringify(node)}`);
}

function literal(name, type, value, comment) {
  return `/** ${comment} */\nexport const ${name}: ${type} = ${JSON.stringify(value, null, 1)};\n`;
}

/** The official JSON schema of SPDX 2.3, without its prose. */
export const spdx2Schema = (root) =>
  schemaModule('test/support/spdx/spdx-schema-v2.3.json (see the NOTICE there)', {
    schema: `${root}test/support/spdx/spdx-schema-v2.3.json`,
  });
