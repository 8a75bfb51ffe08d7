/** A paper as WordprocessingML, with footnotes of the word processor. Source: ECMA-376 (Office Open XML). */
import type { FootnoteReferenceRun, IParagraphOptions, Paragraph, TextRun } from 'docx';
import { escaped } from '../../core/printable.js';
import type { Footnote, Paper, PaperItem, Statement } from '../paper.js';
import { askedOf, EMPTY, GAP, gapText, headOf, moreText, titleOf, UNVERIFIED } from './words.js';

type Library = typeof import('docx');
type Run = TextRun | FootnoteReferenceRun;

/** The bytes of a `.docx` file: the same for the same paper. */
export async function paperAsDocx(paper: Paper): Promise<Uint8Array> {
  const library = await import('docx');
  const { Document, Packer, TextRun: Text, Paragraph: Block, HeadingLevel } = library;
  const make = writer(library);
  const document = new Document({
    creator: 'msbom',
    lastModifiedBy: 'msbom',
    title: escaped(`${paper.title}: ${paper.subject}`),
    description: escaped(paper.about),
    styles: { default: { document: { run: { font: 'Calibri', size: 22 } } } },
    footnotes: Object.fromEntries(
      paper.footnotes.map((note) => [note.number, { children: [new Block({ children: [new Text(noteText(note))] })] }]),
    ),
    sections: [
      {
        children: [
          make.paragraph({ heading: HeadingLevel.TITLE }, make.text(`${paper.title}: ${paper.subject}`)),
          ...headOf(paper).map((line) => make.paragraph({}, make.text(line))),
          ...paper.sections.flatMap(({ title, items }) => [
            make.paragraph({ heading: HeadingLevel.HEADING_1 }, make.text(title)),
            ...items.flatMap((item) => itemBlocks(item, make, HeadingLevel.HEADING_2)),
          ]),
        ],
      },
    ],
  });
  return settled(await Packer.pack(document, 'uint8array'), paper.manifest.timestamp);
}

const noteText = ({ pointer, sources }: Footnote): string => escaped(` ${pointer}: ${sources.join('; ')}`);

interface Writer {
  paragraph(options: IParagraphOptions, ...runs: readonly Run[]): Paragraph;
  text(text: string, how?: { readonly bold?: boolean; readonly italics?: boolean; readonly highlight?: 'yellow' }): Run;
  note(number: number): Run;
}

const writer = ({ Paragraph: Block, TextRun: Text, FootnoteReferenceRun: Reference }: Library): Writer => ({
  paragraph: (options, ...runs) => new Block({ ...options, children: [...runs] }),
  text: (text, how = {}) => new Text({ text: escaped(text), ...how }),
  note: (number) => new Reference(number),
});

function itemBlocks(item: PaperItem, make: Writer, heading: IParagraphOptions['heading']): readonly Paragraph[] {
  const { statements, gaps, reasons, more = 0, unverified, status } = item;
  const bullet = { bullet: { level: 0 } };
  const lines = [
    ...statements.map((each) => make.paragraph(bullet, ...statementRuns(each, make))),
    ...(more === 0 ? [] : [make.paragraph(bullet, make.text(moreText(more)))]),
    ...gaps.map((gap) =>
      make.paragraph(bullet, make.text(`${GAP}: `, { bold: true, highlight: 'yellow' }), make.text(gapText(gap), { highlight: 'yellow' })),
    ),
    ...reasons.map((reason) => make.paragraph(bullet, make.text(reason, { italics: true }))),
  ];
  const empty = make.paragraph(bullet, make.text(status === 'not-applicable' ? 'Not applicable.' : EMPTY, { italics: true }));
  return [
    make.paragraph(heading === undefined ? {} : { heading }, make.text(titleOf(item))),
    make.paragraph({}, make.text(askedOf(item), { italics: true }), ...(unverified ? [make.text(` ${UNVERIFIED}`, { bold: true })] : [])),
    ...(lines.length === 0 ? [empty] : lines),
  ];
}

const statementRuns = ({ entry, code, label, value, note }: Statement, make: Writer): readonly Run[] => [
  ...(entry === undefined ? [] : [make.text(`${entry} — `, { bold: true })]),
  make.text(`${code === undefined ? '' : `${code} `}${label}: ${value}`),
  make.note(note),
];

/** Times that the library takes from the clock become that of the manifest. */
const TIMES = /(<dcterms:(?:created|modified) xsi:type="dcterms:W3CDTF">)[^<]*</g;
/** The first day that a zip archive can state; a time of its own no part has. Source: APPNOTE.TXT 4.4.6 */
const NO_TIME = '1980-01-01T00:00:00';

async function settled(bytes: Uint8Array, timestamp: string): Promise<Uint8Array> {
  const { strFromU8, strToU8, unzipSync, zipSync } = await import('fflate/browser');
  const parts = Object.entries(unzipSync(bytes)).map(([name, content]): [string, Uint8Array] => {
    if (name !== 'docProps/core.xml') return [name, content];
    return [name, strToU8(strFromU8(content).replace(TIMES, (_, tag: string) => `${tag}${escaped(timestamp)}<`))];
  });
  return zipSync(Object.fromEntries(parts), { mtime: NO_TIME });
}
