/** Forms of identifiers that the standards share. */
import { PackageURL } from 'packageurl-js';
import { isCpe } from '../core/cpe.js';
import type { Identifier } from '../schema/index.js';

/** Purls of common types without anything that needs a closer look. */
const PLAIN_PURL = /^pkg:(?:npm|pypi|cargo|gem|nuget|deb|rpm|apk|golang|generic|composer)\/(?:%40)?[\w.-]+(?:\/[\w.-]+){0,9}@[\w.+-]+$/;

/** Does the text have the form of a purl? Source: https://github.com/package-url/purl-spec */
export function isPurl(text: string): boolean {
  if (PLAIN_PURL.test(text)) return true;
  try {
    return PackageURL.fromString(text) !== undefined;
  } catch {
    return false;
  }
}

export const isSwhid = (text: string): boolean => /^swh:1:(?:cnt|dir|rev|rel|snp):[0-9a-f]{40}(?:;\S{1,4000})?$/.test(text);
export const isGitoid = (text: string): boolean => /^gitoid:(?:blob|tree|commit|tag):sha(?:1:[0-9a-f]{40}|256:[0-9a-f]{64})$/.test(text);

const FORMS: Readonly<Record<string, (text: string) => boolean>> = {
  purl: isPurl,
  cpe: isCpe,
  swhid: isSwhid,
  // OmniBOR has blobs and trees only.
  omnibor: (text) => isGitoid(text) && /^gitoid:(?:blob|tree)/.test(text),
};

/** Does the identifier have the form of its type? Types that are not listed are free text. */
export const hasForm = (type: string, value: string): boolean => !Object.hasOwn(FORMS, type) || FORMS[type]?.(value) === true;

/** An identifier as another standard states it; one that does not have the form of its type is no such identifier, but kept. */
export const statedIdentifier = (type: string, value: string): Identifier =>
  hasForm(type, value) ? { type, value } : { type: 'other', scheme: type, value };
