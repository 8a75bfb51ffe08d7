/** Names that models need, each with where it is from and the form that its arguments have. Names, never whole modules. */
import type { FormName } from '../forms.js';
import type { AllowedName, AllowGroup } from './group.js';
import { NUMERIC } from './numeric.js';
import { PYTHON } from './python.js';
import { SKLEARN } from './sklearn.js';
import { TORCH } from './torch.js';
import { TRAINING } from './training.js';

export type { AllowedName } from './group.js';

export const ALLOW_GROUPS: readonly AllowGroup[] = [...PYTHON, ...TORCH, ...NUMERIC, ...SKLEARN, ...TRAINING];

function* entries(): Generator<[string, AllowedName]> {
  for (const { names, source, why, weightsOnly = false } of ALLOW_GROUPS)
    for (const [module, list] of names)
      for (const word of list.split(' ')) {
        const [rest = '', holds] = word.split('@');
        const [name = '', form = 'plain'] = rest.split(':');
        const entry = {
          form: form as FormName,
          source,
          why,
          weightsOnly,
          ...(holds === undefined ? {} : { holds: holds as 'list' | 'dict' }),
        };
        yield [`${module}.${name}`, entry];
      }
}

let made: ReadonlyMap<string, AllowedName> | undefined;

/** By `module.name`; the first group that lists a name says what it is. Made when it is asked for: most files import nothing. */
export function allowed(): ReadonlyMap<string, AllowedName> {
  made ??= new Map([...entries()].reverse());
  return made;
}
