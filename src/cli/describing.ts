/** Options that `collect` and `record` share: who and what is described, from which sources, and what the caller adds. */
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { type Claim, COLLECTORS, suppliedPart, suppliedValue } from '../collect/index.js';
import type { JsonValue } from '../core/canonical-json.js';
import { MsbomError } from '../core/error.js';
import { nearest } from '../core/nearest.js';
import { ioError } from '../platform/io-error.js';
import { PROBE_GROUPS, PROBES } from '../probe/index.js';
import type { Party } from '../schema/index.js';
import type { Config } from '../verbs/config.js';
import type { Arguments, Options } from './command.js';
import type { Session } from './io.js';
import { excluder } from './values.js';

export const DESCRIBING_OPTIONS: Options = {
  name: { type: 'string', help: 'name of the model; default what the files say, at last the name of the directory' },
  group: { type: 'string', help: 'namespace or organisation of the model' },
  'model-version': { type: 'string', value: 'VERSION', help: 'version of the model' },
  author: { type: 'string', value: 'NAME', help: 'who makes the document' },
  'author-url': { type: 'string', value: 'URL', help: 'how the author is reached' },
  'author-email': { type: 'string', value: 'EMAIL', help: 'how the author is reached' },
  set: {
    type: 'string',
    value: 'PLACE=VALUE',
    multiple: true,
    help: 'say a value yourself: `--set training.hyperparameters.seed=42`; VALUE is JSON, or else text',
  },
  overlay: { type: 'string', value: 'FILE', multiple: true, help: 'add a part of a manifest, in YAML or JSON, that you wrote' },
  with: {
    type: 'string',
    value: 'GROUPS',
    multiple: true,
    help: `look at the machine too: ${PROBE_GROUPS.join(', ')}, or single probes, with commas`,
  },
  only: {
    type: 'string',
    value: 'SOURCES',
    multiple: true,
    help: 'read only these metadata sources, by id, with commas; files are always listed and hashed',
  },
  exclude: {
    type: 'string',
    value: 'GLOB',
    multiple: true,
    help: 'leave out paths that match (`*` stays in a directory, `**` does not), or a metadata source or probe by its id',
  },
  python: { type: 'string', value: 'PATH', help: 'Python interpreter or environment to look into' },
  config: {
    type: 'string',
    value: 'FILE',
    help: 'configuration, in YAML, JSON or as a module; default the nearest `.msbom.yaml` or `.msbom.json`, from the working directory upwards',
  },
  sha512: { type: 'boolean', help: 'compute SHA-512 besides SHA-256' },
  'include-private': { type: 'boolean', help: 'keep paths, e-mail addresses, user and host names, serial numbers' },
  jobs: { type: 'string', short: 'j', value: 'N', help: 'threads for hashing at most' },
};

/** What the command line and the configuration say together; the command line wins, lists are joined. */
export interface Described {
  readonly name?: string;
  readonly group?: string;
  readonly version?: string;
  readonly authors: readonly Party[];
  readonly supplied: readonly Claim[];
  readonly exclude: (path: string) => boolean;
  /** Is a metadata source read? */
  readonly sources: (id: string) => boolean;
  /** Groups or ids of probes; undefined when nobody said. */
  readonly probes: readonly string[] | undefined;
  /** Ids of probes that are left out. */
  readonly without: readonly string[];
  readonly python?: string;
  readonly sha512: boolean;
  readonly includePrivate: boolean;
}

/** `more`: other words that `--with` takes. @throws ERR_CLI_USAGE, ERR_MANIFEST_VALUE, ERR_IO_* */
export async function describing(args: Arguments, io: Session, config: Config, more: readonly string[] = []): Promise<Described> {
  const ids = new Set([...COLLECTORS.map(({ id }) => id), ...PROBES.map(({ id }) => id)]);
  const exclude = [...(config.exclude ?? []), ...args.texts('exclude')];
  const left = exclude.filter((each) => ids.has(each));
  const only = known([...(config.only ?? []), ...words(args, 'only')], '--only', [...ids]);
  const probes = known([...(config.with ?? []), ...words(args, 'with')], '--with', [
    ...PROBE_GROUPS,
    ...PROBES.map(({ id }) => id),
    ...more,
  ]);
  const said = {
    name: args.text('name') ?? config.name,
    group: args.text('group') ?? config.group,
    version: args.text('model-version') ?? config.version,
    python: args.text('python') ?? config.python,
  };
  return {
    ...(Object.fromEntries(Object.entries(said).filter(([, value]) => value !== undefined)) as Partial<Record<keyof typeof said, string>>),
    authors: author(args) ?? config.authors ?? [],
    supplied: await supplied(args, io, config).catch((error: unknown) => {
      // What the user wrote, not what a file holds.
      throw MsbomError.is(error, 'ERR_MANIFEST_VALUE')
        ? new MsbomError('ERR_CLI_USAGE', error.message, { file: error.file, hint: error.hint })
        : error;
    }),
    exclude: excluder(exclude.filter((each) => !ids.has(each))),
    sources: (id) => !left.includes(id) && (only.length === 0 || only.includes(id)),
    probes: probes.length > 0 ? probes : undefined,
    without: left,
    sha512: args.flag('sha512') || config.sha512 === true,
    includePrivate: args.flag('include-private') || config.includePrivate === true,
  };
}

/** Values of an option that may stand several times and hold several words with commas. */
const words = (args: Arguments, option: string): readonly string[] =>
  args
    .texts(option)
    .flatMap((text) => text.split(','))
    .map((word) => word.trim())
    .filter((word) => word !== '');

function known(given: readonly string[], option: string, allowed: readonly string[]): readonly string[] {
  for (const word of given) {
    if (allowed.includes(word)) continue;
    const guess = nearest(word, allowed);
    throw new MsbomError('ERR_CLI_USAGE', `\`${option}\` does not know \`${word}\``, {
      hint: guess === undefined ? `use some of ${[...new Set(allowed)].sort().join(', ')}` : `did you mean \`${guess}\`?`,
    });
  }
  return given;
}

function author(args: Arguments): readonly Party[] | undefined {
  const [name, url, email] = [args.text('author'), args.text('author-url'), args.text('author-email')];
  if (name === undefined) return undefined;
  const contact = { ...(url === undefined ? {} : { url }), ...(email === undefined ? {} : { email }) };
  return [{ name, ...(Object.keys(contact).length > 0 ? { contact } : {}) }];
}

async function supplied(args: Arguments, io: Session, config: Config): Promise<readonly Claim[]> {
  const pairs = args.texts('set').map((text) => {
    const at = text.indexOf('=');
    if (at <= 0) throw new MsbomError('ERR_CLI_USAGE', `\`--set ${text}\` has no \`=\``, { hint: 'write --set model.version=1.2.0' });
    return [text.slice(0, at), jsonOrText(text.slice(at + 1))] as const;
  });
  const overlays = await Promise.all(
    args.texts('overlay').map(async (file) => {
      await io.guard.reads(resolve(io.cwd, file));
      return suppliedPart(await readOverlay(resolve(io.cwd, file), file), { name: file, method: 'overlay' });
    }),
  );
  return [
    ...pairs.flatMap(([place, value]) => suppliedValue(place, value, { name: 'command line', method: 'option --set' })),
    ...overlays.flat(),
    ...Object.entries(config.set ?? {}).flatMap(([place, value]) =>
      suppliedValue(place, value, { name: 'configuration', method: 'configuration file' }),
    ),
    // Checked with the manifest as a whole.
    ...suppliedPart((config.overlay ?? {}) as JsonValue, {
      name: 'configuration',
      method: 'configuration file',
    }),
  ];
}

/** JSON, or else text; a number that would not be written as it stands, such as the version 1.10, is text too. */
function jsonOrText(text: string): JsonValue {
  try {
    const value = JSON.parse(text) as JsonValue;
    return typeof value === 'number' && String(value) !== text.trim() ? text : value;
  } catch {
    return text;
  }
}

/** YAML (of which JSON is a part). A number that would not be written as it stands, such as the version 1.10, stays text. */
async function readOverlay(path: string, file: string): Promise<{ readonly [key: string]: JsonValue }> {
  const text = await readFile(path, 'utf8').catch((error: unknown) => {
    throw ioError(error, file, 'ERR_IO_READ');
  });
  const { parseWrittenYaml } = await import('../core/yaml.js');
  const parsed = parseWrittenYaml(text);
  if ('problem' in parsed) throw new MsbomError('ERR_CLI_USAGE', `the overlay is not YAML: ${parsed.problem}`, { file, ...parsed.place });
  const { value } = parsed;
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new MsbomError('ERR_CLI_USAGE', 'the overlay is not a part of a manifest', {
      file,
      hint: 'begin with a section, such as `training:`',
    });
  return value as { readonly [key: string]: JsonValue };
}
