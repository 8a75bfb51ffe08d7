/** One page without scripts that needs nothing else, to be read and to be printed. */
import { type Printable, printableDocument } from '../../core/printable.js';
import { htmlText as text } from '../../report/markup.js';
import type { Footnote, Paper, PaperItem, Statement } from '../paper.js';
import { askedOf, EMPTY, GAP, gapText, headOf, moreText, titleOf, UNVERIFIED } from './words.js';

const STYLE =
  ':root{color-scheme:light dark;--text:#1a1a1a;--muted:#555;--page:#fff;--line:#c9c9d0;--link:#0a4fa8;--gap:#fff1d6;--gap-line:#8a5a00}' +
  '@media(prefers-color-scheme:dark){:root{--text:#ececf1;--muted:#b4b4bd;--page:#15151a;--line:#45454f;--link:#8ab8ff;--gap:#3a2c10;--gap-line:#ffc46b}}' +
  '*{box-sizing:border-box}body{margin:0 auto;max-width:54rem;padding:1rem;background:var(--page);color:var(--text);font:1rem/1.5 system-ui,sans-serif;overflow-wrap:anywhere}' +
  'h1{font-size:1.6rem;line-height:1.25}h2{font-size:1.25rem;margin-top:2rem;border-bottom:1px solid var(--line)}h3{font-size:1rem;margin:1.2rem 0 .2rem}' +
  'a{color:var(--link)}.dim{color:var(--muted);font-size:.92rem;margin:.2rem 0}ul{margin:.3rem 0;padding-left:1.2rem}li{margin:.15rem 0}' +
  '.gap{background:var(--gap);border-left:.3rem solid var(--gap-line);padding:.1rem .5rem;list-style:none;margin-left:-1.2rem}' +
  '.tag{border:1px solid var(--gap-line);border-radius:.6rem;padding:0 .5rem;font-size:.85rem}nav ul,.notes{list-style:none;padding:0}.notes li{font-size:.88rem}' +
  'li:target{background:var(--gap)}@media print{nav{display:none}body{max-width:none}h3{break-after:avoid}.gap{break-inside:avoid}}';

export function paperAsHtml(paper: Paper): Printable {
  const [about = '', ...head] = headOf(paper);
  return printableDocument(`<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'">
<title>${text(paper.title)}: ${text(paper.subject)}</title>
<style>${STYLE}</style>
</head>
<body>
<header>
<h1>${text(paper.title)}: ${text(paper.subject)}</h1>
<p><strong>${text(about)}</strong></p>
${head.map((line) => `<p class="dim">${text(line)}</p>`).join('\n')}
</header>
<nav aria-label="Sections"><ul>${paper.sections.map(({ title }, i) => `<li><a href="#s${i}">${text(title)}</a></li>`).join('')}</ul></nav>
<main>
${paper.sections.map(({ title, items }, i) => `<section aria-labelledby="s${i}">\n<h2 id="s${i}">${text(title)}</h2>\n${items.map(itemHtml).join('\n')}\n</section>`).join('\n')}
</main>
<footer>
<h2 id="evidence">Evidence</h2>
<ol class="notes">${paper.footnotes.map(noteHtml).join('\n')}</ol>
</footer>
</body>
</html>
`);
}

function itemHtml(item: PaperItem): string {
  const { statements, gaps, reasons, more = 0, unverified, status } = item;
  const lines = [
    ...statements.map(statementHtml),
    ...(more === 0 ? [] : [`<li>${moreText(more)}</li>`]),
    ...gaps.map((gap) => `<li class="gap"><strong>${GAP}:</strong> ${text(gapText(gap))}</li>`),
    ...reasons.map((reason) => `<li><em>${text(reason)}</em></li>`),
  ];
  const empty = `<li><em>${status === 'not-applicable' ? 'Not applicable.' : EMPTY}</em></li>`;
  return `<article>
<h3>${text(titleOf(item))}</h3>
<p class="dim">${text(askedOf(item))}${unverified ? ` <span class="tag">${UNVERIFIED}</span>` : ''}</p>
<ul>${lines.length === 0 ? empty : lines.join('\n')}</ul>
</article>`;
}

const statementHtml = ({ entry, code, label, value, note }: Statement): string =>
  `<li>${entry === undefined ? '' : `<strong>${text(entry)}</strong> — `}${code === undefined ? '' : `<code>${text(code)}</code> `}${text(label)}: ${text(value)}<sup><a href="#n${note}" aria-label="evidence ${note}">${note}</a></sup></li>`;

const noteHtml = ({ number, pointer, sources }: Footnote): string =>
  `<li id="n${number}">${number}. <code>${text(pointer)}</code>: ${text(sources.join('; '))}</li>`;
