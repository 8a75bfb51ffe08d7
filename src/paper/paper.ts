/** A paper from a manifest and a form: what the manifest states, with its evidence, and what it does not know, marked. */

import { isEmpty, isPlaceholder } from '../comply/evaluate.js';
import { type Answer, builtInProfile, comply, type Profile, type Status } from '../comply/index.js';
import { find, findAll, type Node, rootOf } from '../comply/lookup.js';
import { MsbomError } from '../core/error.js';
import { nearest } from '../core/nearest.js';
import { digestManifest } from '../manifest/digest.js';
import { evidenceOf, type Statements, type Statement as Support } from '../manifest/evidence.js';
import { type View, viewOf } from '../manifest/view.js';
import type { Manifest } from '../schema/index.js';
import { type Each, type Field, type Form, type FormItem, fields } from './form.js';
import { FORMS } from './forms/index.js';
import { valueText } from './value.js';

export interface Statement {
  readonly label: string;
  /** What the template calls the cell. */
  readonly code?: string;
  /** What the entry of the collection is called. */
  readonly entry?: string;
  readonly pointer: string;
  readonly value: string;
  /** Number of its footnote, from 1. */
  readonly note: number;
}

/** What the manifest does not know, or what is wrong in it. */
export interface Gap {
  readonly pointer: string;
  readonly label?: string;
  readonly what: string;
}

export interface PaperItem {
  readonly id: string;
  readonly title: string;
  readonly citation?: string;
  /** What is asked, in our words. */
  readonly requirement: string;
  readonly level: Answer['level'];
  /** Nobody has checked the reading against the instrument. */
  readonly unverified: boolean;
  readonly status: Status;
  readonly statements: readonly Statement[];
  readonly gaps: readonly Gap[];
  /** Why it does not apply, or what a person has to do. */
  readonly reasons: readonly string[];
  /** Entries of collections that are in the manifest and not here. */
  readonly more?: number;
}

export interface Footnote {
  readonly number: number;
  readonly pointer: string;
  /** Where the value is from, a line for each source. */
  readonly sources: readonly string[];
}

export interface Paper {
  readonly kind: string;
  readonly title: string;
  readonly about: string;
  readonly view: View;
  /** Name and version of the model, or of what else the document is about. */
  readonly subject: string;
  readonly manifest: { readonly serialNumber: string; readonly version: number; readonly timestamp: string; readonly sha256: string };
  readonly sections: readonly { readonly title: string; readonly items: readonly PaperItem[] }[];
  readonly footnotes: readonly Footnote[];
  readonly counts: { readonly items: number; readonly withGaps: number; readonly forOthers: number; readonly withheld: number };
}

/** Words that ask for papers. */
export const PAPER_KINDS: readonly string[] = Object.keys(FORMS);

/** Entries of one collection in one item. */
const MAX_ENTRIES = 500;
const MAX_SOURCES = 5;
const MAX_SAID = 200;
const MAX_GAPS = 100;

/**
 * The paper of a kind, for an audience. Nothing is in it that the manifest does not state; every statement has a footnote to its evidence.
 *
 * @param view who reads it; default whoever the instrument names
 * @throws ERR_CLI_USAGE for a kind that there is not, ERR_MANIFEST_INVALID when there is no view for the audience
 */
export async function paperOf(kind: string, manifest: Manifest, view?: View): Promise<Paper> {
  const form = await formOf(kind);
  const audience = view ?? form.view;
  const seen = viewOf(manifest, audience);
  const profile = await profileOf(form);
  const report = await comply(seen.manifest, [profile]);
  const answers = new Map(report.requirements.map((answer) => [answer.id, answer]));
  const notes = footnotesOf(seen.manifest);
  let forOthers = 0;
  const sections = form.sections.flatMap(({ title, items }) => {
    const kept = items.flatMap((item): PaperItem[] => {
      const asked = item.asks.flatMap((id) => answers.get(id) ?? []);
      const own = asked.filter((each) => isFor(each, audience));
      if (own.length > 0) return [paperItem(item, own, seen.manifest, notes)];
      forOthers++;
      return [];
    });
    return kept.length === 0 ? [] : [{ title, items: kept }];
  });
  const items = sections.flatMap((section) => section.items);
  const { serialNumber, version, timestamp } = manifest.bom;
  return {
    kind,
    title: form.title,
    about: form.about,
    view: audience,
    subject: subjectOf(seen.manifest),
    manifest: { serialNumber, version, timestamp, sha256: digestManifest(manifest) },
    sections,
    footnotes: notes.all,
    counts: {
      items: items.length,
      withGaps: items.filter(({ gaps }) => gaps.length > 0).length,
      forOthers,
      withheld: seen.withheld.length,
    },
  };
}

/** @throws ERR_CLI_USAGE */
export async function formOf(kind: string): Promise<Form> {
  const load = Object.hasOwn(FORMS, kind) ? FORMS[kind] : undefined;
  if (load !== undefined) return (await load()).form;
  const guess = nearest(kind, PAPER_KINDS);
  throw new MsbomError('ERR_CLI_USAGE', `there is no paper \`${kind}\``, {
    hint: guess === undefined ? `papers are ${PAPER_KINDS.join(', ')}` : `did you mean \`${guess}\`?`,
  });
}

/** What the form asks, and no more. */
export async function profileOf({ profile, sections }: Form): Promise<Profile> {
  const whole = typeof profile === 'string' ? await builtInProfile(profile) : profile;
  const asked = new Set(sections.flatMap(({ items }) => items.flatMap(({ asks }) => asks)));
  return { ...whole, requirements: whole.requirements.filter(({ id }) => asked.has(id)) };
}

const RANK: Readonly<Record<View, number>> = { public: 0, downstream: 1, authority: 2, internal: 3 };
const isFor = ({ audience = 'public' }: Answer, view: View): boolean => RANK[audience] <= RANK[view];

function subjectOf({ model, bom }: Manifest): string {
  if (model === undefined) return bom.subject ?? 'a document about no model';
  return [model.group === undefined ? model.name : `${model.group}/${model.name}`, model.version]
    .filter((each) => each !== undefined)
    .join(' ');
}

interface Notes {
  readonly all: Footnote[];
  add(pointer: string): number;
}

/** A footnote for each value; of the same value the same. */
function footnotesOf(manifest: Manifest): Notes {
  const statements = evidenceOf(manifest);
  const all: Footnote[] = [];
  const numbers = new Map<string, number>();
  return {
    all,
    add(pointer) {
      const known = numbers.get(pointer);
      if (known !== undefined) return known;
      const number = all.length + 1;
      numbers.set(pointer, number);
      all.push({ number, pointer, sources: sourcesOf(pointer, statements(pointer)) });
      return number;
    },
  };
}

function sourcesOf(pointer: string, { supports, dissents }: Statements): readonly string[] {
  if (supports.length + dissents.length === 0)
    return [/^\/(?:bom|attestations)(?:\/|$)/.test(pointer) ? 'the document says it of itself' : 'no evidence is recorded'];
  const all = [
    ...supports.map(sourceText),
    ...dissents.map((each) => `says something else: ${cut(JSON.stringify(each.said) ?? '')}; ${sourceText(each)}`),
  ];
  return all.length > MAX_SOURCES ? [...all.slice(0, MAX_SOURCES), `and ${all.length - MAX_SOURCES} more`] : all;
}

function sourceText({ entry: { origin, method, source, tool, by, at }, key }: Support): string {
  const parts = [
    origin,
    source === undefined ? undefined : `from ${source.path ?? source.uri ?? source.name ?? 'a source'}`,
    key === undefined ? undefined : `(${key})`,
    method,
    tool?.name,
    by === undefined ? undefined : `by ${by}`,
    at,
  ];
  return cut(parts.filter((each) => each !== undefined).join(', '));
}

const cut = (text: string): string => (text.length > MAX_SAID ? `${text.slice(0, MAX_SAID)}…` : text);

/** A value that an item looked for and did not find. */
type Sought = Map<string, string>;

function paperItem(item: FormItem, answers: readonly Answer[], manifest: Manifest, notes: Notes): PaperItem {
  const root = rootOf(manifest);
  const sought: Sought = new Map();
  const statements: Statement[] = [];
  let more = 0;
  for (const field of item.fields ?? []) state({ root, from: root, field, notes, statements, sought });
  for (const each of item.each ?? []) {
    const entries = entriesOf(root, each);
    more += Math.max(0, entries.length - MAX_ENTRIES);
    for (const from of entries.slice(0, MAX_ENTRIES))
      for (const field of each.fields) state({ root, from, field, notes, statements, sought, entry: nameOf(root, from, each) });
  }
  const said = { root, notes, statements, sought };
  for (const key of attestationsIn(answers)) {
    const from = find(root, root, key);
    if ('node' in from) for (const field of ATTESTATION) state({ ...said, from: from.node, field, entry: 'Attestation' });
  }
  // A requirement may be met by what no field is about, such as a word that lists are complete.
  if (statements.length === 0)
    for (const pointer of new Set(answers.flatMap(({ status, pointers }) => (status === 'met' ? pointers : []))))
      state({ ...said, from: root, field: { label: 'It follows from', path: pointer } });
  const [first] = answers as readonly [Answer];
  const { id, title, citation, level } = first;
  const gaps = gapsOf(answers, sought);
  return {
    id,
    title,
    ...(citation === undefined ? {} : { citation }),
    requirement: [...new Set(answers.map((each) => each.requirement))].join(' '),
    level,
    unverified: answers.some(({ reading }) => reading === 'memory'),
    status: worst(answers),
    statements,
    gaps,
    reasons: [...new Set(answers.flatMap(({ reasons }) => reasons))],
    ...(more === 0 ? {} : { more }),
  };
}

/** What a person says of a requirement, and who. */
const ATTESTATION = fields('Statement|/claim', 'By|/by', 'In the role|/role', 'On|/date', 'It rests on|/references');

/** Pointers of the attestations that requirements rest on. */
const attestationsIn = (answers: readonly Answer[]): ReadonlySet<string> =>
  new Set(answers.flatMap(({ pointers }) => pointers.flatMap((pointer) => /^\/attestations\/[^/]+/.exec(pointer)?.[0] ?? [])));

/** What decides of several requirements, the worst first. */
const ORDER: readonly Status[] = ['failed', 'missing', 'needs-review', 'not-examined', 'met-by-declaration', 'met', 'not-applicable'];
const worst = (answers: readonly Answer[]): Status => ORDER.find((status) => answers.some((each) => each.status === status)) ?? 'missing';

interface Stating {
  readonly root: Node;
  readonly from: Node;
  readonly field: Field;
  readonly entry?: string;
  readonly notes: Notes;
  readonly statements: Statement[];
  readonly sought: Sought;
}

/** A value that is there is stated; what is empty or says that nothing is said is not. */
function state({ root, from, field: { label, path, code }, entry, notes, statements, sought }: Stating): void {
  const found = find(root, from, path);
  const where = entry === undefined ? label : `${label} of ${entry}`;
  if ('absent' in found) sought.set(found.absent, where);
  else if (isEmpty(found.node.value) || isPlaceholder(found.node.value)) sought.set(found.node.pointer, where);
  else
    statements.push({
      label,
      ...(code === undefined ? {} : { code }),
      ...(entry === undefined ? {} : { entry }),
      pointer: found.node.pointer,
      value: valueText(root, found.node),
      note: notes.add(found.node.pointer),
    });
}

const entriesOf = (root: Node, { path, where }: Each): readonly Node[] =>
  findAll(root, root, `${path}/*`).filter((item) =>
    Object.entries(where ?? {}).every(([member, words]) => {
      const found = find(root, item, member);
      if ('absent' in found) return false;
      const { value } = found.node;
      return (Array.isArray(value) ? value : [value]).some((each) => words.includes(each as string));
    }),
  );

function nameOf(root: Node, item: Node, { name }: Each): string {
  for (const path of name) {
    const found = find(root, item, path);
    if ('node' in found && !isEmpty(found.node.value)) return valueText(root, found.node);
  }
  return item.key ?? item.pointer;
}

/** What keeps the requirements from being answered, each with the words of the field that looked for it. */
function gapsOf(answers: readonly Answer[], sought: Sought): readonly Gap[] {
  const open = answers.filter(({ status }) => ['missing', 'failed', 'needs-review', 'not-examined'].includes(status));
  const gaps = new Map<string, Gap>();
  for (const { gaps: found, reasons, id } of open) {
    for (const { pointer, what } of found) {
      const label = sought.get(pointer) ?? sought.get(pointer.slice(0, pointer.lastIndexOf('/')));
      gaps.set(`${pointer} ${what}`, { pointer, what, ...(label === undefined ? {} : { label }) });
    }
    if (found.length === 0) gaps.set(id, { pointer: '', what: reasons[0] ?? 'is open' });
  }
  const all = [...gaps.values()];
  return all.length > MAX_GAPS ? [...all.slice(0, MAX_GAPS), { pointer: '', what: `has ${all.length - MAX_GAPS} more gaps` }] : all;
}
