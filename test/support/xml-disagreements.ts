/** Where the XML schema of CycloneDX allows what the JSON schema of the same version does not. Paths are those of `xsd-model.ts`. */
import type { SchemaVersion } from '../../src/convert/cyclonedx/schema.js';

/** Only XML has these; the reader says that they were left out. */
const WITHOUT: readonly string[] = ['componentEvidenceType/callstack/tools'];

/** In 1.4, JSON has no properties of the whole document. */
const WITHOUT_IN: Partial<Record<SchemaVersion, readonly string[]>> = { '1.4': ['bom/properties'] };
export const without = (version: SchemaVersion): ReadonlySet<string> => new Set([...WITHOUT, ...(WITHOUT_IN[version] ?? [])]);

/**
 * XML may repeat all elements of these; JSON has one of each, and the reader says which were left out. Of a dependency, JSON has
 * two lists, whose items XML may mix.
 */
export const ONCE: ReadonlySet<string> = new Set([
  'compositionType',
  'dependencyType',
  'environmentalConsiderationsType/energyConsumptions',
  'releaseNotesType',
  'releaseNotesType/notes/note',
  'vulnerabilitySourceType',
  'workspaceType',
]);

/** XML may nest these; in JSON the inner ones are plain references. */
export const FLAT: ReadonlySet<string> = new Set(['dependencyType']);

/** XML may leave these out; JSON asks for them. */
const REQUIRED: readonly string[] = [
  'annotationType/subjects',
  'annotationsType/annotation/subjects',
  'citationType/attributedTo', // or a process
  'compositionType/aggregate',
  'declarationsType/affirmation/signatories/signatory/externalReference', // or a signature, which XML has in another form
  'declarationsType/affirmation/signatories/signatory/organization',
  'releaseNotesType/notes/note/text',
  'releaseNotesType/type',
  'service/data/dataflow/classification',
  'vulnerabilityType/affects/target/ref',
  'vulnerabilityType/references/reference/id',
  'vulnerabilityType/references/reference/source',
];

/**
 * In JSON, nothing but these members tells an organization from a person where either may stand, and elements apart that say the
 * same.
 */
const TELLING: readonly string[] = [
  'licenseExpressionDetailedType/details',
  'organizationalContact/email',
  'organizationalEntity/url',
  'service/data/dataflow/@name',
];

/** Lists whose items are unique in JSON may repeat them in XML. */
export const IS_REPEATED = /^the item is the same as item \d+$/;

export const ALWAYS: ReadonlySet<string> = new Set([...REQUIRED, ...TELLING, 'component/@isExternal']);

/** Texts that JSON narrows further than XML does. */
export const TEXTS: Readonly<Record<string, readonly string[]>> = {
  algorithmFamily: ['AES', 'ML-KEM'],
  ellipticCurve: ['nist/P-256'],
  email: ['a@example.org'],
  // A range of versions is for components from elsewhere alone.
  'component/@isExternal': ['true'],
};

/** What our check says of documents that the XML schema allows: findings with their places. */
export const REFUSED_BY_JSON: readonly RegExp[] = [
  /^the item is the same as item \d+ /,
  /^"(.*|)" is not of the form idn-email /,
  // Those of `REQUIRED`, by their names in JSON.
  /^"(aggregate|attributedTo|classification|externalReference|flow|id|organization|process|ref|signature|source|subjects|text|type)" is missing /,
  /^"version" is missing at .*\/affects\/\d+\/versions\/\d+$/,
  // An asserter or an assignee of whom only the name is said, and elements apart that say the same.
  /^it meets several of the forms of which it may have only one /,
  /^"(contact|email|phone|url)" is not known here /,
  // A range of versions on a component that is not external.
  /^it has a form that is forbidden here at .*\/?component(s\/\d+)?$/,
  // An element that is empty stands for a default of the XML schema.
  /^"" is none of .* at .*\/(aggregate|scope|status|mode|tlp)$/,
  // Elements of which the XML schema does not say what they hold.
  /^<\w+> in <\w+> was left out: only text may stand here /,
  // libxml2 lets contacts stand behind elements of other namespaces, which the schema does not.
  /^<contact> in <\w+> is out of place: it must stand before elements of other namespaces /,
];
