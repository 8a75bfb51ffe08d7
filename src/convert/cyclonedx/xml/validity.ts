/** What the XML schema of a version says of a document, element by element. */
import { type ContentModel, contentModel, type Missing, missingAtEnd, type Place, START, step, stepOver } from './content-model.js';
import { ROOTS, RULES } from './generated/rules.js';
import { breachOf } from './lexical.js';
import type { Rule } from './rule.js';

/** One open element by its rule. Answers are reasons why something must not stand there, `undefined` where it may. */
export interface Validity {
  child(name: string): string | undefined;
  /** The innermost child that was asked about. */
  inner(): Validity;
  /** An attribute, by its name without a prefix; `uri` is empty for those of no namespace. */
  attribute(name: string, uri: string, value: string): Answer | undefined;
  text(text: string): string | undefined;
  /** What the element still lacks: attributes, elements; what is wrong with its own text. */
  close(): readonly Answer[];
}

/** A fault, and the part of the element that it is about, where it is one that is there. */
export interface Answer {
  readonly kind: 'unknown' | 'value' | 'missing';
  readonly message: string;
}

/** The name under which elements of other namespaces stand in contents. */
export const OTHER = '#';

const models = new Map<string, ContentModel>();

function modelOf(content: string): ContentModel {
  const known = models.get(content) ?? contentModel(content);
  models.set(content, known);
  return known;
}

/** Its attributes may stand in every element. */
export const INSTANCE = 'http://www.w3.org/2001/XMLSchema-instance';
const UNKNOWN_ATTRIBUTE: Answer = { kind: 'unknown', message: 'the schema has no such attribute here' };

/** Of what no rule is known, nothing is wrong. */
const UNKNOWN: Validity = {
  child: () => undefined,
  inner: () => UNKNOWN,
  attribute: () => undefined,
  text: () => undefined,
  close: () => [],
};
/** An element that holds any text. */
const PLAIN: Validity = {
  ...UNKNOWN,
  child: () => 'only text may stand here',
  attribute: (_, uri) => (uri === INSTANCE ? undefined : UNKNOWN_ATTRIBUTE),
};

/** The validity of a root element; of a version without rules, everything is valid. */
export function rootValidity(version: string): Validity {
  const rule = Object.hasOwn(ROOTS, version) ? RULES[ROOTS[version] ?? -1] : undefined;
  return rule === undefined ? UNKNOWN : validityOf('bom', rule, new Set());
}

function validityAt(name: string, place: Place | undefined, refs: Set<string>): Validity {
  const rule = RULES[place?.rule ?? -1];
  return rule === undefined ? PLAIN : rule.any ? UNKNOWN : validityOf(name, rule, refs);
}

function validityOf(name: string, rule: Rule, refs: Set<string>): Validity {
  const model = rule.content === undefined ? undefined : modelOf(rule.content);
  const { attributes, required = [], others } = rule;
  // Most elements need none of these.
  let had: Set<string> | undefined;
  let passed: Missing[] | undefined;
  let late: Set<string> | undefined;
  let own = '';
  let state = START;
  let inner = UNKNOWN;
  let holdsElement = false;

  const enter = (child: string, next: number): undefined => {
    state = next;
    inner = child === OTHER ? UNKNOWN : validityAt(child, model?.places[next], refs);
  };
  const misplaced = (model: ContentModel, child: string): string => {
    late = (late ?? new Set()).add(child);
    const before = model.places[state]?.name ?? '';
    const last = before === OTHER ? 'elements of other namespaces' : `<${before}>`;
    const there = model.places.findIndex((place) => place.name === child);
    if (there === -1) return child === OTHER ? 'elements of other namespaces may not stand here' : 'the schema has no such element here';
    if (child !== OTHER) inner = validityAt(child, model.places[there], refs);
    if (before === child) return 'it stands twice';
    return isAhead(model, there, state) ? `it must stand before ${last}` : `it must not stand beside ${last}`;
  };
  return {
    child(child) {
      inner = UNKNOWN;
      holdsElement = true;
      if (model === undefined) return 'only text may stand here';
      const next = step(model, state, child);
      if (next !== undefined) return enter(child, next);
      const over = stepOver(model, state, child);
      if (over === undefined) return misplaced(model, child);
      (passed ??= []).push(over.missing);
      return enter(child, over.state);
    },
    inner: () => inner,
    attribute(key, uri, value) {
      const index = uri === '' && attributes !== undefined && Object.hasOwn(attributes, key) ? attributes[key] : undefined;
      if (index === undefined) {
        const isAllowed = others === 'any' || (others === 'other' && uri !== '');
        return isAllowed || uri === INSTANCE ? undefined : UNKNOWN_ATTRIBUTE;
      }
      if (required.length > 0) had = (had ?? new Set()).add(key);
      const text = RULES[index]?.text;
      const breach = text === undefined ? undefined : breachOf(value, text);
      if (breach !== undefined) return { kind: 'value', message: breach };
      // Throughout the document.
      if (key === 'bom-ref' && refs.has(value)) return { kind: 'value', message: `${JSON.stringify(value.slice(0, 80))} stands twice` };
      if (key === 'bom-ref') refs.add(value);
      return undefined;
    },
    text(text) {
      if (rule.text !== undefined) own += text;
      if (model === undefined || rule.mixed) return undefined;
      return rule.content === '' ? 'which must be empty' : /[^\t\n\r ]/.test(text) ? 'which holds only elements' : undefined;
    },
    close() {
      const breach = rule.text === undefined || holdsElement ? undefined : breachOf(own, rule.text);
      const atEnd = model === undefined ? [] : missingAtEnd(model, state);
      const isDone = breach === undefined && atEnd.length === 0 && passed === undefined;
      if (isDone && required.every((key) => had?.has(key))) return NOTHING;
      const left = [...(passed ?? []).flat(), ...atEnd].filter((names) => !names.some((each) => late?.has(each)));
      return [
        ...required.filter((key) => had?.has(key) !== true).map((key) => missing(name, `the attribute ${key}`)),
        ...left.map((names) => missing(name, names.map((each) => `<${each}>`).join(' or '))),
        ...(breach === undefined ? [] : [{ kind: 'value' as const, message: breach }]),
      ];
    },
  };
}

const NOTHING: readonly Answer[] = [];
const missing = (name: string, what: string): Answer => ({ kind: 'missing', message: `<${name}> lacks ${what}` });

/** Can one state be followed by another, sooner or later, without going back? */
function isAhead(model: ContentModel, from: number, to: number): boolean {
  const reached = new Set([from]);
  for (const state of reached) for (const next of model.next[state] ?? []) if (next > state && next <= to) reached.add(next);
  return reached.has(to);
}
