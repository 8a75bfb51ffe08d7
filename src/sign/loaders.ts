/** Files that can run, or that decide what is run, when a model is loaded: nobody signed them, so they are not let in unasked. */
import { closeSync, constants, openSync, readSync } from 'node:fs';

type Kind = 'program' | 'script' | 'native code' | 'pickle' | 'template' | 'package';
const CHOOSES = 'configuration that chooses what is loaded';

const EXTENSIONS: Readonly<Record<Kind, string>> = {
  program: 'py pyc pyo pyw js mjs cjs ts rb pl php lua r jl ipynb class wasm',
  script: 'sh bash zsh fish ksh csh ps1 psm1 bat cmd vbs command',
  'native code': 'so dylib dll pyd exe com msi elf node cubin ptx',
  pickle: 'pkl pickle pt pth ptl bin ckpt joblib dill skops npy npz torchscript',
  template: 'jinja jinja2 j2',
  package: 'whl egg jar war mar zip keras h5 hdf5 llamafile appimage',
};

/** By their whole name, in any directory: they name classes, adapters or templates that loaders run without asking. */
const NAMES: Readonly<Record<string, Kind | typeof CHOOSES>> = {
  'config.json': CHOOSES,
  'tokenizer_config.json': CHOOSES,
  'adapter_config.json': CHOOSES,
  'processor_config.json': CHOOSES,
  'preprocessor_config.json': CHOOSES,
  'chat_template.json': CHOOSES,
  dockerfile: 'script',
  makefile: 'script',
};

const BY_EXTENSION: ReadonlyMap<string, Kind> = new Map(
  (Object.entries(EXTENSIONS) as [Kind, string][]).flatMap(([kind, words]) => words.split(' ').map((word) => [word, kind] as const)),
);

/** First bytes of what systems run. Sources: ELF, Mach-O, PE, and `#!` of execve(2). */
const STARTS: readonly (readonly [hex: string, kind: Kind])[] = [
  ['2321', 'script'],
  ['7f454c46', 'native code'],
  ['4d5a', 'native code'],
  ['cffaedfe', 'native code'],
  ['cefaedfe', 'native code'],
  ['feedface', 'native code'],
  ['feedfacf', 'native code'],
  ['cafebabe', 'native code'],
];

/** What kind of loader a file is by its name, whatever its case; undefined for another file. */
export function loaderByName(path: string): string | undefined {
  const name = path.slice(path.lastIndexOf('/') + 1).toLowerCase();
  if (Object.hasOwn(NAMES, name)) return NAMES[name];
  return name.includes('.') ? BY_EXTENSION.get(name.slice(name.lastIndexOf('.') + 1)) : undefined;
}

/** What kind by its name or its first bytes. Git's own files, of which samples of scripts are a part, are known by their names alone. */
export function loaderKind(path: string, absolutePath: string): string | undefined {
  return loaderByName(path) ?? (path.startsWith('.git/') ? undefined : byStart(absolutePath));
}

/** The same of bytes that lie elsewhere: the name of a file, and at least its first four bytes, or all there are. */
export const loaderOf = (path: string, start: Uint8Array): string | undefined => loaderByName(path) ?? kindOfStart(start);

const kindOfStart = (start: Uint8Array): string | undefined => {
  const hex = Buffer.from(start.subarray(0, 4)).toString('hex');
  return STARTS.find(([each]) => hex.startsWith(each))?.[1];
};

function byStart(absolutePath: string): string | undefined {
  let descriptor: number | undefined;
  try {
    descriptor = openSync(absolutePath, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
    const buffer = Buffer.alloc(4);
    return kindOfStart(buffer.subarray(0, readSync(descriptor, buffer, 0, 4, 0)));
  } catch {
    // What cannot be read is told as such, and is not let in either.
    return 'file that cannot be read';
  } finally {
    if (descriptor !== undefined) closeSync(descriptor);
  }
}
