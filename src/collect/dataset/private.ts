/** What metadata states of a dataset, made ready for a manifest: well-formed texts, nothing private. */
import type { JsonValue } from '../../core/canonical-json.js';
import type { Finding } from '../../core/finding.js';
import { privateReason } from '../redact.js';
import { type DatasetStatement, wellFormed } from './statement.js';

/** The statement without values that hold an address or a path of somebody's disk; each that went is a finding. */
export function withoutPrivate(
  statement: DatasetStatement,
  path: string,
  keep: boolean,
): { readonly statement: DatasetStatement; readonly findings: readonly Finding[] } {
  const { findings = [] } = statement;
  const values = statement.values.map((each) => ({ ...each, value: repaired(each.value) }));
  if (keep) return { statement: { ...statement, values }, findings };
  const dropped: Finding[] = [];
  const isPublic = (key: string, value: JsonValue): boolean => {
    const reason = reasonIn(value);
    if (reason !== undefined) dropped.push(leftOut(path, key, reason));
    return reason === undefined;
  };
  return {
    statement: {
      ...statement,
      values: values.filter(({ key, value }) => isPublic(key, value)),
      metadata: Object.fromEntries(Object.entries(statement.metadata ?? {}).filter(([key, value]) => isPublic(key, value))),
      upstream: (statement.upstream ?? []).filter(({ key, name, uri = '' }) => isPublic(key, [name, uri])),
    },
    findings: [...findings, ...dropped],
  };
}

/** Half of a surrogate pair cannot be written as UTF-8, so that no manifest could hold it. */
function repaired(value: JsonValue): JsonValue {
  if (typeof value === 'string') return wellFormed(value);
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return (value as readonly JsonValue[]).map(repaired);
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, repaired(member)]));
}

function reasonIn(value: JsonValue): string | undefined {
  if (typeof value === 'string') return privateReason(value);
  if (typeof value !== 'object' || value === null) return undefined;
  for (const member of Array.isArray(value) ? (value as readonly JsonValue[]) : Object.values(value)) {
    const reason = reasonIn(member);
    if (reason !== undefined) return reason;
  }
  return undefined;
}

function leftOut(file: string, key: string, reason: string): Finding {
  return {
    id: 'private-data',
    severity: 'low',
    message: `the value of \`${key}\` holds ${reason} and was left out`,
    fix: 'Collect with --include-private to keep it.',
    file,
  };
}
