/** Findings about files in the forms that all verbs share. Each is loaded by those who ask for it. */
import type { Printable } from '../core/printable.js';
import type { FileFindings } from '../report/json.js';
import type { RenderOptions } from './result.js';

export const FINDING_FORMATS = ['text', 'json', 'sarif', 'github'] as const;
export type FindingFormat = (typeof FINDING_FORMATS)[number];

const RENDERERS: Readonly<Record<FindingFormat, (files: readonly FileFindings[], options: RenderOptions) => Promise<Printable>>> = {
  text: async (files, { paint }) => (await import('../report/text.js')).asText(files, paint),
  json: async (files) => (await import('../report/json.js')).asJson(files),
  sarif: async (files) => (await import('../report/sarif.js')).asSarif(files),
  github: async (files) => (await import('../report/github.js')).asGithub(files),
};

export const renderFindings = (format: FindingFormat, files: readonly FileFindings[], options: RenderOptions = {}): Promise<Printable> =>
  RENDERERS[format](files, options);
