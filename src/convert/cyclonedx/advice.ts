/** What is no fault of a CycloneDX document, and still stops some of its readers: advice of severity `medium`. */

import { append } from '../../core/append.js';
import type { Finding } from '../../core/finding.js';
import { parseLicenseExpression } from '../../core/spdx.js';
import { isPurl } from '../identifiers.js';
import { walk } from './lint.js';

/** Purls and licence expressions that are none, and dependencies that lead out of the components. */
export function adviseCycloneDX(document: unknown): Finding[] {
  const findings: Finding[] = [];
  const parts = new Set<string>();
  const elsewhere = new Set<string>();
  const targets: (readonly [pointer: string, ref: string])[] = [];
  walk(document, '', '', (node, pointer, key) => {
    const { purl, expression, 'bom-ref': ref } = node;
    if (typeof ref === 'string') (PARTS.test(pointer) ? parts : elsewhere).add(ref);
    if (typeof purl === 'string' && purl !== '' && !isPurl(purl)) findings.push(badPurl(`${pointer}/purl`, purl));
    if (key === 'licenses' && typeof expression === 'string' && parseLicenseExpression(expression) === undefined)
      findings.push(badExpression(`${pointer}/expression`, expression));
    if (DEPENDENCY.test(pointer)) append(targets, targetsOf(node, pointer));
  });
  for (const [pointer, ref] of targets) if (elsewhere.has(ref) && !parts.has(ref)) findings.push(outside(pointer, ref));
  return findings;
}

/** Components and services that are parts of the subject, and the subject. */
const PARTS = /^(\/metadata\/component|\/(components|services)\/\d+)(\/(components|services)\/\d+)*$/;
const DEPENDENCY = /^\/dependencies\/\d+$/;

function targetsOf({ ref, dependsOn }: Readonly<Record<string, unknown>>, pointer: string): (readonly [string, string])[] {
  const items: readonly unknown[] = Array.isArray(dependsOn) ? dependsOn : [];
  const all = [[`${pointer}/ref`, ref] as const, ...items.map((item, i) => [`${pointer}/dependsOn/${i}`, item] as const)];
  return all.flatMap(([at, name]) => (typeof name === 'string' ? [[at, name] as const] : []));
}

const outside = (pointer: string, ref: string): Finding => ({
  id: 'cyclonedx-dependency-target',
  severity: 'medium',
  message: `\`${ref.slice(0, 80)}\` is a part neither of the subject nor of its components`,
  fix: 'Leave the edge out, or list the thing among the components.',
  pointer,
});

const badPurl = (pointer: string, purl: string): Finding => ({
  id: 'cyclonedx-purl',
  severity: 'medium',
  message: `${excerpt(purl)} is no purl`,
  fix: 'Write `pkg:type/namespace/name@version`, as the purl specification has it.',
  pointer,
});

const badExpression = (pointer: string, expression: string): Finding => ({
  id: 'cyclonedx-license-expression',
  severity: 'medium',
  message: `${excerpt(expression)} is no SPDX licence expression`,
  fix: 'Use ids of the SPDX list, `LicenseRef-…` for others, and AND, OR and WITH between them.',
  pointer,
});

function excerpt(text: string): string {
  const shown = JSON.stringify(text);
  return shown.length > 80 ? `${shown.slice(0, 80)}…` : shown;
}
