/** Values of a manifest as text that people read. */
import { find, itemsOf, type Node } from '../comply/lookup.js';
import { own } from '../core/objects.js';
import { REFERENCES } from '../schema/index.js';

/** Characters of one value; the manifest has the rest. */
const MAX_TEXT = 4000;

/** A value with all that is in it. Ids of things are told with the names of the things. */
export function valueText(root: Node, node: Node): string {
  const text = shown(root, node, MAX_TEXT);
  return text.length > MAX_TEXT ? `${text.slice(0, MAX_TEXT)}… (cut; the manifest has it whole)` : text;
}

/** `room`: characters that are still of use; what goes beyond is not made. */
function shown(root: Node, node: Node, room: number): string {
  const { value } = node;
  if (typeof value === 'string') return named(root, node, value);
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  if (typeof value !== 'object' || value === null) return String(value);
  const isList = Array.isArray(value);
  const parts: string[] = [];
  let left = room;
  for (const item of itemsOf(node)) {
    if (left <= 0) break;
    const text = shown(root, item, left);
    const part = isList ? (isPlain(item) ? text : `(${text})`) : `${wordsOf(item, node)}: ${isPlain(item) ? text : `(${text})`}`;
    parts.push(part);
    left -= part.length;
  }
  return parts.join('; ');
}

const isPlain = ({ value }: Node): boolean => typeof value !== 'object' || value === null;

/** Keys that the specification chose are words: `latestAcquisition` is `latest acquisition`; those of the document stay as they are. */
const wordsOf = ({ key = '' }: Node, { shape }: Node): string =>
  shape.startsWith('{}') || shape === '*' ? key : key.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);

function named(root: Node, node: Node, id: string): string {
  if (node.member === undefined || own(REFERENCES, node.member) === undefined) return id;
  const found = find(root, node, '/name');
  return 'node' in found && typeof found.node.value === 'string' && found.node.value !== id ? `${found.node.value} (${id})` : id;
}
