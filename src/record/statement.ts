/**
 * An unsigned in-toto statement with SLSA provenance of a recorded run. Sources:
 * https://github.com/in-toto/attestation/blob/main/spec/v1/statement.md, https://slsa.dev/spec/v1.0/provenance
 */
import type { JsonValue } from '../core/canonical-json.js';
import { dirHash } from '../core/digest.js';
import { TOOL } from '../core/tool.js';
import type { Artifact, Component, Dataset, Identifier, Manifest, Model, TreeDigest } from '../schema/index.js';
import { isByproduct } from './byproducts.js';
import { UNCOMMITTED } from './code.js';

const STATEMENT_TYPE = 'https://in-toto.io/Statement/v1';
export const PROVENANCE_TYPE = 'https://slsa.dev/provenance/v1';
/** Meaning: docs/record.md, "The provenance statement". */
export const BUILD_TYPE = 'urn:msbom:build-type:record:1';
/** Unsigned, and made on the machine of whoever ran the command: SLSA Build L0 or L1, no more. */
const BUILDER_ID = 'urn:msbom:builder:record';

type Json = { readonly [key: string]: JsonValue };
/** With the subjects that the manifest names too. */
export type ProvenanceStatement = Json & { readonly subject: readonly { readonly digest: NonNullable<Artifact['digest']> }[] };

/** Directory hashes of what was read, by the root digest that the manifest has. */
export type DirHashes = ReadonlyMap<string, string>;

/**
 * What the manifest of a completed run says, as provenance: the files written are the subjects; the data, the base models,
 * the code and the installed packages are the resolved dependencies.
 */
export function provenanceStatement(manifest: Manifest, invocation: string, hashes: DirHashes = new Map()): ProvenanceStatement {
  const { artifacts = {}, datasets = {}, environments = {} } = manifest;
  const { run = {}, code = {}, hyperparameters } = manifest.model?.training ?? {};
  const [environment] = Object.values(environments);
  const files = Object.entries(artifacts).map(([path, artifact]) => ({ path, artifact, isAside: isByproduct(path, artifact) }));
  // A run of by-products alone has made these.
  const isAll = files.every(({ isAside }) => isAside);
  return plain({
    _type: STATEMENT_TYPE,
    subject: files.filter(({ isAside }) => isAll || !isAside).map(descriptor),
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
        resolvedDependencies: dependencies(manifest, hashes),
      },
      runDetails: {
        builder: { id: BUILDER_ID, version: { [TOOL.name]: TOOL.version } },
        metadata: { invocationId: invocation, startedOn: run.start, finishedOn: run.end },
        byproducts: isAll ? undefined : files.filter(({ isAside }) => isAside).map(descriptor),
      },
    },
  }) as ProvenanceStatement; // an object stays one
}

const descriptor = ({ path, artifact }: { readonly path: string; readonly artifact: Artifact }): object => ({
  name: path,
  digest: { ...artifact.digest },
});

function dependencies({ datasets = {}, model, models = {}, components = {} }: Manifest, hashes: DirHashes): readonly object[] {
  const code = model?.training?.code;
  const parents = Object.values(model?.lineage?.parents ?? {}).flatMap((parent) =>
    parent.model === undefined ? [] : [models[parent.model]],
  );
  const files = Object.values(components).filter(({ type, digest }) => type === 'file' && digest !== undefined);
  return [
    ...(code?.commit !== undefined
      ? [{ name: 'code', uri: gitUri(code.repository), digest: { gitCommit: code.commit }, annotations: { dirty: code.dirty } }]
      : []),
    ...uncommitted(files),
    ...(code?.digest !== undefined && code.entrypoint !== undefined ? [{ name: code.entrypoint, digest: { ...code.digest } }] : []),
    ...files.map(({ name, digest, description }) => ({ name, digest, annotations: { role: description } })),
    ...Object.values(datasets)
      .filter(({ digest }) => digest !== undefined)
      .map(({ name, uri, digest, files: listed }) => ({
        name,
        uri,
        digest: materialDigest(digest, hashes, listed),
        annotations: { role: 'dataset', method: digest?.method },
      })),
    ...parents
      .filter((parent): parent is Model => parent !== undefined)
      .map(({ name, uri, identifiers, digest }) => ({
        name,
        uri: purl(identifiers) ?? uri,
        digest: materialDigest(digest, hashes),
        annotations: { role: 'base model', method: digest?.method },
      }))
      // A descriptor says at least where the thing is or what its digest is.
      .filter(({ uri, digest }) => uri !== undefined || digest !== undefined),
    ...Object.values(components).flatMap(({ name, status, identifiers, digest }) => {
      const uri = purl(identifiers);
      return status === 'installed' && uri !== undefined ? [{ name, uri, digest, annotations: recordOf(identifiers) }] : [];
    }),
  ];
}

/** All that is not as committed, as one: `dirHash` of the files by their paths. */
function uncommitted(files: readonly Component[]): readonly object[] {
  const own = files.filter(({ description }) => description?.startsWith(UNCOMMITTED) === true);
  const hash = own.length === 0 ? undefined : dirHash(own.map(({ name, digest = {} }) => ({ path: name, digest })));
  return hash === undefined ? [] : [{ name: 'uncommitted changes', digest: { dirHash: hash } }];
}

/**
 * A digest that says by its name how it was computed: `sha256` is over the bytes of one file, `dirHash` over a directory
 * (https://github.com/in-toto/attestation/blob/main/spec/v1/digest_set.md), `omsV1` is the root of OpenSSF Model Signing.
 */
function materialDigest(digest: TreeDigest | undefined, hashes: DirHashes, files?: Dataset['files']): object | undefined {
  if (digest?.method !== 'oms-v1') return digest === undefined ? undefined : { ...digest.root };
  const { sha256: root } = digest.root;
  const listed = digest.complete && files !== undefined ? Object.entries(files) : [];
  const hash = hashes.get(root ?? '') ?? dirHash(listed.map(([path, file]) => ({ path, digest: file.digest ?? {} })));
  return { ...(hash === undefined ? {} : { dirHash: hash }), ...(root === undefined ? {} : { omsV1: root }) };
}

/** What a wheel's own list of files hashes to: the installer does not keep the digest of the wheel. */
const recordOf = (identifiers: readonly Identifier[] | undefined): object => ({
  recordSha256: identifiers?.find(({ scheme }) => scheme === 'SHA-256 of RECORD')?.value,
});

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
