/** Verifying an artifact in a registry or an OCI layout. */
import { MsbomError } from '../core/error.js';
import { optional } from '../core/objects.js';
import { verifyLineageOf } from '../lineage/index.js';
import { artifactRoot } from '../oci/index.js';
import type { Descriptor, Verdict } from '../sign/index.js';
import type { FindingFormat } from '../verbs/findings.js';
import { openArtifact } from '../verbs/registry.js';
import { verify } from '../verbs/verify.js';
import { givenSignature } from '../verbs/verify-artifact.js';
import type { Arguments } from './command.js';
import { judgeCustody, requireUse } from './custody.js';
import { asksForCustody } from './custody-options.js';
import type { ExitCode, Session } from './io.js';
import { paintFor } from './printer.js';
import { registryFrom } from './registry.js';
import { verifyOptionsFrom } from './signature.js';
import { optionsPolicy, summarizer } from './verification-summary.js';

const usage = (message: string, hint: string): MsbomError => new MsbomError('ERR_CLI_USAGE', message, { hint });

export async function verifyArtifactBy(args: Arguments, io: Session): Promise<ExitCode> {
  const other = ['manifest', 'exclude', 'strict', 'recursive', 'signature-name', 'claims', 'legacy'].find(
    (name) => args.text(name) !== undefined || args.flag(name) || args.texts(name).length > 0,
  );
  if (other !== undefined)
    throw usage(`\`--${other}\` means nothing with an artifact`, 'pull it first (`msbom pull --files`), and verify the directory');
  if (asksForCustody(args)) return custody(args, io);
  const drawn = ['dot', 'mermaid'].find((each) => each === args.text('format'));
  if (drawn !== undefined) throw usage(`\`--format ${drawn}\` is of --lineage or --policy`, 'see `msbom verify --help`');
  const [target = ''] = args.positionals;
  const options = await verifyOptionsFrom(args, io);
  const summarize = await summarizer(args, io, (verdict) => optionsPolicy(options, verdict));
  const result = await verify(target, {
    ...io,
    ...options,
    registry: registryFrom(target, args, io),
    ...optional('signature', args.text('signature')),
  });
  const { signatures, claims, relaxed, ok, digest, artifact } = result.verdict;
  const isProven = [...signatures, ...claims].some(({ signer }) => signer !== undefined);
  await summarize?.(...summarized({ ok, artifact, digest, isProven, relaxed }));
  const format = args.text('format') as FindingFormat; // one of the choices, and none that draws
  io.stdout.write(await result.render(format, { paint: paintFor(io.stdout, io) }));
  return result.exitCode;
}

async function custody(args: Arguments, io: Session): Promise<ExitCode> {
  requireUse(args);
  const [target = ''] = args.positionals;
  const { repository, artifact } = await openArtifact(target, registryFrom(target, args, io), io);
  const root = await artifactRoot(repository, artifact, await givenSignature(args.text('signature'), io));
  const { digest } = artifact.descriptor;
  return judgeCustody(args, io, {
    lineage: (options) => verifyLineageOf(root, options),
    summarized: async (ok, { root: id, nodes }) => {
      const isProven = (nodes.get(id)?.parties.length ?? 0) > 0;
      return summarized({ ok, artifact: repository.name, digest, isProven, relaxed: [] });
    },
  });
}

interface Summarized extends Pick<Verdict, 'ok' | 'relaxed'> {
  readonly artifact: string;
  readonly digest: string;
  /** Did somebody who is trusted sign anything about it? */
  readonly isProven: boolean;
}

/** For a cluster that knows an artifact by its digest: that one is what a summary is about. */
function summarized({ ok, artifact, digest, isProven, relaxed }: Summarized): readonly [Verdict, Descriptor] {
  const sha256 = digest.slice('sha256:'.length);
  const isKnown = isProven && digest.startsWith('sha256:');
  const base = { version: 1, ok, model: artifact, reasons: [], notes: [], relaxed } as const;
  return [
    { ...base, ...(isKnown ? { root: { sha256 } } : {}) },
    { uri: 'urn:msbom:input:artifact', digest: { sha256 } },
  ];
}
