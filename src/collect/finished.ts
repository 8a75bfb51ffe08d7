/** What was collected, whole, with what the caller says on top of it. */
import { canonicalize, type JsonValue } from '../core/canonical-json.js';
import { type Finding, sortFindings } from '../core/finding.js';
import { parsePointer, pointerStep, resolvePointer } from '../core/json-pointer.js';
import { bare, bareCopy, isObject, sameJson } from '../core/objects.js';
import { collectEvidence, groupEvidence, narrowedEvidence } from '../manifest/evidence.js';
import type { Manifest } from '../schema/index.js';
import type { Claim } from './claim.js';
import { closed } from './closing.js';
import type { Described } from './describe.js';
import { derivedSerialNumber } from './document.js';
import { withoutPrivate } from './redact.js';

/** What the caller says, and how it is taken. */
export interface Said {
  /** Overrules what files say; what they say instead stays in the evidence. From `suppliedPart` and `suppliedValue`. */
  readonly supplied?: readonly Claim[];
  readonly serialNumber?: string;
  readonly includePrivate?: boolean;
}

/** The manifest of what was collected, and every finding about it. */
export function finished(
  described: Pick<Described, 'manifest' | 'findings'>,
  { supplied = [], serialNumber, includePrivate = false }: Said,
): { readonly manifest: Manifest; readonly findings: readonly Finding[] } {
  const { manifest, findings: left } = closed(described.manifest);
  const findings = [...described.findings, ...left];
  if (supplied.length === 0) return { manifest, findings: sortFindings(findings) };
  const { claims, findings: hidden } = redacted(supplied, includePrivate);
  const { known, unknown } = byFile(claims, manifest);
  const whole = withClaims(manifest, known);
  // Other content is another document.
  const isNumbered = serialNumber !== undefined || known.some(({ pointer }) => pointer === '/bom/serialNumber');
  const { bom } = whole;
  return {
    manifest: isNumbered
      ? whole
      : { ...whole, bom: { ...bom, serialNumber: derivedSerialNumber([bom.serialNumber, canonicalize(known)]) } },
    findings: sortFindings([...findings, ...hidden, ...unknown.map(({ pointer }) => noFile(pointer))]),
  };
}

/** Files are listed from the disk: nobody can say something of one that is not there. */
function byFile(
  claims: readonly Claim[],
  { artifacts = {} }: Manifest,
): { readonly known: readonly Claim[]; readonly unknown: readonly Claim[] } {
  const isKnown = ({ pointer }: Claim): boolean => {
    const [section, path] = parsePointer(pointer) ?? [];
    return section !== 'artifacts' || (path !== undefined && Object.hasOwn(artifacts, path));
  };
  return { known: claims.filter(isKnown), unknown: claims.filter((claim) => !isKnown(claim)) };
}

const noFile = (pointer: string): Finding => ({
  id: 'value-left-out',
  severity: 'medium',
  message: `what was supplied at ${pointer} was left out: there is no such file`,
  fix: 'Give the path of a file below the directory, as the manifest lists it.',
});

/** The claims without what is private in them. */
function redacted(
  claims: readonly Claim[],
  includePrivate: boolean,
): { readonly claims: readonly Claim[]; readonly findings: readonly Finding[] } {
  const whole = claims.map(({ pointer, value, from }) => ({ kind: 'claim' as const, pointer, value, rank: from.rank, from }));
  const { contributions, findings } = withoutPrivate(whole, includePrivate);
  return {
    claims: contributions.flatMap((each) =>
      each.kind === 'claim' ? [{ pointer: each.pointer, value: each.value, from: { ...each.from, rank: each.rank } }] : [],
    ),
    findings,
  };
}

/**
 * The manifest with other values at the pointers of the claims. Evidence follows: what was said there before stands in it as what its
 * source `said`. What was declared unknown and is said now is not declared any more.
 */
export function withClaims(manifest: Manifest, claims: readonly Claim[]): Manifest {
  const { evidence = [], ...before } = manifest;
  const after = bareCopy(before) as unknown as { [key: string]: JsonValue }; // plain JSON
  const isKept = ({ pointer }: Claim): boolean => COMPUTED.test(pointer) && resolvePointer(before, pointer) !== undefined;
  for (const claim of claims) if (!isKept(claim)) put(after, claim.pointer, claim.value);
  overtake(after, claims);
  const replaced = new Set(claims.map(({ pointer }) => pointer));
  const told = [
    ...narrowedEvidence(evidence, before, after, replaced),
    ...collectEvidence(
      claims.map(({ pointer, value, from: { origin, method, path, name, key } }) => ({
        pointer,
        origin,
        method,
        ...(sameJson(value, resolvePointer(after, pointer)) ? {} : { said: value }),
        ...(path === undefined && name === undefined ? {} : { source: path === undefined ? { name: name as string } : { path } }),
        ...(key === undefined ? {} : { key }),
      })),
    ),
  ];
  const { foreign, extensions, ...rest } = after as unknown as Manifest; // validated as a whole before it is written
  return { ...rest, evidence: groupEvidence(told), ...(foreign && { foreign }), ...(extensions && { extensions }) };
}

/** What follows from the bytes, whatever anybody says. */
const COMPUTED = /^\/artifacts\/[^/]{1,4096}\/(?:size|digest)(?:\/|$)/;

/** Claims name members of objects only. */
function put(document: { [key: string]: JsonValue }, pointer: string, value: JsonValue): void {
  const keys = parsePointer(pointer) ?? [];
  const last = keys.pop() ?? '';
  let at = document;
  for (const key of keys) {
    const next = at[key];
    at = isObject(next) ? (next as { [key: string]: JsonValue }) : ((at[key] = bare<JsonValue>([])) as { [key: string]: JsonValue });
  }
  at[last] = bareCopy(value);
}

function overtake(document: { [key: string]: JsonValue }, claims: readonly Claim[]): void {
  const declarations = resolvePointer(document, '/bom/declarations');
  if (!isObject(declarations)) return;
  const said = new Set(claims.map(({ pointer }) => pointer));
  const left = Object.entries(declarations).filter(
    ([pointer, declaration]) =>
      said.has(`/bom/declarations${pointerStep(pointer)}/status`) ||
      !sameJson((declaration as { readonly status?: JsonValue }).status, 'unknown') ||
      resolvePointer(document, pointer) === undefined,
  );
  const bom = document.bom as { [key: string]: JsonValue };
  if (left.length > 0) bom.declarations = bare(left);
  else delete bom.declarations;
}
