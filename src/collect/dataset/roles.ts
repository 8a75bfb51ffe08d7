import { baseName } from '../contribution.js';
import { type Role, roleByName } from '../roles.js';

/** Names of metadata and settings; every other JSON file of a dataset may be data. */
const CONFIG =
  /^((dataset_infos?|state|dataset_dict|features|datapackage|dataset-metadata|metadata|croissant[^/]*|[^/]*\.croissant)\.json|[^/]+\.(jsonld|ya?ml|toml|ini|cfg|conf|dvc|lock)|label\.labels\.txt)$/i;
const TEXTS = /^(readme|changelog|security|contributing|citation|data_?card|datasheet)([._-].*)?$/i;
/** One archive may hold the whole dataset; a packed table is data. */
const PACKED = /\.(zip|tar|tgz|tar\.\w+|7z|rar)$/i;
/** Roles that a file has by its name in any directory. */
const KEPT: ReadonlySet<Role> = new Set<Role>(['license', 'signature', 'code']);

/** What a file of a dataset is for, by its name: what is nothing else is the data. */
export function datasetRole(path: string): Role {
  const name = baseName(path);
  const role = roleByName(path);
  if (KEPT.has(role)) return role;
  if (TEXTS.test(name)) return 'document';
  if (CONFIG.test(name)) return 'config';
  return PACKED.test(name) ? 'archive' : 'data';
}
