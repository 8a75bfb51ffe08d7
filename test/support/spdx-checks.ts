/** The official checks of SPDX 3.0.1, offline: JSON schema and SHACL. */
import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import jsonld from 'jsonld';
import { DataFactory, Parser, Store } from 'n3';
import Validator from 'rdf-validate-shacl';

const read = (name: string): string => readFileSync(new URL(`./spdx/${name}`, import.meta.url), 'utf8');
const CONTEXT_URL = 'https://spdx.org/rdf/3.0.1/spdx-context.jsonld';
const RDF = 'http://www.w3.org/1999/02/22-rdf-syntax-ns#';

let compiled: ((document: unknown) => boolean) | undefined;

/** Does the document meet the official JSON schema, by ajv? */
export function meetsOfficialSchema(document: unknown): boolean {
  compiled ??= new Ajv2020({ strict: false, allErrors: false }).compile(JSON.parse(read('spdx-schema-v3.0.1.json')) as object);
  return compiled(document);
}

let shapes: Store | undefined;

/**
 * The official shapes. They are `owl:Class`es, and the validator takes only an `rdfs:Class` for a target of its own
 * instances: without the added triples everything conforms.
 */
function officialShapes(): Store {
  if (shapes !== undefined) return shapes;
  shapes = new Store(new Parser().parse(read('spdx-model.ttl')));
  const type = DataFactory.namedNode(`${RDF}type`);
  const owl = DataFactory.namedNode('http://www.w3.org/2002/07/owl#Class');
  for (const { subject } of shapes.getQuads(null, type, owl, null))
    shapes.addQuad(subject, type, DataFactory.namedNode('http://www.w3.org/2000/01/rdf-schema#Class'));
  return shapes;
}

const context: unknown = JSON.parse(read('spdx-context.jsonld'));

const loadContext = async (url: string) => {
  if (url !== CONTEXT_URL) throw new Error(`the test may not load ${url}`);
  return { contextUrl: undefined, documentUrl: url, document: context };
};

/**
 * The document as RDF, in a form that is the same for all documents that mean the same; undefined for the few that hold so many
 * nameless things alike that telling them apart takes too long.
 */
export async function canonicalRDF(document: object): Promise<string | undefined> {
  try {
    const options = { algorithm: 'RDFC-1.0', format: 'application/n-quads', documentLoader: loadContext, safe: false } as const;
    return String(await jsonld.canonize(document, options));
  } catch (error) {
    if (error instanceof Error && error.message.startsWith('Maximum deep iterations')) return undefined;
    throw error;
  }
}

/** What the official SHACL model finds wrong; nothing when the document conforms. */
export async function shaclFindings(document: object): Promise<string[]> {
  let nquads: unknown;
  try {
    nquads = await jsonld.toRDF(document, { format: 'application/n-quads', documentLoader: loadContext });
  } catch (error) {
    // A document that is no JSON-LD has nothing that shapes could be held against.
    if (error instanceof Error && error.name === 'jsonld.SyntaxError') return [error.message];
    throw error;
  }
  const model = officialShapes();
  const data = new Store(model.getQuads(null, null, null, null));
  data.addQuads(new Parser({ format: 'application/n-quads' }).parse(String(nquads)));
  const { results } = await new Validator(model).validate(data);
  return results.map(
    ({ focusNode, path, value, sourceConstraintComponent }) =>
      `${focusNode?.value} ${JSON.stringify(path)} ${value?.value}: ${sourceConstraintComponent?.value.replace(/^.*#/, '')}`,
  );
}
