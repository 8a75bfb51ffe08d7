/** Tables in files: what their headers and footers say, without reading the data. */

import type { JsonValue } from '../../core/canonical-json.js';
import { MsbomError } from '../../core/error.js';
import type { Collected, Contribution } from '../contribution.js';
import { wellFormed } from '../values.js';
import type { Column } from './content.js';

export interface TableFacts {
  /** Id of the format, as in `artifacts[].format.serialization`. */
  readonly format: string;
  readonly mediaType: string;
  readonly version?: string | undefined;
  /** Rows in the file. */
  readonly rows: number;
  readonly columns: readonly Column[];
  readonly producer?: { readonly name: string; readonly version?: string } | undefined;
  /** Small values, under the file's own keys. */
  readonly metadata: { readonly [key: string]: string };
  /** What was not looked into. */
  readonly notInspected?: string;
}

/** The facts of a table's file. */
export function tableNote(path: string, table: TableFacts): Collected {
  const metadata = Object.entries(table.metadata).map(([key, value]) => [key, wellFormed(value)]);
  const facts: { readonly [key: string]: JsonValue } = {
    format: { serialization: table.format, mediaType: table.mediaType, ...(table.version === undefined ? {} : { version: table.version }) },
    inspection: table.notInspected === undefined ? { status: 'inspected' } : { status: 'partial', reason: table.notInspected },
    ...(table.producer === undefined ? {} : { producers: [{ ...table.producer, name: wellFormed(table.producer.name) }] }),
    metadata: Object.fromEntries(metadata),
  };
  return { contributions: [{ kind: 'file', path, facts, from: { origin: 'observed', path, method: `${table.format} metadata` } }] };
}

/**
 * A file named like a table that cannot be read as one: a finding, and nothing is known of its content.
 * @throws what is no fault of the file
 */
export function unreadableTable(path: string, title: string, error: unknown): Collected {
  if (!MsbomError.is(error) || error.code.startsWith('ERR_IO')) throw error;
  const reason = `the ${title} metadata cannot be read: ${error.message}`;
  const note: Contribution = {
    kind: 'file',
    path,
    facts: { inspection: { status: 'not-inspected', reason } },
    from: { origin: 'observed', path, method: `${title} reader` },
  };
  return {
    contributions: [note],
    findings: [
      {
        id: 'data-unreadable',
        severity: 'medium',
        message: reason,
        fix: error.hint ?? 'Fetch the file again, or ask its publisher.',
        file: path,
        offset: error.offset,
      },
    ],
  };
}
