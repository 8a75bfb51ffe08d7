/** The address of a repository, without what is private in it. */
import { type GitConfig, lastValue } from './config.js';

export interface Remote {
  readonly url: string;
  readonly key: string;
}

/** The address that the branch comes from: its own remote, else `origin`, else the only one there is. */
export function remoteOf(config: GitConfig, branch: string | undefined, includePrivate: boolean): Remote | undefined {
  const names = [...config.values.keys()].flatMap((key) => /^remote\.(.+)\.url$/s.exec(key)?.[1] ?? []);
  const own = branch === undefined ? undefined : lastValue(config, `branch.${branch}.remote`);
  const name = [own, 'origin', names.length === 1 ? names[0] : undefined].find((each) => each !== undefined && names.includes(each));
  if (name === undefined) return undefined;
  const key = `remote.${name}.url`;
  const url = publicUrl(config.values.get(key)?.[0] ?? '', includePrivate);
  return url === undefined ? undefined : { url, key };
}

/** Without user, password, query and fragment; a path on somebody's disk only where private things are wanted. */
export function publicUrl(text: string, includePrivate: boolean): string | undefined {
  if (!/^[\x21-\x7e\u00a0-\ufffc]{1,2000}$/.test(text)) return undefined;
  if (/^[a-z][a-z0-9+.-]*:\/\//i.test(text)) {
    if (/^file:/i.test(text)) return includePrivate ? text : undefined;
    const match = /^([a-z][a-z0-9+.-]*:\/\/)(?:[^/?#]*@)?([^/?#@]+)([^?#]*)/i.exec(text);
    if (match?.[2] === undefined) return undefined;
    // The account of ssh is part of the address, and on the great hosts the same for everybody.
    const user = /^(?:git\+)?ssh:\/\/git@/i.test(text) ? 'git@' : '';
    return `${match[1]}${user}${match[2]}${match[3]}`;
  }
  const scp = /^(?:([^@/:]+)@)?([A-Za-z0-9.-]{2,}):(?!\/\/)(.+)$/.exec(text);
  if (scp !== null) return `${scp[1] === 'git' ? 'git@' : ''}${scp[2]}:${scp[3]}`;
  return includePrivate ? text : undefined;
}
