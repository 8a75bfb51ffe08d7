/** What a configuration says about how files are compared. The user's own files count too, as they do for git. */
import type { Sight } from '../sight.js';
import { booleanValue, joinedConfig, lastValue, parseGitConfig } from './config.js';
import { homePath, type Repository } from './repository.js';

export interface Settings {
  /** Does the index speak of the right to run a file? */
  readonly fileMode: boolean;
  /** Are links made as links? */
  readonly symlinks: boolean;
  /** Do `A` and `a` name one file? */
  readonly foldCase: boolean;
  /** Are the line endings of texts turned into line feeds without an attribute that says so? */
  readonly convertLines: boolean;
  /** Patterns for all repositories of the user, and attributes, lowest precedence first. */
  readonly ignoreText: string | undefined;
  readonly attributeTexts: readonly string[];
  /** False when something that may change the above was not read: an included file, one outside the repository. */
  readonly certain: boolean;
}

const MAX_CONFIG = 4 * 1024 * 1024;

export async function readSettings(sight: Sight, repository: Repository): Promise<Settings> {
  const text = async (path: string | undefined): Promise<string | undefined> =>
    path !== undefined && (await sight.kind(path)) === 'file' ? sight.text(path, MAX_CONFIG) : undefined;
  const { env, platform } = sight.host;
  const home = env.HOME?.startsWith('/') ? env.HOME : undefined;
  const xdg = env.XDG_CONFIG_HOME?.startsWith('/') ? env.XDG_CONFIG_HOME : home === undefined ? undefined : `${home}/.config`;
  const under = (directory: string | undefined, name: string) => (directory === undefined ? undefined : `${directory}/${name}`);
  const user = env.GIT_CONFIG_GLOBAL === undefined ? [under(xdg, 'git/config'), under(home, '.gitconfig')] : [env.GIT_CONFIG_GLOBAL];
  const system = /^(1|true|yes|on)$/i.test(env.GIT_CONFIG_NOSYSTEM ?? '') ? [] : ['/etc/gitconfig'];
  const outer = joinedConfig((await Promise.all([...system, ...user].map(text))).map(parseGitConfig));
  const all = joinedConfig([outer, repository.config]);

  /** A file that the user's configuration names lies anywhere, one that the repository's names in the repository. */
  const named = async (key: string, otherwise: string | undefined) => {
    const own = lastValue(repository.config, key);
    const path = own ?? lastValue(outer, key);
    if (path === undefined || path === '') return { text: path === '' ? undefined : await text(otherwise), known: true };
    const whole = homePath(sight.host, path);
    const absolute = whole === undefined || whole.startsWith('/') ? whole : `${repository.root}/${whole}`;
    if (absolute === undefined || /^[/\\]{2}/.test(absolute)) return { text: undefined, known: false };
    const found = own === undefined ? await text(absolute) : await repository.sight.text(absolute, MAX_CONFIG);
    return { text: found, known: own === undefined || found !== undefined };
  };
  const [ignore, attributes] = await Promise.all([
    named('core.excludesfile', under(xdg, 'git/ignore')),
    named('core.attributesfile', under(xdg, 'git/attributes')),
  ]);
  const lines = lastValue(all, 'core.autocrlf')?.toLowerCase();
  const attributeTexts = [await text('/etc/gitattributes'), attributes.text].filter((each) => each !== undefined);
  return {
    fileMode: booleanValue(all, 'core.filemode') ?? platform !== 'win32',
    symlinks: booleanValue(all, 'core.symlinks') ?? platform !== 'win32',
    foldCase: booleanValue(all, 'core.ignorecase') ?? false,
    convertLines: lines === 'input' || booleanValue(all, 'core.autocrlf') === true,
    ignoreText: ignore.text,
    attributeTexts,
    certain: all.whole && ignore.known && attributes.known,
  };
}

const EXTENSIONS =
  /^extensions\.(noop|noop-v1|preciousobjects|partialclone|worktreeconfig|objectformat|compatobjectformat|refstorage|relativeworktrees)$/;

/** What git itself would refuse, or what changes the meaning of the rest in a way that is not known here; undefined for nothing. */
export function foreignFormat({ config }: Repository): string | undefined {
  const version = Number(lastValue(config, 'core.repositoryformatversion') ?? '0');
  if (version > 1 || Number.isNaN(version)) return 'its format is of a version that is not known';
  const foreign = version === 1 && [...config.values.keys()].some((key) => key.startsWith('extensions.') && !EXTENSIONS.test(key));
  if (foreign) return 'its format has an extension that is not known';
  return booleanValue(config, 'core.bare') === true ? 'its configuration says that it has no working directory' : undefined;
}
