/** Results as text for people and machines; pure functions from data to text. */
export { changesAsText } from './changes.js';
export { asGithub } from './github.js';
export { asJson, type FileFindings } from './json.js';
export { type Line, type Paint, plain, printLines, type Span } from './lines.js';
export { changesAsHtml, changesAsMarkdown } from './release-note.js';
export { asSarif } from './sarif.js';
export { summaryLines } from './summary.js';
export { asText } from './text.js';
export { verdictAsText } from './verdict.js';
