/** Texts of a CycloneDX document that other standards define: purls and licence expressions. Advice, not faults. */
import { PackageURL } from 'packageurl-js';
import type { Finding } from '../../core/finding.js';
import { parseLicenseExpression } from '../../core/spdx.js';
import { walk } from './lint.js';

/** Findings of severity `medium`: readers of the text will not understand it. */
export function lintTexts(document: unknown): Finding[] {
  const findings: Finding[] = [];
  walk(document, '', '', (node, pointer, key) => {
    const { purl, expression } = node;
    if (typeof purl === 'string' && purl !== '' && !isPurl(purl)) findings.push(badPurl(`${pointer}/purl`, purl));
    if (key === 'licenses' && typeof expression === 'string' && parseLicenseExpression(expression) === undefined)
      findings.push(badExpression(`${pointer}/expression`, expression));
  });
  return findings;
}

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

/** Does the text have the form of a purl? Source: https://github.com/package-url/purl-spec */
export function isPurl(text: string): boolean {
  try {
    return text.startsWith('pkg:') && PackageURL.fromString(text).name !== '';
  } catch {
    return false;
  }
}

function excerpt(text: string): string {
  const shown = JSON.stringify(text);
  return shown.length > 80 ? `${shown.slice(0, 80)}…` : shown;
}
