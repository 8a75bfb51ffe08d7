/** `--emit-vsa`: a signed summary of one verdict. */
import { readFile } from 'node:fs/promises';
import { canonicalDigest, sha256Text } from '../core/digest.js';
import { MsbomError } from '../core/error.js';
import { type Descriptor, keySigner, signStatement, type Verdict, type VerifyOptions, verificationSummary } from '../sign/index.js';
import { readInput } from '../verbs/input.js';
import type { Arguments } from './command.js';
import type { Session } from './io.js';
import { say, writeText } from './printer.js';
import { passphraseFor } from './signing.js';
import { nowFrom } from './values.js';

const NEEDED = ['vsa-key', 'verifier', 'resource'] as const;
/** Meaning: docs/sign.md, "A summary for others". */
const POLICY = 'urn:msbom:policy:verify-options:1';

/** What writes the summary once there is a verdict; undefined when none was asked for. @throws ERR_CLI_USAGE, ERR_SIGN_KEY */
export async function summarizer(
  args: Arguments,
  io: Session,
  policyOf: (verdict: Verdict) => Descriptor,
): Promise<((verdict: Verdict, input: Descriptor) => Promise<void>) | undefined> {
  const output = args.text('emit-vsa');
  const [key, verifier, resource] = NEEDED.map((name) => args.text(name));
  if (output === undefined) {
    const other = NEEDED.find((name) => args.given(name));
    if (other === undefined) return undefined;
    throw new MsbomError('ERR_CLI_USAGE', `\`--${other}\` is of a summary`, { hint: 'say with --emit-vsa where it is to be written' });
  }
  if (key === undefined || verifier === undefined || resource === undefined)
    throw new MsbomError('ERR_CLI_USAGE', `\`--emit-vsa\` needs ${NEEDED.map((name) => `--${name}`).join(', ')}`, {
      hint: 'a summary says who verified what, signed by a key of theirs',
    });
  const pem = await readInput(key, io);
  const passphrase = await passphraseFor(pem, args, io);
  const signer = keySigner({ key: pem, ...(passphrase === undefined ? {} : { passphrase }) });
  return async (verdict, input) => {
    if (verdict.root === undefined) return say(args, io, 'no summary was written: nobody is proven to have signed these files');
    const made = verificationSummary({
      verdict,
      verifier,
      resource,
      at: nowFrom(io),
      policy: policyOf(verdict),
      inputs: [input],
    });
    await writeText(output, io, `${(await signStatement(made, signer)).bundle}\n`);
  };
}

/** A signature as what was judged. */
export const signatureInput = async (file: string): Promise<Descriptor> => ({
  uri: 'urn:msbom:input:signature',
  digest: { sha256: sha256Text(await readFile(file, 'utf8')) },
});

/** What was asked for by options, so that two summaries by the same rules have the same policy. */
export const optionsPolicy = (options: VerifyOptions, verdict: Verdict): Descriptor => ({
  uri: POLICY,
  digest: { sha256: canonicalDigest(askedFor(options, verdict)) },
});

function askedFor({ trust }: VerifyOptions, { relaxed }: Verdict): object {
  const textOf = (pem: string | Uint8Array): string => sha256Text(Buffer.from(pem).toString('latin1'));
  if ('publicKey' in trust) return { publicKey: textOf(trust.publicKey), relaxed };
  if ('prove' in trust) return { trustedRoot: trust.trustedRoot, identities: trust.identities, relaxed };
  return { roots: trust.roots.map(textOf).sort(), identities: trust.identities === 'any' ? 'any' : [...trust.identities].sort(), relaxed };
}
