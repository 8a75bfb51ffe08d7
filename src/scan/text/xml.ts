/** XML: entities that read files or grow. Nothing is expanded. */
import type { Finding } from '../inspector.js';
import { finding } from '../rules/index.js';

const MAX_ENTITIES = 10_000;
/** Entities that name so many others are made to grow. */
const GROWS = 4;

export const looksLikeXml = (start: string): boolean =>
  start.startsWith('<?xml') || start.startsWith('<!DOCTYPE') || start.startsWith('<!--') || start.startsWith('<PMML');

export function judgeXml(content: string): readonly Finding[] {
  const findings: Finding[] = [];
  let growing = 0;
  let count = 0;
  for (let at = content.indexOf('<!ENTITY'); at >= 0 && count < MAX_ENTITIES; at = content.indexOf('<!ENTITY', at + 8)) {
    count++;
    const end = content.indexOf('>', at);
    const declared = content.slice(at, end < 0 ? undefined : end);
    const words = declared.split(/\s/, 8);
    if ((words.includes('SYSTEM') || words.includes('PUBLIC')) && findings.length < 10)
      findings.push(finding('xml-entity', `an entity is read from elsewhere: \`${declared.slice(0, 200)}\``, { offset: at }));
    if (declared.split('&').length > GROWS) growing++;
  }
  if (growing > 1) findings.push(finding('xml-entity', `${growing} entities are made of many others, which grows without bound`));
  const doctype = content.indexOf('<!DOCTYPE');
  if (doctype >= 0 && count === 0 && content.slice(doctype, content.indexOf('>', doctype)).includes('file:'))
    findings.push(finding('xml-entity', 'the type of the document is read from a file', { offset: doctype }));
  return findings;
}
