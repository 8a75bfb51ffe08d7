/** The official library's own validator, for those who want its verdict; `schema.ts` gives ours, sooner and with all faults. */
import { Spec, Validation } from '@cyclonedx/cyclonedx-library';
import type { Finding } from '../../core/finding.js';
import type { CycloneDXVersion } from '../mapping/row.js';

const VERSIONS = { '1.5': Spec.Version.v1dot5, '1.6': Spec.Version.v1dot6, '1.7': Spec.Version.v1dot7 } as const;
const validators = new Map<CycloneDXVersion, Validation.JsonStrictValidator>();

/**
 * Checks the text of a document against the official schema of a version, with the official library's strict
 * validator. The first call for a version takes half a second.
 */
export async function validateCycloneDX(text: string, version: CycloneDXVersion, file?: string): Promise<Finding[]> {
  const validator = validators.get(version) ?? new Validation.JsonStrictValidator(VERSIONS[version]);
  validators.set(version, validator);
  const errors = await validator.validate(text);
  if (errors === null) return [];
  const list = (Array.isArray(errors) ? errors : [errors]) as readonly {
    readonly instancePath?: string;
    readonly message?: string;
    readonly params?: object;
  }[]; // ajv's error objects
  return list.map(({ instancePath, message, params }) => ({
    id: 'cyclonedx-schema',
    severity: 'high',
    message: `${message ?? 'the schema is not met'} ${JSON.stringify(params ?? {})}`,
    pointer: instancePath ?? '',
    ...(file === undefined ? {} : { file }),
  }));
}
