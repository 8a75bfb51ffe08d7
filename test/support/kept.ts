/** Which parts of a CycloneDX document come out of a consumer again. */

/** Parts by the path of their values, the first that fits; paths have no indices. */
const PARTS: readonly (readonly [part: string, path: RegExp])[] = [
  ['model card', /\.modelCard\./],
  ['pedigree', /\.pedigree\./],
  ['formulation', /^\.formulation/],
  ['component data', /\.components\.data\./],
  ['dependencies', /^\.dependencies/],
  ['vulnerabilities', /^\.vulnerabilities/],
  ['residual', /residual/],
  ['properties', /\.properties\./],
  ['hashes', /\.hashes\./],
  ['licences', /\.licenses\./],
  ['references', /\.externalReferences\./],
  ['model', /^\.metadata\.component\.(type|bom-ref|name|group|version|purl|cpe|description)$/],
  ['components', /^(\.metadata\.component)?\.components(\.components)*\.(type|bom-ref|name|group|version|purl|cpe|description|mime-type)$/],
];

/** Columns of a table of parts. */
export const PART_NAMES: readonly string[] = PARTS.map(([part]) => part);

/** The values of a document with their paths; those of a property under its name. */
function* leaves(value: unknown, path = ''): Generator<readonly [path: string, leaf: string]> {
  if (typeof value !== 'object' || value === null) yield [path, String(value)];
  else if (Array.isArray(value)) for (const item of value) yield* leaves(item, path);
  else {
    const { name, value: content } = value as { name?: unknown; value?: unknown };
    const residual = typeof name === 'string' && name.startsWith('msbom:residual:');
    if (residual) yield [`${path}.residual`, `${name}=${String(content)}`];
    else for (const [key, member] of Object.entries(value)) yield* leaves(member, `${path}.${key}`);
  }
}

const lastOf = (path: string): string => path.slice(path.lastIndexOf('.') + 1);

/**
 * Share of the values of each part that the output holds, each as often as it occurs, under the same name (`named`) or anywhere.
 * Parts that the document lacks are not in the result.
 */
export function keptParts(document: unknown, output: unknown, named: boolean): ReadonlyMap<string, number> {
  const left = new Map<string, number>();
  const keyOf = (path: string, leaf: string): string => (named ? `${lastOf(path)}=${leaf}` : leaf);
  for (const [path, leaf] of leaves(output)) left.set(keyOf(path, leaf), (left.get(keyOf(path, leaf)) ?? 0) + 1);
  const counts = new Map<string, { all: number; kept: number }>();
  for (const [path, leaf] of leaves(document)) {
    const part = PARTS.find(([, pattern]) => pattern.test(path))?.[0];
    if (part === undefined) continue;
    const count = counts.get(part) ?? { all: 0, kept: 0 };
    counts.set(part, count);
    count.all++;
    const there = left.get(keyOf(path, leaf)) ?? 0;
    if (there === 0) continue;
    count.kept++;
    if (named) left.set(keyOf(path, leaf), there - 1);
  }
  return new Map([...counts].map(([part, { all, kept }]) => [part, kept / all]));
}
