/** FileObjects and FileSets of a Croissant document as files and patterns of the directory. */
import type { Digests } from '../../../core/digest.js';
import type { StatedFile, StatedPattern } from '../../dataset/statement.js';
import { digestOf, exactBytes, inside, pathOfUrl, webUrl } from '../../dataset/values.js';
import type { Node } from './json-ld.js';

const MAX_RESOURCES = 100_000;

export interface Distribution {
  readonly files: readonly StatedFile[];
  readonly patterns: readonly StatedPattern[];
  /** The one encoding of all files that hold data; undefined for several. */
  readonly format: string | undefined;
}

/** What lies in the directory itself: not inside an archive, and not the repository as a whole. */
export function distribution(root: Node, base: string, paths: ReadonlySet<string>): Distribution {
  const resources = root.nodes('sc:distribution').slice(0, MAX_RESOURCES);
  const repositories = new Set(resources.filter(isRepository).map(({ id }) => id));
  const lying = resources.filter((each) => !isRepository(each) && containers(each).every((container) => repositories.has(container)));
  const formats = new Set(resources.filter((each) => !isRepository(each)).flatMap((each) => each.texts('sc:encodingFormat')));
  return {
    files: lying.flatMap((each, i) => (isFileSet(each) ? [] : fileOf(each, base, paths, `distribution/${each.id ?? i}`))),
    patterns: lying.filter(isFileSet).flatMap((each) => patternsOf(each, base)),
    format: formats.size === 1 ? [...formats][0]?.slice(0, 200) : undefined,
  };
}

const isFileSet = ({ types }: Node): boolean => types.includes('cr:FileSet');
/** The Hub describes the repository itself as a file object. */
const isRepository = (node: Node): boolean => node.texts('sc:encodingFormat').includes('git+https');
/** In 1.0 `containedIn` belongs to schema.org, in 1.1 to Croissant. */
const containers = (node: Node): readonly (string | undefined)[] => [
  ...['cr:containedIn', 'sc:containedIn'].flatMap((name) => [...node.texts(name), ...node.nodes(name).map(({ id }) => id)]),
];

function fileOf(node: Node, base: string, paths: ReadonlySet<string>, key: string): readonly StatedFile[] {
  const digest: Digests = { ...digestOf('sha256', node.text('sc:sha256')), ...digestOf('md5', node.text('cr:md5') ?? node.text('sc:md5')) };
  const stated = {
    key: key.slice(0, 200),
    size: exactBytes(node.text('sc:contentSize')),
    ...(Object.keys(digest).length > 0 ? { digest } : {}),
  };
  const url = node.text('sc:contentUrl');
  const relative = url === undefined || webUrl(url) !== undefined ? undefined : inside(base, url);
  if (relative !== undefined) return [{ ...stated, path: relative, required: true }];
  // Behind a URL only the name of the file is known; it may lie here under the name, the id, or the end of the URL.
  const names = [node.text('sc:name'), node.id, url === undefined ? undefined : pathOfUrl(url)].flatMap((name) =>
    name === undefined ? [] : [inside(base, name)],
  );
  const found = names.find((name) => name !== undefined && paths.has(name));
  return found === undefined ? [] : [{ ...stated, path: found, required: false }];
}

function patternsOf(node: Node, base: string): readonly StatedPattern[] {
  return node.texts('cr:includes').flatMap((glob) => {
    const path = inside(base, glob);
    return path === undefined ? [] : [{ glob: path, key: `distribution/${node.id ?? 'FileSet'}`.slice(0, 200) }];
  });
}
