/** XML documents written down as any producer may write them. */
import type { Written, XmlElement } from './xml-documents.js';

/** How a document is written down. */
export interface WritingOptions {
  readonly version: string;
  readonly random: () => number;
  /** Of the namespace, with a colon; empty for the default namespace. */
  readonly prefix: string;
}

/** The text of a document, with all that is allowed between and within elements and means nothing. */
export function writeDocument(root: XmlElement, { version, random, prefix }: WritingOptions): string {
  const chance = (below: number): boolean => random() < below;
  const between = (): string =>
    chance(0.05) ? '<!-- a comment, <not> an & element -->' : chance(0.03) ? '<?target an instruction?>' : chance(0.6) ? '\n  ' : '';
  const escaped = (text: string): string => text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;');
  const textOf = (text: string): string => {
    // To libxml2, space in CDATA between elements is more than space.
    if (text.trim() === '') return text;
    const at = Math.floor(random() * text.length);
    const [a, b] = isSplit(text, at) ? [text, ''] : [text.slice(0, at), text.slice(at)];
    if (chance(0.1)) return `${escaped(a)}<![CDATA[${b}]]>`;
    if (chance(0.05)) return `${escaped(a)}<!-- within -->${escaped(b)}`;
    if (chance(0.1)) return `${escaped(a)}${[...b].map((letter) => `&#x${(letter.codePointAt(0) ?? 0).toString(16)};`).join('')}`;
    return escaped(text);
  };
  const attributeOf = (text: string): string => {
    const plain = escaped(text).replace(/[\t\n]/g, (letter) => `&#${letter.charCodeAt(0)};`);
    return chance(0.5) && !plain.includes("'") ? `'${plain}'` : `"${plain.replace(/"/g, '&quot;')}"`;
  };
  const write = ({ name, attributes, content }: XmlElement, extra = ''): string => {
    const written = Object.entries(attributes).map(([key, { written: text }]) => ` ${key}=${attributeOf(text)}`);
    if (chance(0.5)) written.reverse();
    const tag = `${prefix}${name}`;
    const inner = Array.isArray(content)
      ? content.map((child) => between() + write(child)).join('') + between()
      : textOf((content as Written).written);
    return inner === '' ? `<${tag}${extra}${written.join('')}/>` : `<${tag}${extra}${written.join('')}>${inner}</${tag}>`;
  };
  const namespace = ` xmlns${prefix === '' ? '' : `:${prefix.slice(0, -1)}`}="http://cyclonedx.org/schema/bom/${version}"`;
  return `<?xml version="1.0" encoding="utf-8" standalone="yes"?>\n${between()}${write(root, namespace)}\n<!-- end -->\n`;
}

/** Would a surrogate pair be split? */
const isSplit = (text: string, at: number): boolean => /[\udc00-\udfff]/.test(text.charAt(at));
