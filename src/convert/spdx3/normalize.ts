/** What the official schema says of a document, whichever of the forms of JSON-LD it is written in. */
import type { Finding } from '../../core/finding.js';
import { isObject } from '../cyclonedx/json.js';
import { checkSPDXSchema } from './schema.js';
import { readSource } from './source.js';
import { CONTEXT } from './words.js';

/**
 * Does the document meet the schema once its elements stand side by side under the names of the context? The schema takes one way
 * to write what JSON-LD lets write in many. Content that this would leave out is not passed over.
 * @throws ERR_CONVERT_INPUT, ERR_LIMIT_DEPTH
 */
export function isValidWhenEven(document: unknown): boolean {
  return hasOnlyNodes(document) && evenBreaches(document).length === 0;
}

const evenBreaches = (document: unknown): readonly Finding[] =>
  checkSPDXSchema({ '@context': CONTEXT, '@graph': [...readSource(document).nodes.values()] });

function hasOnlyNodes(document: unknown): boolean {
  if (!isObject(document)) return false;
  const graph = document['@graph'];
  if (graph === undefined) return true;
  return [graph].flat().every(isObject) && Object.keys(document).every((key) => key === '@context' || key === '@graph');
}
