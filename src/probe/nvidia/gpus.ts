/** NVIDIA GPUs by what the driver says in /proc and what nvidia-smi prints. */
import type { Finding } from '../../core/finding.js';
import { disagreement } from '../say.js';
import { asNumber, asValue, asVersion, fieldsOf, linesOf, type Sight } from '../sight.js';
import { type DriverSource, driverVersion } from './driver.js';

/** One physical GPU. */
export interface Gpu {
  readonly model?: string | undefined;
  readonly memoryBytes?: number | undefined;
  readonly vbios?: string | undefined;
  readonly gsp?: string | undefined;
  readonly inforom?: string | undefined;
  readonly computeCapability?: string | undefined;
  readonly ecc?: string | undefined;
  readonly mig?: string | undefined;
  /** These name the very unit: told only on request. */
  readonly address?: string | undefined;
  readonly uuid?: string | undefined;
  readonly serial?: string | undefined;
  /** Where it was read. */
  readonly place: string;
}

const GPUS = '/proc/driver/nvidia/gpus';
const MAX_GPUS = 1024;

/** GPUs that the driver has. What it has not read from a card yet it shows as question marks. */
export async function procGpus(sight: Sight): Promise<readonly Gpu[]> {
  if (!sight.host.live) return [];
  const gpus: Gpu[] = [];
  for (const address of (await sight.list(GPUS)).filter(isAddress).slice(0, MAX_GPUS)) {
    const path = `${GPUS}/${address}/information`;
    const fields = fieldsOf(linesOf(await sight.text(path, 64 * 1024), 100), ':');
    const model = told(fields.get('Model'));
    if (model === undefined) continue;
    gpus.push({
      model,
      vbios: vbiosOf(fields.get('Video BIOS')),
      gsp: driverVersion(told(fields.get('GPU Firmware'))),
      uuid: told(fields.get('GPU UUID')),
      address: normal(address),
      // The address in the path names the unit.
      place: `${GPUS}/*/information`,
    });
  }
  return gpus;
}

const isAddress = (name: string): boolean => /^[0-9a-f]{4,8}:[0-9a-f]{2}:[0-9a-f]{2}\.[0-7]$/i.test(name);
/** nvidia-smi writes the domain with eight digits, the kernel with four. */
const normal = (address: string): string => address.toLowerCase().replace(/^0{4}(?=[0-9a-f]{4}:)/, '');

/** A value that is one: not `N/A`, `[Not Supported]`, `Unknown` or question marks. */
function told(text: string | undefined): string | undefined {
  const value = asValue(text);
  return value === undefined || /^\[|^N\/A$|^Unknown\b|\?|^ERR!$/i.test(value) ? undefined : value;
}

const vbiosOf = (text: string | undefined): string | undefined =>
  /^[0-9a-f]{2}(\.[0-9a-f]{2}){4}$/i.test(told(text) ?? '') ? told(text) : undefined;

/** Queries of nvidia-smi (`nvidia-smi --help-query-gpu`), newest last: an old one refuses a list with a name that it does not know. */
const BASE = ['name', 'driver_version', 'pci.bus_id', 'vbios_version', 'memory.total', 'ecc.mode.current', 'inforom.img', 'uuid', 'serial'];
const QUERIES = [[...BASE, 'compute_cap', 'mig.mode.current'], [...BASE, 'mig.mode.current'], BASE];
const COMMAND = 'nvidia-smi';

export interface SmiAnswer {
  readonly gpus: readonly Gpu[];
  readonly driver: readonly DriverSource[];
}

/** What nvidia-smi prints; nothing when it is not there or cannot talk to the driver. */
export async function smiGpus(sight: Sight): Promise<SmiAnswer> {
  for (const names of QUERIES) {
    const output = await sight.output(COMMAND, [`--query-gpu=${names.join(',')}`, '--format=csv,noheader,nounits']);
    const rows = output === undefined ? [] : rowsOf(output, names);
    if (rows.length === 0) continue;
    const version = rows.map((row) => driverVersion(told(row.get('driver_version')))).find((each) => each !== undefined);
    return {
      gpus: rows.map(smiGpu),
      driver: version === undefined ? [] : [{ place: COMMAND, key: 'driver_version', version }],
    };
  }
  return { gpus: [], driver: [] };
}

function rowsOf(output: string, names: readonly string[]): readonly ReadonlyMap<string, string>[] {
  return linesOf(output, MAX_GPUS)
    .map((line) => line.split(', '))
    .filter((cells) => cells.length === names.length && told(cells[0]) !== undefined)
    .map((cells) => new Map(cells.map((cell, i) => [names[i] ?? '', cell])));
}

function smiGpu(row: ReadonlyMap<string, string>): Gpu {
  const field = (name: string): string | undefined => told(row.get(name));
  const mebibytes = asNumber(field('memory.total'));
  const address = field('pci.bus_id');
  return {
    model: field('name'),
    memoryBytes: mebibytes === undefined || mebibytes === 0 ? undefined : mebibytes * 1024 * 1024,
    vbios: vbiosOf(field('vbios_version')),
    inforom: asVersion(field('inforom.img')),
    computeCapability: /^\d{1,2}\.\d$/.test(field('compute_cap') ?? '') ? field('compute_cap') : undefined,
    ecc: mode(field('ecc.mode.current')),
    mig: mode(field('mig.mode.current')),
    address: address !== undefined && isAddress(address) ? normal(address) : undefined,
    uuid: field('uuid'),
    serial: field('serial'),
    place: COMMAND,
  };
}

const mode = (text: string | undefined): string | undefined => (/^(Enabled|Disabled)$/.test(text ?? '') ? text?.toLowerCase() : undefined);

/** Both views joined by the place on the bus. nvidia-smi sees what this process may use, /proc what the driver has. */
export function joinedGpus(proc: readonly Gpu[], smi: readonly Gpu[]): { gpus: readonly Gpu[]; findings: readonly Finding[] } {
  if (smi.length === 0 || proc.length === 0) return { gpus: smi.length === 0 ? proc : smi, findings: [] };
  const byAddress = new Map(proc.map((gpu) => [gpu.address, gpu]));
  const findings: Finding[] = [];
  if (smi.length !== proc.length)
    findings.push(
      disagreement('number of GPUs', [COMMAND, `${smi.length}`], [proc[0]?.place ?? GPUS, `${proc.length}`], 'the first was kept'),
    );
  const gpus = smi.map((gpu): Gpu => {
    const other = gpu.address === undefined ? undefined : byAddress.get(gpu.address);
    if (other === undefined) return gpu;
    for (const name of ['model', 'vbios'] as const) {
      const [one, two] = [gpu[name], other[name]];
      // The driver writes hexadecimal digits small, nvidia-smi writes them large.
      if (one !== undefined && two !== undefined && one.toLowerCase() !== two.toLowerCase())
        findings.push(disagreement(`${name} of a GPU`, [COMMAND, one], [other.place, two], 'the first was kept'));
    }
    return { ...other, ...defined(gpu) };
  });
  return { gpus, findings };
}

const defined = (gpu: Gpu): Gpu => Object.fromEntries(Object.entries(gpu).filter(([, value]) => value !== undefined)) as unknown as Gpu; // the same members
