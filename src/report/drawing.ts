/** Texts of anybody in the languages that draw graphs: no name becomes a statement. */

/** A quoted string of Graphviz, on one line. Source: https://graphviz.org/doc/info/lang.html */
export const dotText = (text: string): string =>
  `"${text
    .replaceAll('\\', '\\\\')
    .replaceAll('"', '\\"')
    .replace(/[\r\n]+/g, ' ')}"`;

/**
 * Text inside a label of Mermaid, in which characters of its own stand as entities; quotes go around it.
 * Source: https://mermaid.js.org/syntax/flowchart.html#entity-codes-to-escape-characters
 */
export const mermaidText = (text: string): string => text.replace(/[^\p{L}\p{N} ./_-]/gu, (character) => `#${character.codePointAt(0)};`);
