/** Statements of whatever standard a document is of. */
import { isObject } from '../../core/objects.js';
import { isCsaf } from '../csaf.js';
import { readCsafVex } from './csaf.js';
import { isCycloneDX, readCycloneDXVex } from './cyclonedx.js';
import { isOpenVex, readOpenVex } from './openvex.js';
import { isSpdx3, readSpdxVex } from './spdx.js';
import type { VexStatement } from './statement.js';

/**
 * Statements of an OpenVEX, CycloneDX, CSAF or SPDX 3 document, already parsed; undefined when it is none of these. What breaks the rules
 * of its standard, such as `not_affected` without a reason, says nothing.
 */
export function readVex(value: unknown, document: string): readonly VexStatement[] | undefined {
  if (!isObject(value)) return undefined;
  if (isOpenVex(value)) return readOpenVex(value, document);
  if (isCycloneDX(value)) return readCycloneDXVex(value, document);
  if (isCsaf(value)) return readCsafVex(value, document);
  return isSpdx3(value) ? readSpdxVex(value, document) : undefined;
}
