/** IRI references (RFC 3987): what they may not hold, and how it is written instead. */

/** No reference holds these as they are; brackets, which RFC 3986 keeps for hosts, are common elsewhere and do no harm. */
const FORBIDDEN = /[\s\p{Cc}"<>{}|\\^`]|%(?![0-9A-Fa-f]{2})/gu;

export const isIriReference = (text: string): boolean => text.search(FORBIDDEN) === -1;

/** The text with every character that no reference may hold percent-encoded (RFC 3986, section 2.1). */
export const encodeIri = (text: string): string =>
  text.replace(FORBIDDEN, (character) =>
    [...new TextEncoder().encode(character)].map((byte) => `%${byte.toString(16).toUpperCase().padStart(2, '0')}`).join(''),
  );
