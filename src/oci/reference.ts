/**
 * What an artifact is called: `oci://HOST/NAME:TAG` or `oci://HOST/NAME@DIGEST` in a registry, `oci:DIRECTORY:TAG` or
 * `oci:DIRECTORY@DIGEST` in an OCI image layout. Nothing is guessed: neither a host nor a tag.
 * Source: https://github.com/opencontainers/distribution-spec/blob/v1.1.1/spec.md (Pulling manifests)
 */
import { MsbomError } from '../core/error.js';

export interface RegistryReference {
  readonly kind: 'registry';
  /** Host and port, as they are written. */
  readonly host: string;
  readonly repository: string;
  readonly tag?: string;
  readonly digest?: string;
}

export interface LayoutReference {
  readonly kind: 'layout';
  readonly directory: string;
  readonly tag?: string;
  readonly digest?: string;
}

export type Reference = RegistryReference | LayoutReference;

/** Hexadecimal digits of the digests that are computed here. */
export const DIGESTS: Readonly<Record<string, number>> = { sha256: 64, sha512: 128 };

const MAX_REPOSITORY = 255;
const TAG = /^\w[\w.-]{0,127}$/;
const PART = /^[a-z0-9]+(?:[._-][a-z0-9._-]*)?$/;
const HOST = /^(?:[A-Za-z0-9](?:[A-Za-z0-9.-]*)|\[[0-9A-Fa-f:.]+\])(?::[0-9]{1,5})?$/;

export const isDigest = (text: string): boolean => {
  const [algorithm = '', hex = '', ...more] = text.split(':');
  return more.length === 0 && Object.hasOwn(DIGESTS, algorithm) && hex.length === DIGESTS[algorithm] && /^[0-9a-f]+$/.test(hex);
};

const refused = (text: string, why: string): MsbomError =>
  new MsbomError('ERR_OCI_REFERENCE', `\`${text}\` is no artifact: ${why}`, {
    hint: 'give oci://HOST/NAME:TAG or oci://HOST/NAME@sha256:HEX, or oci:DIRECTORY:TAG for an OCI layout',
  });

/** @throws ERR_OCI_REFERENCE */
export function parseReference(text: string): Reference {
  if (text.startsWith('oci://')) return registryReference(text, text.slice('oci://'.length));
  if (text.startsWith('oci:')) return layoutReference(text, text.slice('oci:'.length));
  return registryReference(text, text);
}

/** `name`, `name:tag`, `name@digest`, `name:tag@digest`. */
function split(text: string, rest: string): { readonly name: string; readonly tag?: string; readonly digest?: string } {
  const at = rest.indexOf('@');
  const digest = at === -1 ? undefined : rest.slice(at + 1);
  if (digest !== undefined && !isDigest(digest)) throw refused(text, 'what stands behind @ is no digest');
  const before = at === -1 ? rest : rest.slice(0, at);
  const colon = before.lastIndexOf(':');
  // A colon in front of a slash is that of a port, or of a drive.
  const tag = colon > before.lastIndexOf('/') && colon > before.lastIndexOf('\\') ? before.slice(colon + 1) : undefined;
  if (tag !== undefined && !TAG.test(tag)) throw refused(text, 'the tag has a form that tags do not have');
  if (tag === undefined && digest === undefined) throw refused(text, 'it has neither a tag nor a digest');
  const name = tag === undefined ? before : before.slice(0, colon);
  return { name, ...(tag === undefined ? {} : { tag }), ...(digest === undefined ? {} : { digest }) };
}

function layoutReference(text: string, rest: string): LayoutReference {
  const { name, ...place } = split(text, rest);
  if (name === '') throw refused(text, 'it names no directory');
  return { kind: 'layout', directory: name, ...place };
}

function registryReference(text: string, rest: string): RegistryReference {
  const { name, ...place } = split(text, rest);
  const slash = name.indexOf('/');
  const [host, repository] = [name.slice(0, Math.max(0, slash)), name.slice(slash + 1)];
  if (host.length > 255 || !HOST.test(host) || !URL.canParse(`https://${host}/`)) throw refused(text, 'it does not begin with a host');
  // `acme/model` is short for something elsewhere, which is not guessed here.
  if (!/[.:\]]/.test(host) && host !== 'localhost') throw refused(text, 'it does not begin with a host');
  if (repository.length > MAX_REPOSITORY || !repository.split('/').every((part) => PART.test(part) && /[a-z0-9]$/.test(part)))
    throw refused(text, 'the name of the repository has a form that names do not have');
  return { kind: 'registry', host, repository, ...place };
}

/** `localhost`, `127.0.0.0/8`, `::1`: what never leaves the machine. */
export function isLoopback(hostname: string): boolean {
  const name = hostname.toLowerCase();
  return name === 'localhost' || name === '[::1]' || name === '::1' || /^127(?:\.[0-9]{1,3}){3}$/.test(name);
}
