/** A lineage for other programs: JSON, Graphviz and Mermaid. */
import { dotText, mermaidText } from '../report/drawing.js';
import type { Lineage, LineageNode, NodeState } from './graph.js';

/** Plain data, in a stable form: members are added, none changes its meaning. */
export function lineageAsJson({ root, nodes, unreadable }: Lineage): object {
  return {
    root,
    nodes: [...nodes.values()].map(({ claims, signed, isIntact: _isIntact, ...node }) => ({
      ...node,
      ...(signed === undefined ? {} : { signedFiles: signed.length }),
      claims: claims.map(({ line, id, ok, parties, statement, reasons, missing }) => ({
        line,
        ...(id === undefined ? {} : { id }),
        ok,
        ...(statement === undefined ? {} : { predicateType: statement.predicateType }),
        parties,
        reasons,
        ...(missing === undefined ? {} : { missing }),
      })),
    })),
    unreadable,
  };
}

const COLORS: Readonly<Record<NodeState, string>> = {
  verified: '#2e7d32',
  unsigned: '#b26a00',
  unresolved: '#757575',
  mismatch: '#c62828',
  untrusted: '#c62828',
};

/** The first digits tell things apart for people. */
const short = (id: string): string => (id.startsWith('sha256:') ? id.slice(0, 'sha256:'.length + 12) : id);

const namesOf = (lineage: Lineage): ReadonlyMap<string, string> => new Map([...lineage.nodes.keys()].map((id, i) => [id, `n${i}`]));

const edgesFrom = (lineage: Lineage, names: ReadonlyMap<string, string>) =>
  [...lineage.nodes.values()].flatMap((node) =>
    node.edges.flatMap(({ role, to }) => {
      const [from, target] = [names.get(node.id), names.get(to)];
      return from === undefined || target === undefined ? [] : [{ from, to: target, role }];
    }),
  );

/** Graphviz: https://graphviz.org/doc/info/lang.html. */
export function lineageAsDot(lineage: Lineage): string {
  const names = namesOf(lineage);
  const label = ({ name, id, state }: LineageNode): string => dotText(`${name} | ${short(id)} | ${state}`);
  return [
    'digraph lineage {',
    '  rankdir=LR;',
    '  node [shape=box];',
    ...[...lineage.nodes.values()].map((node) => `  ${names.get(node.id)} [label=${label(node)}, color="${COLORS[node.state]}"];`),
    ...edgesFrom(lineage, names).map(({ from, to, role }) => `  ${from} -> ${to} [label="${role}"];`),
    '}',
    '',
  ].join('\n');
}

/** Mermaid: https://mermaid.js.org/syntax/flowchart.html */
export function lineageAsMermaid(lineage: Lineage): string {
  const names = namesOf(lineage);
  return [
    'flowchart LR',
    ...[...lineage.nodes.values()].map(
      (node) => `  ${names.get(node.id)}["${mermaidText(node.name)}<br/>${mermaidText(short(node.id))}<br/>${node.state}"]:::${node.state}`,
    ),
    ...edgesFrom(lineage, names).map(({ from, to, role }) => `  ${from} -->|${role}| ${to}`),
    ...Object.entries(COLORS).map(([state, color]) => `  classDef ${state} stroke:${color}`),
    '',
  ].join('\n');
}
