/**
 * Names that a loader should never be given, grouped by what they do. The list names and grades what is seen; what it does not
 * hold is not taken for harmless. Facts from the documentation of Python and of the libraries named, and from advisories.
 */

import { DENIED_PACKAGES, type Denied } from './deny-packages.js';

export const DENIED: readonly Denied[] = [
  ...DENIED_PACKAGES,
  {
    does: 'runs programs',
    modules: 'os posix nt subprocess _posixsubprocess pty commands popen2 pexpect ptyprocess sh plumbum fabric invoke paramiko _winapi',
    names: {
      platform: 'popen _syscmd_ver _syscmd_file system_alias',
      uuid: '_get_command_stdout _popen _arp_getnode _ifconfig_getnode _ip_getnode _lanscan_getnode _netstat_getnode',
      _osx_support: '_read_output _find_build_tool',
      _aix_support: '_read_cmd_output',
      pydoc: '*',
      webbrowser: '*',
      antigravity: '*',
      mailcap: '*',
      pipes: '*',
      cgi: 'test print_environ',
      'ctypes.util': '*',
      'distutils.spawn': '*',
      'setuptools._distutils.spawn': '*',
      _pyrepl: '*',
      'torch._inductor.codecache': '*',
      'torch.utils.collect_env': '*',
      'torch.utils.cpp_extension': '*',
      'torch.distributed.run': '*',
      'torch.distributed.launch': '*',
      'numpy.distutils.exec_command': '*',
      'numpy.f2py.diagnose': '*',
      'test.support.script_helper': '*',
      'concurrent.futures': '*',
      'concurrent.futures.process': '*',
      'concurrent.futures.thread': '*',
      'joblib.parallel': 'Parallel delayed BatchedCalls',
      'joblib._parallel_backends': '*',
      'IPython.utils.process': '*',
      'IPython.core.interactiveshell': '*',
      'git.cmd': '*',
      'tensorflow.python.platform.googletest': '*',
    },
  },
  {
    does: 'runs code that is given to it as text or as an object',
    modules:
      'runpy code codeop bdb pdb timeit cProfile profile trace doctest idlelib lib2to3 py_compile compileall test unittest _xxsubinterpreters _interpreters interpreters',
    names: {
      builtins: 'eval exec compile execfile breakpoint input raw_input __build_class__ help',
      types: 'FunctionType LambdaType CodeType MethodType ModuleType GeneratorType new_class FrameType',
      new: '*',
      typing: 'get_type_hints _eval_type ForwardRef _make_forward_ref',
      inspect: 'getattr_static',
      dataclasses: 'make_dataclass _create_fn',
      collections: 'namedtuple eval',
      logging: 'config handlers',
      'logging.config': '*',
      sched: '*',
      atexit: '*',
      contextlib: 'ExitStack AsyncExitStack contextmanager',
      weakref: 'finalize',
      tkinter: '*',
      _tkinter: '*',
      rlcompleter: '*',
      sqlite3: '*',
      'numpy.testing._private.utils': '*',
      'numpy.testing.utils': '*',
      'numpy.testing': '*',
      'numpy.f2py': '*',
      'numpy.f2py.crackfortran': '*',
      'numpy.f2py.capi_maps': '*',
      'torch.fx': '*',
      'torch.fx.graph_module': '*',
      'torch.fx.experimental.symbolic_shapes': '*',
      'torch.jit': '*',
      'torch.jit.unsupported_tensor_ops': '*',
      'torch._dynamo': '*',
      'torch._dynamo.guards': '*',
      'torch.utils.bottleneck.__main__': '*',
      'torch.utils.benchmark': '*',
      'torch.distributed.elastic': '*',
      'torch.distributed.rpc': '*',
      'torch.library': '*',
      'torch._library': '*',
      'torch.testing._internal': '*',
      'torch.onnx.symbolic_opset11': '*',
      'pandas.core.computation.eval': '*',
      'pandas.core.frame': 'DataFrame.eval DataFrame.query',
      pandas: 'eval read_pickle read_sql read_csv read_json read_html read_excel read_xml',
      'pandas.core.computation.scope': '*',
      numexpr: '*',
      jinja2: '*',
      'jinja2.environment': '*',
      'sympy.core.sympify': '*',
      sympy: 'sympify lambdify parse_expr',
      'sympy.parsing.sympy_parser': '*',
      'sympy.utilities.lambdify': '*',
      cffi: '*',
      numba: '*',
      IPython: '*',
      'tensorflow.python.framework.load_library': '*',
      'keras.layers': 'Lambda',
      'keras.src.layers.core.lambda_layer': '*',
      'keras.layers.core': 'Lambda',
      'tensorflow.python.keras.layers.core': 'Lambda',
    },
  },
  {
    does: 'imports code by its name or loads libraries',
    modules:
      'importlib imp pkgutil zipimport zipapp ctypes _ctypes _imp _frozen_importlib _frozen_importlib_external modulefinder pip ensurepip venv site _sitebuiltins setuptools distutils pkg_resources',
    names: {
      builtins: '__import__ __loader__',
      'numpy.ctypeslib': '*',
      'numpy.core._internal': '_import_module',
      'torch.ops': '*',
      'torch.classes': '*',
      'torch._ops': '*',
      'torch.hub': '*',
      'six.moves': '*',
      'future.moves': '*',
      'torch.utils._config_module': '*',
      'torch.package': '*',
      'django.utils.module_loading': '*',
      'werkzeug.utils': 'import_string',
      'sklearn.utils._testing': '*',
      'sklearn.utils.deprecation': '*',
      'transformers.dynamic_module_utils': '*',
      'transformers.utils.import_utils': '*',
      'hydra.utils': '*',
      'hydra._internal.utils': '*',
      'hydra._internal.instantiate._instantiate2': '*',
      'nltk.data': '*',
      'keras.utils': 'get_custom_objects deserialize_keras_object',
      'mlflow.pyfunc': '*',
      'mlflow.projects': '*',
    },
  },
  {
    does: 'loads another pickle or object file, which runs what that one holds',
    modules: 'pickle _pickle cPickle marshal shelve dbm cloudpickle dill jsonpickle',
    names: {
      copyreg: 'add_extension remove_extension clear_extension_cache pickle constructor',
      joblib: 'load dump Memory Parallel',
      'joblib.numpy_pickle': 'load read_array NumpyUnpickler load_temporary_memmap',
      'joblib.numpy_pickle_compat': 'load_compatibility ZipNumpyUnpickler NumpyUnpickler',
      'sklearn.externals.joblib': '*',
      torch: 'load save jit hub compile classes ops package',
      'torch.serialization': 'load _load _legacy_load',
      'torch.jit._serialization': '*',
      'torch.utils.data.datapipes.utils.decoder': '*',
      'torch.utils.model_zoo': '*',
      'torch._utils_internal': '*',
      'torch.multiprocessing.reductions': '*',
      'torch.distributed.distributed_c10d': '*',
      numpy: 'load save savez savetxt fromfile loadtxt genfromtxt memmap fromregex DataSource frompyfunc',
      'numpy.lib.npyio': '*',
      'numpy.lib._npyio_impl': '*',
      'numpy.lib.format': '*',
      'numpy.lib._datasource': '*',
      'numpy.core.records': 'fromfile',
      'pandas.io.pickle': '*',
      'pandas.io.common': '*',
      'pandas.io.parsers': '*',
      'pandas.io.parsers.readers': '*',
      'pandas.io.sql': '*',
      'pandas.compat.pickle_compat': '*',
      yaml: 'load load_all unsafe_load unsafe_load_all full_load Loader UnsafeLoader FullLoader CLoader CUnsafeLoader',
      'yaml.loader': '*',
      'yaml.cyaml': '*',
      'yaml.constructor': '*',
      'tensorflow.keras.models': 'load_model',
      'keras.models': 'load_model',
      'keras.saving': '*',
      'tensorflow.saved_model': '*',
      'transformers.utils.hub': '*',
      'scipy.io': '*',
      'networkx.readwrite.gpickle': '*',
    },
  },
  {
    does: 'opens connections',
    modules:
      'socket _socket ssl _ssl socketserver http httplib urllib urllib2 urllib3 requests aiohttp httpx ftplib smtplib smtpd poplib imaplib nntplib telnetlib xmlrpc xmlrpclib asyncio asyncore asynchat websocket websockets select selectors wsgiref boto3 botocore aiobotocore huggingface_hub wget gdown fsspec',
    names: {
      'logging.handlers': '*',
      'multiprocessing.connection': '*',
      'torch.distributed': '*',
      'fastai.data.external': '*',
      'tensorflow.python.keras.utils.data_utils': '*',
      'keras.utils.data_utils': '*',
      'keras.src.utils.file_utils': '*',
    },
  },
  {
    does: 'reads, writes or deletes files',
    modules:
      'shutil tempfile glob fileinput filecmp linecache mmap zipfile tarfile gzip bz2 lzma ntpath posixpath genericpath nturl2path mailbox',
    names: {
      builtins: 'open file',
      io: 'open FileIO open_code TextIOWrapper BufferedReader BufferedWriter',
      _io: 'open FileIO open_code TextIOWrapper BufferedReader BufferedWriter',
      _pyio: '*',
      codecs: 'open EncodedFile',
      pathlib:
        'Path.write_text Path.write_bytes Path.unlink Path.rmdir Path.open Path.read_text Path.read_bytes PosixPath.open PosixPath.write_text PosixPath.write_bytes WindowsPath.open Path.rename Path.touch Path.chmod Path.symlink_to',
      logging: 'FileHandler StreamHandler basicConfig',
      argparse: 'FileType',
      csv: '*',
      plistlib: '*',
      configparser: 'ConfigParser.read RawConfigParser.read',
      'distutils.file_util': '*',
      dotenv: '*',
      'dotenv.main': '*',
      'torch.storage': 'UntypedStorage.from_file TypedStorage.from_file',
      'PIL.Image': 'open',
    },
  },
  {
    does: 'reaches any attribute, or calls what it is given',
    modules: 'gc',
    names: {
      builtins:
        'setattr delattr globals locals vars dir apply map filter reduce exit quit memoryview super property classmethod staticmethod __dict__ __builtins__',
      operator: 'call setitem delitem iadd iconcat',
      _operator: 'call setitem delitem iadd iconcat',
      functools: 'partialmethod singledispatch cached_property lru_cache wraps update_wrapper cmp_to_key',
      _functools: 'cmp_to_key',
      itertools: 'starmap accumulate groupby takewhile dropwhile filterfalse tee',
      inspect: 'currentframe getmembers stack trace getmodule',
      string: 'Formatter.get_field Formatter.vformat Formatter.format',
      contextvars: '*',
      'torch.utils._pytree': '*',
      'torch.nn.utils.parametrize': '*',
      'torch._tensor': '_rebuild_from_type',
      'sklearn.utils.metaestimators': '*',
    },
  },
  {
    does: 'changes the running interpreter',
    modules:
      'sys _sys threading _thread signal _signal multiprocessing resource faulthandler sysconfig winreg _winreg nis fcntl termios syslog readline',
    names: { builtins: 'reload __debug__', tracemalloc: '*', warnings: 'showwarning', locale: '*' },
  },
];

/** Last parts of names that say what they do, in whatever package. */
const TAILS: ReadonlySet<string> = new Set(
  [
    'eval exec execfile system popen popen2 popen3 popen4 spawn spawnl spawnv spawnlp spawnvp fork execv execve execl execlp execvp posix_spawn startfile',
    'check_output check_call getoutput getstatusoutput Popen runstring run_code runcode run_cell exec_command exec_cmd run_command run_cmd run_shell shell_exec',
    'subprocess_run call_command safe_exec safe_eval literal_exec exec_in unsafe_load load_pickle read_pickle pickle_load from_pickle unpickle load_from_pickle',
    'import_module __import__ load_module exec_module import_string import_from_path load_source load_compiled resolve_name locate load_library dlopen LoadLibrary CDLL',
    'urlopen urlretrieve download_url download_file download_from_url retrieve http_get get_file rmtree unlink write_text write_bytes execWrapper load_dynamic',
  ]
    .join(' ')
    .split(' '),
);

/** Attributes from which everything else can be reached. */
const ATTRIBUTES: ReadonlySet<string> = new Set(
  '__builtins__ __globals__ __dict__ __class__ __bases__ __base__ __mro__ __subclasses__ __getattribute__ __code__ __closure__ __self__ __func__ __import__ __loader__ __spec__ __reduce__ __reduce_ex__ __setstate__ __wrapped__ __call__ __get__ __init__ __new__ __getitem__ __setattr__ __delattr__ f_globals f_locals f_builtins gi_frame cr_frame tb_frame modules'.split(
    ' ',
  ),
);

/** Modules that many others import, so that they can be reached through them. */
const REACHED: ReadonlySet<string> = new Set(
  'os posix nt subprocess builtins __builtin__ sys shutil ctypes importlib runpy pty'.split(' '),
);

/** Records without code in modules that are denied as a whole. */
const RECORDS: ReadonlySet<string> = new Set(
  [
    ...'Metadata TensorStorageMetadata TensorProperties ChunkStorageMetadata BytesStorageMetadata MetadataIndex StorageMeta _MEM_FORMAT_ENCODING'
      .split(' ')
      .map((name) => `metadata.${name}`),
    'filesystem._StorageInfo',
  ].map((name) => `torch.distributed.checkpoint.${name}`),
);

/** What dill needs for types, arrays, ranges and functors; their arguments are judged. */
const DILL: ReadonlySet<string> = new Set(
  '_load_type _create_array _create_dtypemeta _create_ftype _create_weakref _create_weakproxy _create_lock _create_rlock _create_stringi _create_stringo _eval_repr'
    .split(' ')
    .flatMap((name) => [`dill._dill.${name}`, `dill.dill.${name}`]),
);

const MODULES = new Map<string, string>();
const NAMES = new Map<string, string>();
for (const { does, modules = '', names = {} } of DENIED) {
  for (const module of modules.split(' ')) if (module !== '') MODULES.set(module, does);
  for (const [module, list] of Object.entries(names))
    for (const name of list.split(' ')) {
      if (name === '*') MODULES.set(module, does);
      else NAMES.set(`${module}.${name}`, does);
    }
}

/** What is known against a module or one that it lies in. */
function moduleDoes(parts: readonly string[]): string | undefined {
  let path = '';
  for (const part of parts) {
    path = path === '' ? part : `${path}.${part}`;
    const does = MODULES.get(path);
    if (does !== undefined) return does;
  }
  return undefined;
}

/** What the name can be used for; undefined when nothing is known against it. Every prefix and every tail of it is judged. */
export function denied(module: string, name: string): string | undefined {
  const own = module.split('.');
  const parts = [...own, ...name.split('.')];
  const whole = `${module}.${name}`;
  if (RECORDS.has(whole) || DILL.has(whole)) return undefined;
  if (parts.length > 64) return 'has more parts than any real name';
  const does = moduleDoes(parts);
  if (does !== undefined) return does;
  for (let from = 0; from < parts.length; from++) {
    let path = '';
    for (let to = from; to < parts.length; to++) {
      path = path === '' ? (parts[to] ?? '') : `${path}.${parts[to] ?? ''}`;
      const known = to > from ? NAMES.get(path) : undefined;
      if (known !== undefined) return known;
    }
    const part = parts[from] ?? '';
    const inName = from >= own.length;
    if (from > 0 && (inName ? MODULES.has(part) : REACHED.has(part))) return MODULES.get(part) ?? 'reaches the built-in functions';
    if (inName && (parts.length > own.length + 1 || part.startsWith('__')) && ATTRIBUTES.has(part))
      return 'reaches any attribute, or calls what it is given';
  }
  return TAILS.has(parts.at(-1) ?? '') ? 'is named like a function that runs or loads code' : undefined;
}
