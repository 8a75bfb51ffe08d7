/** `*.dvc` files of DVC: MD5 and size of the data beside them. Source: https://dvc.org/doc/user-guide/project-structure/dvc-files */
import { decodeUtf8 } from '../../core/json.js';
import { parseYaml } from '../../core/yaml.js';
import { unreadable } from '../collectors/shared/json-file.js';
import { directoryOf, type MetadataFile, RANKS } from '../contribution.js';
import { asObject, asText } from '../values.js';
import type { DatasetSource, DatasetStatement, StatedFile } from './statement.js';
import { count, digestOf, inside } from './values.js';

const MAX_OUTPUTS = 100_000;

export const dvcFileSource: DatasetSource = {
  id: 'dvc',
  files: '`*.dvc`',
  method: 'DVC file',
  rank: RANKS.vcs,
  mediaType: 'application/yaml',
  matches: (path) => /[^/]\.dvc$/.test(path),
  read: readDvcFile,
};

function readDvcFile(file: MetadataFile): DatasetStatement | undefined {
  let text: string;
  try {
    text = decodeUtf8(file.bytes, file.path);
  } catch {
    return { values: [], findings: [unreadable(file.path, 'the file is not valid UTF-8')] };
  }
  const parsed = parseYaml(text);
  if ('problem' in parsed)
    return { values: [], findings: [unreadable(file.path, `the file is not YAML: ${parsed.problem}`, parsed.place)] };
  const outputs = asObject(parsed.value)?.outs;
  if (!Array.isArray(outputs)) return undefined;
  return {
    values: [],
    partial: true,
    files: outputs.slice(0, MAX_OUTPUTS).flatMap((output: unknown) => outputOf(directoryOf(file.path), output)),
  };
}

/** A directory's digest ends in `.dir` and is that of a list which lies in DVC's cache; its files are not known from here. */
function outputOf(base: string, output: unknown): StatedFile[] {
  const { path, md5, size, hash, nfiles } = asObject(output) ?? {};
  const place = inside(base, asText(path) ?? '');
  if (place === undefined || nfiles !== undefined || asText(md5)?.endsWith('.dir') === true) return [];
  // Before DVC 3, which writes `hash`, line ends of texts were changed before hashing: such an MD5 need not be that of the bytes.
  return [
    { path: place, key: 'outs', required: true, size: count(size), digest: asText(hash) === 'md5' ? digestOf('md5', md5) : undefined },
  ];
}
