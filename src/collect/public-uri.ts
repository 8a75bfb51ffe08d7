/** Which addresses may stand in a manifest: those that tell nothing about whoever fetched from them. */

/** Places that everybody fetches from. An address elsewhere may be an organisation's own index. */
const PUBLIC_HOSTS: readonly string[] = [
  'anaconda.com',
  'anaconda.org',
  'bitbucket.org',
  'codeberg.org',
  'github.com',
  'gitlab.com',
  'huggingface.co',
  'npmjs.org',
  'prefix.dev',
  'pypi.nvidia.com',
  'pypi.org',
  'pythonhosted.org',
  'pytorch.org',
  'yarnpkg.com',
];

/** A web address without credentials, query and fragment, which may hold tokens; undefined for anything else. */
export function webUri(text: unknown): string | undefined {
  if (typeof text !== 'string' || text.length > 2048 || !/^https?:\/\//i.test(text) || !URL.canParse(text)) return undefined;
  const { protocol, host, pathname } = new URL(text);
  const uri = `${protocol}//${host}${pathname}`;
  return /^[\x21-\x7e]+$/.test(uri) && !/[\\^`{|}<>"[\]]/.test(uri) && !/%(?![0-9a-f]{2})/i.test(uri) ? uri : undefined;
}

/** The address when it is a public one; any other only when private things are kept. */
export function shownUri(text: unknown, includePrivate: boolean): string | undefined {
  const uri = webUri(text);
  if (uri === undefined || includePrivate) return uri;
  const { hostname, protocol } = new URL(uri);
  return protocol === 'https:' && PUBLIC_HOSTS.some((host) => hostname === host || hostname.endsWith(`.${host}`)) ? uri : undefined;
}

/** Last part of an address or path, as the file is called there. */
export function fileNameOf(address: string): string | undefined {
  const [path = ''] = address.split(/[?#]/, 1);
  const last = path.split(/[\\/]/).at(-1) ?? '';
  let name = last;
  try {
    name = decodeURIComponent(last);
  } catch {
    // Kept as it is written.
  }
  return /^[\w.+!-]{1,255}$/.test(name) ? name : undefined;
}

/** Where code comes from by a version control system. */
export interface VcsPlace {
  /** Repository, when it may be shown. */
  readonly source?: string;
  /** Full id of the commit. */
  readonly commit?: string;
}

/** Reads `git+https://host/path.git@<commit>` and the like. */
export function vcsPlace(address: string, includePrivate: boolean): VcsPlace {
  const [, bare = address] = /^[a-z]{2,10}\+(.*)$/s.exec(address) ?? [];
  const [place = ''] = bare.split(/[?#]/, 1);
  const at = place.lastIndexOf('@');
  const hasRevision = at > place.lastIndexOf('/') || (at > 0 && /^[0-9a-f]{40}$/.test(place.slice(at + 1)));
  const revision = hasRevision ? place.slice(at + 1) : fragmentCommit(bare);
  const source = shownUri(hasRevision ? place.slice(0, at) : place, includePrivate);
  return { ...(source === undefined ? {} : { source }), ...(isCommit(revision) ? { commit: revision.toLowerCase() } : {}) };
}

/** npm, uv and yarn write the commit behind `#`. */
const fragmentCommit = (address: string): string | undefined => /#(?:commit=)?([0-9a-f]{40})$/i.exec(address)?.[1];
/** A full commit id, and not one digit all the way, which stands for none. */
export const isCommit = (text: unknown): text is string =>
  typeof text === 'string' && /^[0-9a-f]{40}$/i.test(text) && !/^(.)\1*$/.test(text);
