/** Lays a node of a JSON Schema, its references and all its alternatives into one: properties, items, types and required names that may occur. */
export function flatten(schema, others = {}) {
  const resolve = (reference) => {
    const [file, pointer = ''] = reference.split('#');
    return pointer
      .split('/')
      .slice(1)
      .reduce((node, key) => node?.[key], file === '' ? schema : others[file]);
  };
  return (root) => {
    const flat = { properties: {}, items: undefined, types: new Set(), required: new Set() };
    const seen = new Set();
    const add = (node) => {
      if (typeof node !== 'object' || node === null || seen.has(node)) return;
      seen.add(node);
      for (const name of node.required ?? []) flat.required.add(name);
      for (const type of [node.type ?? []].flat()) flat.types.add(type);
      for (const [key, value] of Object.entries(node.properties ?? {})) flat.properties[key] = either(flat.properties[key], value);
      if (node.items !== undefined) flat.items = either(flat.items, node.items);
      if (node.$ref !== undefined) add(resolve(node.$ref));
      for (const part of [...(node.oneOf ?? []), ...(node.anyOf ?? []), ...(node.allOf ?? [])]) add(part);
    };
    add(root);
    for (const [key, value] of Object.entries(flat.properties)) if (typeof value === 'boolean') delete flat.properties[key];
    return flat;
  };
}

const either = (first, second) =>
  typeof first === 'object' && typeof second === 'object'
    ? { anyOf: [first, second] }
    : typeof second === 'object'
      ? second
      : (first ?? second);
