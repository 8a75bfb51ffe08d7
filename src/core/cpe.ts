/** The two written forms of names in the Common Platform Enumeration. */

/** A URI of CPE 2.2, as the XML schema of CycloneDX has it. */
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

/** A name in either form. */
export const isCpe = (text: string): boolean => isCpe23(text) || isCpe22(text);
