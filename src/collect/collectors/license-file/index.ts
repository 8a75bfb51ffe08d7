/** LICENSE, COPYING and the like: which licence is it, by its text? */
import type { JsonValue } from '../../../core/canonical-json.js';
import type { Finding } from '../../../core/finding.js';
import { decodeUtf8 } from '../../../core/json.js';
import { canonicalLicenseId } from '../../../core/spdx.js';
import { present } from '../../component.js';
import { baseName, type Collector, type Contribution, directoryOf } from '../../contribution.js';
import { type RecognizedText, recognizeLicense } from '../../licenses/recognize.js';
import { MAX_LICENSE_BYTES } from '../../licenses/words.js';
import { mayHoldWeights } from '../../roles.js';

/** Names of such files; a notice names others and grants nothing. */
const NAME = /^(?:licen[cs]es?|copying|unlicense|model[_-]licen[cs]e)(?:[._-][\w.+-]{1,80})?$/i;
const OTHER = /\.(?:py|js|ts|mjs|cjs|json|ya?ml|html?|pdf|docx?|h|c|cpp|rs|go|sh)$/i;

export const licenseFile: Collector = {
  id: 'license-file',
  files: '`LICENSE`, `LICENCE`, `COPYING`, `UNLICENSE` with any ending, `LICENSES/*.txt`, beside the card or weights and in `*.dist-info`',
  matches: (path) => (NAME.test(baseName(path)) && !OTHER.test(baseName(path))) || /^LICENSES\/[^/]+\.txt$/.test(path),
  collect({ path, bytes }, { paths }) {
    const place = placeOf(directoryOf(path), paths);
    if (place === undefined || bytes.byteLength > MAX_LICENSE_BYTES) return { contributions: [] };
    let text: string;
    try {
      text = decodeUtf8(bytes, path);
    } catch {
      text = new TextDecoder('latin1').decode(bytes);
    }
    const known = recognizeLicense(text);
    const isKnown = known.ids.length > 0;
    const item = present({ ...licenseItem(known, path), kind: 'declared', path });
    const contribution: Contribution = {
      kind: 'addition',
      list: '/model/licenses',
      item,
      from: { origin: 'inferred', path, method: isKnown ? 'text of the licence' : 'file name' },
      ...(place === 'package' || !isKnown ? { hint: true } : {}),
    };
    return { contributions: [contribution], findings: isKnown && !known.hasMore ? [] : [unrecognized(path, known)] };
  },
};

/** Is it the licence of what lies here, or of the package that it came in? That of something else lies elsewhere. */
function placeOf(directory: string, paths: ReadonlySet<string>): 'model' | 'package' | undefined {
  if (directory === '' || directory === 'LICENSES/') return 'model';
  // Of several packages none is the one that this came in.
  if (/^[^/]+\.dist-info\/(?:licenses\/)?$/.test(directory))
    return [...paths].filter((path) => /^[^/]+\.dist-info\/METADATA$/.test(path)).length === 1 ? 'package' : undefined;
  for (const path of paths) if (directoryOf(path) === directory && mayHoldWeights(path)) return 'model';
  return undefined;
}

/** Licences whose texts leave open whether later versions may be chosen. */
const OPEN = /^(?:AGPL|GPL|LGPL)-/;

function licenseItem({ ids, hasMore, title }: RecognizedText, path: string): { readonly [key: string]: JsonValue } {
  const [only] = ids;
  if (only === undefined) return { name: title ?? baseName(path), note: 'the text is none of the licences that are known' };
  if (ids.length > 1 || hasMore)
    return { name: `${ids.join(', ')}${hasMore ? ' and other terms' : ''}`, note: 'the file holds more than one text' };
  // REUSE names the texts in LICENSES by their ids: https://reuse.software/spec-3.3
  const named = path.startsWith('LICENSES/') ? canonicalLicenseId(baseName(path).replace(/\.txt$/, '')) : undefined;
  if (named?.replace(/-(?:only|or-later)$/, '') === only) return { expression: named };
  if (OPEN.test(only)) return { name: only, note: 'the text does not say whether later versions are allowed' };
  return { expression: only };
}

const unrecognized = (file: string, { ids }: RecognizedText): Finding => ({
  id: 'license-unrecognized',
  severity: 'info',
  message:
    ids.length === 0
      ? 'the text is none of the licences that are known; it may be one of them with other words'
      : `the file holds ${ids.join(' and ')} and other text, which may change the terms`,
  fix: 'Read it, and state the licence with --set where it is another than the manifest says.',
  file,
});
