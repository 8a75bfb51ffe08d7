/** What a verification found of the ancestry, as a section: the answer of `msbom verify --lineage --format json`, read as strictly as any input. */
import { isList, isObject, type JsonObject, own } from '../core/objects.js';
import type { Section, TreeNode } from './page.js';

/** States of a part, and what each means. Source: docs/lineage.md */
const STATES: Readonly<Record<string, string>> = {
  verified: 'signed by somebody who is trusted, and there as it was signed',
  unsigned: 'there, and nobody signed it',
  unresolved: 'stated, and not found',
  mismatch: 'signed, and not there as it was signed',
  untrusted: 'signed by nobody who is trusted',
};
/** Steps and nodes that are drawn; whatever else there is stands in the table, or is counted. */
const MAX_DEPTH = 64;
const MAX_NODES = 2000;

interface VerifiedNode {
  readonly id: string;
  readonly name: string;
  readonly state: string;
  readonly roles: readonly string[];
  readonly parties: readonly string[];
  readonly edges: readonly { readonly role: string; readonly to: string }[];
  readonly reason: string;
}

const textAt = (value: unknown, key: string): string | undefined => {
  const found = isObject(value) ? own(value, key) : undefined;
  return typeof found === 'string' ? found : undefined;
};
const textsAt = (value: JsonObject, key: string): readonly string[] => {
  const found = own(value, key);
  return isList(found) ? found.filter((each) => typeof each === 'string') : [];
};

function nodeFrom(value: unknown): VerifiedNode | undefined {
  const [id, name, state] = ['id', 'name', 'state'].map((key) => textAt(value, key));
  if (!isObject(value) || id === undefined || name === undefined || state === undefined || !Object.hasOwn(STATES, state)) return undefined;
  const [edges, reasons] = [own(value, 'edges'), own(value, 'reasons')];
  const pairs = (isList(edges) ? edges : []).map((each) => ({ role: textAt(each, 'role') ?? '', to: textAt(each, 'to') ?? '' }));
  const [first] = isList(reasons) ? reasons : [];
  const [path, detail = ''] = [textAt(first, 'path'), textAt(first, 'detail')];
  const reason = path === undefined ? detail : `${path}: ${detail}`;
  return { id, name, state, roles: textsAt(value, 'roles'), parties: textsAt(value, 'parties'), edges: pairs, reason };
}

/** The section, or why the document is no such answer. */
export function verifiedSection(answer: unknown): { readonly section: Section } | { readonly fault: string } {
  const lineage = isObject(answer) && own(answer, 'version') === 1 ? own(answer, 'lineage') : undefined;
  const [ok, listed] = [isObject(answer) ? own(answer, 'ok') : undefined, isObject(lineage) ? own(lineage, 'nodes') : undefined];
  const root = textAt(lineage, 'root');
  if (typeof ok !== 'boolean' || root === undefined || !isList(listed)) return { fault: 'it has no `ok`, or no `lineage` with its nodes' };
  const nodes = new Map<string, VerifiedNode>();
  for (const each of listed) {
    const node = nodeFrom(each);
    if (node === undefined) return { fault: 'a node of its lineage lacks its id, its name or a state that is known' };
    nodes.set(node.id, node);
  }
  if (!nodes.has(root)) return { fault: 'its lineage does not hold the model itself' };
  const all = [...nodes.values()];
  const states = Object.entries(STATES).flatMap(([state, meaning]) => {
    const many = all.filter((each) => each.state === state).length;
    return many === 0 ? [] : [{ label: state, value: `${many}: ${meaning}` }];
  });
  const columns = ['Name', 'State', 'As', 'Signed by', 'Digest', 'What speaks against it'];
  const rows = all.slice(0, MAX_NODES).map(({ name, state, roles, parties, id, reason }) => {
    return [name, state, roles.map((role) => (role === 'root' ? 'model' : role)).join(', '), parties.join(', '), id, reason];
  });
  const section: Section = {
    id: 'verification',
    title: 'Verified lineage',
    facts: [{ label: 'Verdict', value: ok ? 'verified' : 'not verified' }, ...states],
    tree: treeOf(nodes, root),
    table: { columns, rows, ...(all.length > MAX_NODES ? { more: all.length - MAX_NODES } : {}) },
    notes: ['An answer of `msbom verify`, as it was given: this page proves nothing of it.'],
  };
  return { section };
}

/** What was drawn above is not drawn again. */
function treeOf(nodes: ReadonlyMap<string, VerifiedNode>, root: string): TreeNode {
  const drawn = new Set<string>();
  let places = 0;
  const draw = (id: string, relation: string | undefined, depth: number): TreeNode => {
    const node = nodes.get(id);
    const isAgain = drawn.has(id);
    drawn.add(id);
    const wanted = isAgain || depth >= MAX_DEPTH ? [] : (node?.edges ?? []);
    const children: TreeNode[] = [];
    for (const { role, to } of wanted) if (++places <= MAX_NODES) children.push(draw(to, role, depth + 1));
    return {
      id,
      name: `${node?.name ?? id}${isAgain ? ' (see above)' : ''}`,
      state: node?.state ?? 'unresolved',
      ...(relation === undefined ? {} : { relation }),
      children,
    };
  };
  return draw(root, undefined, 0);
}
