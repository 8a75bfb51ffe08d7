/** What a claim says its subject was made from: edges to other things by their digests. */
import type { JsonValue } from '../core/canonical-json.js';
import { isList, isObject, type JsonObject, own } from '../core/objects.js';
import { PREDICATES, ROLES, type Role, type Statement } from '../sign/index.js';

/** One thing that went in, as one claim says it. */
export interface StatedEdge {
  readonly role: Role;
  /** Name and place as they are stated; they prove nothing. */
  readonly name?: string;
  readonly uri?: string;
  /** `sha256:` or another algorithm and the digest; missing when it is named alone. */
  readonly digest?: string;
}

/** Edges of a statement; none for a type that says nothing of where its subject came from. */
export function edgesOf({ predicateType, predicate }: Statement): readonly StatedEdge[] {
  if (predicateType === PREDICATES.provenance) return fromProvenance(predicate);
  if (predicateType === PREDICATES.manifest) return fromManifest(predicate);
  return [];
}

const textOf = (value: JsonValue | undefined): string | undefined => (typeof value === 'string' && value !== '' ? value : undefined);
const objectOf = (value: JsonValue | undefined): JsonObject => (isObject(value) ? value : {});

/** `base model` as `msbom record` writes it, `base-model` as a statement of ours has it. */
function roleOf(text: string | undefined): Role | undefined {
  const word = text?.toLowerCase().split(' ').join('-');
  return ROLES.find((role) => role === word);
}

function edge(role: Role, said: JsonObject, digest: string | undefined): StatedEdge {
  const [name, uri] = [textOf(own(said, 'name')), textOf(own(said, 'uri'))];
  return {
    role,
    ...(name === undefined ? {} : { name }),
    ...(uri === undefined ? {} : { uri }),
    ...(digest === undefined ? {} : { digest }),
  };
}

/** A root of OpenSSF Model Signing: under its own name where a file could be meant, else as the SHA-256 that subjects have. */
function rootIn(digests: JsonObject): string | undefined {
  const sha256 = textOf(own(digests, 'omsV1')) ?? textOf(own(digests, 'sha256'));
  if (sha256 !== undefined) return `sha256:${sha256}`;
  const [algorithm] = Object.keys(digests).sort();
  const other = algorithm === undefined ? undefined : textOf(own(digests, algorithm));
  return other === undefined ? undefined : `${algorithm}:${other}`;
}

function fromProvenance(predicate: JsonObject): readonly StatedEdge[] {
  const listed = own(objectOf(own(predicate, 'buildDefinition')), 'resolvedDependencies');
  return (isList(listed) ? listed : []).flatMap((each) => {
    const said = objectOf(each);
    const role = roleOf(textOf(own(objectOf(own(said, 'annotations')), 'role')));
    return role === undefined ? [] : [edge(role, said, rootIn(objectOf(own(said, 'digest'))))];
  });
}

/** What a relation of a manifest makes of the other model. */
const ROLE_OF_RELATION: Readonly<Record<string, Role>> = { distill: 'teacher' };

/** Parents, adapters that it is put together with, and datasets that it was trained with. */
function fromManifest(manifest: JsonObject): readonly StatedEdge[] {
  const model = objectOf(own(manifest, 'model'));
  const models = objectOf(own(manifest, 'models'));
  const parents = Object.values(objectOf(own(objectOf(own(model, 'lineage')), 'parents'))).map(objectOf);
  const parts = Object.values(objectOf(own(model, 'composition'))).map(objectOf);
  const uses = own(objectOf(own(model, 'training')), 'uses');
  const datasets = objectOf(own(manifest, 'datasets'));
  return [
    ...parents.map((each) =>
      thing(ROLE_OF_RELATION[textOf(own(each, 'relation')) ?? ''] ?? 'base-model', own(models, reference(each, 'model'))),
    ),
    ...parts.filter((each) => own(each, 'relation') === 'adapter').map((each) => thing('adapter', own(models, reference(each, 'model')))),
    ...(isList(uses) ? uses.map(objectOf) : []).map((each) => thing('dataset', own(datasets, reference(each, 'dataset')))),
  ];
}

const reference = (said: JsonObject, name: string): string => textOf(own(said, name)) ?? '';

/** A digest of another method than that of signatures is over something else, and leads to no signed directory. */
function thing(role: Role, value: JsonValue | undefined): StatedEdge {
  const said = objectOf(value);
  const digest = objectOf(own(said, 'digest'));
  const isRoot = own(digest, 'method') === 'oms-v1';
  return edge(role, said, isRoot ? rootIn(objectOf(own(digest, 'root'))) : undefined);
}
