/** ggml tensor types: name, values in a block and bytes of a block. Source: ggml/src/ggml.c, type_traits. */
export const GGML_TYPES: Readonly<Record<number, readonly [name: string, blockValues: number, blockBytes: number]>> = {
  0: ['F32', 1, 4],
  1: ['F16', 1, 2],
  2: ['Q4_0', 32, 18],
  3: ['Q4_1', 32, 20],
  6: ['Q5_0', 32, 22],
  7: ['Q5_1', 32, 24],
  8: ['Q8_0', 32, 34],
  9: ['Q8_1', 32, 36],
  10: ['Q2_K', 256, 84],
  11: ['Q3_K', 256, 110],
  12: ['Q4_K', 256, 144],
  13: ['Q5_K', 256, 176],
  14: ['Q6_K', 256, 210],
  15: ['Q8_K', 256, 292],
  16: ['IQ2_XXS', 256, 66],
  17: ['IQ2_XS', 256, 74],
  18: ['IQ3_XXS', 256, 98],
  19: ['IQ1_S', 256, 50],
  20: ['IQ4_NL', 32, 18],
  21: ['IQ3_S', 256, 110],
  22: ['IQ2_S', 256, 82],
  23: ['IQ4_XS', 256, 136],
  24: ['I8', 1, 1],
  25: ['I16', 1, 2],
  26: ['I32', 1, 4],
  27: ['I64', 1, 8],
  28: ['F64', 1, 8],
  29: ['IQ1_M', 256, 56],
  30: ['BF16', 1, 2],
  34: ['TQ1_0', 256, 54],
  35: ['TQ2_0', 256, 66],
  39: ['MXFP4', 32, 17],
  40: ['NVFP4', 64, 36],
  41: ['Q1_0', 128, 18],
};

/** Names of types whose block layout is not listed above; all but the last were given up. 36 to 38 never stood in a file. */
const OTHER_NAMES: Readonly<Record<number, string>> = {
  4: 'Q4_2',
  5: 'Q4_3',
  31: 'Q4_0_4_4',
  32: 'Q4_0_4_8',
  33: 'Q4_0_8_8',
  42: 'Q2_0',
};

/** Types of bitnet.cpp, whose numbers ggml gave to others or took back; their blocks are laid out for one processor or another. */
const BITNET_TYPES: Readonly<Record<number, string>> = { 36: 'I2_S', 37: 'I8_S', 38: 'TL1', 39: 'TL2' };
export const BITNET_NAMES: ReadonlySet<string> = new Set(Object.values(BITNET_TYPES));

/** `bitnet`, `bitnet-b1.58` and the like. */
export const isBitnet = (architecture: unknown): boolean => typeof architecture === 'string' && /^bitnet(?:$|-)/.test(architecture);

/** Name of a type, and the layout of its blocks where it is known. Numbers that forks use for their own are decided by the architecture. */
export function ggmlType(type: number, architecture: unknown): { readonly name: string; readonly block?: readonly [number, number] } {
  const forked = isBitnet(architecture) ? BITNET_TYPES[type] : undefined;
  if (forked !== undefined) return { name: forked };
  const known = GGML_TYPES[type];
  if (known === undefined) return { name: OTHER_NAMES[type] ?? `ggml:${type}` };
  return { name: known[0], block: [known[1], known[2]] };
}

/** Labels of `general.file_type`. Source: llama.h, llama_ftype. */
export const FILE_TYPES: Readonly<Record<number, string>> = {
  0: 'F32',
  1: 'F16',
  2: 'Q4_0',
  3: 'Q4_1',
  4: 'Q4_1_SOME_F16',
  7: 'Q8_0',
  8: 'Q5_0',
  9: 'Q5_1',
  10: 'Q2_K',
  11: 'Q3_K_S',
  12: 'Q3_K_M',
  13: 'Q3_K_L',
  14: 'Q4_K_S',
  15: 'Q4_K_M',
  16: 'Q5_K_S',
  17: 'Q5_K_M',
  18: 'Q6_K',
  19: 'IQ2_XXS',
  20: 'IQ2_XS',
  21: 'Q2_K_S',
  22: 'IQ3_XS',
  23: 'IQ3_XXS',
  24: 'IQ1_S',
  25: 'IQ4_NL',
  26: 'IQ3_S',
  27: 'IQ3_M',
  28: 'IQ2_S',
  29: 'IQ2_M',
  30: 'IQ4_XS',
  31: 'IQ1_M',
  32: 'BF16',
  33: 'Q4_0_4_4',
  34: 'Q4_0_4_8',
  35: 'Q4_0_8_8',
  36: 'TQ1_0',
  37: 'TQ2_0',
  38: 'MXFP4_MOE',
  39: 'NVFP4',
  40: 'Q1_0',
};
