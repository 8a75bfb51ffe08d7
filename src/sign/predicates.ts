/** Statements of the kinds that a model's life needs, from plain values. Each is checked by the public rules of its type. */
import type { JsonValue } from '../core/canonical-json.js';
import { PREDICATES } from './predicate-rules.js';
import { type Statement, type Subject, statement } from './statements.js';
import type { Verdict } from './verify.js';

/** Something by where it is or by its digest. Source: in-toto `resource_descriptor.md`. */
export interface Descriptor {
  readonly name?: string;
  readonly uri?: string;
  readonly digest?: { readonly [algorithm: string]: string };
  readonly mediaType?: string;
  readonly annotations?: { readonly [name: string]: JsonValue };
}

/** What a model, a dataset or an adapter is to the run that it goes into. */
export const ROLES = ['base-model', 'adapter', 'dataset', 'teacher', 'tokenizer', 'code'] as const;
export type Role = (typeof ROLES)[number];

/** Kinds of runs; docs/statements.md says what each means. */
export const RUN_KINDS = ['train', 'finetune', 'quantize', 'merge', 'convert', 'evaluate'] as const;
export type RunKind = (typeof RUN_KINDS)[number];

/** What went into a run. */
export type ProvenanceInput = Descriptor & { readonly role?: Role };

/** As a resolved dependency of provenance. */
export const dependencyOf = ({ role, annotations, ...rest }: ProvenanceInput): Descriptor => {
  const all = role === undefined ? annotations : { ...annotations, role };
  return all === undefined ? rest : { ...rest, annotations: all };
};

export interface ProvenanceFacts {
  /** What came out: the root of the model. */
  readonly subject: readonly Subject[];
  readonly kind: RunKind;
  /** What whoever started the run chose. */
  readonly parameters: { readonly [name: string]: JsonValue };
  /** What the place that it ran in added. */
  readonly internal?: { readonly [name: string]: JsonValue };
  /** What went in, by digest, with its role. */
  readonly inputs?: readonly ProvenanceInput[];
  /** Who ran it, as a URI. */
  readonly builder: string;
  readonly invocation?: string;
  readonly started?: Date;
  readonly finished?: Date;
  /** What came out besides. */
  readonly byproducts?: readonly Descriptor[];
}

/** SLSA provenance v1 of a run. @throws ERR_SIGN_STATEMENT */
export function provenance(facts: ProvenanceFacts): Statement {
  const { subject, kind, parameters, internal, inputs = [], builder, invocation, started, finished, byproducts } = facts;
  return statement(subject, PREDICATES.provenance, {
    buildDefinition: {
      buildType: `urn:msbom:build-type:${kind}:1`,
      externalParameters: parameters,
      internalParameters: internal,
      resolvedDependencies: inputs.map(dependencyOf),
    },
    runDetails: {
      builder: { id: builder },
      metadata: { invocationId: invocation, startedOn: utc(started), finishedOn: utc(finished) },
      byproducts,
    },
  });
}

export interface TestFacts {
  readonly subject: readonly Subject[];
  readonly result: 'PASSED' | 'WARNED' | 'FAILED';
  /** What was tested with: suites, their versions, settings. */
  readonly configuration: readonly Descriptor[];
  /** Where more is said. */
  readonly url?: string;
  readonly passed?: readonly string[];
  readonly warned?: readonly string[];
  readonly failed?: readonly string[];
  /** When the test ended: an annotation of each configuration, since the type has no member for it. */
  readonly finished?: Date;
}

/**
 * A manifest as a claim: what it describes is what has these roots. `cyclonedx` takes a document of CycloneDX in its place.
 * @throws ERR_SIGN_STATEMENT
 */
export function documentClaim(subject: readonly Subject[], kind: 'manifest' | 'cyclonedx', document: object): Statement {
  return statement(subject, PREDICATES[kind], document);
}

/** Result of an evaluation or a test of robustness. @throws ERR_SIGN_STATEMENT */
export function testResult({ subject, result, configuration, url, passed, warned, failed, finished }: TestFacts): Statement {
  const finishedOn = utc(finished);
  return statement(subject, PREDICATES.testResult, {
    result,
    configuration:
      finishedOn === undefined
        ? configuration
        : configuration.map(({ annotations, ...rest }) => ({ ...rest, annotations: { ...annotations, finishedOn } })),
    url,
    passedTests: passed,
    warnedTests: warned,
    failedTests: failed,
  });
}

export interface HandoffFacts {
  readonly subject: readonly Subject[];
  /** Who gives and who takes, as URIs. */
  readonly from: string;
  readonly to: string;
  readonly at: Date;
  readonly purpose: 'release' | 'mirror' | 'deploy';
  /** Names of all claims that are there, in any order: none can be taken away later without a sign. */
  readonly priorClaims: readonly string[];
  /** Name of the hand-off before this one. */
  readonly previousHandoff?: string;
}

/** Says that a model went from one to another, with these claims. @throws ERR_SIGN_STATEMENT */
export function handoff({ subject, from, to, at, purpose, priorClaims, previousHandoff }: HandoffFacts): Statement {
  return statement(subject, PREDICATES.handoff, {
    from: { id: from },
    to: { id: to },
    at: utc(at),
    priorClaims: [...new Set(priorClaims)].sort(),
    previousHandoff,
    purpose,
  });
}

export interface SummaryFacts {
  /** What was verified; the root is its subject. */
  readonly verdict: Verdict;
  /** Who verified, as a URI. */
  readonly verifier: string;
  readonly at: Date;
  /** Where what was verified is found. */
  readonly resource: string;
  /** By which rules. */
  readonly policy: Descriptor;
  /** Signatures and claims that were judged. */
  readonly inputs?: readonly Descriptor[];
  /** Levels of SLSA, or words of your own, that the policy grants; by itself a signature grants none. */
  readonly levels?: readonly string[];
}

/**
 * One small statement in place of a verification: a verification summary of SLSA v1. A verdict that is not good never says PASSED.
 * @throws ERR_SIGN_STATEMENT when the verdict names no root, since then nothing was verified
 */
export function verificationSummary({ verdict, verifier, at, resource, policy, inputs, levels }: SummaryFacts): Statement {
  const root = verdict.root?.sha256;
  const granted = levels ?? ['SLSA_BUILD_LEVEL_UNEVALUATED'];
  return statement(root === undefined ? [] : [{ name: verdict.model, digest: { sha256: root } }], PREDICATES.verificationSummary, {
    verifier: { id: verifier },
    timeVerified: utc(at),
    resourceUri: resource,
    policy,
    inputAttestations: inputs,
    verificationResult: verdict.ok ? 'PASSED' : 'FAILED',
    verifiedLevels: verdict.ok ? granted : ['FAILED'],
    slsaVersion: '1.0',
  });
}

/** RFC 3339 in UTC, to the second. */
const utc = (time: Date | undefined): string | undefined => time?.toISOString().replace(/\.\d{3}Z$/, 'Z');
