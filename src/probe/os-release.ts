/** os-release (https://www.freedesktop.org/software/systemd/man/latest/os-release.html). */
import { asValue, linesOf, type Sight } from './sight.js';

export interface OsRelease {
  readonly path: string;
  readonly fields: ReadonlyMap<string, string>;
}

/** The first of the two files that is there, with what can stand in a manifest of it. */
export async function readOsRelease(sight: Sight): Promise<OsRelease | undefined> {
  for (const path of ['/etc/os-release', '/usr/lib/os-release']) {
    const text = await sight.text(path, 64 * 1024);
    if (text !== undefined) return { path, fields: parseOsRelease(text) };
  }
  return undefined;
}

/** Assignments of a shell, without expansion. */
export function parseOsRelease(text: string): ReadonlyMap<string, string> {
  const fields = new Map<string, string>();
  for (const line of linesOf(text, 1000)) {
    const match = /^\s*([A-Z][A-Z0-9_]*)=(.*)$/.exec(line);
    const value = asValue(unquoted(match?.[2] ?? ''));
    if (match?.[1] !== undefined && value !== undefined) fields.set(match[1], value);
  }
  return fields;
}

function unquoted(text: string): string | undefined {
  const value = text.trim();
  if (/^'[^']*'$/.test(value)) return value.slice(1, -1);
  if (/^"(?:[^"\\]|\\.)*"$/.test(value)) return value.slice(1, -1).replace(/\\(["\\$`])/g, '$1');
  return /["'$`]/.test(value) ? undefined : value.replace(/\\(.)/g, '$1');
}
