/** What the `config.json` of a library says of the weights beside it, before anything else is read. */
import type { Limits } from '../../core/limits.js';
import type { SourceTree } from '../../core/source-tree.js';
import { bitsOf } from '../collectors/huggingface-config/index.js';
import { fromJson } from '../collectors/shared/json-file.js';
import { readWhole } from '../read.js';
import { asObject, asText, asTexts } from '../values.js';

export interface LibraryConfig {
  /** Bits of one packed weight. */
  readonly bits?: number | undefined;
  /** The library loads all weights beside the configuration as one model. */
  readonly isOfOneModel: boolean;
}

/** A bigger one is no configuration; its collector says so. */
const MAX_BYTES = 64 * 1024 * 1024;

/** The configuration in a directory, each read once; what is wrong with a file is said by its collector. */
export function libraryConfigs(
  tree: SourceTree,
  sizes: ReadonlyMap<string, number>,
  limits: Limits,
): (directory: string) => Promise<LibraryConfig | undefined> {
  const known = new Map<string, Promise<LibraryConfig | undefined>>();
  const read = async (path: string): Promise<LibraryConfig | undefined> => {
    const size = sizes.get(path);
    if (size === undefined || size > MAX_BYTES) return undefined;
    let config: LibraryConfig | undefined;
    fromJson(await readWhole(tree, path), limits, (value) => {
      const isOfOneModel = asText(value.model_type) !== undefined || asTexts(value.architectures).length > 0;
      config = { isOfOneModel, bits: bitsOf(asObject(value.quantization_config)) };
      return { contributions: [] };
    });
    return config;
  };
  return (directory) => {
    const path = `${directory}config.json`;
    const before = known.get(path) ?? read(path);
    known.set(path, before);
    return before;
  };
}
