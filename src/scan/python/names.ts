/** What functions of Python do, for grading code that lies beside models. Facts from the documentation of Python and of the libraries. */

export type Kind = 'process' | 'code' | 'decode' | 'network' | 'native' | 'pickle' | 'shell';

/** By kind: names, or modules with `.*`. */
export const PYTHON_LISTS: Readonly<Record<Kind, string>> = {
  process:
    'os.system os.popen os.popen2 os.popen3 os.execl os.execle os.execlp os.execlpe os.execv os.execve os.execvp os.execvpe os.spawnl os.spawnle os.spawnlp os.spawnlpe os.spawnv os.spawnve os.spawnvp os.spawnvpe os.posix_spawn os.posix_spawnp os.startfile posix.system nt.system subprocess.* pty.spawn commands.* popen2.* asyncio.create_subprocess_shell asyncio.create_subprocess_exec pexpect.spawn pexpect.run',
  code: 'eval exec execfile compile builtins.eval builtins.exec builtins.compile runpy.run_path runpy.run_module runpy.run_code code.interact code.InteractiveInterpreter marshal.loads marshal.load types.FunctionType types.CodeType',
  decode:
    'base64.b64decode base64.b32decode base64.b16decode base64.b85decode base64.a85decode base64.urlsafe_b64decode base64.standard_b64decode base64.decodebytes codecs.decode binascii.unhexlify binascii.a2b_base64 binascii.a2b_hex zlib.decompress gzip.decompress bz2.decompress lzma.decompress bytes.fromhex bytearray.fromhex marshal.loads',
  network:
    'socket.socket socket.create_connection socket.create_server urllib.request.urlopen urllib.request.urlretrieve urllib.request.Request urllib.urlopen urllib2.urlopen requests.get requests.post requests.put requests.request requests.Session http.client.HTTPConnection http.client.HTTPSConnection httpx.get httpx.post httpx.Client aiohttp.ClientSession ftplib.FTP smtplib.SMTP smtplib.SMTP_SSL telnetlib.Telnet paramiko.SSHClient websocket.create_connection dns.resolver.resolve wget.download',
  native:
    'ctypes.CDLL ctypes.PyDLL ctypes.WinDLL ctypes.OleDLL ctypes.cdll.LoadLibrary ctypes.windll.LoadLibrary cffi.FFI torch.ops.load_library torch.classes.load_library torch.utils.cpp_extension.load torch.utils.cpp_extension.load_inline tensorflow.load_op_library tensorflow.load_library',
  pickle:
    'pickle.load pickle.loads pickle.Unpickler cPickle.load cPickle.loads dill.load dill.loads cloudpickle.load cloudpickle.loads joblib.load shelve.open pandas.read_pickle',
  shell: 'os.dup2 pty.spawn',
};

const EXACT = new Map<string, Kind[]>();
const WHOLE = new Map<string, Kind>();
for (const kind of Object.keys(PYTHON_LISTS) as Kind[])
  for (const name of PYTHON_LISTS[kind].split(' '))
    if (name.endsWith('.*')) WHOLE.set(name.slice(0, -2), kind);
    else EXACT.set(name, [...(EXACT.get(name) ?? []), kind]);

/** In modules that are taken whole, what runs nothing. */
const HARMLESS: ReadonlySet<string> = new Set([
  'PIPE',
  'DEVNULL',
  'STDOUT',
  'CalledProcessError',
  'TimeoutExpired',
  'CompletedProcess',
  'list2cmdline',
  'SubprocessError',
]);

/** What calling a dotted name does. */
export function kindsOf(name: string): readonly Kind[] {
  const exact = EXACT.get(name);
  if (exact !== undefined) return exact;
  const dot = name.lastIndexOf('.');
  const whole = dot < 0 ? undefined : WHOLE.get(name.slice(0, dot));
  return whole === undefined || HARMLESS.has(name.slice(dot + 1)) ? [] : [whole];
}

/** Modules of which any function may be taken by its name at run time. */
export const REACHED: ReadonlySet<string> = new Set([
  'os',
  'posix',
  'nt',
  'subprocess',
  'builtins',
  '__builtins__',
  'pty',
  'runpy',
  'ctypes',
  'socket',
  'marshal',
  'importlib',
]);
