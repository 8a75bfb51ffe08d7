/** `WWW-Authenticate`: how a registry wants to be asked. Source: RFC 9110, section 11.6.1. */

export interface Challenge {
  /** In lower case. */
  readonly scheme: string;
  readonly parameters: ReadonlyMap<string, string>;
}

const MAX_LENGTH = 8192;
const isToken = (character: string): boolean => /^[\w!#$%&'*+.^`|~-]$/.test(character);

/** All challenges of a header; none of one that is longer than any is. */
export function challengesIn(header: string): readonly Challenge[] {
  if (header.length > MAX_LENGTH) return [];
  const found: { scheme: string; parameters: Map<string, string> }[] = [];
  let at = 0;
  const skip = (characters: string): void => {
    while (at < header.length && characters.includes(header.charAt(at))) at++;
  };
  const token = (): string => {
    const start = at;
    while (at < header.length && isToken(header.charAt(at))) at++;
    return header.slice(start, at);
  };
  const quoted = (): string => {
    let value = '';
    for (at++; at < header.length && header.charAt(at) !== '"'; at++) {
      if (header.charAt(at) === '\\') at++;
      value += header.charAt(at);
    }
    at++;
    return value;
  };
  for (;;) {
    skip(' \t,');
    const name = token();
    if (name === '') return found;
    skip(' \t');
    if (header.charAt(at) !== '=') {
      found.push({ scheme: name.toLowerCase(), parameters: new Map() });
      continue;
    }
    at++;
    skip(' \t');
    const value = header.charAt(at) === '"' ? quoted() : token();
    const parameters = found.at(-1)?.parameters;
    // Said twice, the first counts.
    if (parameters !== undefined && !parameters.has(name.toLowerCase())) parameters.set(name.toLowerCase(), value);
  }
}
