/** A chat template steers the model and may carry instructions: its digest shows when it changes. */
import { sha256Text } from '../../core/digest.js';

/** Keys that hold templates: `tokenizer.chat_template`, `chat_template.tool_use`, `rt_info.simplified_chat_template`. */
const KEY = /(?:^|\.)(?:chat_template(?:\.(.+))?|(simplified_chat_template))$/s;

/** Does the key hold a chat template? */
export const isChatTemplate = (key: string): boolean => KEY.test(key);

/** SHA-256 of each template by its name; `default` for one without. Undefined when there is none. */
export function chatTemplateDigests(entries: Iterable<readonly [key: string, text: string]>): Readonly<Record<string, string>> | undefined {
  const digests = new Map<string, string>();
  for (const [key, text] of entries) {
    const match = KEY.exec(key);
    if (match !== null) digests.set(match[1] ?? match[2] ?? 'default', sha256Text(text));
  }
  return digests.size > 0 ? Object.fromEntries(digests) : undefined;
}
