/** Types of the standard library that objects are made of. */
import type { AllowGroup } from './group.js';

export const PYTHON: readonly AllowGroup[] = [
  {
    source: 'torch.load with weights_only: torch/_weights_only_unpickler.py (BSD-3-Clause)',
    why: 'containers and numbers',
    weightsOnly: true,
    names: [
      ['collections', 'OrderedDict:pairs@dict Counter:counter@dict'],
      ['builtins', 'set:items@list bytearray:bytes complex:data'],
      ['_codecs', 'encode:encode'],
    ],
  },
  {
    source: 'Python: copyreg, object.__reduce_ex__ and the __reduce__ of built-in types',
    why: 'make an instance of a class that is judged by itself, or plain data',
    names: [
      ['copyreg', '_reconstructor:reconstructor __newobj__:newobj __newobj_ex__:newobj'],
      ['builtins', 'object frozenset:items list:items@list tuple:items dict:items@dict bytes:bytes str:str int:data float:data bool:data'],
      [
        'builtins',
        'slice:data range:data type:typeOf iter:iterated reversed:items enumerate:items zip:items getattr:attribute Ellipsis NotImplemented',
      ],
      [
        'builtins',
        'abs:never all:never any:never bin:never callable:never chr:never divmod:never format:never hash:never hex:never id:never',
      ],
      [
        'builtins',
        'isinstance:never issubclass:never len:never max:never min:never ord:never pow:never print:never repr:never round:never sorted:never sum:never',
      ],
      [
        'builtins',
        'BaseException:data Exception:data ArithmeticError:data AssertionError:data AttributeError:data EOFError:data IndexError:data',
      ],
      [
        'builtins',
        'KeyError:data KeyboardInterrupt:data LookupError:data MemoryError:data NameError:data NotImplementedError:data OSError:data IOError:data',
      ],
      [
        'builtins',
        'OverflowError:data RuntimeError:data StopIteration:data SyntaxError:data TypeError:data UnicodeDecodeError:data ValueError:data',
      ],
      [
        'builtins',
        'Warning:data UserWarning:data RuntimeWarning:data DeprecationWarning:data FutureWarning:data ZeroDivisionError:data FileNotFoundError:data',
      ],
      ['collections', 'defaultdict:defaultdict@dict deque:deque@list ChainMap:items UserDict:data UserList:data UserString:data'],
      ['datetime', 'datetime:datetime date:datetime time:datetime timedelta:data timezone:data'],
      ['decimal', 'Decimal:data Context:data'],
      ['fractions', 'Fraction:data'],
      ['uuid', 'UUID SafeUUID:data'],
      ['pathlib', 'Path:texts PosixPath:texts WindowsPath:texts PurePath:texts PurePosixPath:texts PureWindowsPath:texts'],
      ['pathlib._local', 'Path:texts PosixPath:texts WindowsPath:texts PurePosixPath:texts PureWindowsPath:texts'],
      ['ipaddress', 'IPv4Address:data IPv6Address:data IPv4Network:data IPv6Network:data'],
      ['zoneinfo', 'ZoneInfo:data ZoneInfo._unpickle:data'],
      ['re', '_compile:regex RegexFlag:enum'],
      ['argparse', 'Namespace'],
      ['types', 'SimpleNamespace NoneType GenericAlias:classes'],
      ['array', 'array:data@list _array_reconstructor:arrayOf'],
      ['random', 'Random:data'],
      ['functools', 'partial:partial reduce:union'],
      ['_functools', 'partial:partial reduce:union'],
      [
        'operator',
        'itemgetter:data attrgetter:names methodcaller:names add:never sub:never mul:never truediv:never lt:never gt:never le:never ge:never eq:never ne:never neg:never not_:never and_:never or_:never',
      ],
      ['_operator', 'itemgetter:data attrgetter:names methodcaller:names add:never sub:never mul:never truediv:never or_:never'],
      ['itertools', 'count:data repeat:data cycle:data chain:data'],
      ['logging', 'getLogger:texts Logger:texts PlaceHolder'],
      ['enum', 'Enum:enum IntEnum:enum Flag:enum IntFlag:enum'],
      ['dataclasses', '_MISSING_TYPE _HAS_DEFAULT_FACTORY_CLASS Field'],
      ['inspect', '_empty:never Parameter:data Signature:data _ParameterKind:enum'],
      ['typing', 'Any:never List:never Dict:never Optional:never Union:never Tuple:never Callable:never'],
      ['math', 'sqrt:never exp:never log:never floor:never ceil:never sin:never cos:never isnan:never'],
      ['time', 'struct_time:data time:never'],
      ['io', 'BytesIO:bytes StringIO:data'],
      ['_io', 'BytesIO:bytes StringIO:data'],
    ],
  },
];
