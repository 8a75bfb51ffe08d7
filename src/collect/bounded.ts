/** Bounds on what one metadata file may say, whatever its collector makes of it. */
import { type Finding, SEVERITIES } from '../core/finding.js';
import type { Collected, Contribution } from './contribution.js';

/** Values in one claim or item. The largest of real models are some ten thousand labels. */
export const MAX_ITEM_VALUES = 50_000;
/** Findings of one file that are told one by one. */
export const MAX_FILE_FINDINGS = 1000;

/** What was collected, without claims and items that are too large, and with the worst findings alone; both is told. */
export function bounded(collected: Collected, path: string): Collected {
  const { contributions, findings = [] } = collected;
  const large = contributions.filter((each) => hasMoreThan(contentOf(each), MAX_ITEM_VALUES));
  const told = [...findings, ...large.map((each) => tooLarge(each, path))];
  if (large.length === 0 && told.length <= MAX_FILE_FINDINGS) return collected;
  const out = new Set(large);
  return { ...collected, contributions: contributions.filter((each) => !out.has(each)), findings: worst(told, path) };
}

const contentOf = (each: Contribution): unknown =>
  each.kind === 'claim' ? each.value : each.kind === 'addition' ? each.item : each.kind === 'file' ? each.facts : undefined;

/** Does a value hold more than so many others? Looks at no more than that. */
function hasMoreThan(value: unknown, max: number): boolean {
  let count = 0;
  const open: unknown[] = [value];
  for (let at = open.pop(); at !== undefined; at = open.pop()) {
    if (typeof at !== 'object' || at === null) continue;
    for (const key in at) {
      if (++count > max) return true;
      const member = (at as { readonly [key: string]: unknown })[key];
      if (typeof member === 'object' && member !== null) open.push(member);
    }
  }
  return false;
}

function tooLarge(each: Contribution, path: string): Finding {
  const key = each.kind === 'sum' ? undefined : each.from.key;
  const place = each.kind === 'claim' ? each.pointer : each.kind === 'addition' ? each.list : 'the file itself';
  return {
    id: 'limit-count',
    severity: 'medium',
    message: `${key === undefined ? 'a value' : `\`${key.slice(0, 100)}\``} for ${place} holds more than ${MAX_ITEM_VALUES} values and is not in the manifest`,
    fix: 'Check what it is; nothing in it was used.',
    file: path,
  };
}

/** As many as are told, the most severe first, and one for those that are not, as severe as the worst of them. */
function worst(findings: readonly Finding[], path: string): readonly Finding[] {
  if (findings.length <= MAX_FILE_FINDINGS) return findings;
  const sorted = [...findings].sort((a, b) => SEVERITIES.indexOf(b.severity) - SEVERITIES.indexOf(a.severity));
  const left = sorted.slice(MAX_FILE_FINDINGS);
  const severity = left[0]?.severity ?? 'low';
  return [
    ...sorted.slice(0, MAX_FILE_FINDINGS),
    {
      id: 'limit-count',
      severity,
      message: `the file gives ${left.length} more findings, none worse than ${severity}`,
      fix: 'Mend those that are told, then collect again.',
      file: path,
    },
  ];
}
