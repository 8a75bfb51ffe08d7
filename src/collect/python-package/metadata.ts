/** Core metadata of a Python distribution: the header of `METADATA` or `PKG-INFO`. */

/** Fields by name in lower case, values in the order of the file. */
export type CoreMetadata = ReadonlyMap<string, readonly string[]>;

const MAX_FIELDS = 20_000;

/** Reads up to the first empty line; the long description behind it is not needed. Source: https://packaging.python.org/specifications/core-metadata/ */
export function parseCoreMetadata(text: string): CoreMetadata {
  const fields = new Map<string, string[]>();
  let lines: string[] | undefined;
  let count = 0;
  for (let at = 0; at < text.length && count < MAX_FIELDS; count++) {
    const end = text.indexOf('\n', at);
    const line = text.slice(at, end < 0 ? text.length : end).replace(/\r$/, '');
    at = end < 0 ? text.length : end + 1;
    if (line === '') break;
    if (/^[ \t]/.test(line)) {
      // setuptools writes the lines of a text with eight blanks, or seven and a bar.
      if (lines !== undefined) lines[lines.length - 1] += `\n${line.replace(/^(?: {7}\|| {8}|[ \t])/, '')}`;
      continue;
    }
    const colon = line.indexOf(':');
    if (colon <= 0) continue;
    const name = line.slice(0, colon).trim().toLowerCase();
    lines = fields.get(name) ?? [];
    lines.push(line.slice(colon + 1).trim());
    fields.set(name, lines);
  }
  return fields;
}

/** The only or first value; undefined for none and for the word that stands for none. */
export function field(metadata: CoreMetadata, name: string): string | undefined {
  const value = metadata.get(name)?.[0]?.trim();
  return value === undefined || value === '' || value === 'UNKNOWN' ? undefined : value;
}

/** Addresses of `Project-URL` by label, which is compared by letters and digits only. */
export function projectUrls(metadata: CoreMetadata): ReadonlyMap<string, string> {
  const urls = new Map<string, string>();
  for (const value of metadata.get('project-url') ?? []) {
    const comma = value.indexOf(',');
    const label = value
      .slice(0, Math.max(comma, 0))
      .toLowerCase()
      .replace(/[^a-z0-9]/g, '');
    if (label !== '' && !urls.has(label)) urls.set(label, value.slice(comma + 1).trim());
  }
  return urls;
}

/** Names of people without their addresses: `A <a@b.c>, D` is `A, D`. */
export function personNames(author: string | undefined, withAddress: string | undefined): string | undefined {
  const names = (author ?? withAddress ?? '')
    .slice(0, 4096)
    .split(',')
    .map((each) => each.replace(/<[^<>]*>/g, '').replace(/^[\s"']+|(?<![\s"'])[\s"']+$/g, ''))
    .filter((each) => each !== '' && !each.includes('@'));
  return names.length === 0 ? undefined : names.join(', ');
}
