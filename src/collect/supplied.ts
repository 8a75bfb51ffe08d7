/** What the caller says, as contributions: a part of a manifest, or single values by pointer. */
import type { JsonValue } from '../core/canonical-json.js';
import { MsbomError } from '../core/error.js';
import { parsePointer, toPointer } from '../core/json-pointer.js';
import { hasIdentity } from '../manifest/identity.js';
import { FREE_FORM } from '../manifest/references.js';
import { SECTIONS, TEXT_MEMBERS } from '../schema/index.js';
import { type Contribution, type Origin, RANKS } from './contribution.js';

type Json = { readonly [key: string]: JsonValue };

const MAX_DEPTH = 32;

/**
 * A part of a manifest as contributions that overrule what files say. Items of lists such as `datasets` are joined with
 * those of the same name; other lists are taken whole.
 * @throws ERR_MANIFEST_VALUE for a section that the specification does not have
 */
export function suppliedPart(part: Json, from: Omit<Origin, 'origin'>): readonly Contribution[] {
  const origin: Origin = { origin: 'supplied', ...from };
  const unknown = Object.keys(part).find(
    (key) => !(SECTIONS as readonly string[]).includes(key) || key === 'evidence' || key === '$schema',
  );
  if (unknown !== undefined)
    throw new MsbomError('ERR_MANIFEST_VALUE', `\`${unknown}\` cannot be supplied: it is no section of a manifest`, {
      file: from.path ?? from.name,
      hint: `The sections are ${SECTIONS.filter((name) => name !== '$schema' && name !== 'evidence').join(', ')}.`,
    });
  return Object.entries(part).flatMap(([key, value]) => contributionsOf(`/${key}`, key, asTexts(value, key, 0), origin, 0));
}

/** One value at a pointer (`/model/version`) or dotted path (`model.version`). @throws ERR_MANIFEST_VALUE */
export function suppliedValue(place: string, value: JsonValue, from: Omit<Origin, 'origin'>): readonly Contribution[] {
  const keys = place.startsWith('/') ? parsePointer(place) : place.split('.');
  if (keys === undefined || keys.length === 0 || keys.some((key) => key === ''))
    throw new MsbomError('ERR_MANIFEST_VALUE', `\`${place}\` is no place in a manifest`, {
      hint: 'Give a JSON pointer such as /model/version, or its keys with dots: model.version.',
    });
  const part = keys.reduceRight<JsonValue>((inner, key) => ({ [key]: inner }), value) as Json; // at least one key
  return suppliedPart(part, { ...from, key: place });
}

const TEXTS: ReadonlySet<string> = new Set(TEXT_MEMBERS);

/** Nobody who writes `version: 1.2` means a number: where the specification has only texts, numbers and truth values become some. */
function asTexts(value: JsonValue, name: string, depth: number): JsonValue {
  if (FREE_FORM.has(name) || depth > MAX_DEPTH) return value;
  if ((typeof value === 'number' || typeof value === 'boolean') && TEXTS.has(name)) return String(value);
  if (Array.isArray(value)) return value.map((item: JsonValue) => asTexts(item, name, depth + 1));
  if (!isObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, asTexts(member, key, depth + 1)]));
}

function contributionsOf(pointer: string, name: string, value: JsonValue, from: Origin, depth: number): readonly Contribution[] {
  if (depth > MAX_DEPTH)
    throw new MsbomError('ERR_LIMIT_DEPTH', `the supplied values nest deeper than ${MAX_DEPTH}`, { file: from.path ?? from.name });
  if (pointer === '/artifacts') return filesOf(value, from);
  if (Array.isArray(value) && hasIdentity(name) && value.every(isObject))
    return value.map((item): Contribution => ({ kind: 'addition', list: pointer, item, from }));
  if (isObject(value))
    return Object.entries(value).flatMap(([key, member]) => contributionsOf(`${pointer}${toPointer([key])}`, key, member, from, depth + 1));
  return [{ kind: 'claim', pointer, value, rank: RANKS.option, from }];
}

/** Files are listed from the disk; what the caller says of one of them is a note on it. */
function filesOf(value: JsonValue, from: Origin): readonly Contribution[] {
  const items = Array.isArray(value) ? value.filter(isObject) : [];
  return items.map(({ path, ...facts }): Contribution => {
    if (typeof path !== 'string')
      throw new MsbomError('ERR_MANIFEST_VALUE', 'a supplied artifact has no `path`', { file: from.path ?? from.name });
    return { kind: 'file', path, facts, from };
  });
}

const isObject = (value: JsonValue | undefined): value is Json => typeof value === 'object' && value !== null && !Array.isArray(value);
