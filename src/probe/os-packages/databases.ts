/**
 * The databases of dpkg (deb822 paragraphs, https://manpages.debian.org/dpkg/dpkg-query.1.html) and of apk
 * (one letter a field, https://wiki.alpinelinux.org/wiki/Apk_spec#Installed_Database_V2).
 */
import { append } from '../../core/append.js';
import { asValue, asVersion, type Sight } from '../sight.js';

export interface OsPackage {
  readonly type: 'deb' | 'apk';
  readonly name: string;
  readonly version: string;
  readonly architecture?: string | undefined;
  readonly description?: string | undefined;
  readonly homepage?: string | undefined;
  readonly license?: string | undefined;
  /** Database that lists it. */
  readonly path: string;
}

const MAX_DATABASE_BYTES = 64 * 1024 * 1024;
const MAX_PACKAGES = 50_000;

export async function dpkgPackages(sight: Sight): Promise<readonly OsPackage[]> {
  const status = '/var/lib/dpkg/status';
  const found = packagesOf(await sight.text(status, MAX_DATABASE_BYTES), ': ', (fields) => debPackage(fields, status));
  // Images without dpkg itself have a file for each package.
  const directory = '/var/lib/dpkg/status.d';
  const names = (await sight.list(directory)).filter((name) => !name.endsWith('.md5sums')).slice(0, MAX_PACKAGES);
  for (const name of names) {
    const path = `${directory}/${name}`;
    append(
      found,
      packagesOf(await sight.text(path), ': ', (fields) => debPackage(fields, path, 'install ok installed')),
    );
  }
  return found;
}

export async function apkPackages(sight: Sight): Promise<readonly OsPackage[]> {
  const found: OsPackage[] = [];
  for (const path of ['/lib/apk/db/installed', '/usr/lib/apk/db/installed']) {
    if (path.startsWith('/usr') && (await sight.resolve('/lib')) === '/usr/lib') continue; // the same file
    append(
      found,
      packagesOf(await sight.text(path, MAX_DATABASE_BYTES), ':', (fields) => apkPackage(fields, path)),
    );
  }
  return found;
}

type Fields = ReadonlyMap<string, string>;

/** One paragraph a package; lines that begin with a space go on with the field above and are not needed. */
function packagesOf(text: string | undefined, separator: string, read: (fields: Fields) => OsPackage | undefined): OsPackage[] {
  const found: OsPackage[] = [];
  let fields = new Map<string, string>();
  const finish = (): void => {
    const one = fields.size > 0 && found.length < MAX_PACKAGES ? read(fields) : undefined;
    if (one !== undefined) found.push(one);
    fields = new Map();
  };
  for (const line of (text ?? '').split('\n')) {
    if (line === '') finish();
    else if (line[0] !== ' ' && line[0] !== '\t') {
      const at = line.indexOf(separator);
      const key = at > 0 ? line.slice(0, at) : '';
      if (key !== '' && fields.size < 200 && !fields.has(key)) fields.set(key, line.slice(at + separator.length));
    }
  }
  finish();
  return found;
}

function debPackage(fields: Fields, path: string, without = ''): OsPackage | undefined {
  if (!/^[a-z]+ [a-z]+ installed$/.test(fields.get('Status') ?? without)) return undefined;
  return packageOf('deb', path, {
    name: fields.get('Package'),
    version: fields.get('Version'),
    architecture: fields.get('Architecture'),
    description: fields.get('Description'),
    homepage: fields.get('Homepage'),
  });
}

function apkPackage(fields: Fields, path: string): OsPackage | undefined {
  return packageOf('apk', path, {
    name: fields.get('P'),
    version: fields.get('V'),
    architecture: fields.get('A'),
    description: fields.get('T'),
    homepage: fields.get('U'),
    license: fields.get('L'),
  });
}

type Texts = Readonly<Partial<Record<'name' | 'version' | 'architecture' | 'description' | 'homepage' | 'license', string | undefined>>>;

/** A package whose name and version are what they must be; anything else in the paragraph is left out where it is odd. */
function packageOf(type: OsPackage['type'], path: string, texts: Texts): OsPackage | undefined {
  const name = texts.name !== undefined && /^[a-zA-Z0-9][a-zA-Z0-9+._-]{0,199}$/.test(texts.name) ? texts.name : undefined;
  const version = asVersion(texts.version);
  if (name === undefined || version === undefined) return undefined;
  const { architecture, homepage } = texts;
  return {
    type,
    name,
    version,
    path,
    architecture: architecture !== undefined && /^[a-z0-9_-]{1,40}$/.test(architecture) ? architecture : undefined,
    description: asValue(texts.description),
    homepage: homepage !== undefined && /^https?:\/\/[!-~]{1,500}$/.test(homepage) && URL.canParse(homepage) ? homepage : undefined,
    license: asValue(texts.license),
  };
}
