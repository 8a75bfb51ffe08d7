/** A manifest for the eyes of people: pure functions from a manifest to text, Markdown, HTML and graphs. */
export { pageAsHtml } from './html.js';
export { lineageAsDot, lineageAsMermaid, lineageTree } from './lineage.js';
export { pageAsMarkdown } from './markdown.js';
export type { Fact, Page, Section, Table, TreeNode } from './page.js';
export { pageOf } from './sections.js';
export { pageAsText } from './text.js';
export { verifiedSection } from './verified.js';
