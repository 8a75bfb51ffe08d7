import type { Finding } from '../../core/finding.js';
import { SPEC_VERSION } from '../schema/index.js';
import type { RuleMeta } from './rule.js';

/** A version of a specification of this kind: two numbers. */
const VERSION = /^(0|[1-9][0-9]{0,3})[.](0|[1-9][0-9]{0,3})$/;

/** Advice about a document of a later 1.x. */
export const NEWER_VERSION: RuleMeta = {
  id: 'newer-version',
  clause: '10.2',
  severity: 'info',
  title: 'The document follows a later version of the specification than this program knows',
  fix: 'Take a newer program to have everything examined.',
};

/** Ids of the findings about versions, and what each means. */
export const VERSION_FINDINGS = {
  'manifest-version': 'the document follows a version of the specification that this program does not know',
  'newer-version': 'the document follows a later version of the specification than this program knows',
} as const;

function versionOf(value: unknown): string | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const { bom } = value as { readonly bom?: { readonly specVersion?: unknown } | null };
  const text = bom?.specVersion;
  return typeof text === 'string' && VERSION.test(text) ? text : undefined;
}

/** The version of a document that is none of 1.x; undefined when it is, or says nothing that is a version. */
export function foreignVersion(value: unknown): string | undefined {
  const version = versionOf(value);
  return version === undefined || version.startsWith('1.') ? undefined : version;
}

/** Does the document follow a 1.x later than that of this program? */
export function isLater(value: unknown): boolean {
  const version = versionOf(value);
  return version?.startsWith('1.') === true && Number(version.slice(2)) > Number(SPEC_VERSION.slice(2));
}

/** The only finding about a document that cannot be read. */
export function unknownVersion(version: string): Finding {
  return {
    id: 'manifest-version',
    severity: 'critical',
    message: `the document follows version ${version} of the specification; this program knows ${SPEC_VERSION}`,
    fix: 'Take a program that knows the version.',
    pointer: '/bom/specVersion',
  };
}
