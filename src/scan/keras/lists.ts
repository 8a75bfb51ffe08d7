/** Names of Keras and of what code in it gives away. Facts from the source of Keras and from advisories. */

/** Packages that Keras takes classes from without being told to. */
export const OWN: ReadonlySet<string> = new Set([
  'keras',
  'tf_keras',
  'keras_core',
  'tensorflow',
  'keras_hub',
  'keras_nlp',
  'keras_cv',
  'keras_rs',
  'tensorflow_addons',
  'tf_agents',
]);
/** Functions of Keras that fetch, load, read or unlock. */
export const HARMFUL: ReadonlySet<string> = new Set(
  'get_file enable_unsafe_deserialization disable_safe_mode load_model load_weights load_img deserialize_keras_object deserialize model_from_json extract_archive extract_open_archives text_dataset_from_directory image_dataset_from_directory audio_dataset_from_directory import_module retrieve_class_or_fn set_backend rmtree raise_if_no_lib_points_to read_file write_file py_function numpy_function eager_py_function load_op_library load_library unpickle_from_bytes delete_file'.split(
    ' ',
  ),
);
/** Layers that load another model, or hold one in a form with code. */
export const LOADERS: ReadonlySet<string> = new Set(['TFSMLayer', 'TorchModuleWrapper', 'JaxLayer', 'FlaxLayer']);
/** Layers that read their words from a file when they are given its path. */
export const LOOKUPS: ReadonlySet<string> = new Set(['StringLookup', 'IntegerLookup', 'IndexLookup', 'TextVectorization']);
export const PLAIN: ReadonlySet<string> = new Set(
  '__tuple__ __numpy__ __tensor__ __ellipsis__ __slice__ __typespec__ __set__ __dict__ dict list tuple slice int float str bool NoneType type ellipsis'.split(
    ' ',
  ),
);
/** Beginnings of names in code that runs programs or code; also as texts in it. */
export const TELLTALE: ReadonlySet<string> = new Set(
  'system popen Popen subprocess os exec eval __import__ import_module socket requests urllib urlopen urlretrieve check_output check_call getoutput spawn ctypes pty commands marshal pickle loads b64decode builtins __builtins__ __globals__ __subclasses__ shutil rmtree open compile globals getattr posix nt remove unlink'.split(
    ' ',
  ),
);
/** Modules that Keras and TensorFlow import for themselves: a path through them leads out of the library. */
export const INNER: ReadonlySet<string> = new Set(
  'os sys subprocess importlib builtins inspect types tempfile shutil pathlib urllib zipfile tarfile pickle marshal dill ctypes io re json'.split(
    ' ',
  ),
);

export const KERAS_LISTS = { OWN, HARMFUL, LOADERS, LOOKUPS, PLAIN, TELLTALE, INNER };
