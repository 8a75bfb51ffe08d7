/** Papers that authorities, downstream providers and the public ask for, from one manifest. */
export { BSI_TARGETS, type BsiSbom, bsiSbom } from './bsi.js';
export { type Footnote, type Gap, PAPER_KINDS, type Paper, type PaperItem, paperOf, type Statement } from './paper.js';
export { paperAsCsv } from './report/csv.js';
export { paperAsDocx } from './report/docx.js';
export { paperAsHtml } from './report/html.js';
export { paperAsMarkdown } from './report/markdown.js';
