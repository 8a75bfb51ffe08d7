/** What a document looks like once it is exported, as far as profiles ask: valid by its official schema, and without what is not for all. */
import { TARGETS } from '../convert/targets.js';
import { MsbomError } from '../core/error.js';
import { resolvePointer } from '../core/json-pointer.js';
import { viewOf } from '../manifest/view.js';
import { checkSchema } from '../schema/check.js';
import type { Manifest } from '../schema/index.js';
import { all, any, type Outcome, wrong, yes } from './outcome.js';
import { type Profile, predicatesIn } from './profile.js';

/** The targets that meet a word of `exportValid`, the one first that is asked for most. */
const TARGETS_OF: Readonly<Record<string, readonly string[]>> = {
  'cyclonedx>=1.5': ['cyclonedx@1.5', 'cyclonedx@1.6', 'cyclonedx@1.7'],
  'cyclonedx>=1.6': ['cyclonedx@1.6', 'cyclonedx@1.7'],
  'cyclonedx>=1.7': ['cyclonedx@1.7'],
  'spdx>=2.3': ['spdx@3.0.1', 'spdx@2.3'],
  'spdx>=3.0.1': ['spdx@3.0.1'],
};

const targetsOf = (formats: readonly string[]): readonly string[] => formats.flatMap((format) => TARGETS_OF[format] ?? []);

/** What everybody gets is checked in one of these forms. */
const HANDED_OUT: readonly string[] = ['spdx>=3.0.1', 'cyclonedx>=1.6'];

export interface Exports {
  /** Is the document valid in one of the formats? */
  valid(formats: readonly string[]): Outcome;
  /** Is it valid as the public sees it, and is the path left out there? */
  excludes(path: string): Outcome;
}

/**
 * Makes the exports that the predicates of profiles ask for. Each is made once, and no other where one that is made already answers; what
 * an export loses is not asked here.
 */
export async function exportsFor(manifest: Manifest, profiles: readonly Profile[]): Promise<Exports> {
  const { formats, excludes } = askedIn(profiles);
  const isBroken = once(() => breaksSchema(manifest));
  const exporter = exporterOf(manifest, isBroken);
  const seen = !excludes ? {} : isBroken() ? { refused: noManifest } : publicView(manifest);
  const made = new Map<string, Outcome>();
  for (const asked of formats) made.set(asked.join(), await exporter.any(asked));
  const form = await formOf(seen, manifest, exporter);
  return {
    valid: (asked) => made.get(asked.join()) ?? notMade,
    excludes: (path) =>
      form.verdict === 'no' || resolvePointer(seen.view, path) === undefined
        ? form
        : all([form, wrong(path, 'is in the view for the public: say in /bom/audiences for whom it is')]),
  };
}

const notMade: Outcome = wrong('', 'was not exported');

function askedIn(profiles: readonly Profile[]): { readonly formats: readonly (readonly string[])[]; readonly excludes: boolean } {
  const formats = new Map<string, readonly string[]>();
  let excludes = false;
  for (const { requirements } of profiles) {
    for (const { predicate, when } of requirements) {
      for (const each of [...predicatesIn(predicate), ...(when === undefined ? [] : predicatesIn(when))]) {
        if (each.op === 'exportValid') formats.set(each.formats.join(), each.formats);
        excludes ||= each.op === 'exportExcludes';
      }
    }
  }
  // The pickiest first: what it takes often answers the others.
  return { formats: [...formats.values()].sort((a, b) => targetsOf(a).length - targetsOf(b).length), excludes };
}

interface Exporter {
  /** Is the manifest valid in one of the formats? */
  any(formats: readonly string[]): Promise<Outcome>;
}

function exporterOf(manifest: Manifest, isBroken: () => boolean): Exporter {
  const made = new Map<string, Outcome>();
  return {
    async any(formats) {
      if (isBroken()) return noManifest;
      const targets = targetsOf(formats);
      // One that is known to be valid spares all others.
      if (targets.some((target) => made.get(target)?.verdict === 'yes')) return VALID;
      for (const target of targets) {
        const outcome = made.get(target) ?? (await exportedAs(manifest, target));
        made.set(target, outcome);
        if (outcome.verdict === 'yes') return outcome;
      }
      // The first of each format tells what is wrong.
      const told = formats.flatMap((format) => made.get(TARGETS_OF[format]?.[0] ?? '') ?? []);
      return told.length === 0 ? notMade : any(told);
    },
  };
}

function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => (made ??= { value: make() }).value;
}

interface Seen {
  readonly view?: Manifest;
  /** Why there is no view. */
  readonly refused?: Outcome;
}

async function formOf({ view, refused }: Seen, manifest: Manifest, exporter: Exporter): Promise<Outcome> {
  if (refused !== undefined) return refused;
  if (view === undefined) return notMade;
  return (view === manifest ? exporter : exporterOf(view, () => breaksSchema(view))).any(HANDED_OUT);
}

function publicView(manifest: Manifest): Seen {
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

/** That it can be exported says something of the document as a whole. */
const VALID: Outcome = yes('/bom/specVersion');

async function exportedAs(manifest: Manifest, target: string): Promise<Outcome> {
  const write = TARGETS[target];
  if (write === undefined) return notMade;
  try {
    const [first] = (await write(manifest, { measure: false, reference: false })).problems;
    return first === undefined ? VALID : wrong('', `is not valid as ${target}: ${first.message} at ${first.pointer}`);
  } catch (error) {
    return refusal(error, target);
  }
}
