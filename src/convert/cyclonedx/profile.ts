/** What a consumer refuses, cuts, drops or overlooks in a CycloneDX document, as tables. */
import type { Finding, Severity } from '../../core/finding.js';
import type { Json } from './json.js';
import { walk } from './lint.js';

interface Row {
  readonly id: string;
  readonly severity: Severity;
  readonly fix: string;
}

/** A text of a component that is too long. */
export interface LengthRow extends Row {
  readonly of: 'component' | 'property';
  readonly member: string;
  readonly max: number;
  /** What becomes of it. */
  readonly effect: string;
}

/** A member that the consumer does not read. */
export interface IgnoredRow extends Row {
  readonly member: string;
  /** The member its object stands in, where that matters; '' is the document. */
  readonly within?: readonly string[];
}

/** Any other rule, over one object of the document (`key` is the member that it stands in, '' the document). */
export interface NodeRow extends Row {
  readonly within: readonly string[];
  /** What is wrong, and at which member; nothing when it is right. */
  readonly check: (node: Json) => readonly (readonly [member: string, message: string])[];
  /** Told once, at the first place, with the number of places. */
  readonly once?: boolean;
}

export interface Profile {
  readonly title: string;
  readonly lengths: readonly LengthRow[];
  readonly ignored: readonly IgnoredRow[];
  readonly nodes: readonly NodeRow[];
}

/** Members that hold components which a consumer of software bills of materials reads. */
export const COMPONENT_PLACES: readonly string[] = ['component', 'components'];

/** Places whose components a consumer does not take for parts of the subject. */
const APART = /^\/(formulation|declarations|annotations|definitions|metadata\/tools)(\/|$)|\/(pedigree|evidence|modelCard)\//;

/** The findings of a profile. What is ignored is told once for each kind, at the first place. */
export function lintFor(profile: Profile, document: unknown): Finding[] {
  const findings: Finding[] = [];
  const once = new Map<Row, { pointer: string; message: string; count: number }>();
  const add = ({ id, severity, fix }: Row, pointer: string, message: string): void =>
    void findings.push({ id, severity, message, fix, pointer });
  const addOnce = (row: Row, pointer: string, message: string): void => {
    const seen = once.get(row);
    if (seen === undefined) once.set(row, { pointer, message, count: 1 });
    else seen.count++;
  };
  walk(document, '', '', (node, pointer, key) => {
    if (APART.test(pointer)) return;
    for (const row of profile.lengths) checkLength(row, node, pointer, key, add);
    for (const row of profile.ignored) {
      if (Object.hasOwn(node, row.member) && row.within?.includes(key) !== false)
        addOnce(row, `${pointer}/${row.member}`, `${profile.title} does not read \`${row.member}\``);
    }
    for (const row of profile.nodes) {
      if (!row.within.includes(key)) continue;
      for (const [member, message] of row.check(node))
        (row.once ? addOnce : add)(row, member === '' ? pointer : `${pointer}/${member}`, message);
    }
  });
  for (const [row, { pointer, message, count }] of once) add(row, pointer, count > 1 ? `${message} (${count} places)` : message);
  return findings;
}

type Add = (row: Row, pointer: string, message: string) => void;

function checkLength(row: LengthRow, node: Json, pointer: string, key: string, add: Add): void {
  const text = node[row.member];
  const here = row.of === 'component' ? COMPONENT_PLACES.includes(key) : key === 'properties';
  if (here && typeof text === 'string' && text.length > row.max)
    add(row, `${pointer}/${row.member}`, `${row.member} has ${text.length} characters: ${row.effect}`);
}

export const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);
