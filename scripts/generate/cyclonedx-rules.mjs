// What the XML schemas of CycloneDX ask of elements: which parts, in which order, how often, and what texts look like.
import { among, local, readSchema } from './xsd.mjs';

/** Texts that are any text; whether they are on a list is for the JSON schema to say. */
const PLAIN = new Set(['string', 'normalizedString', 'token', 'licenseId']);
const FACETS = { pattern: String, minLength: Number, maxLength: Number, minInclusive: Number, maxInclusive: Number };
const TIMES = { '0 1': '?', '1 1': '', '0 unbounded': '*', '1 unbounded': '+' };

/** The rules of one version; `#name` stands for another of them. */
function rulesOf(path) {
  const schema = readSchema(path);
  const named = (name, ...kinds) => among(schema, ...kinds).find(({ attributes }) => attributes.name === local(name));
  const rules = new Map();

  /** The key of a type; `undefined` for any text. */
  const keyOf = (name, inline, at) => {
    if (name?.startsWith('xs:') || name?.startsWith('spdx:')) return keyOfText(local(name), { base: local(name) });
    const node = name === undefined ? inline : named(name, 'complexType', 'simpleType');
    if (node === undefined) return rules.set('anyType', { any: true }) && 'anyType';
    const key = name === undefined ? at : local(name);
    if (node.name === 'simpleType') return keyOfText(key, textOf(node));
    if (rules.has(key)) return key;
    const rule = {};
    rules.set(key, rule);
    Object.assign(rule, contentOf(node, key));
    return key;
  };
  const keyOfText = (key, text) => {
    if (PLAIN.has(text.base) && Object.keys(text).length === 1) return undefined;
    rules.set(key, { text });
    return key;
  };
  const textOf = (node) => {
    const [union] = among(node, 'union');
    if (union !== undefined) return { base: 'string', among: union.attributes.memberTypes.split(' ').map(textNamed) };
    const [restriction] = among(node, 'restriction');
    const facets = Object.entries(FACETS).flatMap(([name, read]) =>
      among(restriction, name).map(({ attributes }) => [name, read(attributes.value)]),
    );
    return { ...textNamed(restriction.attributes.base), ...Object.fromEntries(facets) };
  };
  const textNamed = (name) => (/^(xs|spdx):/.test(name) ? { base: local(name) } : textOf(named(name, 'simpleType')));

  const contentOf = (node, at) => {
    const [simple] = among(node, 'simpleContent');
    const body = simple === undefined ? node : among(simple, 'extension')[0];
    const attributes = attributesOf(body, at);
    const [any] = among(body, 'anyAttribute');
    const required = attributes.filter(({ use }) => use === 'required').map(({ name }) => name);
    return {
      ...(simple === undefined ? { content: particles(body, at) } : { text: textNamed(body.attributes.base) }),
      ...(attributes.length > 0 ? { attributes: Object.fromEntries(attributes.map(({ name, key }) => [name, key])) } : {}),
      ...(required.length > 0 ? { required } : {}),
      ...(any === undefined ? {} : { others: any.attributes.namespace === '##any' ? 'any' : 'other' }),
      ...(node.attributes.mixed === 'true' ? { mixed: true } : {}),
    };
  };
  const attributesOf = (node, at) =>
    among(node, 'attribute', 'attributeGroup').flatMap((child) => {
      if (child.name === 'attributeGroup') return attributesOf(named(child.attributes.ref, 'attributeGroup'), at);
      const { name, type, use } = child.attributes;
      return [{ name, use, key: keyOf(type, among(child, 'simpleType')[0], `${at}/@${name}`) }];
    });
  /** As in a DTD: `a,(b|c)?,#*`, where `#` is an element of another namespace. */
  const particles = (node, at) => {
    const groups = among(node, 'sequence', 'choice', 'all');
    if (groups.length > 1 || groups[0]?.name === 'all') throw new Error(`${path}: no rule for the content of ${at}`);
    return groups.length === 0 ? undefined : particle(groups[0], at);
  };
  const particle = (node, at) => {
    const { minOccurs = '1', maxOccurs = '1' } = node.attributes;
    const times = TIMES[`${minOccurs} ${maxOccurs}`];
    if (times === undefined) throw new Error(`${path}: no rule for ${minOccurs} to ${maxOccurs} in ${at}`);
    if (node.name === 'any') return { kind: 'any', times };
    if (node.name === 'element') return { kind: 'element', times, ...elementOf(node, at) };
    return { kind: node.name, times, parts: among(node, 'element', 'any', 'sequence', 'choice').map((part) => particle(part, at)) };
  };
  const elementOf = (node, at) => {
    const { ref } = node.attributes;
    const declared = ref === undefined ? node : named(ref, 'element');
    const { name, type } = declared.attributes;
    return { name, key: keyOf(type, among(declared, 'complexType', 'simpleType')[0], ref === undefined ? `${at}/${name}` : name) };
  };
  return { rules, root: elementOf(named('bom', 'element'), '').key };
}

/** A rule as text, with other rules as `number` says. */
function write({ content, attributes, ...others }, number) {
  const reference = (key) => (key === undefined ? '' : `:${number(key)}`);
  const written = ({ kind, times, name, key, parts }) =>
    kind === 'any'
      ? `#${times}`
      : kind === 'element'
        ? `${name}${reference(key)}${times}`
        : `(${parts.map(written).join(kind === 'choice' ? '|' : ',')})${times}`;
  return JSON.stringify({
    ...('text' in others || others.any ? {} : { content: content === undefined ? '' : written(content) }),
    ...(attributes === undefined
      ? {}
      : { attributes: Object.fromEntries(Object.entries(attributes).map(([name, key]) => [name, key === undefined ? -1 : number(key)])) }),
    ...others,
  });
}

/** The rules of all versions, of which those that say the same are one. */
function shared(versions) {
  const all = [...versions].flatMap(([version, { rules }]) => [...rules].map(([key, rule]) => ({ version, key, rule, group: 0 })));
  const groups = new Map(all.map((each) => [`${each.version} ${each.key}`, each]));
  const groupOf = (version, key) => groups.get(`${version} ${key}`).group;
  for (let count = 0, before = -1; count !== before; ) {
    before = count;
    const texts = all.map(({ version, rule, group }) => `${group} ${write(rule, (key) => groupOf(version, key))}`);
    const numbers = new Map([...new Set(texts)].map((text, i) => [text, i]));
    for (const [i, each] of all.entries()) each.group = numbers.get(texts[i]);
    count = numbers.size;
  }
  const list = [];
  for (const { version, rule, group } of all) list[group] ??= write(rule, (key) => groupOf(version, key));
  return { list, roots: Object.fromEntries([...versions].map(([version, { root }]) => [version, groupOf(version, root)])) };
}

/** The module with the rules. */
export function xmlRules(directory, versions) {
  const { list, roots } = shared(new Map(versions.map((version) => [version, rulesOf(`${directory}/bom-${version}.SNAPSHOT.xsd`)])));
  const lines = list.map((rule, index) => `  /* ${index} */ ${rule},\n`).join('');
  return `// Written by scripts/generate.mjs from the XSDs of CycloneDX ${versions.join(', ')}. Do not edit.
import type { Rule } from '../rule.js';

/** The rule of the root element by version. */
export const ROOTS: Readonly<Record<string, number>> = ${JSON.stringify(roots)};

/** What the XML schemas ask of elements and attributes. Numbers are places in this list; \`-1\` is any text. */
export const RULES: readonly Rule[] = [
${lines}];
`;
}
