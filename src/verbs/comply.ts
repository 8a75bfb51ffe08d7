import {
  type Answer,
  comply as ask,
  builtInProfile,
  complyAsHtml,
  complyAsJson,
  complyAsMarkdown,
  complyAsSarif,
  complyAsText,
  type ComplyOptions as EngineOptions,
  type Profile,
  type Report,
} from '../comply/index.js';
import { MsbomError } from '../core/error.js';
import { type DocumentInput, readDocument } from './document.js';
import type { VerbOptions } from './options.js';
import type { VerbResult } from './result.js';

export const COMPLY_FORMATS = ['text', 'json', 'markdown', 'html', 'sarif'] as const;
export type ComplyFormat = (typeof COMPLY_FORMATS)[number];

export interface ComplyVerbOptions extends VerbOptions, EngineOptions {
  /** Ids of built-in profiles, or profiles from `readProfile`. */
  readonly profiles: readonly (string | Profile)[];
  /** Ask only what is for this audience or for no one audience. */
  readonly audience?: string;
  /** Which answers make `exitCode` 1; default whatever leaves a MUST open. */
  readonly fails?: (answer: Answer) => boolean;
}

export interface ComplyResult extends VerbResult<ComplyFormat> {
  readonly report: Report;
}

const OPEN = new Set<Answer['status']>(['missing', 'failed', 'needs-review', 'not-examined']);
const leavesOpen = ({ status, level }: Answer): boolean => level === 'MUST' && OPEN.has(status);

/** What profiles ask for, and which of it a document of any standard has. @throws ERR_PROFILE_INVALID, ERR_MANIFEST_INVALID, ERR_CONVERT_INPUT, ERR_IO_* */
export async function comply(input: DocumentInput, options: ComplyVerbOptions): Promise<ComplyResult> {
  const { audience, fails = leavesOpen } = options;
  if (options.profiles.length === 0)
    throw new MsbomError('ERR_CLI_USAGE', 'no profile was named', { hint: 'give ids of PROFILE_IDS in the option `profiles`' });
  const named = await Promise.all(options.profiles.map((each) => (typeof each === 'string' ? builtInProfile(each) : each)));
  const isAsked = (of: string | undefined): boolean => audience === undefined || of === undefined || of === audience;
  const profiles = named.map((each) => ({ ...each, requirements: each.requirements.filter((asked) => isAsked(asked.audience)) }));
  const { file, manifest, locate, findings } = await readDocument(input, options);
  const report = await ask(manifest, profiles, options);
  return {
    exitCode: report.requirements.some(fails) ? 1 : 0,
    findings,
    formats: COMPLY_FORMATS,
    report,
    render: async (format, { paint } = {}) => {
      if (format === 'html') return complyAsHtml(report, manifest, file);
      if (format === 'sarif') return complyAsSarif(report, file, { locate });
      if (format === 'markdown') return complyAsMarkdown(report, file);
      return format === 'json' ? complyAsJson(report, file) : complyAsText(report, paint);
    },
  };
}
