/** What a statement and its predicate must have, by the public rules of each type; what is not named here may be there and means nothing. */
import type { JsonValue } from '../core/canonical-json.js';
import { DIGEST_HEX_LENGTHS } from '../core/digest.js';
import { isList, isObject, type JsonObject, own } from '../core/objects.js';

/** Where a rule is broken, as a JSON pointer, and how. */
export interface Breach {
  readonly at: string;
  readonly what: string;
}
type Rule = (value: JsonValue, at: string) => readonly Breach[];

const breach = (at: string, what: string): readonly Breach[] => [{ at, what }];
const when = (isRight: boolean, at: string, what: string): readonly Breach[] => (isRight ? [] : breach(at, what));

const text: Rule = (value, at) => when(typeof value === 'string' && value !== '', at, 'is no text');
const isUri = (value: JsonValue): boolean => typeof value === 'string' && URL.canParse(value);
/** Absolute, RFC 3986. */
const uri: Rule = (value, at) => when(isUri(value), at, 'is no URI');
const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?Z$/;
/** RFC 3339 in UTC, as in-toto has it. */
const time: Rule = (value, at) =>
  when(typeof value === 'string' && TIME.test(value) && !Number.isNaN(Date.parse(value)), at, 'is no time in UTC');
const anyObject: Rule = (value, at) => when(isObject(value), at, 'is no object');
const bytes: Rule = (value, at) => when(typeof value === 'string', at, 'is no text');
const oneOf =
  (...words: readonly string[]): Rule =>
  (value, at) =>
    when(typeof value === 'string' && words.includes(value), at, `is none of ${words.join(', ')}`);
const listOf =
  (rule: Rule, least = 0): Rule =>
  (value, at) =>
    isList(value) && value.length >= least
      ? value.flatMap((item, i) => rule(item, `${at}/${i}`))
      : breach(at, least === 0 ? 'is no list' : `is no list of ${least} or more`);
const mapOf =
  (rule: Rule): Rule =>
  (value, at) =>
    isObject(value) ? Object.entries(value).flatMap(([key, member]) => rule(member, `${at}/${key}`)) : breach(at, 'is no object');

/** Members by name; one whose name ends in `?` may be missing. */
function shape(members: Readonly<Record<string, Rule>>): Rule {
  return (value, at) => {
    if (!isObject(value)) return breach(at, 'is no object');
    return Object.entries(members).flatMap(([key, rule]) => {
      const name = key.endsWith('?') ? key.slice(0, -1) : key;
      const member = own(value, name);
      if (member === undefined) return name === key ? breach(`${at}/${name}`, 'is missing') : [];
      return rule(member, `${at}/${name}`);
    });
  };
}
const both =
  (...rules: readonly Rule[]): Rule =>
  (value, at) =>
    rules.flatMap((rule) => rule(value, at));

const HEX = /^[0-9a-f]*$/;
const LENGTHS: Readonly<Record<string, number>> = DIGEST_HEX_LENGTHS;

/** Algorithm: lower-case hexadecimal of its length. Source: in-toto `digest_set.md`. */
const digestSet: Rule = (value, at) => {
  if (!isObject(value) || Object.keys(value).length === 0) return breach(at, 'has no digest');
  return Object.entries(value).flatMap(([algorithm, digest]) => {
    const length = Object.hasOwn(LENGTHS, algorithm) ? LENGTHS[algorithm] : undefined;
    const isRight = typeof digest === 'string' && HEX.test(digest) && digest !== '' && (length === undefined || digest.length === length);
    return when(isRight, `${at}/${algorithm}`, 'is no digest of its algorithm');
  });
};

/** Source: in-toto `resource_descriptor.md`: one of `uri`, `digest` or `content` at least. */
const descriptor: Rule = both(
  shape({ 'name?': text, 'uri?': uri, 'digest?': digestSet, 'content?': bytes, 'mediaType?': text, 'annotations?': anyObject }),
  (value, at) =>
    when(
      isObject(value) && ['uri', 'digest', 'content'].some((name) => Object.hasOwn(value, name)),
      at,
      'says neither where nor what it is',
    ),
);

const claim: Rule = (value, at) => when(typeof value === 'string' && /^sha256:[0-9a-f]{64}$/.test(value), at, 'is no name of a claim');
const sorted: Rule = (value, at) =>
  when(isList(value) && value.every((each, i) => i === 0 || String(value[i - 1]) < String(each)), at, 'is not sorted, or has one twice');
const actor = shape({ id: uri, 'version?': mapOf(bytes) });

/** Predicates that are known, by their types. */
export const PREDICATES = {
  /** https://slsa.dev/spec/v1.0/provenance */
  provenance: 'https://slsa.dev/provenance/v1',
  /** https://slsa.dev/spec/v1.0/verification_summary */
  verificationSummary: 'https://slsa.dev/verification_summary/v1',
  /** https://github.com/in-toto/attestation/blob/main/spec/predicates/test-result.md */
  testResult: 'https://in-toto.io/attestation/test-result/v0.1',
  /** docs/statements.md, "Hand-off" */
  handoff: 'urn:msbom:predicate:handoff:1',
  /** A manifest whole; docs/statements.md, "A manifest as a claim" */
  manifest: 'urn:msbom:predicate:manifest:1',
  /** A document of CycloneDX whole. https://cyclonedx.org/specification/overview/ */
  cyclonedx: 'https://cyclonedx.org/bom',
} as const;

const RULES: Readonly<Record<string, Rule>> = {
  [PREDICATES.provenance]: shape({
    buildDefinition: shape({
      buildType: uri,
      externalParameters: anyObject,
      'internalParameters?': anyObject,
      'resolvedDependencies?': listOf(descriptor),
    }),
    runDetails: shape({
      builder: shape({ id: uri, 'version?': mapOf(bytes), 'builderDependencies?': listOf(descriptor) }),
      'metadata?': shape({ 'invocationId?': text, 'startedOn?': time, 'finishedOn?': time }),
      'byproducts?': listOf(descriptor),
    }),
  }),
  [PREDICATES.verificationSummary]: shape({
    verifier: actor,
    timeVerified: time,
    resourceUri: uri,
    policy: descriptor,
    'inputAttestations?': listOf(descriptor),
    verificationResult: oneOf('PASSED', 'FAILED'),
    verifiedLevels: listOf(text),
    'slsaVersion?': text,
  }),
  [PREDICATES.testResult]: shape({
    result: oneOf('PASSED', 'WARNED', 'FAILED'),
    configuration: listOf(descriptor),
    'url?': uri,
    'passedTests?': listOf(text),
    'warnedTests?': listOf(text),
    'failedTests?': listOf(text),
  }),
  [PREDICATES.handoff]: shape({
    from: shape({ id: uri }),
    to: shape({ id: uri }),
    at: time,
    priorClaims: both(listOf(claim), sorted),
    'previousHandoff?': claim,
    purpose: oneOf('release', 'mirror', 'deploy'),
  }),
  // Whether it is valid is for the validator of manifests to say.
  [PREDICATES.manifest]: shape({ bom: shape({ 'timestamp?': text }), 'model?': anyObject, 'models?': anyObject, 'datasets?': anyObject }),
  [PREDICATES.cyclonedx]: shape({ bomFormat: oneOf('CycloneDX'), specVersion: text }),
};

/** Source: in-toto Statement v1: subjects are known by digests. Version 0.1, which cosign writes, has the same members and stricter ones. */
const STATEMENT: Rule = shape({
  _type: oneOf('https://in-toto.io/Statement/v1', 'https://in-toto.io/Statement/v0.1'),
  subject: listOf(shape({ digest: digestSet, 'name?': bytes, 'uri?': uri }), 1),
  predicateType: uri,
  predicate: anyObject,
});

/** What a statement breaks; of a predicate whose type is not known nothing is said. */
export function breachesOf(statement: JsonObject): readonly Breach[] {
  const breaches = STATEMENT(statement, '');
  const [type, predicate] = [own(statement, 'predicateType'), own(statement, 'predicate')];
  const rule = typeof type === 'string' && Object.hasOwn(RULES, type) ? RULES[type] : undefined;
  return rule === undefined || predicate === undefined ? breaches : [...breaches, ...rule(predicate, '/predicate')];
}
