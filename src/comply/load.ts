/** Reading profiles: the built-in ones by id, those of users from JSON. */
import { breachesOf } from '../core/compiled-schema.js';
import { MsbomError } from '../core/error.js';
import { parseJson } from '../core/json.js';
import { parsePointer } from '../core/json-pointer.js';
import { nearest } from '../core/nearest.js';
import validate from './generated/validate-profile.js';
import { compilePattern } from './pattern.js';
import { isPredicate, type Op, type Predicate, type Profile, predicatesIn, type Requirement } from './profile.js';
import { PROFILES } from './profiles/index.js';

/** Ids of the built-in profiles. */
export const PROFILE_IDS: readonly string[] = Object.keys(PROFILES);

/** What a profile may cost: bytes, depth and values of its JSON. */
const LIMITS = { maxDocumentBytes: 8 * 1024 * 1024, maxDepth: 40, maxValues: 200_000 };
/** Predicates of one requirement. */
const MAX_PREDICATES = 500;

/** A built-in profile. @throws ERR_PROFILE_INVALID for an id that is none */
export async function builtInProfile(id: string): Promise<Profile> {
  const load = Object.hasOwn(PROFILES, id) ? PROFILES[id] : undefined;
  if (load === undefined) {
    const guess = nearest(id, PROFILE_IDS);
    throw new MsbomError('ERR_PROFILE_INVALID', `there is no profile ${JSON.stringify(id)}`, {
      hint: guess === undefined ? 'give a built-in profile, `all`, or a file that ends in .json' : `did you mean ${guess}?`,
    });
  }
  return complete(await load(), id);
}

/**
 * A profile of a user, from the bytes of its file.
 * @throws ERR_PROFILE_INVALID with the pointer of what is wrong, ERR_JSON_*, ERR_LIMIT_*
 */
export async function readProfile(input: string | Uint8Array, file?: string): Promise<Profile> {
  const value = parseJson(input, { ...(file === undefined ? {} : { file }), limits: LIMITS });
  return complete(value, file);
}

/** A profile as it is written: what has a default may be left out. */
type Written = Omit<Profile, 'unknown' | 'requirements'> &
  Partial<Pick<Profile, 'unknown'>> & {
    readonly $schema?: string;
    readonly extends?: readonly string[];
    readonly without?: readonly string[];
    readonly requirements: readonly WrittenRequirement[];
  };
type WrittenRequirement = Omit<Requirement, 'judged' | 'reading'> & Partial<Pick<Requirement, 'judged' | 'reading'>>;

async function complete(value: unknown, file: string | undefined): Promise<Profile> {
  const [breach] = breachesOf(validate, value);
  if (breach !== undefined)
    throw invalid(`it breaks the schema of profiles (${breach.keyword}${said(breach.params)})`, file, breach.instancePath);
  const { $schema: _, extends: bases = [], without = [], unknown = 'refused', requirements, ...profile } = value as Written; // the schema was met
  const own = requirements.map((each): Requirement => ({ judged: 'auto', reading: 'own', ...each }));
  own.forEach((each, i) => {
    checkRequirement(each, `/requirements/${i}`, file);
  });
  const inherited: Requirement[] = [];
  for (const id of bases) inherited.push(...(await builtInProfile(id)).requirements);
  const replaced = new Map(own.map((each) => [each.id, each]));
  const left = new Set(without);
  const all = [...inherited.filter(({ id }) => !left.has(id) && !replaced.has(id)), ...own];
  const twice = firstTwice(all.map(({ id }) => id));
  if (twice !== undefined) throw invalid(`the requirement ${twice} stands twice`, file, '/requirements');
  const unmet = without.find((id) => !inherited.some((each) => each.id === id));
  if (unmet !== undefined) throw invalid(`${unmet} is left out, but no profile that is extended has it`, file, '/without');
  return { ...profile, unknown, requirements: all };
}

const invalid = (message: string, file: string | undefined, pointer: string): MsbomError =>
  new MsbomError('ERR_PROFILE_INVALID', message, { file, pointer, hint: 'See docs/comply.md for the form of profiles.' });

const said = (params: object): string => {
  const [first] = Object.values(params);
  return typeof first === 'string' ? `: ${first.slice(0, 100)}` : '';
};

function firstTwice(ids: readonly string[]): string | undefined {
  const seen = new Set<string>();
  return ids.find((id) => seen.size === seen.add(id).size);
}

/** Members that an operator needs besides `op`, and those that it may have. */
const MEMBERS: { readonly [O in Op]: readonly [needs: readonly string[], may: readonly string[]] } = {
  present: [['path'], []],
  every: [['path'], ['min', 'where', 'then']],
  some: [['path'], ['where', 'then']],
  none: [['path'], ['where', 'then']],
  and: [['of'], []],
  or: [['of'], []],
  not: [['of'], []],
  in: [['path', 'values'], []],
  notIn: [['path', 'values'], []],
  matches: [['path', 'pattern'], []],
  min: [['path', 'value'], []],
  notBefore: [['path', 'reference'], ['quantifier']],
  attested: [[], []],
  refsResolve: [[], []],
  signatureValid: [['path'], []],
  allAbsentDeclared: [['scope'], []],
  exportValid: [['formats'], []],
  exportExcludes: [['path'], []],
};

function checkRequirement(requirement: Requirement, pointer: string, file: string | undefined): void {
  for (const [name, predicate] of Object.entries({ when: requirement.when, predicate: requirement.predicate })) {
    if (predicate === undefined) continue;
    let count = 0;
    for (const each of predicatesIn(predicate)) {
      if (++count > MAX_PREDICATES) throw invalid(`it has more than ${MAX_PREDICATES} predicates`, file, `${pointer}/${name}`);
      checkPredicate(each, `${pointer}/${name}`, file);
    }
  }
}

function checkPredicate(predicate: Predicate, pointer: string, file: string | undefined): void {
  const [needs, may] = MEMBERS[predicate.op];
  const members = Object.keys(predicate).filter((each) => each !== 'op');
  const lacks = needs.find((each) => !members.includes(each));
  if (lacks !== undefined) throw invalid(`\`${predicate.op}\` needs \`${lacks}\``, file, pointer);
  const strange = members.find((each) => !needs.includes(each) && !may.includes(each));
  if (strange !== undefined) throw invalid(`\`${predicate.op}\` has no \`${strange}\``, file, pointer);
  for (const path of [...('path' in predicate ? [predicate.path] : []), ...('reference' in predicate ? [predicate.reference] : [])])
    if (path !== '#' && !isPath(path)) throw invalid(`${JSON.stringify(path.slice(0, 100))} is no path`, file, pointer);
  if ('pattern' in predicate) compilePattern(predicate.pattern);
  if ('where' in predicate && predicate.where !== undefined) checkWhere(predicate.where, pointer, file);
}

/** A JSON Pointer to something in a document: one that is none would lead to the document itself, which is always there. */
const isPath = (path: string): boolean => path.startsWith('/') && parsePointer(path) !== undefined;

/** Its predicate, if it is one, is checked by itself. */
function checkWhere(where: object, pointer: string, file: string | undefined): void {
  if (isPredicate(where as Predicate)) return;
  for (const [path, values] of Object.entries(where)) {
    const isFine = isPath(path) && Array.isArray(values) && values.every((each) => ['string', 'number', 'boolean'].includes(typeof each));
    if (!isFine) throw invalid('`where` is a predicate, or an object from path to a list of values', file, pointer);
  }
}
