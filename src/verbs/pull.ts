import { resolve } from 'node:path';
import { printableJson } from '../core/printable.js';
import type { ArtifactVerdict, Evidence, PulledFile } from '../oci/index.js';
import { printLines } from '../report/lines.js';
import type { VerifyOptions as SignatureOptions } from '../sign/index.js';
import type { VerbOptions } from './options.js';
import { openArtifact, type RegistryAccess } from './registry.js';
import type { VerbResult } from './result.js';
import { reasonFindings, reasonLines } from './signature-text.js';

export const PULL_FORMATS = ['text', 'json'] as const;
export type PullFormat = (typeof PULL_FORMATS)[number];

export interface PullVerbOptions extends VerbOptions, Partial<SignatureOptions> {
  /** Path of the directory for the signature, the claims and the files. */
  readonly output: string;
  /** The files of the model too. */
  readonly files?: boolean;
  /** Path of the directory for documents that nobody signed; default they are left where they are. */
  readonly documents?: string;
  /** Replace files that are there. */
  readonly force?: boolean;
  readonly registry?: RegistryAccess;
}

export interface PullVerbResult extends VerbResult<PullFormat> {
  /** `oci://HOST/NAME` or `oci:DIRECTORY`, and the digest that it has. */
  readonly artifact: string;
  readonly digest: string;
  /** Missing when nobody was said to be trusted. */
  readonly verdict?: ArtifactVerdict;
  readonly pulled: readonly PulledFile[];
  /** What refers to the artifact and could not be read. */
  readonly unread: Evidence['unread'];
  /** How many other things refer to the artifact and were left there. */
  readonly left: number;
}

/**
 * Takes what refers to an artifact into a directory. With `trust`, nothing is written unless the artifact verifies.
 * @throws ERR_OCI_*, ERR_SIGN_*, ERR_IO_*, ERR_FORMAT_*, ERR_LIMIT_*
 */
export async function pull(reference: string, options: PullVerbOptions): Promise<PullVerbResult> {
  const { cwd = '.', trust, documents, files = false, force = false } = options;
  const oci = await import('../oci/index.js');
  const { repository, artifact } = await openArtifact(reference, options.registry ?? {}, options);
  const evidence = await oci.evidenceOf(repository, artifact);
  const { unread } = evidence;
  const about = { artifact: repository.name, digest: artifact.descriptor.digest, unread, formats: PULL_FORMATS };
  const verdict = trust === undefined ? undefined : await oci.verifyArtifact(repository, artifact, { ...options, trust });
  if (verdict?.ok === false) return refused(about, verdict);
  const accepted = verdict?.signatures.find(({ ok }) => ok)?.from;
  const signature = accepted === undefined ? undefined : evidence.bundles.find(({ from }) => from === accepted);
  const pulled = await oci.pullArtifact(repository, artifact, evidence, {
    directory: resolve(cwd, options.output),
    files,
    force,
    ...(signature === undefined ? {} : { signature }),
    ...(documents === undefined ? {} : { documents: resolve(cwd, documents) }),
  });
  const left = evidence.others.filter(({ layer }) => documents === undefined || oci.DOCUMENT_TYPES[layer.mediaType] === undefined).length;
  const { artifact: name, digest } = about;
  return {
    ...about,
    ...(verdict === undefined ? {} : { verdict }),
    exitCode: 0,
    findings: [],
    pulled,
    left,
    render: async (format, { paint } = {}) =>
      format === 'json'
        ? printableJson({ version: 1, ok: true, artifact: name, digest, files: pulled, unread, left })
        : printLines(
            pulled.map(({ path, kind, size }) => `${kind}  ${path}  ${size} bytes`),
            paint,
          ),
  };
}

type About = Pick<PullVerbResult, 'artifact' | 'digest' | 'unread' | 'formats'>;

function refused(about: About, verdict: ArtifactVerdict): PullVerbResult {
  const { reasons } = verdict;
  return {
    ...about,
    verdict,
    exitCode: 1,
    findings: reasonFindings(reasons, about.artifact),
    pulled: [],
    left: 0,
    render: async (format, { paint } = {}) =>
      format === 'json'
        ? printableJson({ version: 1, ok: false, reasons })
        : printLines([...reasonLines(reasons), [['red', 'not verified'], '  nothing was written']], paint),
  };
}
