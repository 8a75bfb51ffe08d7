/**
 * A pattern for paths with `/`: `*` and `?` stay in a directory, `**` crosses them; what matches a directory matches all that
 * is in it.
 */
export function globPattern(glob: string): RegExp {
  const source = glob
    .replace(/(?<!\/)\/+$/, '')
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replace(/\*\*\/?|\*|\?/g, (wild) => (wild === '**/' ? '(?:.*/)?' : wild === '**' ? '.*' : wild === '*' ? '[^/]*' : '[^/]'));
  return new RegExp(`^${source}(?:/.*)?$`, 'u');
}
