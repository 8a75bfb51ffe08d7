/** A parent as sources write it: a repository, an address, a place in the cache of the Hub, a path on somebody's disk. */
import type { JsonValue } from '../../../core/canonical-json.js';
import { idFrom } from '../../../core/id.js';
import { hubPurl, isRepositoryName } from '../../values.js';

/** What a text that names a model says of it. */
export interface BaseName {
  /** `org/name` of a repository, or the last part of a path. */
  readonly name: string;
  /** Revision that stands in the text. */
  readonly revision?: string;
  /** Is it a repository of the Hub, and no path? */
  readonly onHub: boolean;
}

const COMMIT = /^[0-9a-f]{40}$/i;
/** Directories that look like a repository's name and are where trainers put their work. */
const LOCAL =
  /^(outputs?|out|results?|runs?|models?|checkpoints?|ckpts?|weights|saves?|saved_models?|tmp|temp|data|cache|logs?|work|exp|experiments?)\/|\/checkpoint-\d+$/i;
const HUB = /^(?:https?:\/\/(?:www\.)?(?:huggingface\.co|hf\.co)\/|hf:\/\/(?:models\/)?)/i;

/** @param text `models--org--name/snapshots/<commit>` anywhere in a path is what the cache of the Hub is made of */
export function baseName(text: string): BaseName {
  const parts = text.split(/[\\/]/).filter((part) => part !== '');
  const cached = parts.findIndex((part) => /^models--[^-]/.test(part));
  if (cached !== -1) {
    const name = (parts[cached] ?? '').slice('models--'.length).replace('--', '/');
    const revision = parts[cached + 1] === 'snapshots' ? parts[cached + 2] : undefined;
    if (isRepositoryName(name)) return { name, onHub: true, ...revisionOf(revision) };
  }
  const address = HUB.exec(text);
  const purl = text.startsWith('pkg:huggingface/');
  if (address !== null || purl) {
    const [path = ''] = text.slice(purl ? 'pkg:huggingface/'.length : (address?.[0].length ?? 0)).split(/[?#]/, 1);
    const [organization = '', repository = '', verb = '', revision] = path.split('/');
    const [plain = '', at] = repository.split('@');
    const name = plain === '' ? organization : `${organization}/${plain}`;
    if (isRepositoryName(name))
      return { name, onHub: true, ...revisionOf(at ?? (/^(?:tree|resolve|blob|raw|commit)$/.test(verb) ? revision : undefined)) };
  }
  const [repository = '', at] = text.split('@');
  if (isRepositoryName(repository) && !LOCAL.test(repository))
    return { name: repository, onHub: repository.includes('/'), ...revisionOf(at) };
  return { name: parts.at(-1) ?? text, onHub: false };
}

/** Branches move: only a commit says which weights are meant; a name of a release is kept as it is. */
const revisionOf = (text: string | undefined): { readonly revision?: string } =>
  text === undefined || text === '' || /^(?:main|master|HEAD)$/.test(text) || !/^[\w.-]{1,100}$/.test(text)
    ? {}
    : { revision: COMMIT.test(text) ? text.toLowerCase() : text };

/** An item of `/model/lineage/parents`; of a path on the trainer's disk the last part alone is no private data. */
export function ancestor(text: string, stated?: string): { readonly [key: string]: JsonValue } {
  const { name, revision = stated, onHub } = baseName(text.trim());
  return {
    id: idFrom(name),
    name,
    ...(revision === undefined ? {} : { version: revision }),
    ...(onHub ? { identifiers: [{ type: 'purl', value: hubPurl(name, revision) }] } : {}),
    verification: 'unverified',
  };
}
