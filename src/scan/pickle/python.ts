/**
 * Names of Python: which modules it comes with, and what Python 3 calls the names of Python 2.
 * Source: https://docs.python.org/3/library/sys.html#sys.stdlib_module_names,
 * https://github.com/python/cpython/blob/main/Lib/_compat_pickle.py (PSF licence; facts only)
 */

/** Modules of the standard library of Python 3.11 and before. */
export const STANDARD_MODULES: ReadonlySet<string> = new Set(
  [
    '__future__ _abc _aix_support _ast _asyncio _bisect _blake2 _bootsubprocess _bz2 _codecs _codecs_cn _codecs_hk _codecs_iso2022',
    '_codecs_jp _codecs_kr _codecs_tw _collections _collections_abc _compat_pickle _compression _contextvars _crypt _csv _ctypes',
    '_curses _curses_panel _datetime _dbm _decimal _elementtree _frozen_importlib _frozen_importlib_external _functools _gdbm',
    '_hashlib _heapq _imp _io _json _locale _lsprof _lzma _markupbase _md5 _msi _multibytecodec _multiprocessing _opcode _operator',
    '_osx_support _overlapped _pickle _posixshmem _posixsubprocess _py_abc _pydecimal _pyio _queue _random _scproxy _sha1 _sha256',
    '_sha3 _sha512 _signal _sitebuiltins _socket _sqlite3 _sre _ssl _stat _statistics _string _strptime _struct _symtable _thread',
    '_threading_local _tkinter _tokenize _tracemalloc _typing _uuid _warnings _weakref _weakrefset _winapi _zoneinfo abc aifc',
    'antigravity argparse array ast asynchat asyncio asyncore atexit audioop base64 bdb binascii bisect builtins bz2 cProfile',
    'calendar cgi cgitb chunk cmath cmd code codecs codeop collections colorsys commands compileall compiler concurrent configparser',
    'contextlib contextvars copy copyreg crypt csv ctypes curses dataclasses datetime dbm decimal difflib dis distutils doctest email',
    'encodings ensurepip enum errno faulthandler fcntl filecmp fileinput fnmatch fractions ftplib functools gc genericpath getopt',
    'getpass gettext glob graphlib grp gzip hashlib heapq hmac html http idlelib imaplib imghdr imp importlib inspect io ipaddress',
    'itertools json keyword lib2to3 linecache locale logging lzma mailbox mailcap marshal math mimetypes mmap modulefinder msilib',
    'msvcrt multiprocessing netrc new nis nntplib nt ntpath nturl2path numbers opcode operator optparse os ossaudiodev pathlib pdb',
    'pickle pickletools pipes pkgutil platform plistlib popen2 poplib posix posixpath pprint profile pstats pty pwd py_compile pyclbr',
    'pydoc pydoc_data pyexpat queue quopri random re readline reprlib resource rlcompleter runpy sched secrets select selectors',
    'shelve shlex shutil signal site smtpd smtplib sndhdr socket socketserver spwd sqlite3 sre_compile sre_constants sre_parse ssl',
    'stat statistics string stringprep struct subprocess sunau symtable sys sysconfig syslog tabnanny tarfile telnetlib tempfile',
    'termios textwrap threading time timeit tkinter token tokenize tomllib trace traceback tracemalloc tty turtle turtledemo types',
    'typing unicodedata unittest urllib uu uuid venv warnings wave weakref webbrowser winreg winsound wsgiref xdrlib xml xmlrpc',
    'zipapp zipfile zipimport zlib zoneinfo',
  ].flatMap((line) => line.split(' ')),
);

const pairs = (lines: readonly string[]): ReadonlyMap<string, string> =>
  new Map(lines.flatMap((line) => line.split(' ')).map((pair) => [pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1)]));

/** Modules that Python 3 has under another name. */
export const PYTHON2_MODULES = pairs([
  'BaseHTTPServer=http.server CGIHTTPServer=http.server ConfigParser=configparser Cookie=http.cookies Dialog=tkinter.dialog',
  'DocXMLRPCServer=xmlrpc.server FileDialog=tkinter.filedialog HTMLParser=html.parser Queue=queue ScrolledText=tkinter.scrolledtext',
  'SimpleDialog=tkinter.simpledialog SimpleHTTPServer=http.server SimpleXMLRPCServer=xmlrpc.server SocketServer=socketserver',
  'StringIO=io Tix=tkinter.tix Tkconstants=tkinter.constants Tkdnd=tkinter.dnd Tkinter=tkinter UserDict=collections',
  'UserList=collections UserString=collections __builtin__=builtins _abcoll=collections.abc _elementtree=xml.etree.ElementTree',
  '_winreg=winreg anydbm=dbm cPickle=pickle cStringIO=io commands=subprocess cookielib=http.cookiejar copy_reg=copyreg',
  'dbhash=dbm.bsd dbm=dbm.ndbm dumbdbm=dbm.dumb dummy_thread=_dummy_thread gdbm=dbm.gnu htmlentitydefs=html.entities',
  'httplib=http.client markupbase=_markupbase repr=reprlib robotparser=urllib.robotparser test.test_support=test.support',
  'thread=_thread tkColorChooser=tkinter.colorchooser tkCommonDialog=tkinter.commondialog tkFileDialog=tkinter.filedialog',
  'tkFont=tkinter.font tkMessageBox=tkinter.messagebox tkSimpleDialog=tkinter.simpledialog ttk=tkinter.ttk urllib2=urllib.request',
  'urlparse=urllib.parse whichdb=dbm xmlrpclib=xmlrpc.client',
]);

/** Single names that Python 3 has elsewhere; all of `exceptions` are in `builtins`. */
export const PYTHON2_NAMES = pairs([
  'UserDict.IterableUserDict=collections.UserDict UserDict.UserDict=collections.UserDict UserList.UserList=collections.UserList',
  'UserString.UserString=collections.UserString __builtin__.basestring=builtins.str __builtin__.intern=sys.intern',
  '__builtin__.long=builtins.int __builtin__.reduce=functools.reduce __builtin__.unichr=builtins.chr',
  '__builtin__.unicode=builtins.str __builtin__.xrange=builtins.range',
  '_multiprocessing.Connection=multiprocessing.connection.Connection _socket.fromfd=socket.fromfd itertools.ifilter=builtins.filter',
  'itertools.ifilterfalse=itertools.filterfalse itertools.imap=builtins.map itertools.izip=builtins.zip',
  'itertools.izip_longest=itertools.zip_longest multiprocessing.AuthenticationError=multiprocessing.context.AuthenticationError',
  'multiprocessing.BufferTooShort=multiprocessing.context.BufferTooShort',
  'multiprocessing.ProcessError=multiprocessing.context.ProcessError',
  'multiprocessing.TimeoutError=multiprocessing.context.TimeoutError multiprocessing.forking.Popen=multiprocessing.popen_fork.Popen',
  'multiprocessing.process.Process=multiprocessing.context.Process socket._socketobject=socket.SocketType',
  'urllib.ContentTooShortError=urllib.error.ContentTooShortError urllib.getproxies=urllib.request.getproxies',
  'urllib.pathname2url=urllib.request.pathname2url urllib.quote=urllib.parse.quote urllib.quote_plus=urllib.parse.quote_plus',
  'urllib.unquote=urllib.parse.unquote urllib.unquote_plus=urllib.parse.unquote_plus',
  'urllib.url2pathname=urllib.request.url2pathname urllib.urlcleanup=urllib.request.urlcleanup',
  'urllib.urlencode=urllib.parse.urlencode urllib.urlopen=urllib.request.urlopen urllib.urlretrieve=urllib.request.urlretrieve',
  'urllib2.HTTPError=urllib.error.HTTPError urllib2.URLError=urllib.error.URLError whichdb.whichdb=dbm.whichdb',
  'exceptions.StandardError=builtins.Exception',
]);
