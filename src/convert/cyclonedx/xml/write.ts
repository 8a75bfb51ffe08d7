/** CycloneDX as XML, made from the JSON form of the same document. */
import type { JsonValue } from '../../../core/canonical-json.js';
import type { Finding } from '../../../core/finding.js';
import type { Manifest } from '../../../schema/index.js';
import { lossAt } from '../../losses.js';
import type { CycloneDXVersion } from '../../mapping/row.js';
import { changedPlaces, diff } from '../../patch.js';
import { prune } from '../../prune.js';
import { fittingExtensions, refusedAt, takeExtensions } from '../extensions.js';
import { type CycloneDXDocument, type CycloneDXOptions, toCycloneDX } from '../index.js';
import type { Json } from '../json.js';
import { type Element, elementsOf } from './elements.js';
import { type Extension, insertExtensions } from './extensions.js';
import { faultsInXml, readCycloneDXXml, spansInXml } from './index.js';

export interface XmlConversion {
  readonly text: string;
  /** The same document in JSON. */
  readonly document: CycloneDXDocument;
  readonly losses: readonly Finding[];
  /** What the XML schema refuses, which a valid manifest gives no cause for. */
  readonly problems: readonly Finding[];
}

/** Converts a valid manifest to XML. What XML cannot hold, such as line breaks in names, is lost or rides along like all else that is not said. */
export function toCycloneDXXml(manifest: Manifest, options: CycloneDXOptions = {}): XmlConversion {
  const { version = '1.6', lossless = false } = options;
  const { manifest: bare, extensions } = takeExtensions(manifest);
  let inexact: readonly Finding[] = [];
  const { document, losses } = toCycloneDX(bare, {
    ...options,
    form: (each) => {
      const formed = formOf(each, version, options.prune);
      // What the manifest itself says is among its losses.
      if (bare.foreign?.cyclonedx !== undefined) inexact = inexactLosses(each, formed, lossless);
      return formed;
    },
  });
  const text = stringifyCycloneDXXml(document, version);
  const { fitting, lost } = fittingExtensions(document, options.foreign === false ? [] : extensions);
  const extended = withExtensions(text, fitting, version);
  return { text: extended.text, document, losses: [...losses, ...inexact, ...lost, ...extended.lost], problems: extended.problems };
}

/** A document as its XML form says it, without what the XML schema refuses: the JSON schema asks for less. */
function formOf(document: Json, version: CycloneDXVersion, pruneByJson: CycloneDXOptions['prune']): CycloneDXDocument {
  const text = stringifyCycloneDXXml(document, version);
  const first = readCycloneDXXml(text).document;
  const fitted = prune(first, (each) =>
    faultsInXml(each === first ? text : stringifyCycloneDXXml(each, version)).map(({ pointer = '' }) => pointer),
  );
  if (fitted === undefined || fitted === first) return first;
  // What is left of it may lack what the JSON schema asks for.
  const whole = pruneByJson === undefined ? fitted : pruneByJson(fitted);
  if (whole === undefined) return first;
  return whole === fitted ? readCycloneDXXml(stringifyCycloneDXXml(whole, version)).document : formOf(whole, version, pruneByJson);
}

/** The text with what stands in it of other namespaces, as far as the XML schema allows it, and what it refuses for all that. */
function withExtensions(
  text: string,
  extensions: readonly Extension[],
  version: CycloneDXVersion,
): { readonly text: string; readonly lost: readonly Finding[]; readonly problems: readonly Finding[] } {
  const spans = extensions.length === 0 ? new Map() : spansInXml(text, new Set(extensions.map(({ at }) => at)));
  const whole = extensions.length === 0 ? text : insertExtensions(text, extensions, spans);
  const problems = faultsInXml(whole);
  const refused = new Set(problems.map(({ pointer }) => pointer));
  const lost = extensions.filter(({ at }) => refused.has(at));
  if (lost.length === 0) return { text: whole, lost: [], problems };
  const kept = extensions.filter(({ at }) => !refused.has(at));
  return { ...withExtensions(text, kept, version), lost: lost.map(({ at }) => refusedAt(at, version)) };
}

/** What a document of another producer says and its XML form says otherwise or not at all, such as signatures of JSON. */
function inexactLosses(document: CycloneDXDocument, formed: CycloneDXDocument, isCarried: boolean): readonly Finding[] {
  return changedPlaces(diff(document as JsonValue, formed as JsonValue)).map((pointer) => {
    const message = `CycloneDX XML has no exact form of what the document that the manifest came from says at ${pointer}`;
    return lossAt('/foreign/cyclonedx', message, isCarried, 'Convert to CycloneDX JSON.');
  });
}

/** The text of a document in XML. The library's serialiser needs a further package on Node, and its model lacks most of what it must hold. */
function stringifyCycloneDXXml(document: Json, version: CycloneDXVersion): string {
  const lines = ['<?xml version="1.0" encoding="UTF-8"?>'];
  writeElement(elementsOf(document, version), '', lines);
  return `${lines.join('\n')}\n`;
}

function writeElement({ name, attributes = {}, children }: Element, indent: string, lines: string[]): void {
  const written = Object.entries(attributes).map(([key, value]) => ` ${key}="${attributeText(String(value))}"`);
  const open = `${indent}<${name}${written.join('')}`;
  if (children === undefined) lines.push(`${open}/>`);
  else if (typeof children === 'string' || typeof children === 'number') lines.push(`${open}>${plainText(String(children))}</${name}>`);
  else {
    lines.push(`${open}>`);
    for (const child of children) if (child.type === 'element') writeElement(child, `${indent}  `, lines);
    lines.push(`${indent}</${name}>`);
  }
}

/** What XML 1.0 has no way to write becomes the replacement character. */
const UNWRITABLE =
  /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;
const ESCAPES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
const byNumber = (character: string): string => ESCAPES[character] ?? `&#${character.charCodeAt(0)};`;

/** A carriage return would be read as a line feed. */
const plainText = (text: string): string => text.replace(UNWRITABLE, '\ufffd').replace(/[&<>\r]/g, byNumber);

/** Line breaks and tabs would be read as blanks. */
const attributeText = (text: string): string => text.replace(UNWRITABLE, '\ufffd').replace(/[&<>"\t\n\r]/g, byNumber);
