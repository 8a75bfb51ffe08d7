/** Names that give a template away. Facts from the documentation of Python and Jinja, and from advisories. */

const of = (text: string): ReadonlySet<string> => new Set(text.split(' '));

/** Attributes that lead from any object to the interpreter, beside those between double underscores. */
const INNER = of(
  'mro func_globals func_code func_closure func_defaults im_func im_self im_class gi_frame gi_code gi_yieldfrom cr_frame cr_code cr_await ag_frame ag_code f_globals f_locals f_builtins f_back f_code tb_frame tb_next co_code co_consts co_names _TemplateReference__context _Context__self _module_cache environment_class',
);

/** Double underscores that say nothing of code. */
const PLAIN = of('__metadata__ __name__ __len__ __version__ __doc__ __str__ __default__ __main__ __index_level_0__');

/** Does the attribute lead to the inside of an object? */
export const isInner = (name: string): boolean =>
  INNER.has(name) || (name.length > 4 && name.startsWith('__') && name.endsWith('__') && !PLAIN.has(name));

/** Parts of such names, as they look when a text is put together out of pieces that are not known. */
const PARTS = of('class globals builtins subclasses import getattribute getitem popen system eval exec');

/** Does the text look like a piece of such a name? */
export function isPart(text: string): boolean {
  const bare = text.replaceAll('_', '').toLowerCase();
  return PARTS.has(bare) || (text.includes('__') && bare.length > 0 && bare.length < 30);
}

/** Methods that run programs or load code, when they are called. */
export const RUNNING = of(
  'popen system Popen check_output check_call getoutput getstatusoutput spawn spawnl spawnv execv execve execl import_module load_module exec_module run_path run_module eval exec fork posix_spawn urlopen urlretrieve startfile',
);

/** Names of Python that Jinja does not have: a template that uses one counts on a program that gives it. */
export const PYTHON_NAMES = of(
  'eval exec compile open __import__ getattr setattr globals locals vars os sys subprocess builtins importlib',
);

/** Objects of Jinja from which walks to the interpreter begin. */
export const WALKED = of('cycler joiner lipsum self url_for get_flashed_messages request current_app config session g');
/** What chats may ask of them. */
export const HARMLESS_STEPS = of('next reset current super');

/** Filters that take the name of an attribute as a text. */
export const BY_ATTRIBUTE = of('map selectattr rejectattr groupby sort sum unique max min attr');

/** Tags that take in other files. */
export const INCLUDING = of('include import from extends');
