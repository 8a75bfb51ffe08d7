/** From the certificate of a signer to a root that is trusted: the way, and what speaks against it. Source: RFC 5280, section 6. */
import type { Certificate } from './certificate.js';
import { type Reason, reason } from './reasons.js';

export interface ChainTrust {
  /** Where trust begins; nothing in a signature adds to it. */
  readonly roots: readonly Certificate[];
  /** Names of which the signer must have one: an address, host name or URI of the certificate, or its subject in RFC 4514; or `any`. */
  readonly identities: readonly string[] | 'any';
  /** Any certificate that may sign, as the reference implementation has it; otherwise only those for code signing. */
  readonly anyUsage: boolean;
  /** The time that all of the chain must be valid at. */
  readonly at: Date;
}

/** Certificates of a chain, with the signer's and the root. */
const MAX_LENGTH = 10;
/** Signatures that are checked to find the way. */
const MAX_CHECKS = 100;
/** Ways that are judged. */
const MAX_WAYS = 16;

const CODE_SIGNING = '1.3.6.1.5.5.7.3.3';
const ANY_USAGE = '2.5.29.37.0';

/** Signature algorithms that are as strong as SHA-256: ECDSA, RSA, RSA-PSS, Ed25519. */
const STRONG = new Set([
  '1.2.840.10045.4.3.2',
  '1.2.840.10045.4.3.3',
  '1.2.840.10045.4.3.4',
  '1.2.840.113549.1.1.11',
  '1.2.840.113549.1.1.12',
  '1.2.840.113549.1.1.13',
  '1.2.840.113549.1.1.10',
  '1.3.101.112',
]);
const MIN_RSA_BITS = 2048;

/** The way from the first certificate to a root, and what speaks against it: nothing where it is trusted. */
export function judgeChain(
  certificates: readonly Certificate[],
  trust: ChainTrust,
): { readonly way: readonly Certificate[]; readonly reasons: readonly Reason[] } {
  const [leaf, ...others] = certificates;
  if (leaf === undefined) return { way: [], reasons: [reason('bundle-shape', 'the signature has no certificate')] };
  const { ways, isExhausted } = waysTo(leaf, others, trust.roots);
  const judged = ways.map((way) => ({ way, reasons: faults(way, trust) }));
  const best = judged.find(({ reasons }) => reasons.length === 0) ?? judged[0];
  if (best !== undefined) return best;
  const code = isExhausted ? 'chain-too-long' : 'chain-untrusted';
  return { way: [leaf], reasons: [reason(code, `no way leads from ${leaf.subject || 'the certificate'} to a root that is trusted`)] };
}

/** Ways to roots, by names, key identifiers and signatures. Subject and issuer may be alike without a certificate being its own issuer. */
function waysTo(
  leaf: Certificate,
  others: readonly Certificate[],
  roots: readonly Certificate[],
): { readonly ways: readonly (readonly Certificate[])[]; readonly isExhausted: boolean } {
  const anchors = new Set(roots.map(({ fingerprint }) => fingerprint));
  const pool = [...new Map([...roots, ...others].map((each) => [each.fingerprint, each])).values()];
  const ways: (readonly Certificate[])[] = [];
  const bySubject = new Map<string, Certificate[]>();
  for (const each of pool) bySubject.set(each.rawSubject, [...(bySubject.get(each.rawSubject) ?? []), each]);
  let checks = 0;
  let isExhausted = false;
  const follow = (way: readonly Certificate[], last: Certificate): void => {
    if (anchors.has(last.fingerprint)) ways.push(way);
    for (const issuer of bySubject.get(last.rawIssuer) ?? []) {
      if (ways.length >= MAX_WAYS || way.includes(issuer) || issuer.fingerprint === leaf.fingerprint || !mayHaveIssued(issuer, last))
        continue;
      if (way.length >= MAX_LENGTH || checks >= MAX_CHECKS) {
        isExhausted = true;
        return;
      }
      checks++;
      if (last.x509.verify(issuer.x509.publicKey)) follow([...way, issuer], issuer);
    }
  };
  follow([leaf], leaf);
  return { ways, isExhausted };
}

const mayHaveIssued = (issuer: Certificate, { authorityKeyId }: Certificate): boolean =>
  authorityKeyId === undefined || issuer.subjectKeyId === undefined || issuer.subjectKeyId === authorityKeyId;

function faults(way: readonly Certificate[], trust: ChainTrust): readonly Reason[] {
  const reasons = way.flatMap((each, i) => [...faultsOfOne(each, trust), ...(i === 0 ? [] : faultsOfIssuer(each, i, way, trust))]);
  const [leaf] = way;
  if (leaf === undefined) return reasons;
  return [...reasons, ...weakSignatures(way), ...faultsOfUsage(leaf, trust), ...faultsOfIdentity(leaf, trust)];
}

function faultsOfOne(each: Certificate, { at }: ChainTrust): readonly Reason[] {
  const reasons = each.notUnderstood.map((oid) => reason('certificate-unsupported', `${each.subject} has the extension ${oid}`));
  if (at > each.notAfter) reasons.push(reason('certificate-expired', `${each.subject} was valid until ${each.notAfter.toISOString()}`));
  if (at < each.notBefore)
    reasons.push(reason('certificate-not-yet-valid', `${each.subject} is valid from ${each.notBefore.toISOString()}`));
  return reasons;
}

function faultsOfIssuer(each: Certificate, i: number, way: readonly Certificate[], { anyUsage }: ChainTrust): readonly Reason[] {
  const reasons: Reason[] = [];
  if (!each.isAuthority || each.keyUsage?.has('keyCertSign') === false)
    reasons.push(reason('certificate-not-ca', `${each.subject} issued a certificate and is no authority`));
  // Certificates by which an authority changes its own key do not count.
  const below = way.slice(1, i).filter(({ rawSubject, rawIssuer }) => rawSubject !== rawIssuer).length;
  if (each.pathLength !== undefined && below > each.pathLength)
    reasons.push(reason('certificate-not-ca', `below ${each.subject} stand ${below} authorities, ${each.pathLength} may`));
  const usage = each.extendedKeyUsage;
  if (!anyUsage && usage !== undefined && !usage.includes(CODE_SIGNING) && !usage.includes(ANY_USAGE))
    reasons.push(reason('certificate-usage', `${each.subject} may issue certificates, and none for code signing`));
  return reasons;
}

/** Of all but the root, which is trusted by itself; and the keys that made them. */
function weakSignatures(way: readonly Certificate[]): readonly Reason[] {
  return way.flatMap((each, i) => {
    const issuer = way[i + 1];
    if (issuer === undefined) return [];
    const bits = issuer.x509.publicKey.asymmetricKeyDetails?.modulusLength;
    if (bits !== undefined && bits < MIN_RSA_BITS) return [reason('certificate-weak', `the key of ${issuer.subject} has ${bits} bits`)];
    return STRONG.has(each.signatureAlgorithm)
      ? []
      : [reason('certificate-weak', `${each.subject} is signed by the algorithm ${each.signatureAlgorithm}`)];
  });
}

function faultsOfUsage(leaf: Certificate, { anyUsage }: ChainTrust): readonly Reason[] {
  const signs = leaf.keyUsage?.has('digitalSignature');
  const isForCode = leaf.extendedKeyUsage?.includes(CODE_SIGNING) === true;
  if (anyUsage ? signs === true || isForCode : signs !== false && isForCode) return [];
  return [reason('certificate-usage', `${leaf.subject} is no certificate for ${anyUsage ? 'signing' : 'code signing'}`)];
}

function faultsOfIdentity(leaf: Certificate, { identities }: ChainTrust): readonly Reason[] {
  if (identities === 'any') return [];
  const isOf = (identity: string): boolean =>
    IS_SUBJECT.test(identity) ? identity === leaf.subject : leaf.alternativeNames.some(({ value }) => value === identity);
  if (identities.some(isOf)) return [];
  return [reason('identity-mismatch', `the signer is ${namesOf(leaf).join(', ') || 'without a name'}`)];
}

/** An identity that begins so is a subject: no address that says the same is taken for it. */
const IS_SUBJECT = /^[A-Za-z0-9.]{1,64}=/;

/** What a signer can be known by: its other names, then its subject. */
export const namesOf = ({ alternativeNames, subject }: Certificate): readonly string[] => [
  ...alternativeNames.map(({ value }) => value),
  ...(subject === '' ? [] : [subject]),
];
