/** Every way to look at a CycloneDX document at once: its schema, the lint, advice, and what consumers make of it. */
import { type Finding, isBlocking } from '../../core/finding.js';
import type { Consumer } from '../consumers.js';
import type { OpenedDocument } from '../validate.js';
import { adviseCycloneDX } from './advice.js';
import { isObject, objectOf } from './json.js';
import { lintCycloneDX } from './lint.js';
import { lintForConsumer } from './profiles.js';
import { checkCycloneDXSchema, readAs, SCHEMA_VERSIONS } from './schema.js';

/** A date and time without a zone: XML Schema takes it, JSON Schema does not. */
const WITHOUT_ZONE = /^"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?" (is not of the form date-time|has no time zone)/;
/** XML Schema takes any text as an address. */
const ADDRESS = /is not of the form iri-reference$/;
/** An XML signature has no place in JSON, where it is then missing. */
const SIGNATURE = /<(\w+:)?Signature>/;

/** What the official schema of the document's version refuses, in the syntax that the document has. */
export async function breachesOfCycloneDX({ kind, value, findings }: OpenedDocument): Promise<readonly Finding[]> {
  const { version } = kind as { readonly version?: string }; // of CycloneDX, by the caller
  const known = SCHEMA_VERSIONS.find((each) => each === readAs(version));
  if (known === undefined) return [...findings, unknownVersion(version, value)];
  // The address of its own schema is not that of the version that it is read as.
  const { $schema: _address, ...content } = objectOf(value);
  const schema = await checkCycloneDXSchema(known === version || !isObject(value) ? value : content, known);
  if (!isXml(kind)) return schema;
  const signed = new Set(findings.filter(({ message }) => SIGNATURE.test(message)).map(({ pointer }) => pointer));
  const isTold = toldByXml(findings);
  return [
    ...findings,
    ...schema.filter(
      (each) => !signed.has(each.pointer) && !WITHOUT_ZONE.test(each.message) && !ADDRESS.test(each.message) && !isTold(each),
    ),
  ];
}

/** What the XML schema refuses at a place is said once, in its words. */
function toldByXml(findings: readonly Finding[]): (finding: Finding) => boolean {
  const wrong = new Set<string>();
  const lacking = new Set<string>();
  for (const { id, message, pointer = '' } of findings) {
    if (id !== 'cyclonedx-xml-structure') continue;
    if (WRONG.test(message)) wrong.add(pointer);
    const [, parts = ''] = /^<[^>]*> lacks (.*)/.exec(message) ?? [];
    for (const [part] of parts.matchAll(/[\w.-]+/g)) lacking.add(`${pointer} ${part}`);
  }
  return ({ message, pointer = '' }) => wrong.has(pointer) || lacking.has(`${pointer} ${/^"(.*)" is missing$/.exec(message)?.[1]}`);
}

/** All findings; what the lint says more exactly than the schema is said once. */
export async function checkCycloneDX(opened: OpenedDocument, consumers: readonly Consumer[]): Promise<readonly Finding[]> {
  const { kind, value } = opened;
  const lint = lintCycloneDX(value).map((finding) => (isXml(kind) ? asInXml(finding) : finding));
  const said = new Set(lint.filter(isBlocking).map(({ pointer }) => pointer));
  const breaches = (await breachesOfCycloneDX(opened)).filter((each) => !isOfValue(each) || !said.has(each.pointer));
  return [...breaches, ...lint, ...adviseCycloneDX(value), ...consumers.flatMap((consumer) => lintForConsumer(consumer, value))];
}

/** Is it about a value that is there, and no more than that? */
const isOfValue = ({ id, message }: Finding): boolean =>
  id === 'cyclonedx-schema' || (id === 'cyclonedx-xml-structure' && WRONG.test(message));
const WRONG = /^(<[^>]*>|the attribute .* of <[^>]*>) is wrong: /;

const isXml = (kind: object): boolean => (kind as { readonly syntax?: string }).syntax === 'xml';
const asInXml = (finding: Finding): Finding =>
  finding.id === 'cyclonedx-time-zone' && WITHOUT_ZONE.test(finding.message) ? { ...finding, severity: 'medium' } : finding;

/** A version that is no text is for its schema to refuse, which is not known then. */
function unknownVersion(version: string | undefined, value: unknown): Finding {
  const stated = (value as { readonly specVersion?: unknown } | null | undefined)?.specVersion;
  return {
    id: 'cyclonedx-version',
    severity: 'high',
    message:
      version !== undefined
        ? `CycloneDX ${version.slice(0, 20)} is not read`
        : stated === undefined
          ? 'the document does not state its version of CycloneDX'
          : `the version of CycloneDX is ${JSON.stringify(stated).slice(0, 20)}, which is not a text`,
    fix:
      version === undefined
        ? `State it as \`"specVersion": "1.6"\`.`
        : `Have the document written as CycloneDX ${SCHEMA_VERSIONS.join(', ')}; 1.2 and 1.3 are read as well.`,
    pointer: stated === undefined ? '' : '/specVersion',
  };
}
