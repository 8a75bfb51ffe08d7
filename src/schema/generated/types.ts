// Written by scripts/generate.mjs from schema/1.0/msbom.schema.json. Do not edit.
import type {JsonValue} from '../../core/canonical-json.js';

/**
 * Short name of a thing; other fields refer to it. Unique over models, datasets, components and services. `model` always names the model that the document is about.
 */
export type Id = string;
/**
 * Is everything listed? `complete`, `partial`, or `unknown` when nobody can say.
 */
export type Completeness = 'complete' | 'partial' | 'unknown';
/**
 * `unknown`: nobody knows; `withheld`: known, not told; `not-applicable`: makes no sense here.
 */
export type DeclarationStatus = 'unknown' | 'withheld' | 'not-applicable';
/**
 * Open vocabulary; `examples` lists the registered words.
 */
export type Audience = string;
/**
 * Open vocabulary; `examples` lists the registered words.
 */
export type PartyRole = string;
/**
 * Text that is not empty.
 */
export type Text = string;
/**
 * Path relative to the root of what is described, with `/`; no `.` or `..` segment.
 */
export type RelativePath = string;
/**
 * What a digest over a directory did with symbolic links.
 */
export type Symlinks = 'refused' | 'followed';
/**
 * BCP 47 language tag.
 */
export type LanguageTag = string;
/**
 * Open vocabulary; `examples` lists the registered words.
 */
export type LearningApproach = string;
/**
 * Size of a dimension; -1 where it is open.
 */
export type Dimension = number;
/**
 * `inspected`: the header was read whole; `partial`: in part; `not-inspected`: hashed only.
 */
export type InspectionStatus = 'inspected' | 'partial' | 'not-inspected';
/**
 * Whole number from 0.
 */
export type Count = number;
/**
 * How the other model belongs to this thing: `part` (a component of a pipeline, ensemble or application), `adapter` (loaded into it), `draft` (proposes tokens for speculative decoding), `companion` (runs beside it: embedder, reranker, guard).
 */
export type PartRelation = 'part' | 'adapter' | 'draft' | 'companion';
/**
 * How sure a link is: `unverified` (a name only), `digest-matched` (its digest was recomputed), `manifest-matched` (its own manifest has the digest stated here and describes these bytes), `signature-verified` (a signature over its digest was checked).
 */
export type Verification = 'unverified' | 'digest-matched' | 'manifest-matched' | 'signature-verified';
/**
 * How this model came from that one. `derived`: made from it in another way, or in a way that is not known.
 */
export type ParentRelation = 'finetune' | 'adapter' | 'merge' | 'quantize' | 'distill' | 'continue' | 'convert' | 'prune' | 'derived';
/**
 * Open vocabulary; `examples` lists the registered words.
 */
export type DatasetRole = string;
/**
 * Open vocabulary; `examples` lists the registered words.
 */
export type DataModality = string;
/**
 * ISO 3166-1 alpha-2 code of a country.
 */
export type CountryCode = string;
/**
 * SHA-256 in lower-case hexadecimal.
 */
export type Sha256 = string;
/**
 * How far a scan came: `complete` (all of what it was asked for), `incomplete` (a limit was met or a part could not be read), `error` (it broke off), `not-inspected` (nothing was looked at).
 */
export type ScanStatus = 'complete' | 'incomplete' | 'error' | 'not-inspected';
/**
 * What a scan found: `clean` (nothing, and the scan is complete), `suspicious`, `malicious`, `unknown` (nobody can say).
 */
export type ScanVerdict = 'clean' | 'suspicious' | 'malicious' | 'unknown';
/**
 * Open vocabulary; `examples` lists the registered words.
 */
export type EnvironmentPurpose = string;
/**
 * Open vocabulary; `examples` lists the registered words.
 */
export type ComponentScope = string;
/**
 * Ids of things.
 *
 * @minItems 1
 */
export type IdList = Id[];
/**
 * Absolute URI (RFC 3986).
 */
export type Uri = string;
/**
 * Status of a vulnerability (OpenVEX words; `exploitable` is that of CycloneDX).
 */
export type VexStatus = 'not_affected' | 'affected' | 'exploitable' | 'fixed' | 'under_investigation';
/**
 * Severity of a vulnerability.
 */
export type Severity = 'none' | 'low' | 'medium' | 'high' | 'critical';
/**
 * `observed`: read or recomputed from bytes; `declared`: someone wrote it; `inferred`: made by the rule that `method` names; `supplied`: given by the caller of a tool.
 */
export type Origin = 'observed' | 'declared' | 'inferred' | 'supplied';

/**
 * Model SBOM: what a machine-learning model, dataset or application is made of, with evidence for every value. Media type application/vnd.msbom+json, file name *.msbom.json. What a schema cannot say stands as numbered rules in the specification; `examples` lists the registered words of an open vocabulary.
 */
export interface Manifest {
  /**
   * Any URI; editors use it to find the schema. `urn:msbom:schema:1.0` is the id of this one.
   */
  $schema?: string;
  bom: Bom;
  /**
   * Persons and organisations, by id.
   */
  parties?: {
    [k: string]: Party;
  };
  model?: Model;
  /**
   * Every other model that the document speaks of, by id: bases, teachers, merge parents, adapters, parts of a pipeline, draft models, companions at run time.
   */
  models?: {
    [k: string]: Model;
  };
  /**
   * Datasets, by id.
   */
  datasets?: {
    [k: string]: Dataset;
  };
  /**
   * Files of what is described, by path relative to its root, with `/`, compared byte by byte without Unicode normalisation.
   */
  artifacts?: {
    [k: string]: Artifact;
  };
  /**
   * Machines and software stacks it was made or runs on, by id.
   */
  environments?: {
    [k: string]: Environment;
  };
  /**
   * Libraries, frameworks, drivers, tools and applications, by id.
   */
  components?: {
    [k: string]: Component;
  };
  /**
   * Graph of what depends on what, by the id of the thing that depends.
   */
  dependencies?: {
    [k: string]: DependencyNode;
  };
  /**
   * ICT and model services relied on, by id.
   */
  services?: {
    [k: string]: Service;
  };
  /**
   * Evaluations, by id.
   */
  evaluations?: {
    [k: string]: Evaluation;
  };
  /**
   * Tests against attack, corruption and drift, by id.
   */
  robustnessTests?: {
    [k: string]: RobustnessTest;
  };
  usage?: Usage;
  distribution?: ModelDistribution;
  system?: System;
  risk?: Risk;
  security?: Security;
  governance?: Governance;
  /**
   * Changes over the life cycle of the subject, in order.
   *
   * @minItems 1
   */
  changes?: Change[];
  /**
   * Model card, data card, reports, papers, policies, other BOMs, by id.
   */
  documents?: {
    [k: string]: LinkedDocument;
  };
  /**
   * Human statements and audit results, by id.
   */
  attestations?: {
    [k: string]: Attestation;
  };
  /**
   * SLSA, in-toto and C2PA statements, by id.
   */
  provenance?: {
    [k: string]: ProvenanceStatement;
  };
  /**
   * Statements about the values of this document and where they came from.
   *
   * @minItems 1
   */
  evidence?: Evidence[];
  foreign?: Foreign;
  extensions?: Extensions;
}
/**
 * The document itself.
 */
export interface Bom {
  /**
   * Version of this specification that the document follows.
   */
  specVersion: string;
  /**
   * What the document describes: `model` (the default), or the id of a dataset or component. Then `/model` is absent. A document without this and without `/model` does not say what it describes.
   */
  subject?: string;
  /**
   * Ids of the models, datasets, components and services that the document is about as much as about its subject.
   *
   * @minItems 1
   */
  otherSubjects?: Id[];
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
  timestamp: string;
  /**
   * Who made the document: the operator, never the tool. Ids of parties in `/parties`.
   *
   * @minItems 1
   */
  authors?: Id[];
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
  uri?: string;
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
   * States, by pointer to the place, what is unknown, withheld or not applicable. `/-` behind the pointer of a collection or list states it of members that are not named.
   */
  declarations?: {
    [k: string]: Declaration;
  };
  distribution?: DocumentDistribution;
  /**
   * History of the document.
   *
   * @minItems 1
   */
  revisions?: Revision[];
  /**
   * Audience of a value by pointer, from which views are made; a value without an entry has the audience of what holds it, the document is `public`. Items of a list are not pointed at; the list is.
   */
  audiences?: {
    [k: string]: Audience;
  };
  derivedFrom?: DocumentReference;
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
  digest?: DigestSet;
  /**
   * Home of the program.
   */
  uri?: string;
}
/**
 * Digests of the same bytes by algorithm, in lower-case hexadecimal (in-toto DigestSet). A file that was at hand has `sha256`. An algorithm that this specification does not name is allowed; a reader that does not know it ignores it.
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
   * BLAKE2b with 384 bits (RFC 7693).
   */
  blake2b_384?: string;
  /**
   * BLAKE2b with 256 bits (RFC 7693).
   */
  blake2b_256?: string;
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
  [k: string]: string | undefined;
}
/**
 * When in the life cycle, and from what, the document was made.
 */
export interface GenerationContext {
  /**
   * Life-cycle phase. Open vocabulary.
   */
  phase: string;
  /**
   * Command or call that made the document, without private paths.
   */
  command?: string;
  /**
   * Data at hand: `files`, `files and training log` …
   */
  basis?: string;
}
/**
 * Signature over the thing that carries it.
 */
export interface Signature {
  /**
   * Kind of signature. Open vocabulary.
   */
  method: string;
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
  uri?: string;
  /**
   * Its file, where it is one of those described: a path in `/artifacts`.
   */
  path?: string;
  digest?: DigestSet;
  /**
   * Who signed. Id of a party in `/parties`.
   */
  signer?: string;
  /**
   * When it was signed, as the signature says.
   */
  signedAt?: string;
}
/**
 * Licence or terms of use: at least one of `expression`, `name` and `url`.
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
   * How the licence was arrived at: `declared` by the author, `concluded` by a reviewer, `original`, `distribution` and `effective` as BSI TR-03183-2 uses the words. Open vocabulary.
   */
  kind?: string;
  /**
   * Text of the licence.
   */
  url?: string;
  /**
   * Its file, where it is one of those described: a path in `/artifacts`.
   */
  path?: string;
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
 * How much the document lists: `depth` and `completeness` of components, and whether models, datasets and files are listed completely.
 */
export interface Coverage {
  /**
   * How deep the listing of components goes. Open vocabulary.
   */
  depth?: string;
  completeness?: Completeness;
  datasets?: Completeness;
  artifacts?: Completeness;
  /**
   * Remark.
   */
  note?: string;
  models?: Completeness;
}
/**
 * Why a value is missing.
 */
export interface Declaration {
  status: DeclarationStatus;
  /**
   * Why.
   */
  reason?: string;
  contact?: Contact;
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
  url?: string;
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
 * Who may get the document, and how.
 */
export interface DocumentDistribution {
  /**
   * Who. Open vocabulary.
   */
  access: string;
  /**
   * Traffic Light Protocol word. Open vocabulary.
   */
  tlp?: string;
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
  date?: string;
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
 * The document that this one is a view of. A view has a serial number and versions of its own.
 */
export interface DocumentReference {
  /**
   * Serial number of that document.
   */
  serialNumber: string;
  /**
   * Version of that document.
   */
  version: number;
  digest: DigestSet;
}
/**
 * Person or organisation.
 */
export interface Party {
  /**
   * Legal name.
   */
  name: string;
  /**
   * Sort of party. Open vocabulary.
   */
  kind?: string;
  /**
   * What the party does for the described thing.
   *
   * @minItems 1
   */
  roles?: PartyRole[];
  contact?: Contact;
  identifiers?: PartyIdentifiers;
  /**
   * Seat, ISO 3166-1 alpha-2.
   */
  country?: string;
  /**
   * Ultimate parent undertaking. Id of a party in `/parties`.
   */
  parent?: string;
  extensions?: Extensions;
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
   * Scheme. Open vocabulary.
   */
  type: string;
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
 * Vendor data under reverse-DNS keys (`org.example.thing`). It never changes the meaning of anything else and readers may ignore it.
 */
export interface Extensions {
  [k: string]: JsonValue;
}
/**
 * A model: the subject (`/model`), or any other that the document speaks of (`/models`): a base, teacher, merge parent, adapter, part of a pipeline, draft model or companion. All have the same rights.
 */
export interface Model {
  /**
   * Name given by its producer; never the name of another model.
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
   * What sort of thing the model is. Open vocabulary.
   */
  kind?: string;
  /**
   * Other names, collection name, public version names.
   *
   * @minItems 1
   */
  aliases?: Text[];
  /**
   * Purpose, capabilities and lineage in prose.
   */
  description?: string;
  /**
   * Machine-usable ids.
   *
   * @minItems 1
   */
  identifiers?: Identifier[];
  digest?: TreeDigest;
  manifest?: Reference;
  /**
   * Where it is.
   */
  uri?: string;
  /**
   * How others get the weights: `open`, `gated` (asked to accept terms or to sign in), `licence-asked` (a request is decided), `hosted` (only through a service), `none`. Open vocabulary.
   */
  access?: string;
  supersededBy?: VersionReference;
  /**
   * Its public summary of training content.
   */
  summaryUri?: string;
  /**
   * Kinds of model and tasks it performs: `text-generation`, `image-classification` (Hugging Face task names) and the like.
   *
   * @minItems 1
   */
  types?: Text[];
  /**
   * Who pre-trained, post-trained or fine-tuned it. Id of a party in `/parties`.
   */
  producer?: string;
  /**
   * Who supplies it to the recipient, if another party. Id of a party in `/parties`.
   */
  supplier?: string;
  /**
   * Persons and organisations who made it. Ids of parties in `/parties`.
   *
   * @minItems 1
   */
  authors?: Id[];
  /**
   * Last build or change of the weights.
   */
  timestamp?: string;
  /**
   * First release through any channel.
   */
  releaseDate?: string;
  /**
   * Placed on the Union market.
   */
  euMarketDate?: string;
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
  languages?: LanguageTag[];
  /**
   * Free keywords.
   *
   * @minItems 1
   */
  tags?: Text[];
  /**
   * Libraries that load it, as the card says.
   *
   * @minItems 1
   */
  libraries?: Text[];
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
  learningApproaches?: LearningApproach[];
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
  capabilities?: Text[];
  /**
   * Known weaknesses and limits.
   *
   * @minItems 1
   */
  limitations?: Text[];
  /**
   * Means to interpret outputs.
   */
  explainability?: string;
  /**
   * Does it act without human involvement? (SPDX autonomyType) Open vocabulary.
   */
  autonomy?: string;
  /**
   * Overall safety risk (SPDX safetyRiskAssessment, EU risk classes). Open vocabulary.
   */
  safetyRisk?: string;
  /**
   * Paths, in `/artifacts`, of its files. For the subject: when missing, all files that nothing else claims.
   *
   * @minItems 1
   */
  artifacts?: RelativePath[];
  /**
   * Files of it that do not lie here, by path in its own directory.
   */
  files?: {
    [k: string]: ListedFile;
  };
  /**
   * Models that it is put together from or runs with, under the name of their place (`vae`, `text_encoder`, `guard`).
   */
  composition?: {
    [k: string]: PartReference;
  };
  lineage?: Lineage;
  training?: Training;
  /**
   * Where more is said or held of it: its tracker, its pages, further places to get it from.
   *
   * @minItems 1
   */
  references?: ExternalReference[];
  extensions?: Extensions;
}
/**
 * Digest of a model or dataset as a whole, with what it is over: for the subject all files described, for any other model or dataset its `artifacts`. `root` of method `oms-v1` is that of OpenSSF Model Signing v1.0; with `complete` true it follows from the files listed here, with false it stands although not all of them are.
 */
export interface TreeDigest {
  root: DigestSet;
  /**
   * How `root` was computed: `oms-v1` (files of a directory), `file` (the bytes of the only file), `archive` (the bytes of an archive of it), `git` (`gitCommit` or `gitTree`), `merkle-rfc6962` (items of a snapshot), `unknown` (its source does not say). Open vocabulary.
   */
  method: string;
  /**
   * Files and directories that were left out, by their exact paths (a directory stands for all below it); no patterns. The manifest being written and the signature being verified are left out always and not named.
   *
   * @minItems 1
   */
  ignored?: RelativePath[];
  symlinks?: Symlinks;
  /**
   * Are all files that `root` is over listed in this document?
   */
  complete: boolean;
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
  uri?: string;
  /**
   * Its file, where it is one of those described: a path in `/artifacts`.
   */
  path?: string;
  digest?: DigestSet;
  /**
   * Date of the thing meant.
   */
  date?: string;
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
  digest?: TreeDigest;
  /**
   * Release date.
   */
  date?: string;
  manifest?: Reference;
  /**
   * What is different.
   */
  note?: string;
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
   * Kind of data. Open vocabulary.
   */
  modality?: string;
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
  shape?: Dimension[];
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
   * Class of the Model Openness Framework that is claimed. Open vocabulary.
   */
  mofClass?: string;
}
/**
 * A file of a model or dataset that lies elsewhere, as far as it is known.
 */
export interface ListedFile {
  /**
   * What the file is for. Open vocabulary.
   */
  role?: string;
  format?: ArtifactFormat;
  /**
   * Bytes.
   */
  size?: number;
  digest?: DigestSet;
  inspection?: Inspection;
  tensors?: TensorSummary;
  /**
   * Small values embedded in the file, under the file's own keys.
   */
  metadata?: {
    [k: string]: string;
  };
  shard?: Shard;
  pointer?: StoragePointer;
  /**
   * Download place of exactly these bytes.
   */
  uri?: string;
  /**
   * Licences of the file where they differ from the model's.
   *
   * @minItems 1
   */
  licenses?: License[];
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
  status: InspectionStatus;
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
    [k: string]: Count;
  };
  /**
   * Bytes of tensor data.
   */
  bytes?: number;
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
   * Kind of pointer. Open vocabulary.
   */
  kind: string;
  digest?: DigestSet;
  /**
   * Bytes of the real file, as the pointer claims.
   */
  size?: number;
}
/**
 * A model that this thing is put together from or runs with.
 */
export interface PartReference {
  /**
   * Id of a model in `/models`, or `model`.
   */
  model: string;
  relation: PartRelation;
  /**
   * What it does there. Open vocabulary.
   */
  role?: string;
  /**
   * Directory it lies in, in a pipeline.
   */
  path?: string;
  /**
   * Class that loads it.
   */
  className?: string;
  /**
   * Library of the class.
   */
  library?: string;
  /**
   * Strength with which an adapter is applied.
   */
  weight?: number;
  verification?: Verification;
  /**
   * Remark.
   */
  note?: string;
}
/**
 * Where the model came from.
 */
export interface Lineage {
  /**
   * Was it trained from random weights? `true` contradicts parents.
   */
  scratch?: boolean;
  /**
   * Models that it was made from, under a short name each (the id of the model where nothing is better). The model itself never stands here.
   */
  parents?: {
    [k: string]: ParentReference;
  };
  /**
   * How third-party pre-trained parts were used, changed or integrated.
   */
  modifications?: string;
  /**
   * Earlier versions of the same model, oldest first.
   *
   * @minItems 1
   */
  previousVersions?: VersionReference[];
}
/**
 * A model that this one was made from.
 */
export interface ParentReference {
  /**
   * Id of a model in `/models`, or `model`.
   */
  model: string;
  relation: ParentRelation;
  /**
   * Part that it played. Open vocabulary.
   */
  role?: string;
  /**
   * Share in a merge.
   */
  weight?: number;
  verification?: Verification;
  /**
   * Remark.
   */
  note?: string;
}
/**
 * How the model was trained. `totals` is the amount of all its training data.
 */
export interface Training {
  /**
   * Pre-training, SFT, RLHF, DPO, LoRA and so on.
   *
   * @minItems 1
   */
  methods?: Text[];
  /**
   * Stages of the training, by name; `after` states their order.
   */
  stages?: {
    [k: string]: Stage;
  };
  /**
   * Data that was used where the stage is not known. Each under a short name (the id of the dataset where it is used once).
   */
  uses?: {
    [k: string]: DatasetUse;
  };
  /**
   * Environment of all stages that name none: its id in `/environments`.
   */
  environment?: string;
  hyperparameters?: Hyperparameters;
  totals?: DatasetSize;
  /**
   * Why key decisions were made; assumptions.
   */
  rationale?: string;
  /**
   * Preparation of data for this model beyond what the datasets say.
   *
   * @minItems 1
   */
  preprocessing?: Text[];
  code?: CodeReference;
  evaluationCode?: CodeReference;
  run?: Run;
  /**
   * Last values of the metrics that training recorded, by name.
   */
  metrics?: {
    [k: string]: Metric;
  };
  duration?: Duration;
  compute?: Compute;
  energy?: Energy;
  inferenceCompute?: InferenceCompute;
  reproducibility?: Reproducibility;
  extensions?: Extensions;
}
/**
 * One stage; its key is its name.
 */
export interface Stage {
  /**
   * Name, where the key is not it.
   */
  name?: string;
  /**
   * Stages that this one continues, by key in `stages`; absent for the first.
   *
   * @minItems 1
   */
  after?: Id[];
  /**
   * Objective.
   */
  objective?: string;
  /**
   * Data of the stage. Each under a short name (the id of the dataset where it is used once).
   */
  uses?: {
    [k: string]: DatasetUse;
  };
  /**
   * Environment of the stage: its id in `/environments`.
   */
  environment?: string;
  /**
   * Start.
   */
  start?: string;
  /**
   * End.
   */
  end?: string;
  hyperparameters?: Hyperparameters;
  /**
   * Last values of the metrics that the stage recorded, by name.
   */
  metrics?: {
    [k: string]: Metric;
  };
  extensions?: Extensions;
}
/**
 * A dataset as it was used: which part, how much, how often.
 */
export interface DatasetUse {
  /**
   * Id of a dataset in `/datasets`.
   */
  dataset: string;
  /**
   * Configuration or subset.
   */
  config?: string;
  /**
   * Split, or an expression over splits (`train[:80%]`).
   */
  split?: string;
  /**
   * Revision that was used, where it is not the version of the dataset.
   */
  revision?: string;
  /**
   * Part that the data played. Open vocabulary.
   */
  role?: string;
  /**
   * Share in the mixture, 0 to 1.
   */
  share?: number;
  /**
   * Samples used, each counted once.
   */
  samples?: number;
  /**
   * Tokens used, each counted once.
   */
  tokens?: number;
  /**
   * How often it was gone through.
   */
  epochs?: number;
  /**
   * Remark.
   */
  note?: string;
  extensions?: Extensions;
}
/**
 * Values by canonical name: `learning_rate`, `batch_size`, `per_device_train_batch_size`, `gradient_accumulation_steps`, `num_train_epochs`, `max_steps`, `optimizer`, `lr_scheduler_type`, `warmup_steps`, `weight_decay`, `seed`, `lora_r`, `lora_alpha` and so on. The source's own spelling stands in the evidence. A library's default is not a recorded value. A value is any JSON value, in the type that its source gave it.
 */
export interface Hyperparameters {
  [k: string]: JsonValue;
}
/**
 * A measured value. `parameters` is the configuration of the metric (averaging, shots, normalisation), `use` the data where it is not that of the evaluation.
 */
export interface Metric {
  /**
   * Name, where the key is not it.
   */
  name?: string;
  /**
   * Value.
   */
  value?: number;
  /**
   * The result as it was written, where it is no number (`<0.01`, `refused`) or where its digits matter (`0.80`).
   */
  text?: string;
  /**
   * Unit.
   */
  unit?: string;
  /**
   * Group or part of the data the value is for.
   */
  slice?: string;
  parameters?: Hyperparameters;
  use?: DatasetUse;
  /**
   * Threshold for passing.
   */
  threshold?: number;
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
  date?: string;
  /**
   * Remark.
   */
  note?: string;
  extensions?: Extensions;
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
 * Amount of data, exact or as a range, and by modality.
 */
export interface DatasetSize {
  /**
   * Rows, images, clips or documents.
   */
  dataPoints?: number;
  /**
   * Tokens.
   */
  tokens?: number;
  /**
   * Bytes.
   */
  bytes?: number;
  /**
   * Range, in the words of the template that asks for it.
   */
  bin?: string;
  /**
   * Amount by modality (the words of `modality`).
   */
  byModality?: {
    [k: string]: Amount;
  };
}
/**
 * Amount of data of one modality.
 */
export interface Amount {
  /**
   * Rows, images, clips or documents.
   */
  dataPoints?: number;
  /**
   * Tokens.
   */
  tokens?: number;
  /**
   * Hours of audio or video.
   */
  hours?: number;
  /**
   * Bytes.
   */
  bytes?: number;
  /**
   * Range, in the words of the template that asks for it.
   */
  bin?: string;
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
  digest?: DigestSet;
  /**
   * Exact page or archive.
   */
  uri?: string;
  /**
   * Licences of the code.
   *
   * @minItems 1
   */
  licenses?: License[];
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
  uri?: string;
  /**
   * Start.
   */
  start?: string;
  /**
   * End.
   */
  end?: string;
  /**
   * How it ended. Open vocabulary.
   */
  status?: string;
  /**
   * Exit code of the command.
   */
  exitCode?: number;
  provenance?: Reference;
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
   * Activity. Open vocabulary.
   */
  activity: string;
  /**
   * Energy in kilowatt-hours.
   */
  kilowattHours: number;
  /**
   * Energy source. Open vocabulary.
   */
  source?: string;
  /**
   * Energy provider. Id of a party in `/parties`.
   */
  provider?: string;
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
  logsUri?: string;
  /**
   * Remark.
   */
  note?: string;
}
/**
 * An address and what is there.
 */
export interface ExternalReference {
  /**
   * What is there (CycloneDX words). Open vocabulary.
   */
  type: string;
  /**
   * Where it is.
   */
  uri: string;
  /**
   * What else is said of it.
   */
  comment?: string;
  digest?: DigestSet;
}
/**
 * Data used to make, tune, test or run the model.
 */
export interface Dataset {
  /**
   * Public name.
   */
  name: string;
  /**
   * Version, revision or snapshot.
   */
  version?: string;
  /**
   * URI, DOI, purl or metadata id.
   *
   * @minItems 1
   */
  identifiers?: Identifier[];
  /**
   * Content, scope and purpose.
   */
  description?: string;
  digest?: TreeDigest;
  manifest?: Reference;
  /**
   * Page, metadata location or download place.
   */
  uri?: string;
  /**
   * How others may get it. Open vocabulary.
   */
  access?: string;
  /**
   * Terms of access.
   */
  accessTerms?: string;
  supersededBy?: VersionReference;
  /**
   * Owner, creator or publisher. Id of a party in `/parties`.
   */
  issuer?: string;
  /**
   * Who supplied it, if another party. Id of a party in `/parties`.
   */
  supplier?: string;
  /**
   * Copyright notice.
   */
  copyright?: string;
  /**
   * Licence or terms of the data.
   *
   * @minItems 1
   */
  licenses?: License[];
  rights?: Rights;
  /**
   * How it asks to be cited: a text or BibTeX entry each.
   *
   * @minItems 1
   */
  citations?: Text[];
  /**
   * Summary of the parts that it played for the subject; agrees with the uses that name it.
   *
   * @minItems 1
   */
  roles?: DatasetRole[];
  /**
   * Source class of the EU training-content template and the model documentation form. Open vocabulary.
   */
  sourceCategory?: string;
  /**
   * Tasks that it is made for, in the words of its platform.
   *
   * @minItems 1
   */
  tasks?: Text[];
  content?: DatasetContent;
  size?: DatasetSize;
  /**
   * Configurations or subsets, by name.
   */
  configs?: {
    [k: string]: DatasetConfig;
  };
  /**
   * Splits of a dataset without configurations, by name.
   */
  splits?: {
    [k: string]: Split;
  };
  /**
   * Fields or columns, by name.
   */
  fields?: {
    [k: string]: DatasetField;
  };
  /**
   * Paths, in `/artifacts`, of its files that lie here.
   *
   * @minItems 1
   */
  artifacts?: RelativePath[];
  /**
   * Files of it that do not lie here, by path in its own directory.
   */
  files?: {
    [k: string]: ListedFile;
  };
  snapshot?: Snapshot;
  /**
   * Was it collected or made anew, from no other dataset? `true` contradicts `sources`.
   */
  original?: boolean;
  /**
   * Datasets that it was made from. Each under a short name (the id of the dataset where it is used once).
   */
  sources?: {
    [k: string]: DatasetUse;
  };
  synthetic?: Synthetic;
  /**
   * Earlier versions of the same dataset, oldest first.
   *
   * @minItems 1
   */
  previousVersions?: VersionReference[];
  dates?: DatasetDates;
  /**
   * Languages covered.
   *
   * @minItems 1
   */
  languages?: LanguageTag[];
  geography?: Geography;
  timeframe?: Timeframe;
  /**
   * Sensors or devices that recorded it.
   *
   * @minItems 1
   */
  sensors?: Text[];
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
  gaps?: Text[];
  sensitivity?: Sensitivity;
  personalData?: PersonalData;
  /**
   * Anonymisation and other privacy-enhancing measures.
   *
   * @minItems 1
   */
  privacyMeasures?: PrivacyMeasure[];
  /**
   * Signatures over the data or over a revision.
   *
   * @minItems 1
   */
  signatures?: Signature[];
  /**
   * Provider services the user data comes from.
   */
  services?: string;
  /**
   * Was provenance checked, only stated, or is it not known? Open vocabulary.
   */
  provenanceStatus?: string;
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
  maintenance?: Maintenance;
  /**
   * Linked machine-readable metadata: Croissant, datasheet, data card, D&TA.
   *
   * @minItems 1
   */
  metadataRefs?: Reference[];
  /**
   * Where more is said or held of it: its tracker, its pages, further places to get it from.
   *
   * @minItems 1
   */
  references?: ExternalReference[];
  extensions?: Extensions;
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
 * What kind of data it is.
 */
export interface DatasetContent {
  /**
   * Modalities.
   *
   * @minItems 1
   */
  modalities?: DataModality[];
  /**
   * Kinds of content.
   *
   * @minItems 1
   */
  types?: Text[];
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
  labels?: Text[];
}
/**
 * Configuration or subset of a dataset.
 */
export interface DatasetConfig {
  /**
   * What it holds.
   */
  description?: string;
  /**
   * Splits, by name.
   */
  splits?: {
    [k: string]: Split;
  };
  /**
   * Fields or columns, by name.
   */
  fields?: {
    [k: string]: DatasetField;
  };
  /**
   * Languages.
   *
   * @minItems 1
   */
  languages?: LanguageTag[];
}
/**
 * Part of a dataset kept apart for a purpose.
 */
export interface Split {
  /**
   * Rows or items.
   */
  rows?: number;
  /**
   * Tokens.
   */
  tokens?: number;
  /**
   * Bytes.
   */
  bytes?: number;
  /**
   * Its files: paths in `/artifacts` or in `files` of the dataset.
   *
   * @minItems 1
   */
  artifacts?: RelativePath[];
  /**
   * Remark.
   */
  note?: string;
}
/**
 * Field or column of a dataset.
 */
export interface DatasetField {
  /**
   * Type, in the words of its source: `string`, `int64`, `Image` …
   */
  dataType?: string;
  /**
   * What it holds.
   */
  description?: string;
  /**
   * Names of its classes.
   *
   * @minItems 1
   */
  labels?: Text[];
  /**
   * Does it hold personal data?
   */
  personalData?: boolean;
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
   * The items themselves, for short lists.
   *
   * @minItems 1
   */
  items?: SnapshotItem[];
  listing?: Reference;
}
/**
 * First and last moment.
 */
export interface Period {
  /**
   * First retrieval.
   */
  start?: string;
  /**
   * Last retrieval.
   */
  end?: string;
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
  uri: string;
  digest: DigestSet;
  /**
   * Bytes.
   */
  size?: number;
  /**
   * When it was fetched.
   */
  retrievedAt?: string;
}
/**
 * How synthetic data was made.
 */
export interface Synthetic {
  /**
   * Ids of the models in `/models` that made it.
   *
   * @minItems 1
   */
  generators?: Id[];
  /**
   * Public training summary of those models.
   */
  generatorSummaryUri?: string;
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
 * Dates of a dataset.
 */
export interface DatasetDates {
  /**
   * Issue of this version.
   */
  issued?: string;
  /**
   * Issue of the version before.
   */
  previous?: string;
  /**
   * First use in the development of the model.
   */
  firstUsed?: string;
  /**
   * Latest update.
   */
  updated?: string;
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
  origin?: CountryCode[];
  /**
   * Countries where it may be processed.
   *
   * @minItems 1
   */
  processingAllowed?: CountryCode[];
  /**
   * Countries where it may not be processed.
   *
   * @minItems 1
   */
  processingForbidden?: CountryCode[];
  /**
   * Countries where it may be stored.
   *
   * @minItems 1
   */
  storageAllowed?: CountryCode[];
  /**
   * Countries where it may not be stored.
   *
   * @minItems 1
   */
  storageForbidden?: CountryCode[];
}
/**
 * Period in which the data was made or collected.
 */
export interface Timeframe {
  /**
   * Start.
   */
  start?: string;
  /**
   * End.
   */
  end?: string;
  /**
   * Latest acquisition.
   */
  latestAcquisition?: string;
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
  method?: Text[];
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
  crawlers?: Text[];
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
  topDomainsUri?: string;
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
   * Kind of step. Open vocabulary.
   */
  kind: string;
  /**
   * What was done.
   */
  description?: string;
  tool?: Tool;
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
   * Traffic Light Protocol word. Open vocabulary.
   */
  level?: string;
  /**
   * Kinds of sensitive data.
   *
   * @minItems 1
   */
  classes?: Text[];
}
/**
 * Facts about personal data.
 */
export interface PersonalData {
  /**
   * Categories of personal data.
   *
   * @minItems 1
   */
  categories?: Text[];
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
  consentUri?: string;
  /**
   * Aggregate consumer information (Cal. Civ. Code 1798.140)?
   */
  aggregateConsumerInfo?: boolean;
  /**
   * Does it contain personal data? Open vocabulary.
   */
  contains: string;
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
 * A check of the data.
 */
export interface Screening {
  /**
   * What was looked for. Open vocabulary.
   */
  kind: string;
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
  date?: string;
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
   * Maintainer. Id of a party in `/parties`.
   */
  maintainer?: string;
}
/**
 * One file among those described; its path is its key in `/artifacts`.
 */
export interface Artifact {
  /**
   * What the file is for. Open vocabulary.
   */
  role?: string;
  format?: ArtifactFormat;
  /**
   * Bytes.
   */
  size: number;
  digest: DigestSet;
  /**
   * Name of the export or precision that the file belongs to, where one directory holds several of the same model (`onnx-int8`, `Q4_K_M`).
   */
  variant?: string;
  inspection?: Inspection;
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
    [k: string]: Sha256;
  };
  /**
   * Small values embedded in the file, under the file's own keys.
   */
  metadata?: {
    [k: string]: string;
  };
  shard?: Shard;
  pointer?: StoragePointer;
  properties?: FileProperties;
  /**
   * Download place of exactly these bytes.
   */
  uri?: string;
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
  extensions?: Extensions;
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
 * Result of a malware, unsafe-code or dependency scan. Only what the tool looked at is covered; a scan that is not complete is never `clean`.
 */
export interface Scan {
  tool: Tool;
  /**
   * What was scanned, where it is not a list of files. Open vocabulary.
   */
  target?: string;
  status: ScanStatus;
  verdict?: ScanVerdict;
  /**
   * Number of findings.
   */
  findings?: number;
  /**
   * When the scan ended.
   */
  date?: string;
  report?: Report;
  /**
   * Files scanned: paths in `/artifacts`.
   *
   * @minItems 1
   */
  artifacts?: RelativePath[];
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
  uri?: string;
  /**
   * Its file, where it is one of those described: a path in `/artifacts`.
   */
  path?: string;
  digest?: DigestSet;
  /**
   * Who signed it. Id of a party in `/parties`.
   */
  signer?: string;
  /**
   * When it was signed.
   */
  signedAt?: string;
}
/**
 * A machine or cluster and its software stack.
 */
export interface Environment {
  /**
   * Phases that it serves.
   *
   * @minItems 1
   */
  purpose: EnvironmentPurpose[];
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
  hbom?: Reference;
  extensions?: Extensions;
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
 * Library, framework, driver, tool, application or other part that is no model and no dataset.
 */
export interface Component {
  /**
   * Kind of component (CycloneDX words). Open vocabulary.
   */
  type?: string;
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
   * Last build or change.
   */
  timestamp?: string;
  /**
   * What it is.
   */
  description?: string;
  /**
   * Who makes it. Id of a party in `/parties`.
   */
  producer?: string;
  /**
   * Who supplied it, if another party. Id of a party in `/parties`.
   */
  supplier?: string;
  /**
   * purl first, CPE and others after it.
   *
   * @minItems 1
   */
  identifiers?: Identifier[];
  digest?: DigestSet;
  manifest?: Reference;
  /**
   * Licences.
   *
   * @minItems 1
   */
  licenses?: License[];
  /**
   * Paths, in `/artifacts`, of its files that lie here.
   *
   * @minItems 1
   */
  artifacts?: RelativePath[];
  /**
   * Models that it contains or runs with, under the name of their place (`generator`, `guard`).
   */
  composition?: {
    [k: string]: PartReference;
  };
  /**
   * File name as shipped.
   */
  filename?: string;
  properties?: FileProperties;
  /**
   * Where it is used.
   *
   * @minItems 1
   */
  scope?: ComponentScope[];
  /**
   * How it is known: `installed` (found on disk), `locked` (pinned in a lock file), `declared` (asked for). Open vocabulary.
   */
  status?: string;
  /**
   * Environment it was found in: its id in `/environments`.
   */
  environment?: string;
  uris?: ComponentUris;
  sourceDigest?: DigestSet;
  /**
   * End of support.
   */
  supportEnd?: string;
  /**
   * Copyright notice.
   */
  copyright?: string;
  /**
   * Where more is said or held of it: its tracker, its pages, further places to get it from.
   *
   * @minItems 1
   */
  references?: ExternalReference[];
  extensions?: Extensions;
}
/**
 * Places of a component.
 */
export interface ComponentUris {
  /**
   * Source.
   */
  source?: string;
  /**
   * Download place.
   */
  distribution?: string;
  /**
   * Home page.
   */
  homepage?: string;
}
/**
 * What one thing depends on.
 */
export interface DependencyNode {
  /**
   * Ids of other things by what the edge means. The words are an open vocabulary: `depends-on`, `loads`, `contains`, `trained-on`, `tested-on`, `derived-from`.
   */
  edges?: {
    [k: string]: IdList;
  };
  completeness?: Completeness;
}
/**
 * ICT or model service that the model or system relies on (DORA register).
 */
export interface Service {
  /**
   * Namespace.
   */
  group?: string;
  /**
   * Name.
   */
  name?: string;
  /**
   * Exact version.
   */
  version?: string;
  /**
   * What it does.
   */
  description?: string;
  /**
   * Provider. Id of a party in `/parties`.
   */
  provider?: string;
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
  /**
   * Licences.
   *
   * @minItems 1
   */
  licenses?: License[];
  criticality?: Criticality;
  chain?: SupplyChain;
  locations?: ServiceLocations;
  contract?: Contract;
  exit?: Exit;
  audit?: Audit;
  /**
   * Where more is said or held of it: its tracker, its pages, further places to get it from.
   *
   * @minItems 1
   */
  references?: ExternalReference[];
  extensions?: Extensions;
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
  functions?: Text[];
  /**
   * Critical or important?
   */
  critical?: boolean;
  /**
   * Why.
   */
  reason?: string;
  /**
   * Level of reliance. Open vocabulary.
   */
  reliance?: string;
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
   * Recipient. Id of a party in `/parties`.
   */
  recipient?: string;
  /**
   * Subcontractors. Ids of parties in `/parties`.
   *
   * @minItems 1
   */
  subcontractors?: Id[];
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
  provision?: CountryCode[];
  /**
   * Of storage.
   *
   * @minItems 1
   */
  storage?: CountryCode[];
  /**
   * Of processing.
   *
   * @minItems 1
   */
  processing?: CountryCode[];
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
  start?: string;
  /**
   * End.
   */
  end?: string;
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
   * How hard it is to replace. Open vocabulary.
   */
  substitutability?: string;
  /**
   * Alternatives.
   *
   * @minItems 1
   */
  alternatives?: Text[];
  /**
   * How hard it is to take back. Open vocabulary.
   */
  reintegration?: string;
}
/**
 * Audit and assurance.
 */
export interface Audit {
  /**
   * Last audit.
   */
  last?: string;
  /**
   * Reports and certificates.
   *
   * @minItems 1
   */
  assurance?: Reference[];
}
/**
 * A benchmark or test and its results.
 */
export interface Evaluation {
  /**
   * Benchmark or test.
   */
  name: string;
  /**
   * What is measured. Open vocabulary.
   */
  kind?: string;
  /**
   * Model evaluated, where it is not the subject: its id in `/models`.
   */
  model?: string;
  /**
   * Task (Hugging Face name).
   */
  task?: string;
  /**
   * Data used. Together with `task` and the configuration of the metrics it makes up the identity of the evaluation. Each under a short name (the id of the dataset where it is used once).
   */
  uses?: {
    [k: string]: DatasetUse;
  };
  /**
   * Results by name.
   */
  metrics?: {
    [k: string]: Metric;
  };
  protocol?: Protocol;
  /**
   * Why the metric suits the use.
   */
  rationale?: string;
  evaluator?: Evaluator;
  /**
   * When.
   */
  date?: string;
  report?: Report;
  extensions?: Extensions;
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
  tool?: Tool;
  settings?: Hyperparameters;
}
/**
 * Who ran it.
 */
export interface Evaluator {
  /**
   * Party. Id of a party in `/parties`.
   */
  party?: string;
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
   * Class of NIST AI 100-2, plus natural corruption and drift. Open vocabulary.
   */
  attackClass: string;
  /**
   * Model tested, where it is not the subject: its id in `/models`.
   */
  model?: string;
  method?: AttackMethod;
  /**
   * Data used. Each under a short name (the id of the dataset where it is used once).
   */
  uses?: {
    [k: string]: DatasetUse;
  };
  /**
   * Scores before and under attack, by name.
   */
  results?: {
    [k: string]: Metric;
  };
  tester?: Tester;
  /**
   * When.
   */
  date?: string;
  /**
   * What was done with the findings.
   *
   * @minItems 1
   */
  mitigations?: Text[];
  report?: Report;
  extensions?: Extensions;
}
/**
 * How it was attacked.
 */
export interface AttackMethod {
  /**
   * Name.
   */
  name: string;
  tool?: Tool;
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
   * Party. Id of a party in `/parties`.
   */
  party?: string;
  /**
   * Inside or outside. Open vocabulary.
   */
  kind?: string;
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
  tasks?: Text[];
  /**
   * Application areas.
   *
   * @minItems 1
   */
  domains?: Text[];
  /**
   * Intended users and persons affected.
   *
   * @minItems 1
   */
  users?: Text[];
  /**
   * Restricted and out-of-scope uses, foreseeable misuse.
   *
   * @minItems 1
   */
  prohibited?: Text[];
  acceptableUsePolicy?: Reference;
  integration?: Integration;
  requirements?: UsageRequirements;
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
  events?: Text[];
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
  forms?: Text[];
  authenticity?: Authenticity;
}
/**
 * Way in which the model reaches users.
 */
export interface Channel {
  /**
   * Kind. Open vocabulary.
   */
  kind: string;
  /**
   * Where.
   */
  uri?: string;
  /**
   * For whom.
   */
  audience?: string;
  /**
   * Since when.
   */
  date?: string;
}
/**
 * Proof that this is the genuine model.
 */
export interface Authenticity {
  digest?: DigestSet;
  /**
   * Endpoint that proves it.
   */
  endpoint?: string;
  /**
   * How it is proven.
   */
  statement?: string;
}
/**
 * The AI system that the subject is part of, or is.
 */
export interface System {
  /**
   * The system itself: its id in `/components`, where its name, version, producer and time stand.
   */
  component?: string;
  /**
   * Ids of the models, datasets, components and services that it is put together from.
   *
   * @minItems 1
   */
  components?: Id[];
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
  io?: SystemIo;
  /**
   * Basic description of the interface.
   */
  userInterface?: string;
  classification?: Classification;
  extensions?: Extensions;
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
   * Role under the AI Act. Open vocabulary.
   */
  aiActRole?: string;
  /**
   * Risk class under the AI Act. Open vocabulary.
   */
  riskClass?: string;
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
  management?: Reference;
  /**
   * Risks, misuse and unintended outcomes, by id.
   */
  register?: {
    [k: string]: RiskEntry;
  };
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
   * General and AI-specific protective measures, by id.
   */
  controls?: {
    [k: string]: Control;
  };
  /**
   * Standards and certificates met.
   *
   * @minItems 1
   */
  compliance?: Reference[];
  policy?: DisclosurePolicy;
  /**
   * Known weaknesses and their status, each under an id (the number of the weakness where it stands once).
   */
  vulnerabilities?: {
    [k: string]: Vulnerability;
  };
  /**
   * Places to look up vulnerabilities.
   *
   * @minItems 1
   */
  advisoryFeeds?: Reference[];
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
   * Incidents and known issues, by id.
   */
  incidents?: {
    [k: string]: Incident;
  };
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
   * Framework.
   */
  framework?: string;
  /**
   * What is done.
   */
  description?: string;
  /**
   * Number in the framework.
   */
  number?: string;
}
/**
 * Disclosure policy and single contact.
 */
export interface DisclosurePolicy {
  /**
   * security.txt (RFC 9116).
   */
  securityTxt?: string;
  /**
   * Coordinated vulnerability disclosure policy.
   */
  cvdPolicy?: string;
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
  source?: string;
  /**
   * Ids of the models, datasets, components or services affected; `model` for the subject.
   *
   * @minItems 1
   */
  affects?: Id[];
  status?: VexStatus;
  /**
   * Why it is not affected.
   */
  justification?: string;
  severity?: Severity;
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
  date?: string;
  /**
   * Files affected: paths in `/artifacts`.
   *
   * @minItems 1
   */
  artifacts?: RelativePath[];
  extensions?: Extensions;
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
  end?: string;
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
   * Date.
   */
  date?: string;
  /**
   * What happened.
   */
  description: string;
  /**
   * Status.
   */
  status?: string;
  report?: Report;
}
/**
 * Duties and who holds them.
 */
export interface Governance {
  /**
   * Standards applied, each under an id.
   */
  standards?: {
    [k: string]: StandardReference;
  };
  declaration?: Reference;
  postMarketPlan?: Reference;
  copyrightPolicy?: CopyrightPolicy;
  /**
   * Measures against illegal content in data.
   */
  illegalContent?: string;
  publicSummary?: Reference;
  retention?: Retention;
  /**
   * Owners and responsible persons by role. Each value is the id of a party in `/parties`.
   */
  roles?: {
    [k: string]: Id;
  };
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
   * In full or in part. Open vocabulary.
   */
  extent?: string;
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
  uri?: string;
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
   * Who keeps them. Id of a party in `/parties`.
   */
  custodian?: string;
}
/**
 * A change over the life cycle.
 */
export interface Change {
  /**
   * Date.
   */
  date?: string;
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
 * A document about the model.
 */
export interface LinkedDocument {
  /**
   * Kind. Open vocabulary.
   */
  type: string;
  /**
   * Title.
   */
  title?: string;
  /**
   * Where it is.
   */
  uri?: string;
  /**
   * Its file, where it is one of those described: a path in `/artifacts`.
   */
  path?: string;
  digest?: DigestSet;
  /**
   * Date.
   */
  date?: string;
  /**
   * Who signed it. Id of a party in `/parties`.
   */
  signer?: string;
  /**
   * IANA media type.
   */
  mediaType?: string;
  /**
   * Licences of the document.
   *
   * @minItems 1
   */
  licenses?: License[];
  extensions?: Extensions;
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
  requirementIds: Text[];
  /**
   * What is stated.
   */
  claim?: string;
  /**
   * Person or body. Id of a party in `/parties`.
   */
  by?: string;
  /**
   * In which role.
   */
  role?: string;
  /**
   * When.
   */
  date?: string;
  signature?: Signature;
  /**
   * What the statement rests on.
   *
   * @minItems 1
   */
  references?: Reference[];
  extensions?: Extensions;
}
/**
 * SLSA, in-toto or C2PA statement.
 */
export interface ProvenanceStatement {
  /**
   * in-toto predicate type.
   */
  predicateType?: string;
  /**
   * Digests that the statement is about.
   *
   * @minItems 1
   */
  subjects?: DigestSet[];
  /**
   * Where it is.
   */
  uri?: string;
  /**
   * Its file, where it is one of those described: a path in `/artifacts`.
   */
  path?: string;
  digest?: DigestSet;
  /**
   * Who signed it. Id of a party in `/parties`.
   */
  signer?: string;
  /**
   * Was its signature checked when this document was made?
   */
  verified?: boolean;
  extensions?: Extensions;
}
/**
 * A statement about values: who says them, from what, and whether that agrees. An entry speaks for the members below its pointer as far as the source itself said them; what a tool made (ids, purls, kinds, sums) is `inferred`.
 */
export interface Evidence {
  origin: Origin;
  /**
   * How: reader, collector or rule by name.
   */
  method: string;
  source?: EvidenceSource;
  /**
   * Who makes the statement, where it is not the tool: an author, an auditor. Id of a party in `/parties`.
   */
  by?: string;
  /**
   * When the statement was made.
   */
  at?: string;
  tool?: Tool;
  /**
   * How sure an inference is, 0 to 1.
   */
  confidence?: number;
  /**
   * Values by JSON pointer (RFC 6901). Members of a set are not pointed at; the set is.
   */
  values: {
    [k: string]: EvidenceValue;
  };
}
/**
 * What was read or heard.
 */
export interface EvidenceSource {
  /**
   * File among `/artifacts`.
   */
  path?: string;
  /**
   * Place outside it.
   */
  uri?: string;
  /**
   * Other source: a person, an environment, a command, an option.
   */
  name?: string;
  digest?: DigestSet;
}
/**
 * What the source said about one value. Empty when it said just what the manifest says. `said` is what it said instead, any JSON value, only where that is not what the manifest says; for a set (licences, tags, identifiers) the members that the source gave. `null` is the same as no `said`.
 */
export interface EvidenceValue {
  /**
   * The source's own key or place for the value: `num_train_epochs`, `model-index[0].results[2]`, line 14.
   */
  key?: string;
  /**
   * What of the value the statement is about, where it is not all of it: paths relative to the pointer, `*` for every item of a collection (`digest`, `* /size`).
   *
   * @minItems 1
   */
  members?: Text[];
  said?: JsonValue;
}
/**
 * What a converted document said and this specification has no place for, in the words of its format, so that it comes out again. It changes the meaning of nothing else; what this document says stands above it.
 */
export interface Foreign {
  /**
   * From CycloneDX.
   */
  cyclonedx?: {
    [k: string]: JsonValue;
  };
  /**
   * From SPDX.
   */
  spdx?: {
    [k: string]: JsonValue;
  };
}
