import type { JsonValue } from '../core/canonical-json.js';
import type { BaseModelHint, Keyed, ModelFacts } from '../core/facts.js';
import { idFrom } from '../core/id.js';
import type { FormatReader } from '../formats/index.js';
import { type Contribution, RANKS } from './contribution.js';
import { webUrl } from './dataset/values.js';
import { type Dialect, dialectOf } from './dialects.js';
import { hubLicense, isNoLicense } from './hub-license.js';
import { hyperparameterClaims, MAX_HYPERPARAMETERS } from './hyperparameters.js';
import { digestOfUnknownMethod, isRepositoryName } from './values.js';

type Item = { readonly [key: string]: JsonValue };

/** What a file says of the model as a whole. */
export function modelClaims(path: string, facts: ModelFacts, reader: FormatReader): readonly Contribution[] {
  const method = `${reader.title} header`;
  const claim = (pointer: string, keyed: Keyed<JsonValue> | undefined, rank: number): Contribution[] =>
    keyed === undefined
      ? []
      : [{ kind: 'claim', pointer, value: keyed.value, rank, from: { origin: 'declared', path, key: keyed.key, method } }];
  const list = (pointer: string, key: string, item: Item): Contribution => ({
    kind: 'addition',
    list: pointer,
    item,
    from: { origin: 'declared', path, key, method },
  });
  const { license } = facts;
  return [
    ...claim('/model/name', facts.name, RANKS.embedded),
    ...claim('/model/version', facts.version, RANKS.embedded),
    ...claim('/model/description', facts.description, RANKS.embedded),
    ...claim('/model/architecture/name', facts.architecture, RANKS.weights),
    ...claim('/model/contextLength', facts.contextLength, RANKS.weights),
    // A tokenizer may have fewer tokens than the model has rows for them.
    ...(facts.role === 'tokenizer'
      ? claim('/model/vocabularySize', facts.vocabularySize, RANKS.embedded).map((each) => ({ ...each, isLeast: true }) as const)
      : claim('/model/vocabularySize', facts.vocabularySize, RANKS.weights)),
    ...claim('/model/languages', facts.languages as Keyed<JsonValue> | undefined, RANKS.embedded),
    ...(license === undefined || isNoLicense(license.value)
      ? []
      : [list('/model/licenses', license.key, hubLicense(license.value) as Item)]),
    ...(facts.author === undefined ? [] : [list('/model/authors', facts.author.key, { name: facts.author.value })]),
    ...(facts.baseModels ?? []).filter(isNamed).map((hint) => list('/model/lineage/parents', hint.key, parent(hint))),
    ...(facts.datasets ?? []).map(({ key, value }) =>
      list('/datasets', key, {
        id: idFrom(value.name),
        name: value.name,
        roles: ['training'],
        provenanceStatus: 'declared',
        ...addressOf(value.uri),
      }),
    ),
    ...hyperparameters(facts, path, method),
    ...inputsAndOutputs(facts, path, method),
  ];
}

/** Dialects that stand in free-text fields of a header. */
const EMBEDDED: ReadonlySet<Dialect> = new Set(['kohya', 'gguf', 'own']);

/** Under canonical names. What a training program wrote into its own file counts more than a free text in it. */
function hyperparameters({ format, hyperparameters: settings = [] }: ModelFacts, path: string, method: string): readonly Contribution[] {
  const names = new Set(settings.map(({ value }) => value.name));
  return settings.slice(0, MAX_HYPERPARAMETERS).flatMap(({ key, value }) => {
    const dialect = dialectOf(format, key, names);
    const rank = EMBEDDED.has(dialect) ? RANKS.embedded : RANKS.run;
    const claims = hyperparameterClaims(dialect, [[value.name, value.value]], { origin: 'declared', path, method }, rank);
    return claims.map((claim) => ({ ...claim, from: { ...claim.from, key } }));
  });
}

const addressOf = (text: string | undefined): { readonly uri?: string } => {
  const uri = webUrl(text);
  return uri === undefined ? {} : { uri };
};

/** A version alone, such as the family that kohya notes, names no model. */
const isNamed = ({ name, uri, doi, digest }: BaseModelHint): boolean => (name ?? uri ?? doi ?? digest?.sha256) !== undefined;

function parent({ name, version, organization, uri, doi, digest }: BaseModelHint): Item {
  const full =
    name !== undefined && organization !== undefined && !name.includes('/') && isRepositoryName(organization)
      ? `${organization}/${name}`
      : name;
  const shown = full ?? (digest?.sha256 === undefined ? (uri ?? doi ?? '') : `sha256:${digest.sha256.slice(0, 12)}`);
  return {
    id: idFrom(shown),
    name: shown,
    ...(version === undefined ? {} : { version }),
    ...(doi === undefined ? {} : { identifiers: [{ type: 'doi', value: doi.replace(/^https?:\/\/(dx\.)?doi\.org\//, '') }] }),
    ...addressOf(uri),
    ...(digest === undefined ? {} : { digest: digestOfUnknownMethod({ ...digest }) }),
    verification: 'unverified',
  };
}

function inputsAndOutputs({ inputs = [], outputs = [] }: ModelFacts, path: string, method: string): readonly Contribution[] {
  const side = (name: 'inputs' | 'outputs', tensors: NonNullable<ModelFacts['inputs']>): Contribution[] =>
    tensors.map((tensor) => ({
      kind: 'addition',
      list: `/model/io/${name}`,
      item: {
        ...(tensor.name === '' ? {} : { name: tensor.name }),
        modality: 'tensor',
        ...(tensor.dtype === '' ? {} : { dtype: tensor.dtype }),
        ...(tensor.shape.length > 0 ? { shape: tensor.shape } : {}),
      },
      from: { origin: 'observed', path, key: name, method },
    }));
  return [...side('inputs', inputs), ...side('outputs', outputs)];
}
