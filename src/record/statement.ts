/**
 * An unsigned in-toto statement with SLSA provenance of a recorded run. Sources:
 * https://github.com/in-toto/attestation/blob/main/spec/v1/statement.md, https://slsa.dev/spec/v1.0/provenance
 */
import type { JsonValue } from '../core/canonical-json.js';
import { TOOL } from '../core/tool.js';
import type { Identifier, Manifest } from '../schema/index.js';

const STATEMENT_TYPE = 'https://in-toto.io/Statement/v1';
export const PROVENANCE_TYPE = 'https://slsa.dev/provenance/v1';
/** Meaning: docs/record.md, "The provenance statement". */
export const BUILD_TYPE = 'urn:msbom:build-type:record:1';
/** Unsigned, and made on the machine of whoever ran the command: SLSA Build L0 or L1, no more. */
const BUILDER_ID = 'urn:msbom:builder:record';

type Json = { readonly [key: string]: JsonValue };

/**
 * What the manifest of a completed run says, as provenance: the files written are the subjects; the data, the base models,
 * the code and the installed packages are the resolved dependencies.
 */
export function provenanceStatement(manifest: Manifest, invocation: string): Json {
  const { artifacts = {}, datasets = {}, environments = {} } = manifest;
  const { run = {}, code = {}, hyperparameters } = manifest.model?.training ?? {};
  const [environment] = Object.values(environments);
  return plain({
    _type: STATEMENT_TYPE,
    subject: Object.entries(artifacts).map(([path, { digest }]) => ({ name: path, digest: { ...digest } })),
    predicateType: PROVENANCE_TYPE,
    predicate: {
      buildDefinition: {
        buildType: BUILD_TYPE,
        // Required, even when there is none.
        externalParameters: {
          entrypoint: code.entrypoint,
          arguments: code.arguments,
          inputs: Object.values(datasets).flatMap(({ name, digest }) => (digest === undefined ? [] : [name])),
        },
        internalParameters: { variables: environment?.variables, hyperparameters },
        resolvedDependencies: dependencies(manifest),
      },
      runDetails: {
        builder: { id: BUILDER_ID, version: { [TOOL.name]: TOOL.version } },
        metadata: { invocationId: invocation, startedOn: run.start, finishedOn: run.end },
      },
    },
  }) as Json; // an object stays one
}

function dependencies({ datasets = {}, model, models = {}, components = {} }: Manifest): readonly object[] {
  const code = model?.training?.code;
  const parents = Object.values(model?.lineage?.parents ?? {}).flatMap((parent) =>
    parent.model === undefined ? [] : [models[parent.model]],
  );
  return [
    ...(code?.commit !== undefined
      ? [{ name: 'code', uri: gitUri(code.repository), digest: { gitCommit: code.commit }, annotations: { dirty: code.dirty } }]
      : []),
    ...(code?.digest !== undefined && code.entrypoint !== undefined ? [{ name: code.entrypoint, digest: { ...code.digest } }] : []),
    ...Object.values(datasets)
      .filter(({ digest }) => digest !== undefined)
      .map(({ name, uri, digest }) => ({ name, uri, digest: { ...digest?.root }, annotations: { role: 'dataset' } })),
    ...parents
      .filter((parent) => parent !== undefined)
      .map(({ name, uri, identifiers, digest }) => ({
        name,
        uri: purl(identifiers) ?? uri,
        digest: digest?.root,
        annotations: { role: 'base model' },
      }))
      // A descriptor says at least where the thing is or what its digest is.
      .filter(({ uri, digest }) => uri !== undefined || digest !== undefined),
    ...Object.values(components).flatMap(({ name, status, identifiers, digest }) => {
      const uri = purl(identifiers);
      return status === 'installed' && uri !== undefined ? [{ name, uri, digest }] : [];
    }),
  ];
}

/** `git+https://host/path`; of the short form of ssh the long one, since that alone is a URI; undefined for a path on a disk. */
function gitUri(repository: string | undefined): string | undefined {
  if (repository === undefined) return undefined;
  if (/^[a-z][a-z0-9+.-]*:\/\//i.test(repository)) return repository.startsWith('git+') ? repository : `git+${repository}`;
  const short = /^([\w.@-]+):(?!\/\/)\/?(.+)$/.exec(repository);
  return short === null ? undefined : `git+ssh://${short[1]}/${short[2]}`;
}

const purl = (identifiers: readonly Identifier[] | undefined): string | undefined =>
  identifiers?.find(({ type }) => type === 'purl')?.value;

/** Without members that are not known, and without objects that are empty for it. */
function plain(value: unknown): JsonValue | undefined {
  if (Array.isArray(value)) return value.map(plain).filter((item) => item !== undefined);
  if (typeof value !== 'object' || value === null) return value as JsonValue | undefined; // made of JSON values above
  const members = Object.entries(value).flatMap(([key, member]) => {
    const kept = plain(member);
    const isEmpty = typeof kept === 'object' && kept !== null && !Array.isArray(kept) && Object.keys(kept).length === 0;
    return kept === undefined || isEmpty ? [] : [[key, kept] as const];
  });
  return Object.fromEntries(members);
}
