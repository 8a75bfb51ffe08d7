// Parsers of texts that fuzzing feeds: metadata of every collector that reads text, XML of readers, documents of SBOM standards.

import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { mutateText } from './mutate-text.mjs';
import { ofSubject } from './owner.mjs';

const root = fileURLToPath(new URL('../..', import.meta.url));
const fixtures = join(root, 'test/fixtures');
const dist = (name) => import(new URL(`../../dist/${name}/index.js`, import.meta.url));
const MAX_SEED_BYTES = 256 * 1024;
const CODES = /^ERR_(FORMAT|LIMIT|JSON|CONVERT|MANIFEST)_/;
const isCoded = (error) => error?.name === 'MsbomError' && CODES.test(error.code ?? '');
/** Words that only the engine says: no message of ours may hold them. */
const ENGINE = /call stack|out of memory|undefined|is not a function|Cannot read/i;

function filesUnder(directory, isSeed) {
  return readdirSync(join(fixtures, directory), { recursive: true })
    .filter((path) => statSync(join(fixtures, directory, path)).isFile() && isSeed(path))
    .sort()
    .map((path) => ({ name: path, bytes: readFileSync(join(fixtures, directory, path)).subarray(0, MAX_SEED_BYTES) }));
}

const lazy = (make) => {
  let made;
  return () => (made ??= make());
};
const text = (name, lines) => ({ name, bytes: Buffer.from(lines.join('\n')) });

/** What lies in no fixture: the smallest file that its collector takes. */
const WRITTEN = [
  text('README.md', [
    '---',
    'license: mit',
    'tags: [a, b]',
    'model-index:',
    '- name: x',
    '  results:',
    '  - task: {type: t}',
    '---',
    '# x',
  ]),
  text('requirements.txt', [
    'numpy==2.3.1 --hash=sha256:00',
    '-r more.txt',
    'a[b] @ https://a.example/a.whl ; python_version < "3"',
    'c \\',
    '>=1',
  ]),
  text('environment.yml', ['name: x', 'dependencies:', '- numpy=1.0=b', '- pip:', '  - torch==2.0']),
  text('pyproject.toml', ['[project]', 'name = "x"', 'dependencies = ["numpy>=1"]', '[[tool.a]]', 'b.c = {d = [1]}']),
  text('config.json', ['{"model_type":"bert","architectures":["A"],"torch_dtype":"float32","quantization_config":{"bits":4}}']),
  text('Kitfile', ['manifestVersion: v1.0.0', 'package: {name: x}', 'model: {path: a}']),
  text('mergekit_config.yml', ['merge_method: slerp', 'models:', '- model: a/b', '  parameters: {weight: 1}']),
  text('MLmodel', ['flavors:', '  python_function: {loader_module: x}', 'run_id: "1"']),
  text('a.dvc', ['outs:', '- md5: d41d8cd98f00b204e9800998ecf8427e', '  size: 0', '  path: a']),
  text('hparams.yaml', ['lr: 1e-3', 'batch: 4']),
  text('yarn.lock', [
    '# yarn lockfile v1',
    '',
    'a@^1.0.0:',
    '  version "1.0.0"',
    '  resolved "https://a.example/a.tgz#00"',
    '  dependencies:',
    '    b "1"',
  ]),
];

/** What a case finds: collectors throw for nothing that a file holds, and no finding speaks for the engine. */
async function runCollectors(bytes, name) {
  const { COLLECTORS } = await dist('collect');
  const paths = COLLECTORS.filter((collector) => !('collectSource' in collector) && collector.matches(name));
  const context = {
    paths: new Set([name]),
    limits: (await import('../../dist/index.js')).DEFAULT_LIMITS,
    includePrivate: false,
    owner: ofSubject,
    read: async (other) => (other === name ? { path: name, bytes } : undefined),
  };
  let isRead = false;
  for (const collector of paths) {
    const { contributions, findings = [] } = await collector.collect({ path: name, bytes }, context);
    isRead ||= contributions.length > 0;
    for (const { id, file, message } of findings) {
      if (id === 'metadata-unreadable' && file === undefined) throw new Error(`a finding without a file: ${message}`);
      if (id === 'metadata-unreadable' && ENGINE.test(message.replace(/"[^"]*"/g, '')))
        throw new Error(`a message of the engine: ${message}`);
    }
  }
  return isRead ? 'read' : 'refused';
}

async function coded(work) {
  try {
    await work();
    return 'read';
  } catch (error) {
    if (!isCoded(error)) throw error;
    return 'refused';
  }
}

const isText = (path) =>
  /\.(json|ya?ml|toml|lock|md|txt|csv|jsonl)$|(^|\/)(Pipfile|MLmodel|Kitfile)$/.test(path) && !path.endsWith('facts.json');
const runDocument = async (bytes, name) => {
  const { validateDocument } = await dist('convert');
  return coded(() => validateDocument(bytes, { file: name }));
};
const XML = [
  text('m.xml', [
    '<?xml version="1.0"?>',
    '<net name="a" version="11"><layers><layer id="0" name="p" type="Parameter" version="opset1"><data shape="1" element_type="f32"/>',
    '<output><port id="0" precision="FP32"><dim>1</dim></port></output></layer></layers><edges/><rt_info/></net>',
  ]),
];

const TARGETS = [
  { name: 'text/metadata', seeds: lazy(() => [...filesUnder('collect', isText), ...WRITTEN]), run: runCollectors, mutate: mutateText },
  { name: 'text/written', seeds: () => WRITTEN, run: runCollectors, mutate: mutateText },
  {
    name: 'text/documents',
    seeds: lazy(() => filesUnder('convert', (path) => /\.(json|xml|spdx)$/.test(path))),
    run: runDocument,
    mutate: mutateText,
  },
  {
    name: 'text/json',
    seeds: lazy(() => filesUnder('convert', (path) => path.endsWith('.json'))),
    run: async (bytes, name) => {
      const { parseJson } = await import('../../dist/index.js');
      return coded(() => parseJson(bytes, { file: name }));
    },
    mutate: mutateText,
  },
  {
    name: 'text/openvino',
    seeds: () => XML,
    run: async (bytes, name) => {
      const { readFacts } = await dist('formats');
      const source = { name, size: bytes.length, read: async (offset, length) => bytes.subarray(offset, offset + length) };
      return coded(() => readFacts(source));
    },
    mutate: mutateText,
  },
];

export default TARGETS;
