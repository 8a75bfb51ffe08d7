/** How DVC names data, and what it knows of it. */
import type { JsonValue } from '../../../core/canonical-json.js';
import type { Digests } from '../../../core/digest.js';
import { idFrom } from '../../../core/id.js';
import { hexDigest } from '../../hashes.js';
import { plainValue } from '../../hyperparameters.js';
import { webUri } from '../../public-uri.js';
import { roleByName } from '../../roles.js';
import { asCount, asText, digestOfUnknownMethod, type Loose } from '../../values.js';

/** Files that are part of a model, or of the program, are no data. */
export const isModelFile = (path: string): boolean =>
  ['weights', 'adapter', 'checkpoint', 'optimizer-state', 'code', 'tokenizer'].includes(roleByName(path));

/** The path of data inside the repository, or an address without credentials; a place on a disk has no public name. */
export function dataName(path: unknown): string | undefined {
  const text = asText(path);
  if (text === undefined || text.length > 512 || /[\u0000-\u001f]/.test(text)) return undefined;
  if (text.includes('://')) return webUri(text) ?? (/^(s3|gs|azure|hdfs):\/\/[^\s@?#]{1,500}$/.test(text) ? text : undefined);
  return plainValue(text) === undefined ? undefined : text.replace(/^\.\//, '').replace(/(?<!\/)\/+$/, '');
}

/** The digest of the bytes that DVC states, where it is one. */
export const statedDigest = ({ hash, md5 }: Loose): Digests | undefined => (hash === 'md5' ? hexDigest('md5', md5) : undefined);

/**
 * Digest and size. Before version 3, which notes `hash: md5`, DVC changed the line ends of texts before it hashed them, and the
 * MD5 of a directory is that of DVC's list of its files: neither is a digest of the data, and stands as DVC's own name for it.
 */
export function dataset(name: string, facts: Loose): { readonly [key: string]: JsonValue } {
  const md5 = asText(facts.md5) ?? '';
  const bytes = asCount(facts.size);
  const digest = statedDigest(facts);
  return {
    id: idFrom(name),
    name,
    provenanceStatus: 'declared',
    ...(digest === undefined ? {} : { digest: digestOfUnknownMethod(digest) }),
    ...(digest === undefined && /^[0-9a-f]{32}(\.dir)?$/.test(md5) ? { identifiers: [{ type: 'other', scheme: 'dvc', value: md5 }] } : {}),
    ...(bytes === undefined ? {} : { size: { bytes } }),
  };
}
