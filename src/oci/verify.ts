/** Verifies an artifact in a registry or an OCI layout by what refers to it. */
import type { LineageRoot } from '../lineage/index.js';
import {
  judgeClaims,
  type Parties,
  type PartyClaim,
  type PartyVerdict,
  type ReadParties,
  type Reason,
  readParties,
  readSignedModel,
  type Verdict,
  type VerifyOptions,
  withMissing,
} from '../sign/index.js';
import { verifyPlaceByParties } from '../sign/parties.js';
import { reason } from '../sign/reasons.js';
import { relaxationsOf, verifyPlace } from '../sign/verify.js';
import { type Bundle, type Evidence, evidenceOf } from './evidence.js';
import { artifactPlace, holdsFiles } from './files.js';
import type { Repository, StoredManifest } from './repository.js';

/** A signature over the files of the artifact. */
export interface SignatureAnswer extends Omit<Verdict, 'version' | 'relaxed' | 'model'> {
  /** Digest of the manifest that refers to the artifact, or the name of the file in it. */
  readonly from: string;
}

/** A claim about the artifact or the model in it. */
export interface ClaimAnswer extends Omit<PartyClaim, 'line' | 'parties'> {
  readonly from: string;
  readonly predicateType?: string;
}

/** The answer. Its form is stable: members are added, none changes its meaning. */
export interface ArtifactVerdict {
  readonly version: 1;
  readonly ok: boolean;
  /** `oci://HOST/NAME` or `oci:DIRECTORY`, and the digest that it has. */
  readonly artifact: string;
  readonly digest: string;
  readonly artifactType?: string;
  /**
   * `files` when its layers are files of a model: then a signature over them has to be accepted. `digest` for anything else, such as an
   * image of containers: then a claim about its digest.
   */
  readonly covers: 'files' | 'digest';
  readonly signatures: readonly SignatureAnswer[];
  /** Also those that count for nothing. */
  readonly claims: readonly ClaimAnswer[];
  /** What refers to it besides: nobody signed it. */
  readonly others: readonly { readonly from: string; readonly artifactType?: string }[];
  readonly unread: Evidence['unread'];
  readonly reasons: readonly Reason[];
  readonly relaxed: readonly string[];
}

export interface ArtifactOptions extends VerifyOptions {
  /** A signature from elsewhere, besides those that refer to the artifact. */
  readonly signature?: Uint8Array;
}

const hexOf = (digest: string): string => digest.slice(digest.indexOf(':') + 1);

/**
 * Whether somebody who is trusted signed the files of an artifact, or stated something about an artifact that is no model.
 * @throws ERR_OCI_*, ERR_SIGN_KEY, ERR_SIGN_CERTIFICATE, ERR_LIMIT_*
 */
export async function verifyArtifact(repository: Repository, artifact: StoredManifest, options: ArtifactOptions): Promise<ArtifactVerdict> {
  const { bundles, others, unread } = await evidenceWith(repository, artifact, options.signature);
  const place = artifactPlace(repository, artifact, ownOf(bundles));
  const signatures: SignatureAnswer[] = [];
  const roots = new Set([hexOf(artifact.descriptor.digest)]);
  const covers = holdsFiles(artifact) ? 'files' : 'digest';
  for (const { from, bytes } of bundles.filter(({ isSignature }) => isSignature && covers === 'files')) {
    const { version: _version, relaxed: _relaxed, model: _model, ...verdict } = await verifyPlace(place, bytes, options);
    signatures.push({ from, ...verdict });
    for (const root of verdict.ok ? rootsOf(bytes) : []) roots.add(root);
  }
  const claims = claimsFrom(bundles, readParties({ signer: [options.trust] } satisfies Parties), [...roots]);
  const ok = covers === 'files' ? signatures.some((each) => each.ok) : claims.some((each) => each.ok);
  const { artifactType } = artifact.manifest;
  return {
    version: 1,
    ok,
    artifact: repository.name,
    digest: artifact.descriptor.digest,
    ...(artifactType === undefined ? {} : { artifactType }),
    covers,
    signatures,
    claims: claims.map(({ line: _line, parties: _parties, ...claim }) => ({
      ...claim,
      ...(claim.statement === undefined ? {} : { predicateType: claim.statement.predicateType }),
    })),
    others: others.map(({ from, artifactType: type }) => ({ from, ...(type === undefined ? {} : { artifactType: type }) })),
    unread,
    reasons: ok ? [] : reasonsOf(covers, signatures, claims),
    relaxed: relaxationsOf(options),
  };
}

/** The same artifact as the beginning of a lineage, whose signature and claims are those that refer to it. */
export async function artifactRoot(repository: Repository, artifact: StoredManifest, signature?: Uint8Array): Promise<LineageRoot> {
  const { bundles } = await evidenceWith(repository, artifact, signature);
  const place = artifactPlace(repository, artifact, ownOf(bundles));
  const digest = hexOf(artifact.descriptor.digest);
  return {
    name: repository.name,
    async verify(parties, options) {
      if (!holdsFiles(artifact)) return imageVerdict(bundles, parties, digest);
      let best: PartyVerdict | undefined;
      for (const { bytes } of bundles.filter(({ isSignature }) => isSignature)) {
        const verdict = await verifyPlaceByParties(place, bytes, parties, options);
        if (best === undefined || rankOf(verdict) > rankOf(best)) best = verdict;
      }
      return best ?? { ok: false, parties: [], roots: [digest], reasons: [unsigned()], notes: [] };
    },
    claims: async (parties, roots) => claimsFrom(bundles, parties, [...roots, digest]),
  };
}

const rankOf = ({ ok, parties }: PartyVerdict): number => (ok ? 2 : parties.length > 0 ? 1 : 0);
const unsigned = (): Reason => reason('nothing-signed', 'no signature over its files refers to the artifact');

/** Signed by whoever stated something about its digest. */
function imageVerdict(bundles: readonly Bundle[], parties: ReadParties, digest: string): PartyVerdict {
  const accepted = claimsFrom(bundles, parties, [digest]).filter(({ ok }) => ok);
  const [first] = accepted;
  const base = { roots: [digest], notes: [] };
  if (first === undefined) return { ...base, ok: false, parties: [], reasons: [unstated()] };
  const names = [...new Set(accepted.flatMap((each) => each.parties))].sort();
  return { ...base, ok: true, parties: names, reasons: [], ...(first.signer === undefined ? {} : { signer: first.signer }) };
}

const unstated = (): Reason => reason('nothing-signed', 'no claim about its digest that counts refers to the artifact');

async function evidenceWith(repository: Repository, artifact: StoredManifest, signature: Uint8Array | undefined): Promise<Evidence> {
  const evidence = await evidenceOf(repository, artifact);
  if (signature === undefined) return evidence;
  return {
    ...evidence,
    bundles: [{ from: 'signature that was given', digest: '', bytes: signature, isSignature: true }, ...evidence.bundles],
  };
}

/** A signature in the artifact is no file that it is over. */
const ownOf = (bundles: readonly Bundle[]): ReadonlySet<string> =>
  new Set(bundles.filter(({ isSignature }) => isSignature).map(({ digest }) => digest));

function rootsOf(bytes: Uint8Array): readonly string[] {
  const read = readSignedModel(bytes);
  if ('reason' in read) return [];
  const { root, specification } = read.value;
  return specification === undefined ? [root] : [root, specification];
}

type FoundClaim = PartyClaim & { readonly from: string };

function claimsFrom(bundles: readonly Bundle[], parties: ReadParties, roots: readonly string[]): readonly FoundClaim[] {
  const found = bundles.filter(({ isSignature }) => !isSignature);
  const judged = judgeClaims(
    found.map(({ bytes }) => Buffer.from(bytes).toString('utf8')),
    parties,
    roots,
  );
  return judged.map((claim, i) => ({ ...withMissing(claim, judged), from: found[i]?.from ?? '' }));
}

/** Of the signature that came nearest. */
function reasonsOf(
  covers: ArtifactVerdict['covers'],
  signatures: readonly SignatureAnswer[],
  claims: readonly FoundClaim[],
): readonly Reason[] {
  if (covers === 'digest') return [unstated(), ...claims.flatMap(({ reasons }) => reasons).slice(0, 10)];
  const nearest =
    signatures.find(({ files }) => files !== undefined) ?? signatures.find(({ signer }) => signer !== undefined) ?? signatures[0];
  return nearest?.reasons ?? [unsigned()];
}
