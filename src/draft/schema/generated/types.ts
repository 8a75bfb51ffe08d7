// The form that the collectors speak.
import type { JsonValue } from '../../../core/canonical-json.js';

/**
 * Moment in UTC, RFC 3339 with `Z`.
 */
export type Timestamp = string;
/**
 * A party: the id of one in `/parties`, or the party itself.
 */
export type PartyRef = Id | Party;
/**
 * Short name of a thing, unique in the document; other fields refer to it. `model` always names the model itself.
 */
export type Id = string;
/**
 * Absolute URI (RFC 3986).
 */
export type Uri = string;
/**
 * Path relative to the root directory of what the manifest describes, with `/` between segments; no leading `/`, no `.` or `..` segment, no backslash-separated form. Compared byte by byte, without Unicode normalisation.
 */
export type RelativePath = string;
/**
 * RFC 6901 JSON pointer into this document.
 */
export type Pointer = string;
/**
 * Year, month or day: `YYYY`, `YYYY-MM` or `YYYY-MM-DD`.
 */
export type PartialDate = string;
/**
 * Day, `YYYY-MM-DD`.
 */
export type CalendarDate = string;
/**
 * BCP 47 language tag.
 */
export type Language = string;
/**
 * Digests of a file; SHA-256 always.
 */
export type ArtifactDigest = DigestSet;
/**
 * Any JSON value, in the type its source gave it.
 */
export type HyperparameterValue = JsonValue;

/**
 * Model SBOM: what a machine-learning model, adapter or dataset is made of, with the evidence for every value. Media type application/vnd.msbom+json, file name *.msbom.json.
 */
export interface Manifest {
  /**
   * Id of this schema.
   */
  $schema?: 'urn:msbom:schema:1.0';
  bom: Bom;
  /**
   * Persons and organisations that other fields name by id.
   *
   * @minItems 1
   */
  parties?: Party[];
  model?: Model;
  /**
   * Every file of the model, adapter or dataset that the document describes.
   *
   * @minItems 1
   */
  artifacts?: Artifact[];
  /**
   * Adapters that ship with the model.
   *
   * @minItems 1
   */
  adapters?: Adapter[];
  /**
   * Where the model came from.
   */
  lineage?: Lineage;
  /**
   * Relevant and pre-determined changes over the life cycle.
   *
   * @minItems 1
   */
  changes?: Change[];
  /**
   * Data used to make, tune, test or run the model.
   *
   * @minItems 1
   */
  datasets?: Dataset[];
  training?: Training;
  /**
   * Machines and software stacks.
   *
   * @minItems 1
   */
  environments?: Environment[];
  /**
   * Libraries, frameworks, drivers and tools.
   *
   * @minItems 1
   */
  components?: Component[];
  /**
   * Graph over model, datasets, ancestors, components and services.
   *
   * @minItems 1
   */
  dependencies?: Dependency[];
  /**
   * Benchmarks and tests.
   *
   * @minItems 1
   */
  evaluations?: Evaluation[];
  /**
   * Tests against attack, corruption and drift.
   *
   * @minItems 1
   */
  robustnessTests?: RobustnessTest[];
  usage?: Usage;
  distribution?: ModelDistribution;
  system?: System;
  risk?: Risk;
  security?: Security;
  governance?: Governance;
  /**
   * Services that the model or system relies on.
   *
   * @minItems 1
   */
  services?: Service[];
  /**
   * Documents about the model.
   *
   * @minItems 1
   */
  documents?: LinkedDocument[];
  /**
   * Human statements and audit results.
   *
   * @minItems 1
   */
  attestations?: Attestation[];
  /**
   * Signed statements of how it was made.
   *
   * @minItems 1
   */
  provenance?: ProvenanceStatement[];
  /**
   * Where the values of this document came from.
   *
   * @minItems 1
   */
  evidence?: Evidence[];
  foreign?: Foreign;
  /**
   * Vendor data.
   */
  extensions?: Extensions;
}
/**
 * The document itself.
 */
export interface Bom {
  /**
   * Version of this specification.
   */
  specVersion: '1.0';
  /**
   * What the document describes. Default `model`. For `dataset` the first item of `/datasets` is the subject and `/model` is absent.
   */
  subject?: 'model' | 'adapter' | 'dataset';
  /**
   * Unique id of the document, `urn:uuid:` and a lower-case UUID (RFC 9562); a new one for every document, the same one for its revisions.
   */
  serialNumber: string;
  /**
   * Revision of the document, from 1; not the version of the model.
   */
  version: number;
  /**
   * Time of the latest change to the document.
   */
  timestamp: Timestamp;
  /**
   * Who made the document: the operator, never the tool.
   *
   * @minItems 1
   */
  authors?: PartyRef[];
  /**
   * Programs that made or changed the document.
   *
   * @minItems 1
   */
  tools?: Tool[];
  generationContext?: GenerationContext;
  /**
   * Where the document can be fetched.
   */
  uri?: Uri;
  /**
   * Author signatures over the canonical form of the document without this field.
   *
   * @minItems 1
   */
  signatures?: Signature[];
  /**
   * Licence of the document itself.
   *
   * @minItems 1
   */
  licenses?: License[];
  coverage?: Coverage;
  /**
   * States, field by field, what is unknown, withheld or not applicable.
   *
   * @minItems 1
   */
  declarations?: Declaration[];
  distribution?: DocumentDistribution;
  /**
   * History of the document.
   *
   * @minItems 1
   */
  revisions?: Revision[];
  /**
   * Audience of a field by pointer, from which redacted views are made; a field without an entry has the audience of its parent, the document is public.
   */
  audiences?: {
    [k: string]: 'public' | 'downstream' | 'authority' | 'aiOffice' | 'internal';
  };
}
/**
 * Person or organisation.
 */
export interface Party {
  /**
   * Id by which the document refers to the party.
   */
  id?: Id;
  /**
   * Legal name.
   */
  name: string;
  /**
   * Sort of party.
   */
  kind?: 'organization' | 'person' | 'group';
  /**
   * What the party does for the described thing.
   *
   * @minItems 1
   */
  roles?: (
    | 'author'
    | 'producer'
    | 'supplier'
    | 'provider'
    | 'manufacturer'
    | 'importer'
    | 'distributor'
    | 'deployer'
    | 'authorisedRepresentative'
    | 'rightsHolder'
    | 'evaluator'
    | 'publisher'
  )[];
  /**
   * How the party is reached.
   */
  contact?: Contact;
  identifiers?: PartyIdentifiers;
  /**
   * Seat, ISO 3166-1 alpha-2.
   */
  country?: string;
  /**
   * Ultimate parent undertaking.
   */
  parent?: PartyRef;
}
/**
 * How a party is reached. BSI TR-03183-2 accepts only an e-mail address or URL.
 */
export interface Contact {
  /**
   * Name of the person or desk.
   */
  name?: string;
  /**
   * E-mail address.
   */
  email?: string;
  /**
   * Web page.
   */
  url?: Uri;
  /**
   * Telephone number.
   */
  phone?: string;
  /**
   * Postal address, in one line or with line breaks.
   */
  address?: string;
}
/**
 * Registry numbers of a party.
 */
export interface PartyIdentifiers {
  /**
   * Legal Entity Identifier (ISO 17442).
   */
  lei?: string;
  /**
   * European Unique Identifier (Directive (EU) 2017/1132).
   */
  euid?: string;
  /**
   * Other registry numbers.
   *
   * @minItems 1
   */
  other?: Identifier[];
}
/**
 * Machine-usable identifier.
 */
export interface Identifier {
  /**
   * Scheme.
   */
  type: 'purl' | 'cpe' | 'swhid' | 'omnibor' | 'uuid' | 'doi' | 'uri' | 'arxiv' | 'swid' | 'other';
  /**
   * The identifier in the scheme's own form.
   */
  value: string;
  /**
   * Name of the scheme when `type` is `other`.
   */
  scheme?: string;
}
/**
 * Program that made or changed something.
 */
export interface Tool {
  /**
   * Name.
   */
  name: string;
  /**
   * Version.
   */
  version?: string;
  /**
   * Who makes it.
   */
  vendor?: string;
  /**
   * Digests of the program.
   */
  digest?: DigestSet;
  /**
   * Home of the program.
   */
  uri?: Uri;
}
/**
 * Digests of the same bytes by algorithm, in lower-case hexadecimal (in-toto DigestSet). SHA-256 is present wherever the bytes were at hand.
 */
export interface DigestSet {
  /**
   * SHA-256 (FIPS 180-4).
   */
  sha256?: string;
  /**
   * SHA-512 (FIPS 180-4).
   */
  sha512?: string;
  /**
   * SHA-384 (FIPS 180-4).
   */
  sha384?: string;
  /**
   * SHA-224 (FIPS 180-4).
   */
  sha224?: string;
  /**
   * SHA-512/256 (FIPS 180-4).
   */
  sha512_256?: string;
  /**
   * SHA3-256 (FIPS 202).
   */
  sha3_256?: string;
  /**
   * SHA3-384 (FIPS 202).
   */
  sha3_384?: string;
  /**
   * SHA3-512 (FIPS 202).
   */
  sha3_512?: string;
  /**
   * BLAKE2b with 512 bits (RFC 7693).
   */
  blake2b?: string;
  /**
   * BLAKE3 with 256 bits.
   */
  blake3?: string;
  /**
   * SHA-1; identifies, proves nothing against an attacker.
   */
  sha1?: string;
  /**
   * MD5; identifies, proves nothing against an attacker.
   */
  md5?: string;
  /**
   * Git commit id.
   */
  gitCommit?: string;
  /**
   * Git blob id.
   */
  gitBlob?: string;
  /**
   * Git tree id.
   */
  gitTree?: string;
}
/**
 * When in the life cycle, and from what, the document was made.
 */
export interface GenerationContext {
  /**
   * Life-cycle phase.
   */
  phase: 'design' | 'pre-build' | 'build' | 'post-build' | 'deployed' | 'runtime' | 'retrospective';
  /**
   * Data at hand.
   */
  evidence?: string;
  /**
   * Command or call that made the document, without private paths.
   */
  command?: string;
}
/**
 * Signature over the thing that carries it.
 */
export interface Signature {
  /**
   * Kind of signature.
   */
  method: 'oms' | 'dsse' | 'sigstore' | 'jws' | 'jsf' | 'pgp' | 'x509' | 'minisign' | 'other';
  /**
   * Hint that names the key.
   */
  keyId?: string;
  /**
   * The signature itself, in the method's text form.
   */
  value?: string;
  /**
   * Where the bundle or detached signature is.
   */
  uri?: Uri;
  /**
   * File inside the model directory that holds the bundle.
   */
  path?: RelativePath;
  /**
   * Digests of the bundle.
   */
  digest?: DigestSet;
  /**
   * Who signed.
   */
  signer?: PartyRef;
  /**
   * When it was signed, as the signature says.
   */
  signedAt?: Timestamp;
}
/**
 * Licence or terms of use.
 */
export interface License {
  /**
   * SPDX licence expression (SPDX 3.0.1 annex B). What SPDX does not list is `LicenseRef-…`.
   */
  expression?: string;
  /**
   * Name of the licence where no SPDX expression fits, or the declared text kept as it was written.
   */
  name?: string;
  /**
   * How the licence was arrived at: `declared` by the author, `concluded` by a reviewer, `original`, `distribution` and `effective` as BSI TR-03183-2 uses the words.
   */
  kind?: 'declared' | 'concluded' | 'distribution' | 'original' | 'effective';
  /**
   * Text of the licence.
   */
  url?: Uri;
  /**
   * File of the model that holds the text.
   */
  path?: RelativePath;
  /**
   * Full text.
   */
  text?: string;
  /**
   * What the licence covers when not the whole thing.
   */
  scope?: string;
  /**
   * Remark, for example what makes the licence ambiguous.
   */
  note?: string;
}
/**
 * How much the document lists.
 */
export interface Coverage {
  /**
   * How deep the listing of components goes.
   */
  depth?: 'none' | 'top-level' | 'transitive' | 'unknown';
  /**
   * Are components listed completely?
   */
  completeness?: 'complete' | 'partial' | 'unknown';
  /**
   * Are datasets listed completely?
   */
  datasets?: 'complete' | 'partial' | 'unknown';
  /**
   * Are files listed completely?
   */
  artifacts?: 'complete' | 'partial' | 'unknown';
  /**
   * Remark.
   */
  note?: string;
}
/**
 * Why a value is missing.
 */
export interface Declaration {
  /**
   * The field.
   */
  pointer: Pointer;
  /**
   * `unknown`: nobody knows; `withheld`: known, not told; `notApplicable`: makes no sense here.
   */
  status: 'unknown' | 'withheld' | 'notApplicable';
  /**
   * Why.
   */
  reason?: string;
  /**
   * Whom to ask.
   */
  contact?: Contact;
}
/**
 * Who may get the document, and how.
 */
export interface DocumentDistribution {
  /**
   * Who.
   */
  access: 'public' | 'customers' | 'authorities' | 'restricted' | 'internal';
  /**
   * Traffic Light Protocol word.
   */
  tlp?: 'CLEAR' | 'GREEN' | 'AMBER' | 'AMBER+STRICT' | 'RED';
  /**
   * Where to ask.
   */
  contact?: Contact;
  /**
   * Terms.
   */
  terms?: string;
}
/**
 * One revision.
 */
export interface Revision {
  /**
   * Revision number.
   */
  version: number;
  /**
   * Date.
   */
  date?: PartialDate;
  /**
   * Why.
   */
  reason?: string;
  /**
   * Digest or id of the document replaced.
   */
  supersedes?: string;
}
/**
 * The model: what it is.
 */
export interface Model {
  /**
   * Name given by the producer; never the name of a base model.
   */
  name: string;
  /**
   * Namespace or organisation that the name lives in.
   */
  group?: string;
  /**
   * Version or revision of the weights.
   */
  version?: string;
  /**
   * Other names, collection name, public version names.
   *
   * @minItems 1
   */
  aliases?: string[];
  /**
   * Machine-usable ids.
   *
   * @minItems 1
   */
  identifiers?: Identifier[];
  /**
   * Root digest over `/artifacts`: the OpenSSF Model Signing v1.0 root, SHA-256 over the raw SHA-256 digests in code point order of the paths.
   */
  rootDigest?: DigestSet;
  /**
   * Purpose, capabilities and lineage in prose.
   */
  description?: string;
  /**
   * Kinds of model and tasks it performs: `text-generation`, `image-classification` (Hugging Face task names) and the like.
   *
   * @minItems 1
   */
  types?: string[];
  /**
   * Who pre-trained, post-trained or fine-tuned it.
   */
  producer?: PartyRef;
  /**
   * Who supplies it to the recipient, if another party.
   */
  supplier?: PartyRef;
  /**
   * People and groups that made it.
   *
   * @minItems 1
   */
  authors?: PartyRef[];
  /**
   * Last build or change of the weights.
   */
  timestamp?: Timestamp;
  /**
   * First release through any channel.
   */
  releaseDate?: CalendarDate;
  /**
   * Placed on the Union market.
   */
  euMarketDate?: CalendarDate;
  architecture?: Architecture;
  parameterCount?: ParameterCount;
  quantization?: Quantization;
  /**
   * Longest context, in tokens.
   */
  contextLength?: number;
  /**
   * Tokens in the vocabulary.
   */
  vocabularySize?: number;
  /**
   * Natural languages it is meant for.
   *
   * @minItems 1
   */
  languages?: Language[];
  /**
   * Free keywords.
   *
   * @minItems 1
   */
  tags?: string[];
  /**
   * Libraries that load it, as the card says.
   *
   * @minItems 1
   */
  libraries?: string[];
  /**
   * Parts of a pipeline or composite model.
   *
   * @minItems 1
   */
  parts?: Part[];
  /**
   * Does loading it as published run code that ships with it?
   */
  remoteCode?: boolean;
  designSpecification?: DesignSpecification;
  /**
   * What it is built to optimise; relevance of parameters.
   */
  optimisationObjective?: string;
  /**
   * Learning approach (CycloneDX words).
   *
   * @minItems 1
   */
  learningApproaches?: ('supervised' | 'unsupervised' | 'reinforcement-learning' | 'semi-supervised' | 'self-supervised')[];
  io?: ModelIo;
  /**
   * Licences of the model.
   *
   * @minItems 1
   */
  licenses?: License[];
  /**
   * Copyright notice.
   */
  copyright?: string;
  openness?: Openness;
  /**
   * What it can do, as evaluated.
   *
   * @minItems 1
   */
  capabilities?: string[];
  /**
   * Known weaknesses and limits.
   *
   * @minItems 1
   */
  limitations?: string[];
  /**
   * Means to interpret outputs.
   */
  explainability?: string;
  /**
   * Does it act without human involvement? (SPDX autonomyType)
   */
  autonomy?: 'yes' | 'no' | 'partial';
  /**
   * Overall safety risk (SPDX safetyRiskAssessment, EU risk classes).
   */
  safetyRisk?: 'serious' | 'high' | 'medium' | 'low';
}
/**
 * Architecture.
 */
export interface Architecture {
  /**
   * Family: transformer, cnn, rnn, tree-ensemble, diffusion …
   */
  family?: string;
  /**
   * Class or architecture name: `LlamaForCausalLM`, `resnet50` …
   */
  name?: string;
  /**
   * Description.
   */
  description?: string;
  /**
   * Model type in the library's own word (`llama`).
   */
  modelType?: string;
}
/**
 * Number of parameters.
 */
export interface ParameterCount {
  /**
   * All parameters, tied weights once.
   */
  total?: number;
  /**
   * Active per token or sample, for mixtures of experts.
   */
  active?: number;
  /**
   * Trainable in the last stage.
   */
  trainable?: number;
  /**
   * Public range.
   */
  bin?: string;
}
/**
 * Quantisation of the weights.
 */
export interface Quantization {
  /**
   * Method: `gptq`, `awq`, `bitsandbytes`, `Q4_K_M` …
   */
  method?: string;
  /**
   * Bits per weight.
   */
  bits?: number;
  /**
   * Weights per scale.
   */
  groupSize?: number;
  /**
   * Details.
   */
  description?: string;
}
/**
 * One part of a composite model.
 */
export interface Part {
  /**
   * Id.
   */
  id: Id;
  /**
   * Name.
   */
  name?: string;
  /**
   * Directory of the part.
   */
  path?: RelativePath;
  /**
   * Class that loads it.
   */
  class?: string;
  /**
   * Library of that class.
   */
  library?: string;
  /**
   * Architecture.
   */
  architecture?: string;
  /**
   * Number of parameters.
   */
  parameters?: number;
}
/**
 * Design choices and why.
 */
export interface DesignSpecification {
  /**
   * General logic.
   */
  logic?: string;
  /**
   * Key choices.
   */
  keyChoices?: string;
  /**
   * Why.
   */
  rationale?: string;
  /**
   * Assumptions.
   */
  assumptions?: string;
  /**
   * Trade-offs.
   */
  tradeOffs?: string;
}
/**
 * What goes in and comes out.
 */
export interface ModelIo {
  /**
   * Accepted inputs.
   *
   * @minItems 1
   */
  inputs?: Modality[];
  /**
   * Produced outputs.
   *
   * @minItems 1
   */
  outputs?: Modality[];
}
/**
 * One kind of input or output.
 */
export interface Modality {
  /**
   * Name of the tensor or field.
   */
  name?: string;
  /**
   * Kind of data.
   */
  modality?:
    | 'text'
    | 'image'
    | 'audio'
    | 'video'
    | 'tabular'
    | 'timeseries'
    | 'graph'
    | 'pointCloud'
    | 'embedding'
    | 'tensor'
    | 'code'
    | 'action'
    | 'multimodal'
    | 'other';
  /**
   * Data format or encoding, for example `image/png`, `UTF-8 text`, `float32 tensor`.
   */
  format?: string;
  /**
   * Element type in the framework's own word.
   */
  dtype?: string;
  /**
   * Sizes of the axes, outermost first; -1 where variable.
   *
   * @minItems 1
   */
  shape?: number[];
  /**
   * Largest size accepted or produced, with its unit.
   */
  maxSize?: string;
  /**
   * What happens to the data before the model.
   */
  preprocessing?: string;
  /**
   * Tokenizer used.
   */
  tokenizer?: string;
  /**
   * What it means.
   */
  description?: string;
}
/**
 * What is open.
 */
export interface Openness {
  /**
   * Weights.
   */
  weights?: string;
  /**
   * Architecture.
   */
  architecture?: string;
  /**
   * Data.
   */
  data?: string;
  /**
   * Training code.
   */
  training?: string;
  /**
   * Class of the Model Openness Framework that is claimed.
   */
  mofClass?: 'I' | 'II' | 'III';
}
/**
 * One file of the model, adapter or dataset.
 */
export interface Artifact {
  /**
   * Id, where something refers to the file.
   */
  id?: Id;
  /**
   * Path relative to the root; the last segment is the file name.
   */
  path: RelativePath;
  /**
   * What the file is for.
   */
  role?:
    | 'weights'
    | 'adapter'
    | 'config'
    | 'tokenizer'
    | 'code'
    | 'checkpoint'
    | 'optimizerState'
    | 'index'
    | 'template'
    | 'data'
    | 'license'
    | 'signature'
    | 'archive'
    | 'container'
    | 'document'
    | 'other';
  /**
   * Part of the model (`/model/parts`) that the file belongs to.
   */
  part?: Id;
  /**
   * Name of the export or precision that the file belongs to, where one directory holds several of the same model (`onnx-int8`, `Q4_K_M`).
   */
  variant?: string;
  format?: ArtifactFormat;
  /**
   * Bytes.
   */
  size: number;
  /**
   * Digests of the file's bytes.
   */
  digest: ArtifactDigest;
  inspection?: Inspection;
  /**
   * Tensors in the file.
   */
  tensors?: TensorSummary;
  /**
   * Quantisation scheme in the format's own words.
   */
  quantization?: string;
  /**
   * Programs that wrote the file, as the file says.
   *
   * @minItems 1
   */
  producers?: Tool[];
  /**
   * Operator sets and libraries needed to load the file.
   *
   * @minItems 1
   */
  requires?: Requirement[];
  /**
   * SHA-256 of each chat template in the file by name; a template steers the model and is part of what must not change.
   */
  chatTemplates?: {
    [k: string]: string;
  };
  /**
   * Small values embedded in the file, under the file's own keys.
   */
  metadata?: {
    [k: string]: string;
  };
  shard?: Shard;
  pointer?: StoragePointer;
  /**
   * BSI file properties.
   */
  properties?: FileProperties;
  /**
   * Download place of exactly these bytes.
   */
  uri?: Uri;
  /**
   * Licences of the file where they differ from the model's.
   *
   * @minItems 1
   */
  licenses?: License[];
  /**
   * Signatures over the file.
   *
   * @minItems 1
   */
  signatures?: Signature[];
  /**
   * Scan results for the file.
   *
   * @minItems 1
   */
  scan?: Scan[];
  /**
   * Remark.
   */
  note?: string;
}
/**
 * Format of the file, decided by its content.
 */
export interface ArtifactFormat {
  /**
   * Id of the format: `safetensors`, `gguf`, `onnx`, `pytorch`, `pickle`, `joblib`, `tensorflowjs`, `json` …
   */
  serialization?: string;
  /**
   * IANA media type or the one in common use.
   */
  mediaType?: string;
  /**
   * Version of the format.
   */
  version?: string;
}
/**
 * How far the content was read. A file that was not inspected may hold anything.
 */
export interface Inspection {
  /**
   * `inspected`: the header was read whole; `partial`: in part; `notInspected`: hashed only.
   */
  status: 'inspected' | 'partial' | 'notInspected';
  /**
   * Why not, or what was left out.
   */
  reason?: string;
}
/**
 * What the tensors of a file add up to, read from its header.
 */
export interface TensorSummary {
  /**
   * Number of tensors.
   */
  count: number;
  /**
   * Number of stored values with quantisation unpacked; scales, zero points and other auxiliaries left out.
   */
  parameters?: number;
  /**
   * Parameters by data type, in the format's own words.
   */
  dtypes?: {
    [k: string]: number;
  };
  /**
   * Bytes of tensor data.
   */
  bytes?: number;
}
/**
 * Something needed to load a file.
 */
export interface Requirement {
  /**
   * Name of the operator domain or library.
   */
  name: string;
  /**
   * Version or constraint.
   */
  version?: string;
}
/**
 * Place of the file in a set of shards.
 */
export interface Shard {
  /**
   * Number of this shard, from 1.
   */
  index: number;
  /**
   * Number of shards.
   */
  total: number;
  /**
   * Name that the shards share.
   */
  set?: string;
}
/**
 * The file on disk only points to the real bytes. `size` and `digest` of the artifact are those of the pointer file.
 */
export interface StoragePointer {
  /**
   * Kind of pointer.
   */
  kind: 'git-lfs' | 'dvc' | 'xet' | 'other';
  /**
   * Digests of the real bytes, as the pointer claims.
   */
  digest?: DigestSet;
  /**
   * Bytes of the real file, as the pointer claims.
   */
  size?: number;
}
/**
 * File properties of BSI TR-03183-2 section 5.2.2.
 */
export interface FileProperties {
  /**
   * Can the file be executed?
   */
  executable?: boolean;
  /**
   * Is it an archive or container of other files?
   */
  archive?: boolean;
  /**
   * Can its parts be told apart from outside?
   */
  structured?: boolean;
}
/**
 * Result of a malware, unsafe-code or dependency scan. Only what the tool looked at is covered.
 */
export interface Scan {
  /**
   * Scanner.
   */
  tool: Tool;
  /**
   * What was scanned: an artifact path, `model`, `code`, `dependencies`.
   */
  target?: string;
  /**
   * Verdict. `notInspected` and `incomplete` are not `clean`.
   */
  result: 'clean' | 'findings' | 'notInspected' | 'incomplete';
  /**
   * Number of findings.
   */
  findings?: number;
  /**
   * When the scan ended.
   */
  date?: Timestamp;
  /**
   * Full report.
   */
  report?: Report;
}
/**
 * Dated report or log of a test.
 */
export interface Report {
  /**
   * Title.
   */
  title?: string;
  /**
   * Where it is.
   */
  uri?: Uri;
  /**
   * File inside the model directory.
   */
  path?: RelativePath;
  /**
   * Digests of the report.
   */
  digest?: DigestSet;
  /**
   * Who signed it.
   */
  signer?: PartyRef;
  /**
   * When it was signed.
   */
  signedAt?: Timestamp;
}
/**
 * An adapter that ships with the model: LoRA, IA3, prompt tuning and the like.
 */
export interface Adapter {
  /**
   * Id.
   */
  id: Id;
  /**
   * Name.
   */
  name?: string;
  /**
   * Version.
   */
  version?: string;
  /**
   * Machine-usable ids.
   *
   * @minItems 1
   */
  identifiers?: Identifier[];
  /**
   * Method: `LORA`, `IA3` … in the library's own word.
   */
  method?: string;
  /**
   * Paths of its files in `/artifacts`.
   *
   * @minItems 1
   */
  artifacts?: RelativePath[];
  /**
   * Root digest over its files.
   */
  digest?: DigestSet;
  /**
   * Number of parameters.
   */
  parameterCount?: number;
  /**
   * Licences.
   *
   * @minItems 1
   */
  licenses?: License[];
  /**
   * Base and other ancestors.
   */
  lineage?: Lineage;
  /**
   * Datasets it was trained on.
   *
   * @minItems 1
   */
  datasets?: Id[];
  /**
   * Hyperparameters: rank, alpha, target modules.
   */
  hyperparameters?: Hyperparameters;
  /**
   * Who made it.
   */
  producer?: PartyRef;
}
/**
 * Where the thing came from.
 */
export interface Lineage {
  /**
   * How it came about.
   */
  relation?: 'scratch' | 'finetune' | 'distill' | 'merge' | 'quantize' | 'adapter' | 'continue' | 'convert' | 'prune' | 'other';
  /**
   * Models that it came from. The thing itself never stands here.
   *
   * @minItems 1
   */
  ancestors?: ModelReference[];
  /**
   * How third-party pre-trained parts were used, changed or integrated.
   */
  modifications?: string;
  /**
   * Earlier versions of the same thing.
   *
   * @minItems 1
   */
  previousVersions?: VersionReference[];
}
/**
 * Another model: a base, teacher, adapter or merge parent. It names that model, never this one.
 */
export interface ModelReference {
  /**
   * Id by which lineage and dependencies refer to it.
   */
  id?: Id;
  /**
   * Name.
   */
  name: string;
  /**
   * Version or revision.
   */
  version?: string;
  /**
   * Machine-usable identifiers.
   *
   * @minItems 1
   */
  identifiers?: Identifier[];
  /**
   * Root digest of the parent's files, or the digest of its single weight file.
   */
  digest?: DigestSet;
  /**
   * Files of the parent with their digests, where known.
   *
   * @minItems 1
   */
  artifacts?: FileReference[];
  /**
   * Who made it.
   */
  producer?: PartyRef;
  /**
   * Its licences.
   *
   * @minItems 1
   */
  licenses?: License[];
  /**
   * How this model came from that one.
   */
  relation?: 'finetune' | 'adapter' | 'merge' | 'quantize' | 'distill' | 'continue' | 'convert' | 'prune' | 'other';
  /**
   * Part it played.
   */
  role?: 'base' | 'teacher' | 'reward' | 'adapter' | 'merged' | 'draft' | 'initialization' | 'other';
  /**
   * Share in a merge.
   */
  weight?: number;
  /**
   * Ids of other ancestors that this one came from.
   *
   * @minItems 1
   */
  parents?: Id[];
  /**
   * Where it is.
   */
  uri?: Uri;
  /**
   * Its public summary of training content.
   */
  summaryUri?: Uri;
  /**
   * Its own manifest.
   */
  manifest?: Reference;
  /**
   * How sure the link is: `unverified` (a name only), `digest-matched` (its digest was recomputed), `signature-verified`.
   */
  verification?: 'unverified' | 'digest-matched' | 'signature-verified';
}
/**
 * A file elsewhere.
 */
export interface FileReference {
  /**
   * Path in its own tree.
   */
  path?: RelativePath;
  /**
   * Where it is.
   */
  uri?: Uri;
  /**
   * Bytes.
   */
  size?: number;
  /**
   * Digests.
   */
  digest?: DigestSet;
}
/**
 * Something outside this document, or a file of the model.
 */
export interface Reference {
  /**
   * Human-readable name or statement, also where there is nothing to link to.
   */
  title?: string;
  /**
   * Where it is.
   */
  uri?: Uri;
  /**
   * Path of the file inside the model directory, where it is one.
   */
  path?: RelativePath;
  /**
   * Digests of the bytes meant.
   */
  digest?: DigestSet;
  /**
   * Date of the thing meant.
   */
  date?: PartialDate;
  /**
   * IANA media type.
   */
  mediaType?: string;
  /**
   * Remark.
   */
  note?: string;
}
/**
 * An earlier version of the same thing.
 */
export interface VersionReference {
  /**
   * Version.
   */
  version: string;
  /**
   * Root digest.
   */
  digest?: DigestSet;
  /**
   * Release date.
   */
  date?: PartialDate;
  /**
   * Its manifest.
   */
  manifest?: Reference;
  /**
   * What is different.
   */
  note?: string;
}
/**
 * Values by canonical name: `learning_rate`, `batch_size`, `per_device_train_batch_size`, `gradient_accumulation_steps`, `num_train_epochs`, `max_steps`, `optimizer`, `lr_scheduler_type`, `warmup_steps`, `weight_decay`, `seed`, `lora_r`, `lora_alpha` and so on. The source's own spelling stands in the evidence. A library's default is not a recorded value.
 */
export interface Hyperparameters {
  [k: string]: HyperparameterValue;
}
/**
 * A change over the life cycle.
 */
export interface Change {
  /**
   * Date.
   */
  date?: PartialDate;
  /**
   * Version it led to.
   */
  version?: string;
  /**
   * Kind.
   */
  kind?: string;
  /**
   * What changed.
   */
  description?: string;
  /**
   * Was it planned and assessed beforehand (AI Act Art. 43(4))?
   */
  predetermined?: boolean;
}
/**
 * Data used to make, tune, test or run the model.
 */
export interface Dataset {
  /**
   * Id by which other sections refer to it.
   */
  id?: Id;
  /**
   * Public name.
   */
  name: string;
  /**
   * URI, DOI, purl or metadata id.
   *
   * @minItems 1
   */
  identifiers?: Identifier[];
  /**
   * Version, revision or snapshot.
   */
  version?: string;
  /**
   * Content, scope and purpose.
   */
  description?: string;
  /**
   * Part played in the life cycle of the model.
   *
   * @minItems 1
   */
  roles?: ('training' | 'pretraining' | 'finetuning' | 'alignment' | 'validation' | 'testing' | 'calibration' | 'grounding')[];
  /**
   * Source class of the EU training-content template and the model documentation form.
   */
  sourceCategory?: 'publicDataset' | 'commercialLicence' | 'thirdPartyPrivate' | 'crawled' | 'userData' | 'synthetic' | 'other';
  /**
   * Owner, creator or publisher.
   */
  issuer?: PartyRef;
  /**
   * Page, metadata location or download place.
   */
  uri?: Uri;
  dates?: DatasetDates;
  content?: DatasetContent;
  size?: DatasetSize;
  /**
   * Languages covered.
   *
   * @minItems 1
   */
  languages?: Language[];
  geography?: Geography;
  timeframe?: Timeframe;
  collection?: Collection;
  crawl?: Crawl;
  /**
   * How data was chosen; availability, quantity, suitability.
   */
  selection?: string;
  /**
   * What the data is meant to measure and represent.
   */
  assumptions?: string;
  /**
   * Preparation steps, in order.
   *
   * @minItems 1
   */
  processing?: ProcessingStep[];
  labelling?: Labelling;
  statistics?: DatasetStatistics;
  /**
   * Known biases.
   *
   * @minItems 1
   */
  biases?: Bias[];
  /**
   * Gaps and shortcomings and how they are met.
   *
   * @minItems 1
   */
  gaps?: string[];
  sensitivity?: Sensitivity;
  personalData?: PersonalData;
  /**
   * Anonymisation and other privacy-enhancing measures.
   *
   * @minItems 1
   */
  privacyMeasures?: PrivacyMeasure[];
  /**
   * Licence or terms of the data.
   *
   * @minItems 1
   */
  licenses?: License[];
  rights?: Rights;
  /**
   * Digest of the snapshot: of its single file, or the root digest over `files`.
   */
  digest?: DigestSet;
  /**
   * Files of the dataset, with the same rigour as those of a model. Paths are relative to the dataset's own root.
   *
   * @minItems 1
   */
  files?: Artifact[];
  /**
   * What a web-scale dataset pointed to, so that it can be checked at download time.
   */
  snapshot?: Snapshot;
  /**
   * Models and versions it came from, for a dataset that a model made or that has versions.
   */
  lineage?: Lineage;
  /**
   * Signatures over the data or over a revision.
   *
   * @minItems 1
   */
  signatures?: Signature[];
  /**
   * Ids of upstream datasets in this document.
   *
   * @minItems 1
   */
  derivedFrom?: Id[];
  synthetic?: Synthetic;
  /**
   * Provider services the user data comes from.
   */
  services?: string;
  /**
   * Was provenance checked, only stated, or is it not known?
   */
  provenanceStatus?: 'verified' | 'declared' | 'unknown';
  /**
   * Checks before use.
   *
   * @minItems 1
   */
  screening?: Screening[];
  /**
   * What the dataset is for; how it serves the model's purpose.
   */
  intendedUse?: string;
  /**
   * How others may get it.
   */
  access?: 'public' | 'registration' | 'clickthrough' | 'request' | 'licensed' | 'internal' | 'none';
  /**
   * Terms of access.
   */
  accessTerms?: string;
  maintenance?: Maintenance;
  /**
   * Linked machine-readable metadata: Croissant, datasheet, data card, D&TA.
   *
   * @minItems 1
   */
  metadataRefs?: Reference[];
}
/**
 * Dates of a dataset.
 */
export interface DatasetDates {
  /**
   * Issue of this version.
   */
  issued?: PartialDate;
  /**
   * Issue of the version before.
   */
  previous?: PartialDate;
  /**
   * First use in the development of the model.
   */
  firstUsed?: PartialDate;
  /**
   * Latest update.
   */
  updated?: PartialDate;
}
/**
 * What kind of data it is.
 */
export interface DatasetContent {
  /**
   * Modalities.
   *
   * @minItems 1
   */
  modalities?: (
    | 'text'
    | 'image'
    | 'audio'
    | 'video'
    | 'tabular'
    | 'timeseries'
    | 'graph'
    | 'pointCloud'
    | 'code'
    | 'sensor'
    | 'multimodal'
    | 'other'
  )[];
  /**
   * Kinds of content.
   *
   * @minItems 1
   */
  types?: string[];
  /**
   * Data format.
   */
  format?: string;
  /**
   * Character or media encoding.
   */
  encoding?: string;
  /**
   * Labels, or a description of the label set.
   *
   * @minItems 1
   */
  labels?: string[];
}
/**
 * Amount of data.
 */
export interface DatasetSize {
  /**
   * Rows, samples or documents.
   */
  dataPoints?: number;
  /**
   * Tokens.
   */
  tokens?: number;
  /**
   * Images.
   */
  images?: number;
  /**
   * Hours of audio or video.
   */
  hours?: number;
  /**
   * Bytes.
   */
  bytes?: number;
  /**
   * Range, where the exact amount is not stated.
   */
  bin?: string;
}
/**
 * Where data comes from and where it may be kept or processed.
 */
export interface Geography {
  /**
   * Countries of origin.
   *
   * @minItems 1
   */
  origin?: string[];
  /**
   * Countries where it may be processed.
   *
   * @minItems 1
   */
  processingAllowed?: string[];
  /**
   * Countries where it may not be processed.
   *
   * @minItems 1
   */
  processingForbidden?: string[];
  /**
   * Countries where it may be stored.
   *
   * @minItems 1
   */
  storageAllowed?: string[];
  /**
   * Countries where it may not be stored.
   *
   * @minItems 1
   */
  storageForbidden?: string[];
}
/**
 * Period in which the data was made or collected.
 */
export interface Timeframe {
  /**
   * Start.
   */
  start?: PartialDate;
  /**
   * End.
   */
  end?: PartialDate;
  /**
   * Latest acquisition.
   */
  latestAcquisition?: PartialDate;
  /**
   * Does collection go on?
   */
  continuous?: boolean;
}
/**
 * How the data was obtained.
 */
export interface Collection {
  /**
   * Methods.
   *
   * @minItems 1
   */
  method?: string[];
  /**
   * Account of the collection.
   */
  description?: string;
  /**
   * What is missing.
   */
  missing?: string;
  /**
   * What happens to the raw data.
   */
  raw?: string;
}
/**
 * Crawling details.
 */
export interface Crawl {
  /**
   * Names of the crawlers.
   *
   * @minItems 1
   */
  crawlers?: string[];
  /**
   * Purpose.
   */
  purpose?: string;
  /**
   * Behaviour: robots.txt, captchas, paywalls.
   */
  behaviour?: string;
  /**
   * Period of crawling.
   */
  period?: string;
  /**
   * What was crawled.
   */
  contentDescription?: string;
  /**
   * List of the top domains.
   */
  topDomainsUri?: Uri;
  /**
   * Rule by which that list was made.
   */
  topDomainsRule?: string;
}
/**
 * One preparation step.
 */
export interface ProcessingStep {
  /**
   * Kind of step.
   */
  kind:
    | 'clean'
    | 'filter'
    | 'dedupe'
    | 'impute'
    | 'annotate'
    | 'aggregate'
    | 'anonymise'
    | 'augment'
    | 'tokenize'
    | 'normalise'
    | 'sample'
    | 'translate'
    | 'other';
  /**
   * What was done.
   */
  description?: string;
  /**
   * Program used.
   */
  tool?: Tool;
  /**
   * Settings.
   */
  parameters?: Hyperparameters;
}
/**
 * Annotation process.
 */
export interface Labelling {
  /**
   * Instructions to the annotators.
   */
  protocol?: string;
  /**
   * Platform.
   */
  platform?: string;
  /**
   * Annotations per item.
   */
  perItem?: number;
  /**
   * Who the annotators were.
   */
  annotators?: string;
  /**
   * Agreement and quality analysis.
   */
  analysis?: string;
  /**
   * Automatic annotation tools.
   */
  machineTools?: string;
}
/**
 * Statistical properties.
 */
export interface DatasetStatistics {
  /**
   * Of whom or what the data is representative.
   */
  representativeness?: string;
  /**
   * Distribution of the main features or classes.
   */
  distribution?: string;
  /**
   * Noise.
   */
  noise?: string;
  /**
   * Known errors.
   */
  errors?: string;
  /**
   * Summary.
   */
  summary?: string;
}
/**
 * A bias, how it was found and handled.
 */
export interface Bias {
  /**
   * The bias.
   */
  description: string;
  /**
   * How it was found.
   */
  detection?: string;
  /**
   * What was done.
   */
  mitigation?: string;
}
/**
 * Confidentiality and kinds of sensitive data.
 */
export interface Sensitivity {
  /**
   * Traffic Light Protocol word.
   */
  level?: 'clear' | 'green' | 'amber' | 'red';
  /**
   * Kinds of sensitive data.
   *
   * @minItems 1
   */
  classes?: string[];
}
/**
 * Facts about personal data.
 */
export interface PersonalData {
  /**
   * Does it contain personal data?
   */
  contains: 'yes' | 'no' | 'unknown';
  /**
   * Categories of personal data.
   *
   * @minItems 1
   */
  categories?: string[];
  /**
   * Special categories (GDPR Art. 9)?
   */
  special?: boolean;
  /**
   * Purpose for which it was first collected.
   */
  originalPurpose?: string;
  /**
   * Legal basis of the processing.
   */
  legalBasis?: string;
  /**
   * Consent or notice.
   */
  consentUri?: Uri;
  /**
   * Aggregate consumer information (Cal. Civ. Code 1798.140)?
   */
  aggregateConsumerInfo?: boolean;
}
/**
 * A privacy measure.
 */
export interface PrivacyMeasure {
  /**
   * Kind, for example `pseudonymisation`, `differential privacy`.
   */
  kind: string;
  /**
   * What was done.
   */
  description?: string;
}
/**
 * Intellectual-property status.
 */
export interface Rights {
  /**
   * Protected by copyright, in whole or part?
   */
  copyright?: boolean;
  /**
   * Protected by patents?
   */
  patent?: boolean;
  /**
   * Protected by trademarks?
   */
  trademark?: boolean;
  /**
   * Wholly in the public domain?
   */
  publicDomain?: boolean;
  /**
   * Purchased or licensed?
   */
  purchasedOrLicensed?: boolean;
  /**
   * How text-and-data-mining reservations were honoured.
   */
  tdmReservation?: string;
  /**
   * Remark.
   */
  note?: string;
}
/**
 * Items of a web-scale dataset at the moment of use: listed, or bound by a Merkle root.
 */
export interface Snapshot {
  /**
   * Number of items.
   */
  count?: number;
  retrieved?: Period;
  merkleRoot?: MerkleRoot;
  /**
   * File that lists the items as JSON Lines, one item a line, with its digest.
   */
  list?: Reference;
  /**
   * The items themselves, for short lists.
   *
   * @minItems 1
   */
  items?: SnapshotItem[];
}
/**
 * First and last moment.
 */
export interface Period {
  /**
   * First retrieval.
   */
  start?: Timestamp;
  /**
   * Last retrieval.
   */
  end?: Timestamp;
}
/**
 * Root of the RFC 6962 hash tree (SHA-256) over the canonical JSON of the items in code point order of `uri`.
 */
export interface MerkleRoot {
  /**
   * Root hash.
   */
  sha256: string;
}
/**
 * One item.
 */
export interface SnapshotItem {
  /**
   * Where it was.
   */
  uri: Uri;
  /**
   * Digests of the bytes that were used.
   */
  digest: DigestSet;
  /**
   * Bytes.
   */
  size?: number;
  /**
   * When it was fetched.
   */
  retrievedAt?: Timestamp;
}
/**
 * How synthetic data was made.
 */
export interface Synthetic {
  /**
   * Models that made it.
   *
   * @minItems 1
   */
  generators?: string[];
  /**
   * Public training summary of those models.
   */
  generatorSummaryUri?: Uri;
  /**
   * Share of synthetic data, 0 to 1.
   */
  share?: number;
  /**
   * Method.
   */
  method?: string;
}
/**
 * A check of the data.
 */
export interface Screening {
  /**
   * What was looked for.
   */
  kind: 'poisoning' | 'tampering' | 'unsuitable' | 'illegal' | 'csam' | 'duplicates' | 'pii' | 'toxicity' | 'other';
  /**
   * Method.
   */
  method?: string;
  /**
   * Result.
   */
  result?: string;
  /**
   * When.
   */
  date?: CalendarDate;
  /**
   * Program used.
   */
  tool?: Tool;
}
/**
 * How the dataset is kept up.
 */
export interface Maintenance {
  /**
   * How updates are made.
   */
  updateMechanism?: string;
  /**
   * Plan.
   */
  plan?: string;
  /**
   * Maintainer.
   */
  maintainer?: PartyRef;
}
/**
 * How the model was trained.
 */
export interface Training {
  /**
   * Pre-training, SFT, RLHF, DPO, LoRA and so on.
   *
   * @minItems 1
   */
  methods?: string[];
  /**
   * Ordered stages.
   *
   * @minItems 1
   */
  stages?: Stage[];
  /**
   * Hyperparameters.
   */
  hyperparameters?: Hyperparameters;
  /**
   * Why key decisions were made; assumptions.
   */
  rationale?: string;
  /**
   * Preparation of data for this model beyond what the datasets say.
   *
   * @minItems 1
   */
  preprocessing?: string[];
  /**
   * Training code.
   */
  code?: CodeReference;
  /**
   * Code of evaluation, inference and preprocessing.
   */
  evaluationCode?: CodeReference;
  run?: Run;
  /**
   * Last values of training metrics, as logged; evaluations stand in `/evaluations`.
   *
   * @minItems 1
   */
  metrics?: Metric[];
  duration?: Duration;
  compute?: Compute;
  /**
   * Energy used for training.
   */
  energy?: Energy;
  inferenceCompute?: InferenceCompute;
  reproducibility?: Reproducibility;
}
/**
 * One stage.
 */
export interface Stage {
  /**
   * Name.
   */
  name: string;
  /**
   * Objective.
   */
  objective?: string;
  /**
   * Ids of the datasets used.
   *
   * @minItems 1
   */
  datasets?: Id[];
  /**
   * Id of the environment.
   */
  environment?: Id;
  /**
   * Start.
   */
  start?: Timestamp;
  /**
   * End.
   */
  end?: Timestamp;
  /**
   * Hyperparameters of the stage.
   */
  hyperparameters?: Hyperparameters;
}
/**
 * Code identity.
 */
export interface CodeReference {
  /**
   * Repository URL, without credentials.
   */
  repository?: string;
  /**
   * Commit id.
   */
  commit?: string;
  /**
   * Branch.
   */
  branch?: string;
  /**
   * Tag.
   */
  tag?: string;
  /**
   * Program or script that was run, relative to the repository.
   */
  entrypoint?: string;
  /**
   * Arguments it was run with.
   *
   * @minItems 1
   */
  arguments?: string[];
  /**
   * Were there uncommitted changes?
   */
  dirty?: boolean;
  /**
   * Digests of the script or source archive.
   */
  digest?: DigestSet;
  /**
   * SPDX licence expression of the code.
   */
  license?: string;
  /**
   * Exact page or archive.
   */
  uri?: Uri;
}
/**
 * The run that made the weights.
 */
export interface Run {
  /**
   * Id in the tracker.
   */
  id?: string;
  /**
   * Tracker: mlflow, wandb, tensorboard …
   */
  tracker?: string;
  /**
   * Page of the run.
   */
  uri?: Uri;
  /**
   * Start.
   */
  start?: Timestamp;
  /**
   * End.
   */
  end?: Timestamp;
  /**
   * How it ended.
   */
  status?: 'completed' | 'failed' | 'killed' | 'running' | 'unknown';
  /**
   * Exit code of the command.
   */
  exitCode?: number;
  /**
   * Provenance statement of the run.
   */
  provenance?: Reference;
}
/**
 * One measured value.
 */
export interface Metric {
  /**
   * Name of the metric.
   */
  name?: string;
  /**
   * Measured value.
   */
  value?: number | string | boolean;
  /**
   * Unit.
   */
  unit?: string;
  /**
   * Group or part of the data the value is for.
   */
  slice?: string;
  /**
   * Split of the dataset.
   */
  split?: string;
  /**
   * Dataset the value was measured on.
   */
  dataset?: Id;
  /**
   * Value at which the test passes, or the decision threshold.
   */
  threshold?: number | string;
  /**
   * Was the threshold met?
   */
  pass?: boolean;
  /**
   * Value without the attack or disturbance.
   */
  clean?: number;
  /**
   * Value under the attack or disturbance.
   */
  attacked?: number;
  confidenceInterval?: ConfidenceInterval;
  /**
   * When it was measured.
   */
  date?: CalendarDate;
  /**
   * Remark.
   */
  note?: string;
}
/**
 * Interval the true value lies in.
 */
export interface ConfidenceInterval {
  /**
   * Lower bound.
   */
  lower?: number;
  /**
   * Upper bound.
   */
  upper?: number;
  /**
   * Probability, 0 to 1.
   */
  level?: number;
}
/**
 * Training time.
 */
export interface Duration {
  /**
   * Elapsed days.
   */
  wallClockDays?: number;
  /**
   * Accelerator-days.
   */
  hardwareDays?: number;
  /**
   * Public range.
   */
  bin?: string;
}
/**
 * Computation used.
 */
export interface Compute {
  /**
   * Floating-point operations.
   */
  flops?: number;
  /**
   * Order of magnitude, where only that is stated.
   */
  order?: string;
  /**
   * How it was worked out.
   */
  methodology?: string;
}
/**
 * Energy used.
 */
export interface Energy {
  /**
   * Energy in kilowatt-hours.
   */
  kilowattHours?: number;
  /**
   * How it was measured or estimated.
   */
  methodology?: string;
  /**
   * Is it an estimate?
   */
  estimated?: boolean;
  carbon?: Carbon;
  /**
   * Water used, in litres.
   */
  waterLitres?: number;
  /**
   * Energy by activity.
   *
   * @minItems 1
   */
  activities?: EnergyActivity[];
}
/**
 * Emissions.
 */
export interface Carbon {
  /**
   * Emitted, in metric tonnes of CO2 equivalent.
   */
  tonnesCo2Equivalent?: number;
  /**
   * Offset, in metric tonnes of CO2 equivalent.
   */
  offsetTonnes?: number;
  /**
   * How it was worked out.
   */
  methodology?: string;
}
/**
 * Energy of one activity.
 */
export interface EnergyActivity {
  /**
   * Activity.
   */
  activity:
    | 'design'
    | 'data-collection'
    | 'data-preparation'
    | 'training'
    | 'fine-tuning'
    | 'validation'
    | 'deployment'
    | 'inference'
    | 'other';
  /**
   * Energy in kilowatt-hours.
   */
  kilowattHours: number;
  /**
   * Energy source.
   */
  source?: 'coal' | 'oil' | 'natural-gas' | 'nuclear' | 'wind' | 'solar' | 'geothermal' | 'hydropower' | 'biofuel' | 'unknown' | 'other';
  /**
   * Energy provider.
   */
  provider?: PartyRef;
  /**
   * Emissions in tonnes of CO2 equivalent.
   */
  tonnesCo2Equivalent?: number;
}
/**
 * Benchmarked inference computation.
 */
export interface InferenceCompute {
  /**
   * Floating-point operations.
   */
  flops?: number;
  /**
   * Task.
   */
  task?: string;
  /**
   * Hardware.
   */
  hardware?: string;
  /**
   * How it was measured.
   */
  methodology?: string;
}
/**
 * What is needed to repeat the run.
 */
export interface Reproducibility {
  /**
   * Seeds.
   *
   * @minItems 1
   */
  seeds?: number[];
  /**
   * Were deterministic algorithms used?
   */
  deterministic?: boolean;
  /**
   * Logs.
   */
  logsUri?: Uri;
  /**
   * Remark.
   */
  note?: string;
}
/**
 * A machine or cluster and its software stack.
 */
export interface Environment {
  /**
   * Id by which others refer to it.
   */
  id?: Id;
  /**
   * Phases that it serves.
   *
   * @minItems 1
   */
  purpose: ('training' | 'evaluation' | 'inference' | 'build')[];
  os?: OperatingSystem;
  runtime?: Runtime;
  /**
   * Accelerators.
   *
   * @minItems 1
   */
  accelerators?: Accelerator[];
  host?: Host;
  location?: Location;
  /**
   * Selected environment variables, secrets never among them.
   */
  variables?: {
    [k: string]: string;
  };
  security?: EnvironmentSecurity;
  /**
   * Hardware BOM.
   */
  hbom?: Reference;
}
/**
 * Operating system.
 */
export interface OperatingSystem {
  /**
   * Name.
   */
  name?: string;
  /**
   * Version.
   */
  version?: string;
  /**
   * Kernel release.
   */
  kernel?: string;
  /**
   * Instruction set.
   */
  architecture?: string;
}
/**
 * Interpreter and container.
 */
export interface Runtime {
  /**
   * Language.
   */
  language?: string;
  /**
   * Version.
   */
  version?: string;
  /**
   * Implementation.
   */
  implementation?: string;
  container?: Container;
}
/**
 * Container image.
 */
export interface Container {
  /**
   * Image name.
   */
  image?: string;
  /**
   * Image digest.
   */
  digest?: DigestSet;
}
/**
 * GPU, TPU or NPU.
 */
export interface Accelerator {
  /**
   * Maker.
   */
  vendor?: string;
  /**
   * Model.
   */
  model?: string;
  /**
   * How many.
   */
  count?: number;
  /**
   * Memory of one, in bytes.
   */
  memoryBytes?: number;
  /**
   * Driver version.
   */
  driverVersion?: string;
  /**
   * Firmware, VBIOS or GSP version.
   */
  firmware?: string;
  /**
   * Architecture or compute capability.
   */
  computeCapability?: string;
  toolkit?: Toolkit;
}
/**
 * Compute toolkit.
 */
export interface Toolkit {
  /**
   * Name: CUDA, ROCm, oneAPI, XLA …
   */
  name: string;
  /**
   * Version.
   */
  version?: string;
}
/**
 * Host hardware.
 */
export interface Host {
  /**
   * Processor.
   */
  cpu?: string;
  /**
   * Cores.
   */
  cores?: number;
  /**
   * Memory, in bytes.
   */
  memoryBytes?: number;
  /**
   * Interconnect.
   */
  interconnect?: string;
  /**
   * Nodes.
   */
  nodes?: number;
}
/**
 * Cloud or site.
 */
export interface Location {
  /**
   * Provider.
   */
  provider?: string;
  /**
   * Region.
   */
  region?: string;
  /**
   * ISO 3166-1 alpha-2.
   */
  country?: string;
}
/**
 * Protection of the environment.
 */
export interface EnvironmentSecurity {
  /**
   * Isolation.
   */
  isolation?: string;
  /**
   * Access control.
   */
  accessControl?: string;
  /**
   * Encryption.
   */
  encryption?: string;
  /**
   * Trusted computing.
   */
  trustedComputing?: string;
}
/**
 * Library, framework, driver, tool or other part that the model was made with or needs.
 */
export interface Component {
  /**
   * Id by which dependencies refer to it.
   */
  id?: Id;
  /**
   * Kind of component (CycloneDX words).
   */
  type?:
    | 'library'
    | 'framework'
    | 'application'
    | 'operating-system'
    | 'device-driver'
    | 'firmware'
    | 'device'
    | 'container'
    | 'platform'
    | 'file';
  /**
   * Namespace, for example the Maven group or npm scope.
   */
  group?: string;
  /**
   * Name.
   */
  name: string;
  /**
   * Exact version.
   */
  version?: string;
  /**
   * What it is.
   */
  description?: string;
  /**
   * Who makes it.
   */
  producer?: PartyRef;
  /**
   * Who supplied it, if another party.
   */
  supplier?: PartyRef;
  /**
   * purl first, CPE and others after it.
   *
   * @minItems 1
   */
  identifiers?: Identifier[];
  /**
   * Digest of the deployable form.
   */
  digest?: DigestSet;
  /**
   * Licences.
   *
   * @minItems 1
   */
  licenses?: License[];
  /**
   * File name as shipped.
   */
  filename?: string;
  /**
   * BSI file properties.
   */
  properties?: FileProperties;
  /**
   * Where it is used.
   *
   * @minItems 1
   */
  scope?: ('training' | 'evaluation' | 'inference' | 'build')[];
  /**
   * How it is known: `installed` (found on disk), `locked` (pinned in a lock file), `declared` (asked for).
   */
  status?: 'installed' | 'locked' | 'declared';
  /**
   * Environment it was found in.
   */
  environment?: Id;
  uris?: ComponentUris;
  /**
   * Digest of the source.
   */
  sourceDigest?: DigestSet;
  /**
   * End of support.
   */
  supportEnd?: PartialDate;
  /**
   * Copyright notice.
   */
  copyright?: string;
}
/**
 * Places of a component.
 */
export interface ComponentUris {
  /**
   * Source.
   */
  source?: Uri;
  /**
   * Download place.
   */
  distribution?: Uri;
  /**
   * Home page.
   */
  homepage?: Uri;
}
/**
 * Edges from one node of the graph.
 */
export interface Dependency {
  /**
   * Id of the node; `model` for the model.
   */
  ref: Id;
  /**
   * Ids that it depends on; empty when it is known to depend on nothing.
   */
  dependsOn: Id[];
  /**
   * What the edges mean.
   */
  kind?: 'dependsOn' | 'trainedOn' | 'testedOn' | 'derivedFrom' | 'contains' | 'loads';
  /**
   * Are all edges listed?
   */
  completeness?: 'complete' | 'partial' | 'unknown';
}
/**
 * A benchmark or test and its results.
 */
export interface Evaluation {
  /**
   * Id.
   */
  id?: Id;
  /**
   * Benchmark or test.
   */
  name: string;
  /**
   * What is measured.
   */
  kind?: 'accuracy' | 'capability' | 'fairness' | 'safety' | 'calibration' | 'privacy' | 'operational' | 'other';
  /**
   * Task (Hugging Face name).
   */
  task?: string;
  /**
   * Results.
   *
   * @minItems 1
   */
  metrics?: Metric[];
  /**
   * Ids of the data used.
   *
   * @minItems 1
   */
  datasets?: Id[];
  protocol?: Protocol;
  /**
   * Why the metric suits the use.
   */
  rationale?: string;
  evaluator?: Evaluator;
  /**
   * When.
   */
  date?: CalendarDate;
  /**
   * Signed report or log.
   */
  report?: Report;
}
/**
 * How it was run.
 */
export interface Protocol {
  /**
   * Procedure.
   */
  description?: string;
  /**
   * Pass criteria.
   */
  criteria?: string;
  /**
   * Tool.
   */
  tool?: string;
  /**
   * Version of the tool.
   */
  toolVersion?: string;
  /**
   * Settings.
   */
  settings?: Hyperparameters;
}
/**
 * Who ran it.
 */
export interface Evaluator {
  /**
   * Party.
   */
  party?: PartyRef;
  /**
   * Independent of the producer?
   */
  independent?: boolean;
}
/**
 * A test against attack, corruption or drift.
 */
export interface RobustnessTest {
  /**
   * Id.
   */
  id?: Id;
  /**
   * Class of NIST AI 100-2, plus natural corruption and drift.
   */
  attackClass:
    | 'evasion'
    | 'poisoningAvailability'
    | 'poisoningTargeted'
    | 'backdoor'
    | 'modelPoisoning'
    | 'reconstruction'
    | 'membership'
    | 'property'
    | 'extraction'
    | 'supplyChain'
    | 'directPrompting'
    | 'indirectPrompting'
    | 'misuse'
    | 'agent'
    | 'corruption'
    | 'drift';
  method?: AttackMethod;
  /**
   * Scores before and under attack.
   *
   * @minItems 1
   */
  results?: Metric[];
  /**
   * Ids of the data used.
   *
   * @minItems 1
   */
  datasets?: Id[];
  tester?: Tester;
  /**
   * When.
   */
  date?: CalendarDate;
  /**
   * What was done with the findings.
   *
   * @minItems 1
   */
  mitigations?: string[];
  /**
   * Signed report.
   */
  report?: Report;
}
/**
 * How it was attacked.
 */
export interface AttackMethod {
  /**
   * Name.
   */
  name: string;
  /**
   * Tool.
   */
  tool?: string;
  /**
   * Version of the tool.
   */
  version?: string;
  /**
   * Parameters.
   */
  parameters?: Hyperparameters;
  /**
   * Knowledge and ability assumed.
   */
  threatModel?: string;
}
/**
 * Who tested.
 */
export interface Tester {
  /**
   * Party.
   */
  party?: PartyRef;
  /**
   * Inside or outside.
   */
  kind?: 'internal' | 'external';
}
/**
 * What the model is for and how it is used.
 */
export interface Usage {
  /**
   * Intended purpose and use cases.
   */
  intendedPurpose?: string;
  /**
   * Tasks and kinds of systems it may go into.
   *
   * @minItems 1
   */
  tasks?: string[];
  /**
   * Application areas.
   *
   * @minItems 1
   */
  domains?: string[];
  /**
   * Intended users and persons affected.
   *
   * @minItems 1
   */
  users?: string[];
  /**
   * Restricted and out-of-scope uses, foreseeable misuse.
   *
   * @minItems 1
   */
  prohibited?: string[];
  /**
   * Policy, or a statement that there is none.
   */
  acceptableUsePolicy?: Reference;
  integration?: Integration;
  requirements?: UsageRequirements;
  /**
   * Instructions for use.
   */
  instructions?: Reference;
  /**
   * Oversight measures.
   */
  humanOversight?: string;
  logging?: Logging;
  /**
   * What input data must be like.
   */
  inputSpecification?: string;
  /**
   * Defaults for generation that ship with the model: temperature, top_p …
   */
  generationDefaults?: Hyperparameters;
}
/**
 * Technical means to integrate.
 */
export interface Integration {
  /**
   * Means.
   */
  means?: string;
  /**
   * Interfaces.
   */
  interfaces?: string;
  /**
   * Hardware and software outside the model that it works with.
   */
  externalHardwareSoftware?: string;
}
/**
 * What is needed to run it.
 */
export interface UsageRequirements {
  /**
   * Hardware.
   */
  hardware?: string;
  /**
   * Software.
   */
  software?: string;
  /**
   * Computing resources.
   */
  resources?: string;
  /**
   * Expected lifetime.
   */
  lifetime?: string;
  /**
   * Maintenance and care.
   */
  maintenance?: string;
}
/**
 * Logging ability.
 */
export interface Logging {
  /**
   * Events logged.
   *
   * @minItems 1
   */
  events?: string[];
  /**
   * How long logs are kept.
   */
  retention?: string;
  /**
   * How logs are reached.
   */
  accessMechanism?: string;
}
/**
 * How the model reaches users.
 */
export interface ModelDistribution {
  /**
   * Channels.
   *
   * @minItems 1
   */
  channels?: Channel[];
  /**
   * Forms in which it is placed on the market.
   *
   * @minItems 1
   */
  forms?: string[];
  authenticity?: Authenticity;
}
/**
 * Way in which the model reaches users.
 */
export interface Channel {
  /**
   * Kind.
   */
  kind: 'api' | 'download' | 'embedded' | 'product' | 'registry' | 'other';
  /**
   * Where.
   */
  uri?: Uri;
  /**
   * For whom.
   */
  audience?: string;
  /**
   * Since when.
   */
  date?: PartialDate;
}
/**
 * Proof that this is the genuine model.
 */
export interface Authenticity {
  /**
   * Digest published elsewhere.
   */
  digest?: DigestSet;
  /**
   * Endpoint that proves it.
   */
  endpoint?: Uri;
  /**
   * How it is proven.
   */
  evidence?: string;
}
/**
 * AI system that the model sits in.
 */
export interface System {
  /**
   * Name.
   */
  name?: string;
  /**
   * Version.
   */
  version?: string;
  /**
   * Producer.
   */
  producer?: PartyRef;
  /**
   * Last update.
   */
  timestamp?: Timestamp;
  /**
   * Models, databases, tools, services.
   *
   * @minItems 1
   */
  components?: Reference[];
  /**
   * How parts build on and feed each other.
   */
  architecture?: string;
  /**
   * Data flows, external APIs, agents.
   *
   * @minItems 1
   */
  dataFlows?: DataFlow[];
  /**
   * How data is used, stored, reused for training.
   */
  dataUsage?: string;
  /**
   * Inputs and outputs.
   */
  io?: SystemIo;
  /**
   * Basic description of the interface.
   */
  userInterface?: string;
  classification?: Classification;
}
/**
 * One flow.
 */
export interface DataFlow {
  /**
   * Source.
   */
  from: string;
  /**
   * Target.
   */
  to: string;
  /**
   * What flows.
   */
  data?: string;
  /**
   * Protocol.
   */
  protocol?: string;
  /**
   * Does it leave the system?
   */
  external?: boolean;
}
/**
 * Inputs and outputs in prose.
 */
export interface SystemIo {
  /**
   * Inputs.
   */
  inputs?: string;
  /**
   * Outputs.
   */
  outputs?: string;
}
/**
 * Regulatory class.
 */
export interface Classification {
  /**
   * Role under the AI Act.
   */
  aiActRole?: 'provider' | 'deployer' | 'importer' | 'distributor' | 'authorisedRepresentative' | 'productManufacturer';
  /**
   * Risk class under the AI Act.
   */
  riskClass?: 'prohibited' | 'highRiskProduct' | 'highRiskAnnexIII' | 'limited' | 'minimal' | 'notInScope';
  /**
   * Number in Annex III, for example `1a`.
   */
  annexIII?: string;
  /**
   * General-purpose AI model?
   */
  gpai?: boolean;
  /**
   * With systemic risk?
   */
  systemicRisk?: boolean;
}
/**
 * Risks.
 */
export interface Risk {
  /**
   * Risk management file (AI Act Art. 9).
   */
  management?: Reference;
  /**
   * Risks, misuse, unintended outcomes.
   *
   * @minItems 1
   */
  register?: RiskEntry[];
  /**
   * Ethical considerations and social impact.
   */
  ethics?: string;
  /**
   * DPIA, FRIA, AI impact assessment.
   *
   * @minItems 1
   */
  impactAssessments?: Reference[];
}
/**
 * One risk.
 */
export interface RiskEntry {
  /**
   * Risk.
   */
  description: string;
  /**
   * Likelihood.
   */
  likelihood?: string;
  /**
   * Impact.
   */
  impact?: string;
  /**
   * Mitigation.
   */
  mitigation?: string;
  /**
   * What remains.
   */
  residual?: string;
  /**
   * Group at risk.
   */
  groupAtRisk?: string;
  /**
   * Benefits.
   */
  benefits?: string;
  /**
   * Harms.
   */
  harms?: string;
}
/**
 * How the model is kept safe.
 */
export interface Security {
  /**
   * General and AI-specific controls.
   *
   * @minItems 1
   */
  controls?: Control[];
  /**
   * Standards and certificates met.
   *
   * @minItems 1
   */
  compliance?: Reference[];
  policy?: DisclosurePolicy;
  /**
   * Known weaknesses and their status.
   *
   * @minItems 1
   */
  vulnerabilities?: Vulnerability[];
  /**
   * Places to look up vulnerabilities.
   *
   * @minItems 1
   */
  advisoryFeeds?: Reference[];
  /**
   * Threat model with AI attack types.
   */
  threatModel?: Reference;
  /**
   * Code, dependency and model scans.
   *
   * @minItems 1
   */
  scans?: Scan[];
  updates?: Updates;
  supportPeriod?: SupportPeriod;
  /**
   * Incidents and known issues.
   *
   * @minItems 1
   */
  incidents?: Incident[];
  /**
   * Input, output and drift monitoring.
   */
  monitoring?: string;
}
/**
 * Protective measure.
 */
export interface Control {
  /**
   * Number in the framework.
   */
  id?: string;
  /**
   * Framework.
   */
  framework?: string;
  /**
   * What is done.
   */
  description?: string;
}
/**
 * Disclosure policy and single contact.
 */
export interface DisclosurePolicy {
  /**
   * security.txt (RFC 9116).
   */
  securityTxt?: Uri;
  /**
   * Coordinated vulnerability disclosure policy.
   */
  cvdPolicy?: Uri;
  /**
   * Single point of contact.
   */
  contact?: Contact;
}
/**
 * Known weakness and its status (OpenVEX words).
 */
export interface Vulnerability {
  /**
   * CVE, GHSA, OSV or own id.
   */
  id: string;
  /**
   * Record.
   */
  source?: Uri;
  /**
   * Ids of the components or artifacts affected; `model` for the model itself.
   *
   * @minItems 1
   */
  affects?: Id[];
  /**
   * Status.
   */
  status?: 'not_affected' | 'affected' | 'exploitable' | 'fixed' | 'under_investigation';
  /**
   * Why it is not affected.
   */
  justification?: string;
  /**
   * Severity.
   */
  severity?: 'none' | 'low' | 'medium' | 'high' | 'critical';
  /**
   * CVSS vector.
   */
  score?: string;
  /**
   * What it is.
   */
  description?: string;
  /**
   * What to do.
   */
  fix?: string;
  /**
   * Date of the status.
   */
  date?: PartialDate;
}
/**
 * How fixes reach users.
 */
export interface Updates {
  /**
   * Mechanism.
   */
  mechanism?: string;
  /**
   * Policy.
   */
  policy?: string;
  /**
   * Rollback and stop rule.
   */
  rollback?: string;
}
/**
 * Support period.
 */
export interface SupportPeriod {
  /**
   * End, month and year at least.
   */
  end?: PartialDate;
  /**
   * How it was set.
   */
  basis?: string;
}
/**
 * One incident.
 */
export interface Incident {
  /**
   * Id.
   */
  id?: string;
  /**
   * Date.
   */
  date?: PartialDate;
  /**
   * What happened.
   */
  description: string;
  /**
   * Status.
   */
  status?: string;
  /**
   * Report.
   */
  report?: Reference;
}
/**
 * Duties and who holds them.
 */
export interface Governance {
  /**
   * Standards applied.
   *
   * @minItems 1
   */
  standards?: StandardReference[];
  /**
   * EU declaration of conformity.
   */
  declaration?: Reference;
  /**
   * Post-market monitoring system and plan.
   */
  postMarketPlan?: Reference;
  copyrightPolicy?: CopyrightPolicy;
  /**
   * Measures against illegal content in data.
   */
  illegalContent?: string;
  /**
   * Public summary of training content.
   */
  publicSummary?: Reference;
  retention?: Retention;
  /**
   * Party by role: owner, approver, data steward and so on.
   */
  roles?: {
    [k: string]: PartyRef;
  };
  /**
   * Approval record and tolerance.
   */
  riskTolerance?: Reference;
}
/**
 * A standard.
 */
export interface StandardReference {
  /**
   * Number.
   */
  id: string;
  /**
   * Title.
   */
  title?: string;
  /**
   * Harmonised standard?
   */
  harmonised?: boolean;
  /**
   * In full or in part.
   */
  extent?: 'full' | 'part';
  /**
   * What is left out.
   */
  note?: string;
}
/**
 * Copyright policy and opt-out handling.
 */
export interface CopyrightPolicy {
  /**
   * Policy.
   */
  uri?: Uri;
  /**
   * Measures for text-and-data-mining reservations.
   */
  tdmMeasures?: string;
  /**
   * Is the code of practice followed?
   */
  codeOfPractice?: boolean;
}
/**
 * How long records are kept.
 */
export interface Retention {
  /**
   * Years.
   */
  years?: number;
  /**
   * Who keeps them.
   */
  custodian?: PartyRef;
}
/**
 * ICT or model service that the model or system relies on (DORA register).
 */
export interface Service {
  /**
   * Id.
   */
  id?: Id;
  /**
   * Name.
   */
  name?: string;
  /**
   * Provider.
   */
  provider?: PartyRef;
  /**
   * Type of ICT service, S01 to S19 of Reg. (EU) 2024/2956.
   */
  type?: string;
  /**
   * Endpoints.
   *
   * @minItems 1
   */
  endpoints?: Uri[];
  criticality?: Criticality;
  chain?: SupplyChain;
  locations?: ServiceLocations;
  contract?: Contract;
  exit?: Exit;
  audit?: Audit;
}
/**
 * Functions supported and their importance.
 */
export interface Criticality {
  /**
   * Functions.
   *
   * @minItems 1
   */
  functions?: string[];
  /**
   * Critical or important?
   */
  critical?: boolean;
  /**
   * Why.
   */
  reason?: string;
  /**
   * Level of reliance.
   */
  reliance?: 'low' | 'medium' | 'high' | 'full';
}
/**
 * Place in the supply chain.
 */
export interface SupplyChain {
  /**
   * Rank, from 1.
   */
  rank?: number;
  /**
   * Recipient.
   */
  recipient?: PartyRef;
  /**
   * Subcontractors.
   *
   * @minItems 1
   */
  subcontractors?: PartyRef[];
}
/**
 * Countries.
 */
export interface ServiceLocations {
  /**
   * Of service.
   *
   * @minItems 1
   */
  provision?: string[];
  /**
   * Of storage.
   *
   * @minItems 1
   */
  storage?: string[];
  /**
   * Of processing.
   *
   * @minItems 1
   */
  processing?: string[];
}
/**
 * Contract data.
 */
export interface Contract {
  /**
   * Reference number.
   */
  reference?: string;
  /**
   * Start.
   */
  start?: PartialDate;
  /**
   * End.
   */
  end?: PartialDate;
  /**
   * Service levels.
   */
  sla?: string;
  /**
   * Audit rights.
   */
  auditRights?: string;
}
/**
 * Exit and substitution.
 */
export interface Exit {
  /**
   * Exit plan.
   */
  plan?: string;
  /**
   * How hard it is to replace.
   */
  substitutability?: 'easy' | 'medium' | 'hard' | 'notSubstitutable';
  /**
   * Alternatives.
   *
   * @minItems 1
   */
  alternatives?: string[];
  /**
   * How hard it is to take back.
   */
  reintegration?: 'easy' | 'medium' | 'hard' | 'impossible';
}
/**
 * Audit and assurance.
 */
export interface Audit {
  /**
   * Last audit.
   */
  last?: PartialDate;
  /**
   * Reports and certificates.
   *
   * @minItems 1
   */
  assurance?: Reference[];
}
/**
 * A document about the model.
 */
export interface LinkedDocument {
  /**
   * Kind.
   */
  type:
    | 'modelCard'
    | 'systemCard'
    | 'dataCard'
    | 'datasheet'
    | 'technicalReport'
    | 'researchPaper'
    | 'evaluationReport'
    | 'acceptableUsePolicy'
    | 'license'
    | 'instructionsForUse'
    | 'inferenceCode'
    | 'preprocessingCode'
    | 'evaluationCode'
    | 'supportingLibraries'
    | 'sampleOutputs'
    | 'illustration'
    | 'sbom'
    | 'hbom'
    | 'vex'
    | 'euDeclaration'
    | 'changelog'
    | 'readme'
    | 'securityPolicy'
    | 'other';
  /**
   * Title.
   */
  title?: string;
  /**
   * Where it is.
   */
  uri?: Uri;
  /**
   * File inside the model directory.
   */
  path?: RelativePath;
  /**
   * Digests.
   */
  digest?: DigestSet;
  /**
   * Date.
   */
  date?: PartialDate;
  /**
   * Who signed it.
   */
  signer?: PartyRef;
  /**
   * IANA media type.
   */
  mediaType?: string;
}
/**
 * Human statement or audit result, tied to requirement ids of compliance profiles.
 */
export interface Attestation {
  /**
   * Requirement ids.
   *
   * @minItems 1
   */
  requirementIds: string[];
  /**
   * What is stated.
   */
  claim?: string;
  /**
   * Person or body.
   */
  by?: PartyRef;
  /**
   * In which role.
   */
  role?: string;
  /**
   * When.
   */
  date?: CalendarDate;
  /**
   * Evidence.
   *
   * @minItems 1
   */
  evidence?: Reference[];
  /**
   * Signature over the statement.
   */
  signature?: Signature;
}
/**
 * SLSA, in-toto or C2PA statement.
 */
export interface ProvenanceStatement {
  /**
   * in-toto predicate type.
   */
  predicateType?: Uri;
  /**
   * Digests that the statement is about.
   *
   * @minItems 1
   */
  subjects?: DigestSet[];
  /**
   * Where it is.
   */
  uri?: Uri;
  /**
   * File inside the model directory.
   */
  path?: RelativePath;
  /**
   * Digests of the statement.
   */
  digest?: DigestSet;
  /**
   * Who signed it.
   */
  signer?: PartyRef;
  /**
   * Was its signature checked when this document was made?
   */
  verified?: boolean;
}
/**
 * Where values came from. Values that one source gave share an entry.
 */
export interface Evidence {
  /**
   * `observed`: read or recomputed from bytes; `declared`: someone wrote it; `inferred`: by a named rule; `supplied`: given by the caller.
   */
  origin: 'observed' | 'declared' | 'inferred' | 'supplied';
  source?: EvidenceSource;
  /**
   * How: reader, collector or rule by name.
   */
  method: string;
  /**
   * Values that came from there.
   *
   * @minItems 1
   */
  pointers: Pointer[];
  /**
   * The source's own key for a value, by pointer.
   */
  keys?: {
    [k: string]: string;
  };
  /**
   * How sure an inference is, 0 to 1.
   */
  confidence?: number;
}
/**
 * Where it was read.
 */
export interface EvidenceSource {
  /**
   * File in the model directory.
   */
  path?: RelativePath;
  /**
   * Place outside it.
   */
  uri?: Uri;
  /**
   * Other source: an environment, a command, an option.
   */
  name?: string;
  /**
   * Digests of the source.
   */
  digest?: DigestSet;
}
/**
 * Content of a converted document that has no home in this one, kept so that it comes out again.
 */
export interface Foreign {
  /**
   * From CycloneDX.
   */
  cyclonedx?: { [k: string]: JsonValue };
  /**
   * From SPDX.
   */
  spdx?: { [k: string]: JsonValue };
}
/**
 * Vendor data under reverse-DNS keys (`org.example.thing`). It never changes the meaning of anything else and readers may ignore it.
 */
export interface Extensions {
  [k: string]: JsonValue;
}
