/** Forms of identifiers that the standards share. */
import { PackageURL } from 'packageurl-js';

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

/** A name of CPE 2.2, as the XML schema of CycloneDX has it. */
export const isCpe22 = (text: string): boolean => text.length <= 4096 && /^cpe:\/[aho]?(?::[\w.~%-]*){0,6}$/i.test(text);

const CPE_PARTS = 13;

/** A formatted string of CPE 2.3 (NISTIR 7695, section 6.2), whose parts may hold other characters behind a backslash. */
export function isCpe23(text: string): boolean {
  if (!text.startsWith('cpe:2.3:') || text.length > 4096) return false;
  const parts = [''];
  for (let i = 0; i < text.length; i++) {
    const character = text.charAt(i);
    if (character === ':') parts.push('');
    else if (character !== '\\') parts[parts.length - 1] += character;
    else if (/[!-/:-@[-`{-~]/.test(text.charAt(++i))) parts[parts.length - 1] += '_';
    else return false;
  }
  const [, , part = '', ...others] = parts;
  return parts.length === CPE_PARTS && /^[aho*-]$/.test(part) && others.every((each) => /^[\w.*?-]+$/.test(each));
}

export const isSwhid = (text: string): boolean => /^swh:1:(?:cnt|dir|rev|rel|snp):[0-9a-f]{40}(?:;\S{1,4000})?$/.test(text);
export const isGitoid = (text: string): boolean => /^gitoid:(?:blob|tree|commit|tag):sha(?:1:[0-9a-f]{40}|256:[0-9a-f]{64})$/.test(text);
