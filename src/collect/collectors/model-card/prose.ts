/**
 * The base that the text of a card names in the words of the Hub's template ("Finetuned from model") or of the programs that write cards
 * ("is a fine-tuned version of").
 * Source: https://github.com/huggingface/huggingface_hub/blob/main/src/huggingface_hub/templates/modelcard_template.md
 */
import { asName } from '../../values.js';
import { baseName } from '../shared/ancestor.js';

/** How it was read. */
export const TEXT_OF_CARD = 'text of the model card';
const PHRASES = ['finetuned from model', 'fine-tuned from model', 'finetuned from', 'is a fine-tuned version of'] as const;
const HOST = /^(?:www\.)?(?:huggingface\.co|hf\.co)\//i;
const MAX_TEXT = 1024 * 1024;
/** Characters behind the phrase, on its line. */
const MAX_NAME = 400;

export interface NamedInText {
  /** As it is written, or as the link behind it has it. */
  readonly name: string;
  /** The words before it. */
  readonly phrase: string;
}

/** The first repository of the Hub that is named so; a placeholder of the template, a path and other prose are none. */
export function baseInText(text: string): NamedInText | undefined {
  const lower = text.slice(0, MAX_TEXT).toLowerCase();
  for (const phrase of PHRASES) {
    const at = lower.indexOf(phrase);
    if (at === -1) continue;
    const [line = ''] = text.slice(at + phrase.length, at + phrase.length + MAX_NAME).split(/[\r\n]/, 1);
    // The first word, apart from what Markdown puts around it, or the address behind it.
    const words = line
      .replace(/https?:\/\//g, '')
      .split(/[\s()[\]`*"'<>|,;:]+/)
      .map((word) => word.replace(/\.$/, ''))
      .filter((word) => word !== '' && !/^(?:optional|model)$/i.test(word));
    const [first = '', second = ''] = words;
    const name = [first, second]
      .map((word, n) => (HOST.test(word) ? `https://${word}` : n === 0 ? word : ''))
      .find((word) => word.includes('/') && baseName(word).onHub && asName(baseName(word).name) !== undefined);
    if (name !== undefined) return { name, phrase };
  }
  return undefined;
}
