/** Directories that ask for much memory: for each reader the most that so many bytes can name, made by code and never stored. */
import { closeSync, ftruncateSync, mkdirSync, openSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { concat, little, message, repeat, series, utf8, varint, WORST } from '../../scripts/fuzz/worst.mjs';
import { type FlatValue, flatbuffer, text as flatText, scalar, table, vector } from './flatbuffer.js';
import { hardLink, hdf5File } from './hdf5.js';
import { made } from './sqlite.js';
import { zipFile } from './zip.js';

/** A file: its text or bytes, or how many zeros it has. */
type Content = string | Uint8Array | { readonly zeros: number };

export interface Bomb {
  readonly id: string;
  /** Files of about `bytes` bytes in all. */
  readonly files: (bytes: number) => Files | Promise<Files>;
}

type Files = Readonly<Record<string, Content>>;

/** Bytes up to which a limit lets the bomb through: what is refused at once takes no memory. */
const MOST: Readonly<Record<string, number>> = {
  'poetry-packages': 3.1e6,
  'poetry-empty-packages': 1.9e6,
  'poetry-needs': 3.7e6,
  'poetry-files': 0.95e6,
  'uv-packages': 2.9e6,
  'pdm-packages': 3.1e6,
  'pylock-packages': 3.1e6,
  'toml-keys': 3.1e6,
  'toml-tables': 2.5e6,
  'toml-dotted': 1.3e6,
  'toml-lists': 0.79e6,
  'toml-numbers': 3.18e6,
  'yarn-yaml': 2.9e6,
  'pnpm-packages': 2.2e6,
  'bun-packages': 3.2e6,
  'pixi-packages': 4.5e6,
  'conda-lock-packages': 2.5e6,
  'conda-environment': 2.4e6,
  'yaml-flow-maps': 1.75e6,
  'dvc-lock': 2.09e6,
  'json-keys': 4.4e6,
  'json-maps-of-one': 5.3e6,
  'json-labels': 7.4e6,
  'json-broken': 4.4e6,
  'json-twice': 4.2e6,
  'npm-needs': 5.3e6,
  'npm-nested': 6.2e6,
  'npm-declared': 5.3e6,
  'pipfile-packages': 5.7e6,
  'trainer-log': 5.5e6,
  'trainer-metrics': 5.4e6,
  'shard-index-files': 7.1e6,
  'gguf-values': 2.09e6,
  'gguf-arrays': 3.19e6,
  'safetensors-axes': 7.9e6,
};

/** Writes the files of a bomb into a directory: of so many bytes, or as many as a limit lets through. */
export async function writeBomb(bomb: Bomb, directory: string, bytes: number): Promise<void> {
  for (const [path, content] of Object.entries(await bomb.files(Math.min(bytes, MOST[bomb.id] ?? bytes)))) {
    const place = join(directory, path);
    mkdirSync(dirname(place), { recursive: true });
    if (typeof content === 'string' || content instanceof Uint8Array) writeFileSync(place, content);
    else {
      const file = openSync(place, 'w');
      ftruncateSync(file, content.zeros);
      closeSync(file);
    }
  }
}

/** `head`, then what `make` gives for 0, 1, 2, … until there are `bytes` bytes, then `tail`. */
function text(bytes: number, make: (i: number) => string, head = '', tail = ''): string {
  const parts = [head];
  for (let i = 0, size = head.length + tail.length; ; i++) {
    const part = make(i);
    size += part.length;
    if (size > bytes) break;
    parts.push(part);
  }
  parts.push(tail);
  return parts.join('');
}

/** The same with a comma between. */
const list = (bytes: number, make: (i: number) => string, head: string, tail: string): string =>
  text(bytes, (i) => (i === 0 ? make(i) : `,${make(i)}`), head, tail);

/** A short name for a number. */
const short = (i: number): string => `a${i.toString(36)}`;
const SHA = 'a'.repeat(64);

const LINES: Readonly<Record<string, readonly [path: string, make: (bytes: number) => string]>> = {
  'requirements-short': ['requirements.txt', (n) => text(n, (i) => `${short(i)}\n`)],
  'requirements-pinned': ['requirements.txt', (n) => text(n, (i) => `${short(i)}==1\n`)],
  'requirements-of-one': ['requirements.txt', (n) => text(n, (i) => `a==${i}\n`)],
  'requirements-hashes': ['requirements.txt', (n) => text(n, () => ` --hash=sha256:${SHA} \\\n`, 'a==1 \\\n', '\n')],
  'requirements-addresses': ['requirements.txt', (n) => text(n, (i) => `${short(i)}@http://a/${i}-1.zip\n`)],
  'requirements-passed': ['requirements.txt', (n) => text(n, () => './\n')],
  'requirements-includes': ['requirements.txt', (n) => text(n, () => '-r a\n')],
  'requirements-includes-of-many': ['requirements.txt', (n) => text(n, (i) => `-r${short(i)}\n`)],
  'requirements-empty-lines': ['requirements.txt', (n) => '\n'.repeat(n)],
  'requirements-joined-lines': ['requirements.txt', (n) => '\\\n'.repeat(n / 2)],
  'conda-explicit': ['explicit.txt', (n) => text(n, (i) => `http://a/linux-64/${short(i)}-1-0.conda\n`, '@EXPLICIT\n')],
  'conda-explicit-passed': ['explicit.txt', (n) => text(n, () => 'a\n', '@EXPLICIT\n')],
  'yarn-classic': ['yarn.lock', (n) => text(n, (i) => `${short(i)}@1:\n  version 1\n`, '# yarn lockfile v1\n')],
  'yarn-classic-asked': ['yarn.lock', (n) => text(n, (i) => `,a@${i}`, '# yarn lockfile v1\na@z', ':\n  version 1\n')],
  'yarn-classic-needs': [
    'yarn.lock',
    (n) => text(n, (i) => `    ${short(i)} 1\n`, '# yarn lockfile v1\na@1:\n  version 1\n  dependencies:\n'),
  ],
  'yarn-classic-fields': ['yarn.lock', (n) => text(n, (i) => `  ${short(i)} 1\n`, '# yarn lockfile v1\na@1:\n  version 1\n')],
  'yarn-classic-entries': ['yarn.lock', (n) => text(n, () => 'a:\n', '# yarn lockfile v1\n')],
  'vocabulary-lines': ['vocab.txt', (n) => '\n'.repeat(n)],
  'vocabulary-merges': ['merges.txt', (n) => text(n, () => 'a b\n', '#version: 0.2\n')],
  'lightning-metrics': ['metrics.csv', (n) => text(n, (i) => `${i},1\n`, 'step,loss\n')],
  'lightning-columns': ['metrics.csv', (n) => text(n, (i) => `,${short(i)}`, 'step', '\n1\n')],
  'card-body': ['README.md', (n) => text(n, () => '|1|1|\n', '---\nlicense: mit\n---\n| a | b |\n|---|---|\n')],
  'card-trainer-rows': [
    'README.md',
    (n) =>
      text(
        n,
        (i) => `| 1 | 1 | ${i} | 1 |\n`,
        '---\nlicense: mit\n---\nThis model was trained by the Trainer\n\n### Training hyperparameters\n- a: 1\n\n### Training results\n\n| Training Loss | Epoch | Step | Validation Loss |\n|:---:|:---:|:---:|:---:|\n',
      ),
  ],
  'card-lists': ['README.md', (n) => text(n, (i) => `- ${short(i)}: 1\n`, '---\nlicense: mit\n---\n### Training hyperparameters\n\n')],
  'secrets-in-card': ['README.md', (n) => text(n, (i) => `\npassword=Q${i.toString(36)}zX7hT9wL2\n`, '---\nlicense: mit\n---\n')],
};

const toml =
  (table: string, more = '') =>
  (n: number) =>
    text(n, (i) => `[[${table}]]\nname="${short(i)}"\nversion="1"\n${more}`);
const TOMLS: Readonly<Record<string, readonly [path: string, make: (bytes: number) => string]>> = {
  'poetry-packages': ['poetry.lock', toml('package')],
  'poetry-empty-packages': ['poetry.lock', (n) => text(n, () => '[[package]]\n')],
  'poetry-needs': [
    'poetry.lock',
    (n) => text(n, (i) => `${short(i)}="1"\n`, '[[package]]\nname="a"\nversion="1"\n[package.dependencies]\n'),
  ],
  'poetry-files': ['poetry.lock', (n) => list(n, () => '{}', '[[package]]\nname="a"\nversion="1"\nfiles=[', ']\n')],
  'uv-packages': ['uv.lock', toml('package', 'dependencies=[{name="a0"}]\n')],
  'pdm-packages': ['pdm.lock', toml('package')],
  'pylock-packages': ['pylock.toml', toml('packages')],
  'pyproject-dependencies': ['pyproject.toml', (n) => list(n, (i) => `"${short(i)}"`, '[project]\nname="a"\ndependencies=[', ']\n')],
  'toml-keys': ['uv.lock', (n) => text(n, (i) => `${short(i)}=1\n`)],
  'toml-tables': ['uv.lock', (n) => text(n, (i) => `[${short(i)}]\n`)],
  'toml-dotted': ['uv.lock', (n) => text(n, (i) => `${short(i)}.a.b=1\n`)],
  'toml-lists': ['uv.lock', (n) => `a=[${'[],'.repeat(n / 3 - 2)}]`],
  'toml-numbers': ['uv.lock', (n) => `a=[${'1,'.repeat(n / 2 - 3)}]`],
  'toml-nested': ['uv.lock', (n) => `a=${'['.repeat(n / 2)}${']'.repeat(n / 2)}`],
};

const YAMLS: Readonly<Record<string, readonly [path: string, make: (bytes: number) => string]>> = {
  'yarn-yaml': ['yarn.lock', (n) => text(n, (i) => `"${short(i)}@npm:1":\n  version: 1\n`, '__metadata:\n  version: 8\n')],
  'pnpm-packages': ['pnpm-lock.yaml', (n) => text(n, (i) => `  ${short(i)}@1: {}\n`, 'lockfileVersion: 9\npackages:\n')],
  'bun-packages': ['bun.lock', (n) => list(n, (i) => `"${short(i)}":["${short(i)}@1"]`, '{"packages":{', '}}')],
  'pixi-packages': ['pixi.lock', (n) => text(n, (i) => `- pypi: http://a/${short(i)}-1.zip\n`, 'version: 6\npackages:\n')],
  'conda-lock-packages': [
    'conda-lock.yml',
    (n) => text(n, (i) => `- {name: ${short(i)}, version: 1, manager: pip}\n`, 'version: 1\npackage:\n'),
  ],
  'conda-environment': ['environment.yml', (n) => text(n, (i) => `- ${short(i)}=1\n`, 'name: a\ndependencies:\n')],
  'yaml-keys': ['params.yaml', (n) => text(Math.min(n, 2_000_000), (i) => `${short(i)}: 1\n`)],
  'yaml-marks': ['pnpm-lock.yaml', (n) => `a: [${','.repeat(Math.min(n - 5, 499_000))}]`],
  'yaml-flow-maps': ['pnpm-lock.yaml', (n) => list(Math.min(n, 1_900_000), (i) => `{${short(i)}: 1}`, 'a: [', ']')],
  'yaml-anchors': ['pnpm-lock.yaml', (n) => list(Math.min(n, 4_000_000), (i) => `&${short(i)} x`, 'a: [', ']')],
  'yaml-aliases': ['pnpm-lock.yaml', (n) => `a: &a [${'x,'.repeat(1000)}]\nb: [${'*a,'.repeat(Math.min(n / 3, 900))}]`],
  'card-front-matter': ['README.md', (n) => text(Math.min(n, 1_000_000), (i) => `${short(i)}: 1\n`, '---\n', '---\n')],
  'hydra-config': ['.hydra/config.yaml', (n) => text(Math.min(n, 2_000_000), (i) => `${short(i)}: 1\n`)],
  'hydra-overrides': ['.hydra/overrides.yaml', (n) => text(Math.min(n, 2_000_000), (i) => `- ${short(i)}=1\n`)],
  'dvc-lock': ['dvc.lock', (n) => text(n, (i) => `  ${short(i)}: {cmd: a}\n`, 'schema: "2.0"\nstages:\n')],
  'lightning-hparams': ['hparams.yaml', (n) => text(Math.min(n, 2_000_000), (i) => `${short(i)}: 1\n`)],
};

const JSONS: Readonly<Record<string, readonly [path: string, make: (bytes: number) => string]>> = {
  'json-keys': ['config.json', (n) => list(n, (i) => `"${short(i)}":1`, '{"model_type":"a",', '}')],
  'json-lists': ['config.json', (n) => `{"a":[${'[],'.repeat(Math.min(n / 3 - 4, 1_990_000))}[]]}`],
  'json-maps': ['config.json', (n) => `{"a":[${'{},'.repeat(Math.min(n / 3 - 4, 1_990_000))}{}]}`],
  'json-numbers': ['config.json', (n) => `{"a":[${'1,'.repeat(Math.min(n / 2 - 8, 3_990_000))}1]}`],
  'json-numbers-of-floats': ['config.json', (n) => `{"a":[${'.5,'.replace('.', '0.').repeat(n / 4 - 8)}1]}`],
  'json-maps-of-one': ['config.json', (n) => list(n, (i) => `{"${short(i)}":1}`, '{"a":[', ']}')],
  'json-labels': ['config.json', (n) => list(n, (i) => `"${i}":"${short(i)}"`, '{"model_type":"a","id2label":{', '}}')],
  'json-architectures': ['config.json', (n) => list(n, (i) => `"${short(i)}"`, '{"model_type":"a","architectures":[', ']}')],
  'json-broken': ['config.json', (n) => `${list(n - 3, (i) => `"${short(i)}":1`, '{', '')},}`],
  'json-twice': ['config.json', (n) => list(n, (i) => `"${short(i % 400_000)}":1`, '{', '}')],
  'json-long-text': ['config.json', (n) => `{"a":"${'x'.repeat(n - 8)}"}`],
  'json-wide-text': ['config.json', (n) => `{"a":"${'€'.repeat(n / 3 - 3)}"}`],
  'npm-packages': [
    'package-lock.json',
    (n) => list(n, (i) => `"node_modules/${short(i)}":{"version":"1.0.0"}`, '{"lockfileVersion":3,"packages":{', '}}'),
  ],
  'npm-needs': [
    'package-lock.json',
    (n) =>
      list(n, (i) => `"${short(i)}":"1"`, '{"lockfileVersion":3,"packages":{"node_modules/a":{"version":"1.0.0","dependencies":{', '}}}}'),
  ],
  'npm-nested': [
    'package-lock.json',
    (n) => list(n, (i) => `"${short(i)}":{"version":"1.0.0"}`, '{"lockfileVersion":1,"dependencies":{', '}}'),
  ],
  'npm-declared': ['package.json', (n) => list(n, (i) => `"${short(i)}":"1"`, '{"name":"a","dependencies":{', '}}')],
  'pipfile-packages': ['Pipfile.lock', (n) => list(n, (i) => `"${short(i)}":{"version":"==1"}`, '{"default":{', '}}')],
  'trainer-log': ['trainer_state.json', (n) => list(Math.min(n, 8_000_000), (i) => `{"step":${i},"loss":1}`, '{"log_history":[', ']}')],
  'trainer-metrics': ['all_results.json', (n) => list(n, (i) => `"eval_${short(i)}":1`, '{', '}')],
  'shard-index': [
    'model.safetensors.index.json',
    (n) => list(n, (i) => `"${short(i)}":"m.safetensors"`, '{"metadata":{"total_size":1},"weight_map":{', '}}'),
  ],
  'shard-index-files': ['model.safetensors.index.json', (n) => list(n, (i) => `"${short(i)}":"${short(i)}"`, '{"weight_map":{', '}}')],
  'vocabulary-json': ['vocab.json', (n) => list(n, (i) => `"${short(i)}":${i}`, '{', '}')],
  'tokenizer-config': ['tokenizer_config.json', (n) => list(n, (i) => `"${i}":{"content":"a"}`, '{"added_tokens_decoder":{', '}}')],
  'adapter-modules': ['adapter_config.json', (n) => list(n, (i) => `"${short(i)}"`, '{"peft_type":"LORA","target_modules":[', ']}')],
  'pipeline-parts': ['model_index.json', (n) => list(n, (i) => `"${short(i)}":["a","B"]`, '{"_class_name":"A",', '}')],
  'dataset-splits': ['dataset_info.json', (n) => list(n, (i) => `"${short(i)}":{"name":"${short(i)}"}`, '{"splits":{', '}}')],
  'dataset-checksums': ['dataset_info.json', (n) => list(n, (i) => `"http://a/${i}":{"num_bytes":1}`, '{"download_checksums":{', '}}')],
  'croissant-files': [
    'croissant.json',
    (n) =>
      list(
        n,
        (i) => `{"@type":"cr:FileObject","@id":"${i}","name":"${i}","contentUrl":"${short(i)}"}`,
        '{"@type":"sc:Dataset","name":"a","conformsTo":"http://mlcommons.org/croissant/1.0","distribution":[',
        ']}',
      ),
  ],
  'datapackage-resources': [
    'datapackage.json',
    (n) => list(n, (i) => `{"name":"${i}","path":"${short(i)}"}`, '{"name":"a","resources":[', ']}'),
  ],
  'deepspeed-keys': ['ds_config.json', (n) => list(n, (i) => `"${short(i)}":1`, '{"train_batch_size":1,', '}')],
  'wandb-config': ['wandb/run-20260101_000000-abcdefgh/files/wandb-metadata.json', (n) => list(n, () => '"a"', '{"args":[', ']}')],
};

const SPARSE: readonly Bomb[] = [
  'm.safetensors',
  'm.gguf',
  'm.onnx',
  'm.pkl',
  'm.pt',
  'm.h5',
  'm.tflite',
  'm.pb',
  'm.npy',
  'm.npz',
  'm.parquet',
  'm.arrow',
  'm.mlmodel',
  'm.keras',
  'm.bin',
  'm.xml',
  'm.json',
  'config.json',
  'requirements.txt',
  'uv.lock',
  'README.md',
  'm.zip',
  'm.tar',
  'events.out.tfevents.1',
  'mlflow.db',
  'metrics.csv',
  'm.model',
  'm.txt',
  'm.ubj',
  'm.cbm',
  'm.joblib',
  'm.skops',
].map((name) => ({ id: `zeros-${name}`, files: () => ({ [name]: { zeros: 2 ** 30 } }) }));

const single = (makers: Readonly<Record<string, readonly [path: string, make: (bytes: number) => Content]>>): readonly Bomb[] =>
  Object.entries(makers).map(([id, [path, make]]) => ({ id, files: (bytes) => ({ [path]: make(bytes) }) }));

const SEVERAL: readonly Bomb[] = [
  { id: 'requirements-constraints', files: (n) => ({ 'requirements.txt': '-c c.txt\na', 'c.txt': text(n, (i) => `${short(i)}==1\n`) }) },
  {
    id: 'locks-of-all-kinds',
    files: (n) => ({
      'requirements.txt': text(n / 4, (i) => `${short(i)}==1\n`),
      'yarn.lock': text(n / 4, (i) => `${short(i)}@1:\n  version 1\n`, '# yarn lockfile v1\n'),
      'uv.lock': toml('package')(n / 4),
      'package-lock.json': list(n / 4, (i) => `"node_modules/${short(i)}":{"version":"1.0.0"}`, '{"lockfileVersion":3,"packages":{', '}}'),
    }),
  },
  { id: 'sqlite-tables', files: async (n) => ({ 'mlflow.db': await sqliteSchema(n, 1) }) },
  { id: 'sqlite-columns', files: async (n) => ({ 'mlflow.db': await sqliteSchema(n, 1500) }) },
  {
    id: 'files-without-content',
    files: (n) => Object.fromEntries(Array.from({ length: n / 1000 }, (_, i) => [`${i % 100}/${i}.txt`, ''])),
  },
];

/** A footer of Parquet, in the compact form of Thrift. */
const parquet = (fields: Uint8Array): Uint8Array => concat(utf8('PAR1'), fields, little(fields.byteLength, 4), utf8('PAR1'));
const listOf = (head: readonly number[], count: number, item: readonly number[]): Uint8Array =>
  concat(Uint8Array.from(head), Uint8Array.of(0xfc), varint(count), repeat(Uint8Array.from(item), count * item.length), Uint8Array.of(0));
/** Version 2, one element of a schema, no rows. */
const BEGUN = [0x15, 4, 0x19, 0x1c, 0x48, 1, 0x61, 0x15, 0, 0, 0x16, 0];

/** A message of Arrow IPC without a body: the kind of its header, and the header. */
function arrowMessage(kind: number, header: FlatValue): Uint8Array {
  const metadata = flatbuffer(table({ 0: scalar('i16', 4), 1: scalar('u8', kind), 2: header, 3: scalar('i64', 0) }), '');
  return concat(little(0xffffffff, 4), little(metadata.byteLength, 4), metadata);
}
/** Columns of text. */
const arrowSchema = (columns: number): FlatValue =>
  table({ 1: { vector: Array.from({ length: columns }, (_, i) => table({ 0: flatText(short(i)), 2: scalar('u8', 5) })) } });

/** A schema of so many bytes whose tables have so many columns. */
async function sqliteSchema(bytes: number, columns: number): Promise<Uint8Array> {
  const names = Array.from({ length: columns }, (_, i) => short(i)).join();
  const database = await made((open) => {
    open.run('PRAGMA writable_schema = 1');
    open.run('CREATE TABLE runs(run_uuid TEXT)');
    for (let i = 0, size = 0; size < bytes; i++, size += names.length + 60)
      open.run("INSERT INTO sqlite_master(type, name, tbl_name, rootpage, sql) VALUES ('table', ?, ?, 2, ?)", [
        short(i),
        short(i),
        `CREATE TABLE ${short(i)}(${names})`,
      ]);
  });
  return database.bytes;
}

const record = (data: Uint8Array): Uint8Array => concat(little(data.byteLength, 8), new Uint8Array(4), data, new Uint8Array(4));
/** An event with one value: its tag, a number. */
const event = (tag: string): Uint8Array =>
  record(message(5, message(1, concat(message(1, utf8(tag)), Uint8Array.of(0x15, 0, 0, 128, 63)))));

/** A header of 512 bytes, and no content. */
function tarMember(i: number): Uint8Array {
  const header = new Uint8Array(512);
  header.set(utf8(short(i)), 0);
  header.set(utf8('00000000000\0'), 124);
  header.set(utf8('ustar\u000000'), 257);
  header.fill(0x20, 148, 156);
  const sum = header.reduce((all, byte) => all + byte, 0);
  header.set(utf8(`${sum.toString(8).padStart(6, '0')}\0 `), 148);
  return header;
}

const MODELS: Readonly<Record<string, readonly [path: string, make: (bytes: number) => Content]>> = {
  'parquet-columns': ['m.parquet', (n) => parquet(listOf([0x15, 4, 0x19], Math.floor(n / 4), [0x48, 1, 0x61, 0]))],
  'parquet-groups': ['m.parquet', (n) => parquet(listOf([...BEGUN, 0x19], n, [0]))],
  'parquet-keys': ['m.parquet', (n) => parquet(listOf([...BEGUN, 0x29], Math.floor(n / 4), [0x18, 1, 0x61, 0]))],
  'parquet-files': ['a.parquet', (n) => parquet(listOf([0x15, 4, 0x19], Math.floor(n / 7), [0x48, 1, 0x61, 0x15, 2, 0, 0]))],
  'arrow-batches': [
    'm.arrow',
    (n) => concat(arrowMessage(1, arrowSchema(1)), repeat(arrowMessage(3, table({ 0: scalar('i64', 1) })), n - 200)),
  ],
  'arrow-columns': ['m.arrow', (n) => arrowMessage(1, arrowSchema(Math.floor(n / 60)))],
  'arrow-hints': [
    'm.arrow',
    (n) => {
      const features = list(n, (i) => `"${short(i)}":{"dtype":"int64","_type":"Value"}`, '{"info":{"features":{', '}}}');
      return arrowMessage(1, table({ 1: vector(), 2: vector(table({ 0: flatText('huggingface'), 1: flatText(features) })) }));
    },
  ],
  'tensorboard-events': ['events.out.tfevents.1', (n) => series(n, (i) => event(short(i)))],
  'tensorboard-empty': ['events.out.tfevents.1', (n) => repeat(record(new Uint8Array()), n)],
  'tar-members': ['m.tar', (n) => series(n, tarMember)],
  'hdf5-chain': ['m.h5', (n) => hdf5File(Array.from({ length: Math.floor(n / 2100) }, (_, i) => [hardLink('a', i + 1)]))],
  'openvino-layers': [
    'm.xml',
    (n) =>
      text(
        n,
        (i) => `<layer id="${i}" name="" type="A" version=""/>`,
        '<?xml version="1.0"?><net name="a" version="11"><layers>',
        '</layers></net>',
      ),
  ],
  'xml-attributes': [
    'm.xml',
    (n) => text(n, (i) => ` ${short(i)}=""`, '<?xml version="1.0"?><net name="a" version="11"', '><layers/></net>'),
  ],
  'xml-nested': ['m.xml', (n) => `<?xml version="1.0"?><net name="a" version="11">${'<a>'.repeat(n / 3)}`],
  'r-values': ['m.rds', (n) => concat(R_HEAD, Uint8Array.of(0, 0, 0, 19), big(Math.floor(n / 4)), repeat(Uint8Array.of(0, 0, 0, 254), n))],
  'r-names': [
    'm.rds',
    (n) =>
      concat(R_HEAD, Uint8Array.of(0, 0, 0, 19), big(Math.floor(n / 13)), repeat(Uint8Array.of(0, 0, 0, 1, 0, 0, 0, 9, 0, 0, 0, 1, 97), n)),
  ],
  'encoded-numbers': ['notes.txt', (n) => text(n, () => '128,4,')],
  'encoded-letters': ['notes.json', (n) => list(n, () => `"${'gASVAAAA'.repeat(8)}"`, '[', ']')],
  'torchscript-operators': [
    'm.pt',
    (n) =>
      zipOf({ 'a/data.pkl': Uint8Array.of(0x80, 2, 0x7d, 0x2e), 'a/code/__torch__.py': utf8(text(n, (i) => `ops.a.${short(i)}(x)\n`)) }),
  ],
};
const R_HEAD = Uint8Array.from([88, 10, 0, 0, 0, 2, 0, 4, 2, 2, 0, 2, 3, 0]);
const big = (value: number): Uint8Array => little(value, 4).reverse();
const zipOf = (members: Readonly<Record<string, Uint8Array>>): Uint8Array =>
  zipFile(Object.entries(members).map(([name, bytes]) => ({ name, bytes })));

/** What stands in text files, one or several. */
export const TEXT_BOMBS: readonly Bomb[] = [...single(LINES), ...single(TOMLS), ...single(YAMLS), ...single(JSONS), ...SEVERAL];
/** Files of weights. */
export const BINARY_BOMBS: readonly Bomb[] = [
  ...WORST.map(({ id, name, make }) => ({ id, files: (bytes: number) => ({ [name]: make(bytes) }) })),
  ...single(MODELS),
];
/** Files of one GiB that take no place on the disk. */
export const SPARSE_BOMBS = SPARSE;
