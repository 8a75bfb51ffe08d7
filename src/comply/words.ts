/** Predicates as sentences, for pages and reports. */
import { isPredicate, type Op, type Predicate, type PredicateOf, type Values, type Word } from './profile.js';

const SAY: { readonly [O in Op]: (predicate: PredicateOf<O>) => string } = {
  present: ({ path }) => `${code(path)} is there`,
  every: ({ path, min = 1, where, then = [] }) =>
    `${min === 0 ? 'all' : `there ${min === 1 ? 'is one entry' : `are ${min} entries`} or more, and all`} of ${code(path)}${whichOf(where)}${then.length === 0 ? ' count' : `: ${joined(then, 'and')}`}`,
  some: ({ path, where, then = [] }) =>
    `${code(path)} has an entry${whichOf(where)}${then.length === 0 ? '' : ` of which: ${joined(then, 'and')}`}`,
  none: ({ path, where, then = [] }) =>
    `no entry of ${code(path)}${whichOf(where)}${then.length === 0 ? ' is there' : `: ${joined(then, 'and')}`}`,
  and: ({ of }) => joined(of, 'and'),
  or: ({ of }) => joined(of, 'or'),
  not: ({ of }) => `it is not so that ${joined(of, 'and')}`,
  in: ({ path, values }) => `${code(path)} is ${words(values)}`,
  notIn: ({ path, values }) => `${code(path)} is none of ${words(values)}`,
  matches: ({ path, pattern }) => `${code(path)} matches \`${pattern}\``,
  min: ({ path, value }) => `${code(path)} is ${value} or more`,
  notBefore: ({ path, reference, quantifier = 'every' }) =>
    `${quantifier === 'some' ? 'a date' : 'every date'} at ${code(path)} is not before ${code(reference)}`,
  attested: () => 'an entry of `/attestations` names this requirement, with `by`, `date` and `references`',
  refsResolve: () => 'every id that is used is described in the document',
  signatureValid: ({ path }) => `${code(path)} names a signature, and it is valid and by somebody who is trusted`,
  allAbsentDeclared: ({ scope }) =>
    `\`/bom/declarations\` says why, for each field of ${scope === 'profile' ? 'this profile' : 'the core'} that is absent`,
  exportValid: ({ formats }) => `the export as ${formats.map((each) => code(each)).join(' or ')} is valid`,
  exportExcludes: ({ path }) => `the view for the public can be exported and leaves out ${code(path)}`,
};

/** A predicate as a sentence without a full stop. */
export const conditionInWords = (predicate: Predicate): string => (SAY[predicate.op] as (each: Predicate) => string)(predicate); // a row for each

const code = (text: string): string => (text === '#' ? 'its key' : `\`${text}\``);
const words = (values: readonly Word[]): string => values.map((each) => code(String(each))).join(' or ');

function joined(of: readonly Predicate[], by: 'and' | 'or'): string {
  const parts = of.map((each) =>
    by === 'and' && each.op === 'or' && of.length > 1 ? `(${conditionInWords(each)})` : conditionInWords(each),
  );
  return parts.join(` ${by} `);
}

function whichOf(where: Values | Predicate | undefined): string {
  if (where === undefined) return '';
  if (isPredicate(where)) return ` for which ${conditionInWords(where)}`;
  return ` with ${Object.entries(where)
    .map(([path, values]) => `${code(path)} ${words(values)}`)
    .join(' and ')}`;
}
