/** Is what a caller says of a run, and what comes of it, fit to be written? */
import type { Claim } from '../collect/claim.js';
import { canonicalize } from '../core/canonical-json.js';
import { MsbomError } from '../core/error.js';
import { type Finding, inOneMessage, isBlocking } from '../core/finding.js';
import type { Manifest } from '../schema/index.js';

/** Findings that forbid a manifest. The compiled schema is large and not needed before the run: it is loaded beside it. */
export async function blockingFindings(manifest: Manifest): Promise<readonly Finding[]> {
  const { validateManifest } = await import('../validate/index.js');
  return validateManifest(manifest).findings.filter(isBlocking);
}

/** @throws ERR_MANIFEST_INVALID with every finding that forbids the manifest */
export async function refuseInvalid(manifest: Manifest): Promise<void> {
  const findings = await blockingFindings(manifest);
  const [first] = findings;
  if (first === undefined) return;
  throw new MsbomError('ERR_MANIFEST_INVALID', `the manifest would not be valid: ${inOneMessage(findings)}`, {
    pointer: first.pointer,
    findings,
    hint: first.fix ?? 'Correct what you supplied.',
  });
}

/** A loss of NaN is no reason to end a training run, and JSON has no word for it: a finding for what cannot be written. */
export function unwritable({ pointer, value }: Claim): Finding | undefined {
  try {
    canonicalize(value);
    return undefined;
  } catch (error) {
    if (!MsbomError.is(error)) throw error;
    return {
      id: 'value-left-out',
      severity: 'low',
      message: `the value for \`${pointer}\` was left out: ${error.message}`,
      fix: 'Give a value that JSON can hold.',
    };
  }
}
