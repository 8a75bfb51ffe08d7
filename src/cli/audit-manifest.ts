/** The manifest with the findings of `msbom audit`. */
import { type AuditFinding, withVulnerabilities } from '../audit/index.js';
import { MsbomError } from '../core/error.js';
import { isBlocking } from '../core/finding.js';
import { uuidFrom } from '../core/uuid.js';
import { digestManifest } from '../manifest/digest.js';
import { stringifyManifest } from '../manifest/stringify.js';
import type { Manifest } from '../schema/index.js';
import { validateManifest } from '../validate/index.js';
import type { Arguments } from './command.js';
import type { Session } from './io.js';
import { say, writeText } from './printer.js';
import { timestampFrom } from './values.js';

/** It is another document, with its own serial number. @throws ERR_CLI_USAGE when it would not be valid, ERR_OUTPUT_IS_INPUT, ERR_IO_* */
export async function writeAudited(args: Arguments, io: Session, manifest: Manifest, findings: readonly AuditFinding[]): Promise<void> {
  const target = args.text('manifest-out');
  if (target === undefined) return;
  const timestamp = timestampFrom(io);
  const audited = withVulnerabilities(manifest, findings, timestamp.slice(0, 10));
  const { signatures, ...bom } = manifest.bom;
  const seed = `${digestManifest(manifest)} ${timestamp} ${JSON.stringify(audited.security)}`;
  const changed: Manifest = { ...audited, bom: { ...bom, serialNumber: `urn:uuid:${uuidFrom(seed)}`, version: 1, timestamp } };
  const refused = validateManifest(changed).findings.find(isBlocking);
  if (refused !== undefined)
    throw new MsbomError('ERR_CLI_USAGE', `the manifest would not be valid: ${refused.message}`, {
      pointer: refused.pointer,
      hint: refused.fix,
    });
  await writeText(target, io, stringifyManifest(changed));
  if (signatures !== undefined) say(args, io, 'the signatures of the document were left out: it is another document now');
}
