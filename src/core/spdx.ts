import parse from 'spdx-expression-parse';
import deprecatedIds from 'spdx-license-ids/deprecated.json' with { type: 'json' };
import currentIds from 'spdx-license-ids/index.json' with { type: 'json' };

/** Tree of an SPDX licence expression (SPDX 3.0.1 annex B). */
export type LicenseNode =
  | { readonly license: string; readonly plus?: true; readonly exception?: string }
  | { readonly left: LicenseNode; readonly conjunction: 'and' | 'or'; readonly right: LicenseNode };

let spellings: ReadonlyMap<string, string> | undefined;

/** The official spelling of a licence id, whatever its letter case; undefined for an id that SPDX does not list. */
export function canonicalLicenseId(id: string): string | undefined {
  spellings ??= new Map([...deprecatedIds, ...currentIds].map((known) => [known.toLowerCase(), known]));
  return spellings.get(id.toLowerCase());
}

/** Is the id on SPDX's list of deprecated ids? */
export function isDeprecatedLicenseId(id: string): boolean {
  return deprecatedIds.includes(id);
}

/** The tree of an expression; undefined when it is not one. Ids must be spelled as SPDX spells them. */
export function parseLicenseExpression(expression: string): LicenseNode | undefined {
  try {
    // The package has no nested-depth bound of its own; an expression of this length cannot nest deeply enough to matter.
    return expression.length > 2000 ? undefined : (parse(expression) as LicenseNode);
  } catch {
    return undefined;
  }
}

/** The ids in an expression, LicenseRefs included. */
export function licenseIds(node: LicenseNode): readonly string[] {
  return 'license' in node ? [node.license] : [...licenseIds(node.left), ...licenseIds(node.right)];
}

/** The expression with every known id in its official spelling. */
export function respell(expression: string): string {
  return expression.replace(/[A-Za-z0-9.+-]+/g, (word) => {
    if (/^(and|or|with)$/i.test(word)) return word.toUpperCase();
    const plus = word.endsWith('+') && canonicalLicenseId(word) === undefined;
    const known = canonicalLicenseId(plus ? word.slice(0, -1) : word);
    return known === undefined ? word : known + (plus ? '+' : '');
  });
}
