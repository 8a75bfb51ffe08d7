import { PackageURL } from 'packageurl-js';
import { isCpe } from '../../core/cpe.js';
import type { Identifier } from '../../schema/index.js';
import { defineRule } from '../rule.js';

/** What is wrong with an identifier of a scheme; undefined when nothing is. Schemes without an entry are free text. */
const CHECKS: Readonly<Record<string, (value: string) => string | undefined>> = {
  purl: checkPurl,
  cpe: (value) => (isCpe(value) ? undefined : `${shown(value)} is neither a CPE 2.3 formatted string nor a CPE 2.2 URI`),
  swhid: (value) => form(value, /^swh:1:(cnt|dir|rev|rel|snp):[0-9a-f]{40}(;\S+)?$/, 'an SWHID (swh:1:cnt:…)'),
  uuid: (value) => form(value, /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i, 'a UUID'),
  doi: (value) => form(value, /^10\.\d{4,9}\/\S+$/, 'a DOI such as 10.1000/182, without a URL before it'),
  arxiv: (value) => form(value, /^(\d{4}\.\d{4,5}|[a-z-]+(\.[A-Z]{2})?\/\d{7})(v\d+)?$/, 'an arXiv id such as 1706.03762'),
  uri: (value) => form(value, /^[A-Za-z][A-Za-z0-9+.-]*:\S+$/, 'an absolute URI'),
  omnibor: (value) => form(value, /^gitoid:(blob|tree):sha(1:[0-9a-f]{40}|256:[0-9a-f]{64})$/, 'an OmniBOR id (gitoid:blob:sha256:…)'),
};

export const identifierInvalid = defineRule({
  meta: {
    id: 'identifier-invalid',
    clause: '8.2',
    severity: 'high',
    title: 'An identifier does not have the form of its scheme',
    fix: 'Correct the identifier, or use the type `other`.',
  },
  check(_manifest, report, { of }) {
    for (const { pointer, value } of of<Identifier>('Identifier')) {
      const problem = Object.hasOwn(CHECKS, value.type) ? CHECKS[value.type]?.(value.value) : undefined;
      if (problem !== undefined) report(`${pointer}/value`, problem);
    }
  },
});

function checkPurl(value: string): string | undefined {
  try {
    PackageURL.fromString(value);
  } catch (error) {
    return `${JSON.stringify(value)} is not a purl: ${error instanceof Error ? error.message : String(error)}`;
  }
  return undefined;
}

function form(value: string, pattern: RegExp, name: string): string | undefined {
  return pattern.test(value) ? undefined : `${shown(value)} is not ${name}`;
}

const shown = (value: string): string => JSON.stringify(value.slice(0, 80));
