/** What a document looks like once it is exported, as far as profiles ask: valid by its official schema, and without what is not for all. */
import { TARGETS } from '../convert/targets.js';
import { MsbomError } from '../core/error.js';
import { resolvePointer } from '../core/json-pointer.js';
import { viewOf } from '../manifest/view.js';
import { checkSchema } from '../schema/check.js';
import type { Manifest } from '../schema/index.js';
import { all, any, type Outcome, wrong, yes } from './outcome.js';
import { type Profile, predicatesIn } from './profile.js';

/** The targets that meet a word of `exportValid`, the least version first. */
const TARGETS_OF: Readonly<Record<string, readonly string[]>> = {
  'cyclonedx>=1.5': ['cyclonedx@1.5', 'cyclonedx@1.6', 'cyclonedx@1.7'],
  'cyclonedx>=1.6': ['cyclonedx@1.6', 'cyclonedx@1.7'],
  'cyclonedx>=1.7': ['cyclonedx@1.7'],
  'spdx>=2.3': ['spdx@2.3', 'spdx@3.0.1'],
  'spdx>=3.0.1': ['spdx@3.0.1'],
};

/** What everybody gets is checked in this form. */
const HANDED_OUT = 'cyclonedx>=1.6';

export interface Exports {
  /** Is the document valid in one of the formats? */
  valid(formats: readonly string[]): Outcome;
  /** Is it valid as the public sees it, and is the path left out there? */
  excludes(path: string): Outcome;
}

/** Makes the exports that the predicates of profiles ask for, each once. */
export async function exportsFor(manifest: Manifest, profiles: readonly Profile[]): Promise<Exports> {
  const { formats, excludes } = askedIn(profiles);
  const made = new Map<string, Outcome>();
  for (const format of formats) made.set(format, await exported(manifest, format));
  const seen = excludes ? publicView(manifest) : {};
  const form = await formOf(seen, manifest, made);
  return {
    valid: (asked) => any(asked.map((format) => made.get(format) ?? notMade)),
    excludes: (path) =>
      form.verdict === 'no' || resolvePointer(seen.view, path) === undefined
        ? form
        : all([form, wrong(path, 'is in the view for the public: say in /bom/audiences for whom it is')]),
  };
}

const notMade: Outcome = wrong('', 'was not exported');

function askedIn(profiles: readonly Profile[]): { readonly formats: ReadonlySet<string>; readonly excludes: boolean } {
  const formats = new Set<string>();
  let excludes = false;
  for (const { requirements } of profiles) {
    for (const { predicate, when } of requirements) {
      for (const each of [...predicatesIn(predicate), ...(when === undefined ? [] : predicatesIn(when))]) {
        if (each.op === 'exportValid') for (const format of each.formats) formats.add(format);
        excludes ||= each.op === 'exportExcludes';
      }
    }
  }
  return { formats, excludes };
}

interface Seen {
  readonly view?: Manifest;
  /** Why there is no view. */
  readonly refused?: Outcome;
}

async function formOf({ view, refused }: Seen, manifest: Manifest, made: ReadonlyMap<string, Outcome>): Promise<Outcome> {
  if (refused !== undefined) return refused;
  if (view === undefined) return notMade;
  const known = view === manifest ? made.get(HANDED_OUT) : undefined;
  return known ?? exported(view, HANDED_OUT);
}

function publicView(manifest: Manifest): Seen {
  if (breaksSchema(manifest)) return { refused: noManifest };
  try {
    return { view: viewOf(manifest, 'public').manifest };
  } catch (error) {
    return { refused: refusal(error, 'the view for the public') };
  }
}

const breaksSchema = (manifest: Manifest): boolean => checkSchema(manifest).length > 0;
const noManifest: Outcome = wrong('', 'does not meet the schema of manifests, so it cannot be exported');

/** @throws what is no error of this package */
function refusal(error: unknown, what: string): Outcome {
  if (!MsbomError.is(error)) throw error;
  return wrong(error.pointer ?? '', `cannot be given as ${what}: ${error.message}`);
}

async function exported(manifest: Manifest, format: string): Promise<Outcome> {
  if (breaksSchema(manifest)) return noManifest;
  const outcomes: Outcome[] = [];
  for (const target of TARGETS_OF[format] ?? []) {
    const outcome = await exportedAs(manifest, target);
    if (outcome.verdict === 'yes') return outcome;
    outcomes.push(outcome);
  }
  return outcomes[0] ?? notMade;
}

async function exportedAs(manifest: Manifest, target: string): Promise<Outcome> {
  const write = TARGETS[target];
  if (write === undefined) return notMade;
  try {
    const [first] = (await write(manifest)).problems;
    return first === undefined ? yes('/bom/specVersion') : wrong('', `is not valid as ${target}: ${first.message} at ${first.pointer}`);
  } catch (error) {
    return refusal(error, target);
  }
}
