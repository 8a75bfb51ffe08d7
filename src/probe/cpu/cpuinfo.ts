/** /proc/cpuinfo, whose keys each architecture chooses for itself. */
import { asNumber, asValue, linesOf } from '../sight.js';

export interface Processors {
  readonly model?: string | undefined;
  /** Key that the model stands under. */
  readonly modelKey?: string;
  readonly vendor?: string | undefined;
  readonly sockets: number;
  /** 0 where the file does not tell. */
  readonly physicalCores: number;
  readonly logical: number;
  /** Instruction sets that matter to numeric code, in a fixed order. */
  readonly features: readonly string[];
  /** Every revision that some processor runs. */
  readonly microcodes: readonly string[];
  /** Does the processor say that a hypervisor is under it? */
  readonly virtual: boolean;
}

/** Flags of the kernel (arch/x86/include/asm/cpufeatures.h, arch/arm64/kernel/cpuinfo.c) that libraries choose code by. */
const FEATURES = [
  ...['sse4_2', 'avx', 'f16c', 'fma', 'avx2', 'avx_vnni', 'avx512f', 'avx512bw', 'avx512vl', 'avx512_vnni', 'avx512_bf16', 'avx512_fp16'],
  ...['amx_tile', 'amx_int8', 'amx_bf16', 'amx_fp16', 'avx10'],
  ...['asimd', 'asimdhp', 'asimddp', 'fphp', 'i8mm', 'bf16', 'sve', 'sve2', 'svei8mm', 'svebf16', 'sme', 'sme2', 'neon'],
  ...['altivec', 'vsx', 'vx', 'vxe', 'vxe2', 'nnpa'],
];

const VENDORS: Readonly<Record<string, string>> = { GenuineIntel: 'Intel', AuthenticAMD: 'AMD', HygonGenuine: 'Hygon' };

/** MIDR implementer and part (arch/arm64/include/asm/cputype.h): Arm names no model in the file. */
const ARM_VENDORS: Readonly<Record<string, string>> = { '0x41': 'Arm', '0x4e': 'NVIDIA', '0x61': 'Apple', '0xc0': 'Ampere' };
const ARM_PARTS: Readonly<Record<string, string>> = {
  '0x41:0xd07': 'Arm Cortex-A57',
  '0x41:0xd08': 'Arm Cortex-A72',
  '0x41:0xd0b': 'Arm Cortex-A76',
  '0x41:0xd0c': 'Arm Neoverse N1',
  '0x41:0xd40': 'Arm Neoverse V1',
  '0x41:0xd42': 'Arm Cortex-A78AE',
  '0x41:0xd49': 'Arm Neoverse N2',
  '0x41:0xd4f': 'Arm Neoverse V2',
  '0xc0:0xac3': 'Ampere-1',
};

const MAX_PROCESSORS = 8192;

export function processorsOf(text: string | undefined): Processors {
  const blocks = blocksOf(text);
  const logical = blocks.filter((block) => /^\d+$/.test(block.get('processor') ?? ''));
  const distinct = (read: (block: Block) => string | undefined): string[] => [
    ...new Set(logical.map(read).filter((value) => value !== undefined)),
  ];
  const flags = new Set((logical[0]?.get('flags') ?? logical[0]?.get('Features') ?? '').split(/\s+/));
  return {
    ...modelOf(logical[0] ?? blocks[0] ?? new Map()),
    sockets: distinct((block) => block.get('physical id')).filter((id) => asNumber(id) !== undefined).length,
    physicalCores: distinct(coreOf).length,
    logical: logical.length,
    features: FEATURES.filter((feature) => flags.has(feature)),
    microcodes: distinct((block) => block.get('microcode'))
      .filter((version) => /^0x[0-9a-f]{1,16}$/.test(version) && version !== '0xffffffff' && !/^0x0+$/.test(version))
      .slice(0, 16),
    virtual: flags.has('hypervisor'),
  };
}

type Block = ReadonlyMap<string, string>;

/** One block a processor, between empty lines. */
function blocksOf(text: string | undefined): readonly Block[] {
  const blocks: Map<string, string>[] = [new Map()];
  for (const line of linesOf(text, 500_000)) {
    const at = line.indexOf(':');
    if (line.trim() === '') {
      if (blocks.length >= MAX_PROCESSORS) break;
      if ((blocks.at(-1)?.size ?? 0) > 0) blocks.push(new Map());
    } else if (at > 0) blocks.at(-1)?.set(line.slice(0, at).trim(), line.slice(at + 1).trim());
  }
  return blocks.filter((block) => block.size > 0);
}

function coreOf(block: Block): string | undefined {
  const [socket, core] = [asNumber(block.get('physical id')), asNumber(block.get('core id'))];
  return socket === undefined || core === undefined ? undefined : `${socket}:${core}`;
}

function modelOf(block: Block): Pick<Processors, 'model' | 'modelKey' | 'vendor'> {
  const known = Object.hasOwn(VENDORS, block.get('vendor_id') ?? '') ? VENDORS[block.get('vendor_id') ?? ''] : undefined;
  for (const modelKey of ['model name', 'Model Name', 'cpu']) {
    const model = asValue(block.get(modelKey));
    if (model !== undefined && model !== 'unknown' && /[A-Za-z]/.test(model))
      return { model: model.replace(/\s+/g, ' '), modelKey, vendor: known };
  }
  const [maker, part] = [block.get('CPU implementer') ?? '', block.get('CPU part') ?? ''];
  const arm = `${maker}:${part}`;
  return {
    ...(Object.hasOwn(ARM_PARTS, arm) ? { model: ARM_PARTS[arm], modelKey: 'CPU implementer, CPU part' } : {}),
    vendor: known ?? (Object.hasOwn(ARM_VENDORS, maker) ? ARM_VENDORS[maker] : undefined),
  };
}
