/** What predicates ask that no single value answers: attestations, references, declarations, signatures, exports. */
import { pointerStep } from '../core/json-pointer.js';
import type { Attestation, Manifest } from '../schema/index.js';
import { referencesIn } from '../schema/index.js';
import { indexManifest } from '../validate/manifest-index.js';
import type { Report } from '../validate/rule.js';
import { referenceUnresolved } from '../validate/rules/reference-unresolved.js';
import { CORE_FIELDS } from './core-fields.js';
import { type Asked, declarationOf, type Evaluate, type SpecialPredicate } from './evaluate.js';
import type { Exports } from './exports.js';
import { find, findAll, keysOf, rootOf } from './lookup.js';
import { absent, all, type Gap, no, type Outcome, untold, wrong, yes } from './outcome.js';
import type { PredicateOf, Profile, Requirement } from './profile.js';

/** Whether somebody who is trusted has signed the document. */
export interface DocumentSignature {
  readonly ok: boolean;
  /** Who signed, or why the signature is not accepted. */
  readonly detail: string;
}

export interface SpecialFacts {
  readonly exports: Exports;
  /** Missing when no signature was checked. */
  readonly signature?: DocumentSignature | undefined;
}

type Specials = {
  readonly [O in SpecialPredicate['op']]: (predicate: PredicateOf<O>, of: Of) => Outcome;
};

/** The requirement that asks. */
interface Of {
  readonly requirement: Requirement;
  readonly profile: Profile;
}

/** Answers for each requirement of a document. What is the same for all is asked once. */
export function specials(manifest: Manifest, { exports, signature }: SpecialFacts, evaluate: Evaluate): (of: Of) => Asked {
  const attestations = attestationsOf(manifest);
  let references: Outcome | undefined;
  const answers: Specials = {
    attested: (_, of) => attested(attestations, of),
    refsResolve: () => (references ??= refsResolve(manifest)),
    signatureValid: ({ path }) => signatureValid(manifest, path, signature),
    exportValid: ({ formats }) => exports.valid(formats),
    exportExcludes: ({ path }) => exports.excludes(path),
    allAbsentDeclared: ({ scope }, of) =>
      scope === 'profile'
        ? profileDeclared(manifest, of, (each) => evaluate(each.requirement.predicate, asker(each)))
        : coreDeclared(manifest),
  };
  const asker = (of: Of): Asked => ({
    // The table has a row for each kind of predicate, of its own type.
    special: (predicate) => (answers[predicate.op] as (each: SpecialPredicate, of: Of) => Outcome)(predicate, of),
  });
  return asker;
}

type Attested = ReadonlyMap<string, readonly (readonly [key: string, attestation: Attestation])[]>;

/** Attestations by the ids of the requirements that they name. */
function attestationsOf(manifest: Manifest): Attested {
  const found = new Map<string, (readonly [string, Attestation])[]>();
  for (const [key, attestation] of Object.entries(manifest.attestations ?? {})) {
    for (const id of attestation.requirementIds ?? []) found.set(id, [...(found.get(id) ?? []), [key, attestation]]);
  }
  return found;
}

/** What an attestation has to have, so that somebody can be held to it. */
const HELD_TO = ['by', 'date', 'references'] as const satisfies readonly (keyof Attestation)[];

/** Has a person attested the requirement, on a day, with evidence? */
function attested(attestations: Attested, { requirement, profile }: Of): Outcome {
  const named = [...(attestations.get(requirement.id) ?? []), ...(attestations.get(`${profile.id}/${requirement.id}`) ?? [])];
  if (named.length === 0) return absent('/attestations', `has no entry that names ${requirement.id}`);
  const gaps: Gap[] = [];
  for (const [key, attestation] of named) {
    const pointer = `/attestations${pointerStep(key)}`;
    const lacks = HELD_TO.filter((each) => attestation[each] === undefined);
    if (lacks.length === 0) return yes(`${pointer}/requirementIds`, ...HELD_TO.map((each) => `${pointer}/${each}`));
    gaps.push(...lacks.map((each): Gap => ({ pointer: `${pointer}/${each}`, what: 'is absent', kind: 'absent' })));
  }
  return no(...gaps);
}

function refsResolve(manifest: Manifest): Outcome {
  // That a document has a subject says nothing of how things hang together.
  const references = referencesIn(manifest).filter(({ member }) => member !== 'Bom.subject');
  const broken: Gap[] = [];
  const report: Report = (pointer, message) => void broken.push({ pointer, what: message, kind: 'wrong' });
  referenceUnresolved.check(manifest, report, indexManifest(manifest));
  if (broken.length > 0) return no(...broken);
  return references.length === 0
    ? absent('/dependencies', 'says nothing of how things hang together')
    : yes(...references.map(({ pointer }) => pointer));
}

function signatureValid(manifest: Manifest, path: string, signature: DocumentSignature | undefined): Outcome {
  const root = rootOf(manifest);
  const found = find(root, root, path);
  if ('absent' in found || (Array.isArray(found.node.value) && found.node.value.length === 0)) return absent(path);
  if (signature === undefined) return untold('the signature of the document was not verified: neither it nor whom to trust was given');
  return signature.ok ? yes(path) : wrong(path, `is not accepted: ${signature.detail}`);
}

function coreDeclared(manifest: Manifest): Outcome {
  return all(CORE_FIELDS.map((field) => all(missingOf(manifest, field).map((pointer) => declaredAt(manifest, pointer)))));
}

/** Pointers of a field that have no value, for each entry of a collection; of the first where one of several is enough. */
function missingOf(manifest: Manifest, field: string): readonly string[] {
  const missing = field.split('|').map((path) => missingAt(manifest, path));
  return missing.every((each) => each.length > 0) ? (missing[0] ?? []) : [];
}

function missingAt(manifest: Manifest, path: string): readonly string[] {
  const root = rootOf(manifest);
  const star = path.indexOf('/*');
  if (star === -1) {
    const found = find(root, root, path);
    return 'absent' in found ? [found.absent] : [];
  }
  const collection = path.slice(0, star);
  const items = findAll(root, root, path.slice(0, star + 2));
  if (items.length === 0) return [collection];
  const rest = keysOf(path.slice(star + 2));
  return items.flatMap((item) => {
    const found = find(root, item, path.slice(star + 2));
    return 'absent' in found ? [item.pointer + rest.map(pointerStep).join('')] : [];
  });
}

function profileDeclared(manifest: Manifest, { requirement, profile }: Of, outcome: (of: Of) => Outcome): Outcome {
  const gaps = profile.requirements
    .filter(({ id, predicate }) => id !== requirement.id && predicate.op !== 'allAbsentDeclared')
    .flatMap((each) => outcome({ requirement: each, profile }).gaps)
    .filter(({ kind, pointer }) => kind === 'absent' && !pointer.startsWith('/attestations') && !pointer.startsWith('/bom/declarations'));
  return all([...new Set(gaps.map(({ pointer }) => pointer))].map((pointer) => declaredAt(manifest, pointer)));
}

/** Is it said why a place has no value, and whom to ask where it is withheld? */
function declaredAt(manifest: Manifest, pointer: string): Outcome {
  const declarations = (manifest.bom as Manifest['bom'] | undefined)?.declarations ?? {};
  const found = declarationOf(pointer, declarations);
  if (found === undefined) return absent(pointer, 'is absent, and nothing declares why');
  const at = `/bom/declarations${pointerStep(found.pointer)}`;
  if (found.status === 'withheld' && declarations[found.pointer]?.contact === undefined)
    return absent(`${at}/contact`, 'is absent: whom to ask for what is withheld');
  return yes(at);
}
