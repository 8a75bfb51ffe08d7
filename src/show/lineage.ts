/** What a model came from and what it is put together from, as a tree and as graphs for other programs. */
import { dotText, mermaidText } from '../report/drawing.js';
import type { Manifest, Model } from '../schema/index.js';
import type { TreeNode } from './page.js';

/** Models that are drawn; a graph of more is no picture. */
const MAX_NODES = 1000;
const MAX_DEPTH = 100;

/** The subject with its parts and parents, theirs below them; undefined when the document is about no model. */
export function lineageTree({ model, models = {} }: Manifest): TreeNode | undefined {
  if (model === undefined) return undefined;
  let nodes = 0;
  const nodeOf = (id: string, relation: string | undefined, above: ReadonlySet<string>): TreeNode => {
    const thing: Model | undefined = id === 'model' ? model : models[id];
    const name =
      thing === undefined
        ? id
        : [thing.group === undefined ? thing.name : `${thing.group}/${thing.name}`, thing.version]
            .filter((each) => each !== undefined)
            .join(' ');
    const path = new Set([...above, id]);
    const edges = [
      ...Object.values(thing?.composition ?? {}).map((part) => [part.model, `with ${part.relation}`] as const),
      ...Object.values(thing?.lineage?.parents ?? {}).map((parent) => [parent.model, `${parent.relation} of`] as const),
    ];
    // A circle is drawn once; the validator tells of it.
    const wanted = edges.filter(([target]) => !path.has(target) && path.size < MAX_DEPTH);
    const children: TreeNode[] = [];
    for (const [target, kind] of wanted) if (++nodes <= MAX_NODES) children.push(nodeOf(target, kind, path));
    return { id, name, ...(relation === undefined ? {} : { relation }), children };
  };
  return nodeOf('model', undefined, new Set());
}

interface Edge {
  readonly from: string;
  readonly to: string;
  readonly relation: string;
}

function graphOf(tree: TreeNode): { readonly nodes: ReadonlyMap<string, string>; readonly edges: readonly Edge[] } {
  const nodes = new Map<string, string>();
  const edges = new Map<string, Edge>();
  const open = [tree];
  for (let at = open.pop(); at !== undefined; at = open.pop()) {
    nodes.set(at.id, at.state === undefined ? at.name : `${at.name}: ${at.state}`);
    for (const child of at.children) {
      const edge = { from: at.id, to: child.id, relation: child.relation ?? '' };
      edges.set(`${edge.from}\u0000${edge.to}\u0000${edge.relation}`, edge);
      open.push(child);
    }
  }
  return { nodes, edges: [...edges.values()] };
}

/** The lineage in the language of Graphviz. */
export function lineageAsDot(tree: TreeNode): string {
  const { nodes, edges } = graphOf(tree);
  const lines = [
    ...[...nodes].map(([id, name]) => `  ${dotText(id)} [label=${dotText(name)}];`),
    ...edges.map(({ from, to, relation }) => `  ${dotText(from)} -> ${dotText(to)} [label=${dotText(relation)}];`),
  ];
  return `digraph lineage {\n  node [shape=box];\n${lines.join('\n')}\n}\n`;
}

/** The lineage as a flow chart of Mermaid. */
export function lineageAsMermaid(tree: TreeNode): string {
  const { nodes, edges } = graphOf(tree);
  const ids = new Map([...nodes.keys()].map((id, i) => [id, `n${i}`]));
  const lines = [
    ...[...nodes].map(([id, name]) => `  ${ids.get(id)}["${mermaidText(name)}"]`),
    ...edges.map(({ from, to, relation }) => `  ${ids.get(from)} -->|"${mermaidText(relation)}"| ${ids.get(to)}`),
  ];
  return `flowchart TD\n${lines.join('\n')}\n`;
}
