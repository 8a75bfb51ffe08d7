/** skops archives built in memory. */
import { utf8 } from './builders.js';
import { type ZipEntry, zipFile } from './zip.js';

type Node = Readonly<Record<string, unknown>>;
let last = 0;
const node = (module: string, name: string, loader: string, more: Node = {}): Node => ({
  __class__: name,
  __module__: module,
  __loader__: loader,
  __id__: ++last,
  ...more,
});

/** A text, number, boolean or null as skops writes it; a text that is no JSON is taken as it is. */
export const json = (value: unknown, content = JSON.stringify(value)): Node =>
  node('builtins', 'str', 'JsonNode', { content, is_json: true });
export const list = (...items: readonly Node[]): Node => node('builtins', 'list', 'ListNode', { content: items });
export const pair = (...items: readonly Node[]): Node => node('builtins', 'tuple', 'TupleNode', { content: items });
export const dict = (entries: Readonly<Record<string, Node>>): Node =>
  node('builtins', 'dict', 'DictNode', { content: entries, key_types: list(node('builtins', 'str', 'TypeNode')) });
export const object = (module: string, name: string, attributes: Readonly<Record<string, Node>>): Node =>
  node(module, name, 'ObjectNode', { content: dict(attributes) });
export const array = (file: string): Node => node('numpy', 'ndarray', 'NdArrayNode', { type: 'numpy', file });
export const objects = (...items: readonly Node[]): Node =>
  node('numpy', 'ndarray', 'NdArrayNode', { type: 'json', content: items, shape: pair(json(items.length)) });
export const func = (module: string, name: string): Node => node(module, name, 'FunctionNode');

/** An archive of a root node and members; `more` overrides members of the root. */
export function skopsFile(
  root: Node,
  members: readonly ZipEntry[] = [],
  more: Node = { protocol: 2, _skops_version: '0.16.0' },
): Uint8Array {
  return zipFile([...members, { name: 'schema.json', bytes: utf8(JSON.stringify({ ...root, ...more })), method: 8 }]);
}
