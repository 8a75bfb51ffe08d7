/**
 * What the text of a card says in the Hub's template of the hardware that the model was trained on and of how it asks to be cited: lines
 * `- **Label:** value` and tables under the headings that the template has for them.
 * Source: https://github.com/huggingface/huggingface_hub/blob/main/src/huggingface_hub/templates/modelcard_template.md
 */
const MAX_TEXT = 1024 * 1024;
const MAX_LINES = 20_000;
const MAX_VALUE = 300;
const MAX_CITATIONS = 10;

/** Words of headings below which hardware and emissions stand. */
const OF_HARDWARE = ['environmental impact', 'hardware', 'compute infrastructure', 'co2', 'carbon'];
/** Headings below which the card says how to cite the model; under `Citations` trainers name the papers of their methods. */
const OF_CITATION = ['citation', 'citation [optional]', 'how to cite', 'cite', 'cite us', 'citing', 'bibtex', 'citation information'];

/** Labels of the template, and the words that cards have for them. */
const LABELS: ReadonlyMap<string, keyof CardHardware> = new Map([
  ['hardware type', 'hardware'],
  ['hardware', 'hardware'],
  ['hardware used', 'hardware'],
  ['gpu', 'hardware'],
  ['gpus', 'hardware'],
  ['gpu type', 'hardware'],
  ['accelerator', 'hardware'],
  ['hours used', 'hours'],
  ['training time', 'hours'],
  ['cloud provider', 'provider'],
  ['compute region', 'region'],
  ['region', 'region'],
  ['carbon emitted', 'carbon'],
  ['carbon emissions', 'carbon'],
  ['co2 emitted', 'carbon'],
]);

/** As the card writes it. */
export interface CardHardware {
  readonly hardware?: string;
  readonly hours?: string;
  readonly provider?: string;
  readonly region?: string;
  readonly carbon?: string;
}

export interface Citation {
  readonly title: string;
  readonly doi?: string;
  readonly url?: string;
}

export interface CardSections {
  readonly hardware: CardHardware;
  readonly citations: readonly Citation[];
}

interface Line {
  readonly text: string;
  /** Headings above it, the nearest last, in lower case. */
  readonly headings: readonly string[];
  readonly isCode: boolean;
}

export function cardSections(text: string): CardSections {
  const lines = linesOf(text.slice(0, MAX_TEXT));
  const isUnder = (words: readonly string[], isWhole: boolean) => (line: Line) =>
    line.headings.some((heading) => words.some((word) => (isWhole ? heading === word : heading.includes(word))));
  const hardware = hardwareIn(lines.filter((line) => !line.isCode && isUnder(OF_HARDWARE, false)(line)).map((line) => line.text));
  return { hardware, citations: citationsIn(lines.filter(isUnder(OF_CITATION, true)).map((line) => line.text)) };
}

function linesOf(text: string): readonly Line[] {
  const open: { readonly level: number; readonly title: string }[] = [];
  let isCode = false;
  const lines: Line[] = [];
  for (const line of text.split('\n', MAX_LINES)) {
    const plain = line.trim();
    const isFence = plain.startsWith('```');
    if (isFence) isCode = !isCode;
    const level = isCode || isFence ? 0 : headingLevel(plain);
    if (level > 0) {
      while ((open.at(-1)?.level ?? 0) >= level) open.pop();
      open.push({ level, title: withoutMarks(plain.slice(level)).toLowerCase() });
    } else if (plain !== '') lines.push({ text: plain, headings: open.map(({ title }) => title), isCode });
  }
  return lines;
}

function headingLevel(line: string): number {
  let level = 0;
  while (line[level] === '#') level++;
  return level <= 6 && line[level] === ' ' ? level : 0;
}

const withoutMarks = (text: string): string => text.replaceAll('*', '').replaceAll('`', '').replaceAll('__', '').trim();

/** What stands where nobody wrote anything. */
const isNothing = (value: string): boolean =>
  value === '' ||
  value.startsWith('[') ||
  value.startsWith('{') ||
  ['n/a', 'na', 'none', 'unknown', '-', 'tbd'].includes(value.toLowerCase());

function hardwareIn(lines: readonly string[]): CardHardware {
  const found: { -readonly [K in keyof CardHardware]: string } = {};
  const note = (label: string, value: string): void => {
    const key = LABELS.get(withoutMarks(label).toLowerCase());
    const text = withoutMarks(value);
    if (key !== undefined && found[key] === undefined && !isNothing(text) && text.length <= MAX_VALUE) found[key] = text;
  };
  const cells = lines.map((line) => (line.startsWith('|') ? line.slice(1, line.endsWith('|') ? -1 : undefined).split('|') : undefined));
  for (const [i, line] of lines.entries()) {
    const row = cells[i];
    if (row === undefined) {
      const item = withoutMarks(line.startsWith('- ') || line.startsWith('* ') ? line.slice(2) : line);
      const colon = item.indexOf(':');
      if (colon > 0) note(item.slice(0, colon), item.slice(colon + 1));
      continue;
    }
    const isHeader = isRule(cells[i + 1]) && row.filter((cell) => LABELS.has(withoutMarks(cell).toLowerCase())).length > 1;
    if (row.length === 2 && !isHeader) note(row[0] ?? '', row[1] ?? '');
    // A header with one row below it; of several rows each is of another model or stage.
    const values = cells[i + 2];
    const isAlone = values?.length === row.length && cells[i + 3] === undefined && cells[i - 1] === undefined;
    if (isAlone && isHeader) for (const [at, label] of row.entries()) note(label, values[at] ?? '');
  }
  return found;
}

const isRule = (row: readonly string[] | undefined): boolean =>
  row?.every((cell) => cell.includes('-') && cell.replaceAll('-', '').replaceAll(':', '').trim() === '') === true;

/** Entries of BibTeX with a title; those that a line before names as another thing's (`Cite TRL as:`) are none. */
function citationsIn(lines: readonly string[]): readonly Citation[] {
  const citations: Citation[] = [];
  let isOther = false;
  for (let i = 0; i < lines.length && citations.length < MAX_CITATIONS; i++) {
    const line = lines[i] ?? '';
    if (!line.startsWith('@')) {
      if (!line.startsWith('```')) isOther = line.toLowerCase().startsWith('cite ') && !line.toLowerCase().startsWith('cite this');
      continue;
    }
    let end = i + 1;
    while (end < lines.length && !(lines[end] ?? '').startsWith('@') && !(lines[end] ?? '').startsWith('```')) end++;
    const entry = lines.slice(i, end).join('\n');
    i = end - 1;
    const title = fieldOf(entry, 'title');
    if (isOther || title === undefined) continue;
    const [doi, url, eprint] = [fieldOf(entry, 'doi'), fieldOf(entry, 'url'), fieldOf(entry, 'eprint')];
    const address = url ?? (eprint !== undefined && /^\d{4}\.\d{4,5}$/.test(eprint) ? `https://arxiv.org/abs/${eprint}` : undefined);
    citations.push({ title, ...(doi === undefined ? {} : { doi }), ...(address === undefined ? {} : { url: address }) });
  }
  return citations;
}

/** The value of a field: what stands between the braces or quotation marks behind its name. */
function fieldOf(entry: string, name: string): string | undefined {
  const lower = entry.toLowerCase();
  for (let at = lower.indexOf(name); at !== -1; at = lower.indexOf(name, at + 1)) {
    const before = lower[at - 1] ?? ' ';
    const equals = lower.slice(at + name.length, at + name.length + 40).trimStart();
    if ((before !== ',' && before.trim() !== '') || !equals.startsWith('=')) continue;
    const start = lower.indexOf('=', at) + 1;
    return textBehind(entry.slice(start, start + 2 * MAX_VALUE).trimStart());
  }
  return undefined;
}

function textBehind(text: string): string | undefined {
  const closing = text.startsWith('{') ? '}' : text.startsWith('"') ? '"' : undefined;
  if (closing === undefined) return undefined;
  let depth = 0;
  for (let i = 1; i < text.length; i++) {
    if (text[i] === closing && depth === 0) {
      const value = text
        .slice(1, i)
        .replaceAll('{', '')
        .replaceAll('}', '')
        .split('\n')
        .map((part) => part.trim())
        .join(' ')
        .trim();
      return isNothing(value) || value.length > MAX_VALUE ? undefined : value;
    }
    if (text[i] === '{') depth++;
    else if (text[i] === '}') depth--;
  }
  return undefined;
}
