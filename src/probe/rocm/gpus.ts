/** AMD GPUs by what the kernel says in /sys, with the names that only AMD's own programs know. */
import { asObject, asText, type Loose } from '../../collect/values.js';
import type { Finding } from '../../core/finding.js';
import { disagreement } from '../say.js';
import { asNumber, asValue, linesOf, type Sight } from '../sight.js';

/** One physical GPU. */
export interface AmdGpu {
  readonly model?: string | undefined;
  readonly modelPlace?: string | undefined;
  readonly memoryBytes?: number | undefined;
  readonly vbios?: string | undefined;
  /** Instruction set: gfx942. */
  readonly target?: string | undefined;
  /** Name and version of each firmware that is loaded. */
  readonly firmware: readonly (readonly [string, string])[];
  /** These name the very unit: told only on request. */
  readonly address?: string | undefined;
  readonly uniqueId?: string | undefined;
  readonly serial?: string | undefined;
  readonly places: readonly string[];
}

const DRM = '/sys/class/drm';
const AMD = '0x1002';
const MAX_GPUS = 1024;

export async function amdGpus(sight: Sight): Promise<{ gpus: readonly AmdGpu[]; findings: readonly Finding[] }> {
  if (!sight.host.live) return { gpus: [], findings: [] };
  const targets = await kfdTargets(sight);
  const found: AmdGpu[] = [];
  for (const name of (await sight.list(DRM)).filter((each) => /^renderD\d{1,5}$/.test(each)).slice(0, MAX_GPUS)) {
    const device = `${DRM}/${name}/device`;
    if ((await sight.value(`${device}/vendor`)) === AMD) found.push(await sysGpu(sight, device, targets.get(name.slice('renderD'.length))));
  }
  if (found.length === 0) return { gpus: [], findings: [] };
  const cards = (await amdSmi(sight)) ?? (await rocmSmi(sight));
  const joined = found.map((gpu) => joinedWith(gpu, cards));
  return { gpus: joined.map(({ gpu }) => gpu), findings: joined.flatMap(({ findings }) => findings) };
}

async function sysGpu(sight: Sight, device: string, target: string | undefined): Promise<AmdGpu> {
  const { value } = sight;
  const address = (await sight.resolve(device))?.split('/').at(-1);
  const model = await value(`${device}/product_name`);
  const memory = asNumber(await value(`${device}/mem_info_vram_total`));
  return {
    model,
    modelPlace: model === undefined ? undefined : `${DRM}/*/device/product_name`,
    memoryBytes: memory === 0 ? undefined : memory,
    vbios: await value(`${device}/vbios_version`),
    target,
    firmware: await firmwareOf(sight, device),
    address: address !== undefined && /^[0-9a-f]{4}:[0-9a-f]{2}:[0-9a-f]{2}\.[0-7]$/.test(address) ? address : undefined,
    uniqueId: await value(`${device}/unique_id`),
    serial: await value(`${device}/serial_number`),
    places: [`${DRM}/*/device`, ...(target === undefined ? [] : [`${KFD}/*/properties`])],
  };
}

/** What is not loaded has the version 0. */
async function firmwareOf(sight: Sight, device: string): Promise<readonly (readonly [string, string])[]> {
  const found: (readonly [string, string])[] = [];
  for (const file of (await sight.list(`${device}/fw_version`)).slice(0, 64)) {
    const name = /^([a-z0-9_]{1,40})_fw_version$/.exec(file)?.[1];
    const version = name === undefined ? undefined : await sight.value(`${device}/fw_version/${file}`);
    if (name !== undefined && version !== undefined && /^0x[0-9a-f]{1,16}$/i.test(version) && !/^0x0+$/.test(version))
      found.push([name, version.toLowerCase()]);
  }
  return found;
}

const KFD = '/sys/class/kfd/kfd/topology/nodes';

/** Instruction sets by the number of the render device. A node without SIMD units is a processor. */
async function kfdTargets(sight: Sight): Promise<ReadonlyMap<string, string>> {
  const targets = new Map<string, string>();
  for (const node of (await sight.list(KFD)).slice(0, MAX_GPUS)) {
    const lines = linesOf(await sight.text(`${KFD}/${node}/properties`), 500);
    const properties = new Map(lines.map((line) => line.trim().split(' ')).flatMap(([key, value]) => (key && value ? [[key, value]] : [])));
    const target = gfxTarget(asNumber(properties.get('gfx_target_version')));
    const minor = properties.get('drm_render_minor');
    if (target !== undefined && minor !== undefined && asNumber(properties.get('simd_count')) !== 0) targets.set(minor, target);
  }
  return targets;
}

/** 90402 is gfx942, 90010 gfx90a: the last two of the three numbers are one hexadecimal digit each. */
export function gfxTarget(version: number | undefined): string | undefined {
  if (version === undefined || version < 10_000 || version >= 1_000_000) return undefined;
  const [minor, step] = [Math.floor(version / 100) % 100, version % 100];
  return minor > 15 || step > 15 ? undefined : `gfx${Math.floor(version / 10_000)}${minor.toString(16)}${step.toString(16)}`;
}

/** What a program of AMD says of one GPU. */
interface Card {
  readonly address: string;
  readonly model?: string | undefined;
  readonly target?: string | undefined;
  readonly place: string;
}

/** https://rocm.docs.amd.com/projects/amdsmi: a list, since ROCm 7 inside an object. */
async function amdSmi(sight: Sight): Promise<readonly Card[] | undefined> {
  const place = 'amd-smi static --json';
  const output = jsonOf(await sight.output('amd-smi', ['static', '--json']));
  const list = Array.isArray(output) ? output : asObject(output)?.gpu_data;
  if (!Array.isArray(list)) return undefined;
  return list.slice(0, MAX_GPUS).flatMap((entry): Card[] => {
    const { asic, bus } = asObject(entry) ?? {};
    const { market_name, target_graphics_version } = asObject(asic) ?? {};
    return cardOf(asObject(bus)?.bdf, market_name, target_graphics_version, place);
  });
}

const ROCM_SMI = ['--showproductname', '--showbus', '--json'];

async function rocmSmi(sight: Sight): Promise<readonly Card[]> {
  const output = asObject(jsonOf(await sight.output('rocm-smi', ROCM_SMI)));
  return Object.entries(output ?? {}).flatMap(([key, value]): Card[] => {
    const card: Loose = asObject(value) ?? {};
    if (!/^card\d+$/.test(key)) return [];
    return cardOf(card['PCI Bus'], card['Card Series'] ?? card['Card series'], card['GFX Version'], `rocm-smi ${ROCM_SMI.join(' ')}`);
  });
}

function cardOf(bus: unknown, name: unknown, target: unknown, place: string): Card[] {
  const address = asText(bus)?.toLowerCase();
  if (address === undefined) return [];
  const model = asValue(asText(name));
  const gfx = asText(target)?.toLowerCase();
  return [
    {
      address,
      // A bare PCI id is what the program shows for a card that it does not know.
      model: model === undefined || /^(N\/A|0x[0-9a-f]+)$/i.test(model) ? undefined : model,
      target: gfx !== undefined && /^gfx[0-9a-f]{3,5}$/.test(gfx) ? gfx : undefined,
      place,
    },
  ];
}

/** Output of a program: there may be warnings before the document. */
function jsonOf(output: string | undefined): unknown {
  const start = output?.search(/^[[{]/m) ?? -1;
  if (output === undefined || start < 0) return undefined;
  try {
    return JSON.parse(output.slice(start)) as unknown;
  } catch {
    return undefined;
  }
}

function joinedWith(gpu: AmdGpu, cards: readonly Card[]): { gpu: AmdGpu; findings: readonly Finding[] } {
  const card = cards.find(({ address }) => address === gpu.address);
  if (card === undefined) return { gpu, findings: [] };
  const conflict = gpu.target !== undefined && card.target !== undefined && gpu.target !== card.target;
  return {
    gpu: {
      ...gpu,
      model: gpu.model ?? card.model,
      modelPlace: gpu.modelPlace ?? (card.model === undefined ? undefined : card.place),
      target: gpu.target ?? card.target,
      places: [...gpu.places, card.place],
    },
    findings: conflict
      ? [disagreement('instruction set of a GPU', [KFD, gpu.target ?? ''], [card.place, card.target ?? ''], 'the first was kept')]
      : [],
  };
}
