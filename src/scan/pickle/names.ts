/** What is known of an imported name: allowed with a form of its arguments, denied with a reason, or neither. */
import { classHarm } from '../python/torchscript.js';
import { type AllowedName, allowed } from './allow/index.js';
import { denied } from './deny.js';
import { PYTHON2_MODULES, PYTHON2_NAMES, STANDARD_MODULES } from './python.js';

export interface Judgement {
  readonly grade: 'allowed' | 'denied' | 'unknown';
  /** `module.name` as Python 3 knows it. */
  readonly known: string;
  /** For denied names: what they do, as a phrase. */
  readonly does?: string | undefined;
  /** Which form the arguments must have. */
  readonly form?: AllowedName['form'] | undefined;
  /** Items may be added to what it makes. */
  readonly holds?: 'list' | 'dict' | undefined;
  /** Of Python itself, or of a package of which all that models need is listed. */
  readonly surveyed: boolean;
}

/** The name under which Python 3 looks when it reads an old pickle. */
export function asPython3(module: string, name: string): readonly [module: string, name: string] {
  const renamed = PYTHON2_NAMES.get(`${module}.${name}`);
  if (renamed !== undefined) return [renamed.slice(0, renamed.lastIndexOf('.')), renamed.slice(renamed.lastIndexOf('.') + 1)];
  if (module === 'exceptions') return ['builtins', name];
  return [PYTHON2_MODULES.get(module) ?? module, name];
}

/** Judges a name as it stands and as an old one, whatever the protocol: a pickle may announce several. */
export function judgeName(module: string, name: string, allow: ReadonlySet<string>): Judgement {
  const [newModule, newName] = asPython3(module, name);
  const known = `${newModule}.${newName}`;
  const surveyed = isSurveyed(newModule.split('.')[0] ?? '', newName);
  const entry = allowed().get(known);
  if (entry !== undefined) return { grade: 'allowed', known, form: entry.form, holds: entry.holds, surveyed };
  // A member of an enumeration, as Python 3.11 pickles them.
  if (allowed().get(known.slice(0, known.lastIndexOf('.')))?.form === 'enum' && !known.includes('__'))
    return { grade: 'allowed', known, form: 'never', surveyed };
  if (allow.has(known) || allow.has(`${module}.${name}`)) return { grade: 'allowed', known, form: 'any', surveyed };
  if (newModule.startsWith(MACHINE_CLASSES) && !newName.includes('.')) {
    const does = classHarm(`${newModule.slice(MACHINE_CLASSES.length)}.${newName}`);
    return does === undefined ? { grade: 'allowed', known, form: 'any', surveyed } : { grade: 'denied', known, does, surveyed };
  }
  const does = denied(newModule, newName) ?? trimmed(module, name);
  // Classes of TorchScript: code of the archive itself, in a language of its own, which no import of Python finds.
  if (does === undefined && (newModule === '__torch__' || newModule.startsWith('__torch__.')))
    return { grade: 'allowed', known, form: 'any', surveyed };
  return does === undefined ? { grade: 'unknown', known, surveyed } : { grade: 'denied', known, does, surveyed };
}

/** Classes of machine code, as TorchScript names them: no import of Python finds them. */
const MACHINE_CLASSES = '__torch__.torch.classes.';

/** Packages whose own ways to pickle their objects stand in the lists, function by function. */
const SURVEYED: ReadonlySet<string> = new Set(
  'numpy scipy pandas sklearn joblib torch torchvision transformers keras tensorflow'.split(' '),
);
/** Functions that rebuild objects: a newer version of a package may have more of them. */
const REBUILDS = ['rebuild', 'reconstruct', 'unpickle', 'restore', 'make', 'new', 'from_state'];

function isSurveyed(root: string, name: string): boolean {
  if (STANDARD_MODULES.has(root)) return true;
  const word = name.slice(name.lastIndexOf('.') + 1).toLowerCase();
  return SURVEYED.has(root) && !REBUILDS.some((part) => word.includes(part));
}

/** Spaces and line ends around a name are no part of it for some readers. */
function trimmed(module: string, name: string): string | undefined {
  const [a, b] = [module.trim(), name.trim()];
  return a === module && b === name ? undefined : denied(a, b);
}

/** Is the last part of the name written like a class? */
export const looksLikeClass = (known: string): boolean => {
  const last = known.slice(known.lastIndexOf('.') + 1);
  const first = last.startsWith('_') ? last.charAt(1) : last.charAt(0);
  return first !== first.toLowerCase();
};
