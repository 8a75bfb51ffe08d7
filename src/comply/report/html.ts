/** One page without scripts: whatever the document says is text in it, and what is shown is chosen by boxes that CSS reads. */
import { resolvePointer } from '../../core/json-pointer.js';
import { type Printable, printableDocument } from '../../core/printable.js';
import { evidenceOf, type Statements } from '../../manifest/evidence.js';
import { htmlText as text } from '../../report/markup.js';
import type { Evidence, Manifest } from '../../schema/index.js';
import type { ProfileHead, Report } from '../comply.js';
import { type Answer, STATUSES } from '../judge.js';
import { STATUS_WORDS, statusOf, sums, UNVERIFIED } from './words.js';

/** Values that the page shows with their evidence. */
const MAX_VALUES = 2000;
const MAX_TEXT = 400;
const LEVELS = ['MUST', 'SHOULD', 'MAY'] as const;
const AUDIENCES = ['public', 'downstream', 'authority'] as const;
/** Of an item that is for no one audience. */
const EVERYBODY = 'everybody';

/** A page that stands alone: requirements by profile, each with the values that it rests on and their evidence. */
export function complyAsHtml(report: Report, manifest: Manifest, file: string): Printable {
  const pointers = [...new Set(report.requirements.flatMap((each) => each.pointers))].slice(0, MAX_VALUES);
  const statements = evidenceOf(manifest);
  const shown = (pointer: string): Value => ({ pointer, value: resolvePointer(manifest, pointer), ...statements(pointer) });
  const places = new Map(pointers.map((pointer, i) => [pointer, `v${i}`]));
  return printableDocument(`<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>What is asked for, and what ${text(file)} has</title>
<style>${STYLE}${FILTERS}</style>
</head>
<body>
<header><h1>What is asked for, and what <code>${text(file)}</code> has</h1></header>
<main>
<p>${text(sums(report.counts))}.</p>
<h2>Not examined</h2>
<ul>${report.notExamined.map((what) => `<li>${text(what)}</li>`).join('')}</ul>
<h2>Show</h2>
${boxes()}
${report.profiles.map((head) => profileSection(head, report, places)).join('\n')}
<h2>Values</h2>
${pointers.map((pointer) => valueBlock(shown(pointer), places)).join('\n')}
</main>
</body>
</html>
`);
}

const cut = (value: string): string => (value.length > MAX_TEXT ? `${value.slice(0, MAX_TEXT)}…` : value);

const STYLE =
  ':root{color-scheme:light dark}body{font:16px/1.45 system-ui,sans-serif;margin:0 auto;max-width:70rem;padding:1rem;color:#1b1b1b;background:#fff}' +
  'h1{font-size:1.5rem}h2{font-size:1.15rem;margin-top:2rem}code,pre{font-family:ui-monospace,monospace;font-size:.9em;overflow-wrap:anywhere;white-space:pre-wrap}' +
  'article{border-left:.4rem solid #999;padding:.2rem .8rem;margin:.6rem 0;background:#f6f6f6}article h3{font-size:1rem;margin:.2rem 0}article p,article ul{margin:.2rem 0}' +
  '.met,.met-by-declaration{border-color:#1a7f37}.missing,.not-examined{border-color:#9a6700}.failed{border-color:#cf222e}.needs-review{border-color:#0969da}' +
  '.tag{display:inline-block;border:1px solid #777;border-radius:.6rem;padding:0 .5rem;margin-right:.3rem;font-size:.85rem}.dim{color:#555}fieldset{border:1px solid #bbb;margin:.4rem 0}label{margin-right:1rem;white-space:nowrap}' +
  '.value{border-top:1px solid #ccc;padding:.4rem 0}.value:target{background:#fff3c4}' +
  '@media(prefers-color-scheme:dark){body{color:#e6e6e6;background:#16181c}article{background:#22252b}.dim{color:#aaa}a{color:#8ab4f8}.value:target{background:#4a3f12}}';

/** A box that is not checked hides the items of its class. */
const FILTERS = [
  ...STATUSES.map((each) => `s-${each}`),
  ...LEVELS.map((each) => `l-${each}`),
  ...[...AUDIENCES, EVERYBODY].map((each) => `a-${each}`),
]
  .map((name) => `body:has(#${name}:not(:checked)) .${name}{display:none}`)
  .join('');

function boxes(): string {
  const box = (id: string, label: string): string => `<label><input type="checkbox" id="${id}" checked> ${text(label)}</label>`;
  const group = (legend: string, labels: readonly string[]): string => `<fieldset><legend>${legend}</legend>${labels.join('')}</fieldset>`;
  return [
    group(
      'status',
      STATUSES.map((each) => box(`s-${each}`, STATUS_WORDS[each])),
    ),
    group(
      'level',
      LEVELS.map((each) => box(`l-${each}`, each)),
    ),
    group(
      'for',
      [EVERYBODY, ...AUDIENCES].map((each) => box(`a-${each}`, each)),
    ),
  ].join('\n');
}

function profileSection(head: ProfileHead, { requirements }: Report, places: ReadonlyMap<string, string>): string {
  const about = [head.version, head.issuer, head.status].filter((each) => each !== undefined).join('; ');
  const unverified = head.unverified === 0 ? '' : ` ${head.unverified} of ${UNVERIFIED}.`;
  return `<section>
<h2>${text(head.title)} <code class="dim">${text(head.id)}</code></h2>
<p class="dim">${text(about)}</p>
<p>${text(sums(head.counts))}.${unverified}</p>
${requirements
  .filter(({ profile }) => profile === head.id)
  .map((each) => item(each, places))
  .join('\n')}
</section>`;
}

function item(answer: Answer, places: ReadonlyMap<string, string>): string {
  const {
    id,
    title,
    level,
    status,
    audience = EVERYBODY,
    citation,
    requirement,
    reading,
    pointers,
    morePointers = 0,
    gaps,
    moreGaps = 0,
    reasons,
  } = answer;
  const rests = pointers.map((pointer) => {
    const place = places.get(pointer);
    return place === undefined ? `<code>${text(pointer)}</code>` : `<a href="#${place}"><code>${text(pointer)}</code></a>`;
  });
  const disputed = (answer.disputed ?? []).map((pointer) => `<li>a source says something else of <code>${text(pointer)}</code></li>`);
  const lines = [
    ...gaps.map(({ pointer, what }) => `<li><code>${text(pointer === '' ? 'the document' : pointer)}</code> ${text(what)}</li>`),
    ...more(moreGaps),
    ...reasons.map((reason) => `<li>${text(reason)}</li>`),
    ...disputed,
  ];
  return `<article class="${status} s-${status} l-${level} a-${audience}">
<h3><span class="tag">${text(statusOf(answer))}</span><span class="tag">${level}</span>${reading === 'memory' ? `<span class="tag">${UNVERIFIED}</span>` : ''} ${text(title)} <code class="dim">${text(id)}</code></h3>
<p>${text(requirement)}${citation === undefined ? '' : ` <span class="dim">${text(citation)}</span>`}</p>
${lines.length === 0 ? '' : `<ul>${lines.join('')}</ul>`}
${rests.length === 0 ? '' : `<p>rests on ${[...rests, ...(morePointers > 0 ? [`${morePointers} more`] : [])].join(', ')}</p>`}
</article>`;
}

const more = (left: number): readonly string[] => (left > 0 ? [`<li>and ${left} more</li>`] : []);

interface Value extends Statements {
  readonly pointer: string;
  readonly value: unknown;
}

function valueBlock({ pointer, value, supports, dissents }: Value, places: ReadonlyMap<string, string>): string {
  const lines = [
    ...supports.slice(0, MAX_SOURCES).map(({ entry }) => `<li>${text(sourceOf(entry))}</li>`),
    ...dissents
      .slice(0, MAX_SOURCES)
      .map(({ entry, said }) => `<li>says something else: ${text(cut(JSON.stringify(said) ?? ''))}; ${text(sourceOf(entry))}</li>`),
  ];
  return `<div class="value" id="${places.get(pointer) ?? ''}"><code>${text(pointer)}</code><pre>${text(cut(JSON.stringify(value) ?? ''))}</pre>${lines.length === 0 ? '<p class="dim">no evidence</p>' : `<ul>${lines.join('')}</ul>`}</div>`;
}

const MAX_SOURCES = 10;

function sourceOf({ origin, method, source, by, at, tool }: Evidence): string {
  const parts = [origin, method, source?.path ?? source?.uri ?? source?.name, tool?.name, by === undefined ? undefined : `by ${by}`, at];
  return cut(parts.filter((each) => each !== undefined).join(', '));
}
