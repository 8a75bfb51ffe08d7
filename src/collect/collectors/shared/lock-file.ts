/** What the readers of lock files share: the texts. */
import { MsbomError } from '../../../core/error.js';
import type { Finding } from '../../../core/finding.js';
import { decodeUtf8 } from '../../../core/json.js';
import { parseYaml } from '../../../core/yaml.js';
import type { Collected, MetadataFile } from '../../contribution.js';
import { asObject, type Loose } from '../../values.js';
import { unreadable } from './json-file.js';
import { parseToml } from './toml.js';

/** YAML takes far more time and memory than JSON. */
const MAX_YAML_BYTES = 16 * 1024 * 1024;

/** Is it a file of the project itself, not of a package that is installed in the directory? */
export function isProjectFile(path: string): boolean {
  return !/(^|\/)(node_modules|site-packages|dist-packages|\.git|\.venv|venv)\//.test(path);
}

/** Reads the text of a file; what is no UTF-8 is a finding. */
export function fromText({ path, bytes }: MetadataFile, read: (text: string) => Collected): Collected {
  try {
    return read(decodeUtf8(bytes, path));
  } catch (error) {
    if (!MsbomError.is(error)) throw error;
    return { contributions: [], findings: [unreadable(path, error.message, { offset: error.offset })] };
  }
}

/** Reads a TOML document; what cannot be read is a finding. */
export function fromToml(file: MetadataFile, read: (value: Loose) => Collected): Collected {
  return fromText(file, (text) => {
    const toml = parseToml(text);
    return 'problem' in toml ? broken(file.path, toml.problem, toml.place) : read(toml.value);
  });
}

/** Reads a YAML document that is a map; what cannot be read is a finding. */
export function fromYaml(file: MetadataFile, read: (value: Loose) => Collected): Collected {
  if (file.bytes.byteLength > MAX_YAML_BYTES) return broken(file.path, `the file has more than ${MAX_YAML_BYTES} bytes of YAML`);
  return fromText(file, (text) => {
    const yaml = parseYaml(text);
    if ('problem' in yaml) return broken(file.path, yaml.problem, yaml.place);
    const value = asObject(yaml.value);
    return value === undefined ? broken(file.path, 'the document is not a map') : read(value);
  });
}

export const broken = (path: string, message: string, place: Pick<Finding, 'line' | 'column' | 'offset'> = {}): Collected => ({
  contributions: [],
  findings: [unreadable(path, message, place)],
});

/** The items of a list that are objects. */
export const objectsIn = (value: unknown): readonly Loose[] =>
  Array.isArray(value) ? value.map(asObject).filter((each) => each !== undefined) : [];
