/** What is known while a template is read, and what was found. */
import type { Finding } from '../inspector.js';
import { finding } from '../rules/index.js';
import type { Known } from './fold.js';

export interface Seen {
  readonly values: Map<string, Known>;
  /** Names that the template itself gives a meaning. */
  readonly bound: Set<string>;
  /** By message. */
  readonly found: Map<string, Finding>;
  readonly isChat: boolean;
}

/** Adds a finding once. */
export function tell(seen: Seen, rule: string, message: string, more: Partial<Finding> = {}): void {
  if (!seen.found.has(message)) seen.found.set(message, finding(rule, message, more));
}

const SHOWN = 160;

/** A part of the template for a message, on one line. */
export const shown = (text: string): string => {
  const flat = text.replaceAll('\n', ' ').trim();
  return `\`${flat.length > SHOWN ? `${flat.slice(0, SHOWN)}…` : flat}\``;
};
