/** One requirement of a Python project, as PEP 508 writes it: `name[extra] >=1,<2 ; marker` or `name @ address`. */
import { pypiName } from '../component.js';

export interface Requirement {
  /** Registry name (PEP 503). */
  readonly name: string;
  readonly extras: readonly string[];
  /** Versions that will do, without blanks; empty for any. */
  readonly specifier: string;
  readonly url?: string;
  readonly marker?: string;
}

const MAX_LENGTH = 8192;

/** Undefined for what is no requirement. Source: https://packaging.python.org/specifications/dependency-specifiers/ */
export function parseRequirement(text: string): Requirement | undefined {
  const [, name, extras = '', rest = ''] =
    text.length > MAX_LENGTH ? [] : (/^\s*([A-Za-z0-9][A-Za-z0-9._-]*)\s*(\[[^\]]*\])?(.*)$/s.exec(text) ?? []);
  if (name === undefined || !/[A-Za-z0-9]$/.test(name)) return undefined;
  const wanted = extras
    .slice(1, -1)
    .split(',')
    .map((each) => each.trim())
    .filter(Boolean)
    .map(pypiName);
  const tail = rest.trim();
  if (tail.startsWith('@')) {
    // A marker behind an address needs a blank before its semicolon, since an address may hold one.
    const [, url = '', marker] = /^@\s*(\S+)(?:\s+;(.*))?\s*$/s.exec(tail) ?? [];
    return url === '' ? undefined : { name: pypiName(name), extras: wanted, specifier: '', url, ...markerOf(marker) };
  }
  const semicolon = tail.indexOf(';');
  const versions = (semicolon < 0 ? tail : tail.slice(0, semicolon)).trim().replace(/^\((.*)\)$/s, '$1');
  const clauses = versions === '' ? [] : versions.split(',').map((each) => each.trim());
  if (!clauses.every((each) => /^(?:~=|===?|!=|<=?|>=?)\s*[^,<>=!~;\s]+$/.test(each))) return undefined;
  const specifier = clauses.join(',').replace(/\s+/g, '');
  const requirement = { name: pypiName(name), extras: wanted, specifier };
  // Objects that are spread have a shape each, and files have hundreds of thousands.
  return semicolon < 0 ? requirement : { ...requirement, ...markerOf(tail.slice(semicolon + 1)) };
}

function markerOf(text: string | undefined): { readonly marker?: string } {
  const marker = text?.trim() ?? '';
  return marker === '' ? {} : { marker };
}

/** The one version that a specifier allows; undefined for a range. */
export function pinnedVersion(specifier: string): string | undefined {
  return /^={2,3}([A-Za-z0-9!+._-]+)$/.exec(specifier)?.[1];
}

/** The version in the name of a wheel or source archive of the package (PEP 427, PEP 625). */
export function versionOfArchive(filename: string, name: string): string | undefined {
  const wheel = /^([^-]+)-([^-]+)(?:-\d[^-]*)?-[^-]+-[^-]+-[^-]+\.whl$/.exec(filename);
  if (wheel !== null) return pypiName(wheel[1] ?? '') === name ? wheel[2] : undefined;
  const [, stem = ''] = /^(.+)\.(?:tar\.gz|tar\.bz2|zip)$/.exec(filename) ?? [];
  const dash = stem.lastIndexOf('-');
  const version = stem.slice(dash + 1);
  return dash > 0 && pypiName(stem.slice(0, dash)) === name && /^\d/.test(version) ? version : undefined;
}
