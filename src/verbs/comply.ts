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
import { complyAsFindings, findingOf } from '../comply/report/findings.js';
import { OPEN } from '../comply/report/words.js';
import { MsbomError } from '../core/error.js';
import type { Waivers } from '../core/waiver.js';
import { type DocumentInput, readDocument } from './document.js';
import { renderFindings } from './findings.js';
import type { VerbOptions } from './options.js';
import type { VerbResult } from './result.js';
import { openWaivers, type WaiverOptions } from './waivers.js';

export const COMPLY_FORMATS = ['text', 'json', 'markdown', 'html', 'sarif', 'github'] as const;
export type ComplyFormat = (typeof COMPLY_FORMATS)[number];

export interface ComplyVerbOptions extends VerbOptions, WaiverOptions, EngineOptions {
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
  const waivers = await openWaivers(options);
  const report = waivedReport(await ask(manifest, profiles, options), file, waivers);
  return {
    exitCode: isRefused(report, fails) ? 1 : 0,
    findings: [...findings, ...waivers.told()],
    formats: COMPLY_FORMATS,
    report,
    render: async (format, { paint } = {}) => {
      if (format === 'html') return complyAsHtml(report, manifest, file);
      if (format === 'github') return renderFindings(format, [{ file, valid: true, findings: complyAsFindings(report) }]);
      if (format === 'sarif') return complyAsSarif(report, file, { locate });
      if (format === 'markdown') return complyAsMarkdown(report, file);
      return format === 'json' ? complyAsJson(report, file) : complyAsText(report, paint);
    },
  };
}

/** The report with the open requirements that somebody waived, by `PROFILE/ID` or `ID`; the reasons say so in every form. */
export function waivedReport(report: Report, file: string, waivers: Waivers): Report {
  const requirements = report.requirements.map((answer): Answer => {
    if (!OPEN.has(answer.status)) return answer;
    const finding = findingOf(answer);
    const { waived } = [finding, { ...finding, id: answer.id }].map((each) => waivers.judged(each, file)).find((each) => each.waived) ?? {};
    if (waived === undefined) return answer;
    return { ...answer, waived, reasons: [...answer.reasons, `waived by ${waived.author} until ${waived.expires}: ${waived.reason}`] };
  });
  return { ...report, requirements };
}

/** Does an answer fail that nobody waived? */
export const isRefused = ({ requirements }: Report, fails: (answer: Answer) => boolean): boolean =>
  requirements.some((answer) => answer.waived === undefined && fails(answer));
