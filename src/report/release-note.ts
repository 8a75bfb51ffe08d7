/** Changes as a release note: what is new, in the order of what matters, in words for who uses the model. */
import { ownText, type Printable } from '../core/printable.js';
import { TOOL } from '../core/tool.js';
import type { ManifestChange } from '../manifest/diff.js';
import type { Manifest } from '../schema/index.js';
import { excerpt } from './excerpt.js';
import { htmlText, markdownText } from './markup.js';

const TITLES: Readonly<Record<ManifestChange['area'], string>> = {
  weights: 'Weights',
  code: 'Code',
  files: 'Files',
  identity: 'Identity',
  licences: 'Licences',
  lineage: 'Lineage',
  data: 'Data',
  training: 'Training',
  hyperparameters: 'Hyperparameters',
  metrics: 'Metrics',
  components: 'Components',
  environment: 'Environment',
  security: 'Security',
  governance: 'Governance',
  evidence: 'Evidence',
  document: 'Document',
  other: 'Other',
};

const WORDS: Readonly<Record<ManifestChange['kind'], string>> = {
  added: 'added',
  removed: 'removed',
  changed: 'changed',
  contradicted: 'contradicted by a source',
  agreed: 'no longer contradicted',
};

/** Changes of one area that are told one by one. */
const MAX_TOLD = 200;
const MAX_VALUE = 120;

interface Part {
  readonly title: string;
  readonly lines: readonly string[];
}

const nameOf = ({ model, bom }: Manifest): string =>
  model === undefined ? bom.serialNumber : `${model.name}${model.version === undefined ? '' : ` ${model.version}`}`;

const titleOf = (before: Manifest, after: Manifest): string => {
  const [old, now] = [nameOf(before), nameOf(after)];
  return old === now ? `Changes of ${now}` : `Changes from ${old} to ${now}`;
};

/** What a description says of itself and of its sources is no news of the model; it is counted. */
const PAPERWORK: ReadonlySet<ManifestChange['area']> = new Set(['evidence', 'document']);

function partsOf(changes: readonly ManifestChange[]): readonly Part[] {
  const news = changes.filter(({ area }) => !PAPERWORK.has(area));
  const parts = [...new Set(news.map(({ area }) => area))].map((area): Part => {
    const all = news.filter((change) => change.area === area);
    const lines = all.slice(0, MAX_TOLD).map(lineOf);
    return { title: TITLES[area], lines: all.length > MAX_TOLD ? [...lines, `and ${all.length - MAX_TOLD} more`] : lines };
  });
  const rest = changes.length - news.length;
  if (rest === 0) return parts;
  return [
    ...parts,
    { title: TITLES.document, lines: [`${rest === 1 ? '1 change' : `${rest} changes`} of the description and its evidence`] },
  ];
}

function lineOf({ label, kind, severity, before, after }: ManifestChange): string {
  const values = [before, after].filter(
    (each) => each !== undefined && (typeof each !== 'object' || (before !== undefined && after !== undefined)),
  );
  const shown = values.map((each) => excerpt(each, MAX_VALUE)).join(' → ');
  const weight = severity === 'high' || severity === 'critical' ? ' (important)' : '';
  return `${label} ${WORDS[kind]}${shown === '' ? '' : `: ${shown}`}${weight}`;
}

/** A heading for each area, a line for each change. */
export function changesAsMarkdown(changes: readonly ManifestChange[], before: Manifest, after: Manifest): Printable {
  const parts = partsOf(changes).map(({ title, lines }) => `## ${title}\n\n${lines.map((line) => `- ${markdownText(line)}\n`).join('')}`);
  const body = parts.length === 0 ? 'Nothing changed.\n' : parts.join('\n');
  return ownText(`# ${markdownText(titleOf(before, after))}\n\n${body}\n<!-- made by ${TOOL.name} ${TOOL.version} -->\n`);
}

const STYLE =
  ':root{color-scheme:light dark}body{margin:0 auto;max-width:48rem;padding:1rem;font:1rem/1.5 system-ui,sans-serif;overflow-wrap:anywhere}h1{font-size:1.6rem}h2{font-size:1.15rem}';

/** The same as one page that needs nothing else and runs nothing. */
export function changesAsHtml(changes: readonly ManifestChange[], before: Manifest, after: Manifest): string {
  const title = htmlText(titleOf(before, after));
  const parts = partsOf(changes).map(
    ({ title: name, lines }) =>
      `<section><h2>${htmlText(name)}</h2>\n<ul>\n${lines.map((line) => `<li>${htmlText(line)}</li>\n`).join('')}</ul></section>`,
  );
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="generator" content="${TOOL.name} ${TOOL.version}">
<title>${title}</title>
<style>${STYLE}</style>
</head>
<body>
<main>
<h1>${title}</h1>
${parts.length === 0 ? '<p>Nothing changed.</p>' : parts.join('\n')}
</main>
</body>
</html>
`;
}
