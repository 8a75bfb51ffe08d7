/** Values as dataset metadata writes them, in the form that a manifest has. */
import { DIGEST_HEX_LENGTHS, type Digests } from '../../core/digest.js';
import { asText } from '../values.js';

/** `YYYY`, `YYYY-MM` or `YYYY-MM-DD` at the start of a date or time; undefined for anything else. */
export function partialDate(value: unknown): string | undefined {
  const text = typeof value === 'number' ? String(value) : asText(value);
  const match = /^(\d{4}(?:-(?:0[1-9]|1[0-2])(?:-(?:0[1-9]|[12]\d|3[01]))?)?)(?:[T ].{0,40})?$/.exec(text ?? '');
  return match?.[1];
}

/** Start and end of an ISO 8601 interval (`2020/2022-06`); `..` and nothing are open ends. */
export function interval(texts: readonly string[]): { readonly start?: string; readonly end?: string } {
  const [first, second] = texts.length === 1 ? (texts[0] ?? '').split('/') : texts;
  const start = partialDate(first);
  const end = texts.length > 2 ? undefined : partialDate(second);
  if (start !== undefined && end !== undefined && end < start) return {};
  return { ...(start === undefined ? {} : { start }), ...(end === undefined ? {} : { end }) };
}

/** An absolute URL that may stand in a manifest (RFC 3986): no credentials, nothing that would have to be encoded. */
export function webUrl(value: unknown): string | undefined {
  const text = asText(value);
  if (
    text === undefined ||
    text.length > 2048 ||
    !/^https?:\/\/(?:[\w.~:/?#[\]@!$&'()*+,;=-]|%[0-9A-Fa-f]{2})+$/i.test(text) ||
    !URL.canParse(text)
  )
    return undefined;
  const { username, password } = new URL(text);
  return username === '' && password === '' ? text : undefined;
}

/** A DOI without what stands before it. */
export function doiOf(value: unknown): string | undefined {
  const match = /^(?:doi:|https?:\/\/(?:dx\.)?doi\.org\/)?(10\.\d{4,9}\/\S{1,200})$/i.exec(asText(value) ?? '');
  return match?.[1];
}

/** Language tags in order, once each. Words of the Hub that are no language are left out. */
export function languageTags(texts: readonly string[]): readonly string[] {
  const tags = texts.filter((tag) => /^[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*$/.test(tag) && tag !== 'code' && tag !== 'unknown');
  return [...new Set(tags)].sort();
}

/** A digest set of one digest; undefined when the text is none of that algorithm. */
export function digestOf(algorithm: keyof typeof DIGEST_HEX_LENGTHS, value: unknown): Digests | undefined {
  const text = asText(value)?.toLowerCase() ?? '';
  return text.length === DIGEST_HEX_LENGTHS[algorithm] && /^[0-9a-f]+$/.test(text) ? { [algorithm]: text } : undefined;
}

/** A whole number, also one that a 64-bit writer or YAML wrote as a text. */
export function count(value: unknown): number | undefined {
  const number = typeof value === 'string' && /^\d{1,16}$/.test(value) ? Number(value) : value;
  return typeof number === 'number' && Number.isSafeInteger(number) && number >= 0 ? number : undefined;
}

/** Bytes of `1024`, `1024 B` or `1024 bytes`; undefined for rounded sizes such as `1.2 GB`. */
export function exactBytes(value: unknown): number | undefined {
  if (typeof value === 'number') return count(value);
  return count(/^(\d{1,16})(?:\s*(?:B|bytes?))?$/i.exec(asText(value) ?? '')?.[1]);
}

/** A path inside the directory `base` (empty or ending in `/`); undefined when it leads out or is no relative path. */
export function inside(base: string, path: string): string | undefined {
  if (path === '' || path.length > 1024 || /^[/\\~]|^[A-Za-z][A-Za-z0-9+.-]*:|[\u0000-\u001f\u007f]/.test(path)) return undefined;
  const segments: string[] = [];
  for (const segment of path.split('/')) {
    if (segment === '' || segment === '.') continue;
    if (segment === '..') return undefined;
    segments.push(segment);
  }
  return segments.length === 0 ? undefined : base + segments.join('/');
}

/** Path of a file that a URL names: what stands behind `resolve/<revision>/` on the Hub, else the last segment. */
export function pathOfUrl(url: string): string | undefined {
  const text = webUrl(url);
  if (text === undefined) return undefined;
  const { pathname } = new URL(text);
  const hub = /\/(?:resolve|raw|blob)\/[^/]+\/(.+)$/s.exec(pathname)?.[1];
  try {
    return decodeURIComponent(hub ?? pathname.slice(pathname.lastIndexOf('/') + 1));
  } catch {
    return undefined;
  }
}

/** Does a path match a glob? Two fingers and no regular expression, so that no pattern is slow. */
export function matchesGlob(glob: string, path: string): boolean {
  return segmentsMatch(
    glob
      .replace(/^\.?\//, '')
      .split('/')
      .slice(0, 64),
    path.split('/'),
  );
}

function segmentsMatch(globs: readonly string[], names: readonly string[]): boolean {
  // Row by row: which prefixes of the path the globs so far can stand for.
  let reach = new Set([0]);
  for (const glob of globs) {
    const next = new Set<number>();
    for (const at of reach) {
      if (glob === '**') for (let to = at; to <= names.length; to++) next.add(to);
      else if (at < names.length && wordMatches(glob, names[at] ?? '')) next.add(at + 1);
    }
    reach = next;
  }
  return reach.has(names.length);
}

function wordMatches(glob: string, name: string): boolean {
  let g = 0;
  let star = -1;
  let from = 0;
  for (let n = 0; n < name.length; ) {
    if (glob[g] === '*') {
      star = g++;
      from = n;
    } else if (g < glob.length && (glob[g] === '?' || glob[g] === name[n])) {
      g++;
      n++;
    } else if (star >= 0) {
      g = star + 1;
      n = ++from;
    } else return false;
  }
  while (glob[g] === '*') g++;
  return g === glob.length;
}
