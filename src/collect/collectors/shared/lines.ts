/** The lines of a text, one after another: millions of short ones are not held at once. Each ends with LF, CR LF or CR, which it is without. */
export function* linesOf(text: string): Generator<string> {
  let start = 0;
  for (let i = 0; i < text.length; i++) {
    const c = text.charCodeAt(i);
    if (c !== 0x0a && c !== 0x0d) continue;
    yield text.slice(start, i);
    if (c === 0x0d && text.charCodeAt(i + 1) === 0x0a) i++;
    start = i + 1;
  }
  yield text.slice(start);
}
