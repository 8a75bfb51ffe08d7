/** Machines and their software stacks, as components of the formulation. */
import * as Enums from '@cyclonedx/cyclonedx-library/Enums';
import type { Accelerator, Environment } from '../../schema/index.js';
import { makeComponent, readComponent, readTable } from './component.js';
import { type Context, type Ids, refOfItem } from './context.js';
import { type Json, nonEmpty, nonEmptyList, objectsOf, pick, textOf } from './json.js';
import type { MlComponent } from './library.js';
import { type PropertyRow, readProperties } from './properties.js';

const { ComponentType } = Enums;

const ENVIRONMENT_ROWS: readonly PropertyRow[] = [
  ['msbom:environment:purpose', 'purpose', 'texts'],
  ['msbom:environment:variable', 'variables', 'map'],
  ['msbom:environment:provider', 'location.provider'],
  ['msbom:environment:region', 'location.region'],
  ['msbom:environment:country', 'location.country'],
  ['msbom:environment:isolation', 'security.isolation'],
  ['msbom:environment:accessControl', 'security.accessControl'],
  ['msbom:environment:encryption', 'security.encryption'],
  ['msbom:environment:trustedComputing', 'security.trustedComputing'],
  ['msbom:host:cores', 'host.cores', 'number'],
  ['msbom:host:memoryBytes', 'host.memoryBytes', 'number'],
  ['msbom:host:nodes', 'host.nodes', 'number'],
  ['msbom:host:interconnect', 'host.interconnect'],
];
const OS_ROWS: readonly PropertyRow[] = [
  ['msbom:os:kernel', 'kernel'],
  ['msbom:os:architecture', 'architecture'],
];
const RUNTIME_ROWS: readonly PropertyRow[] = [['msbom:runtime:implementation', 'implementation']];
const ACCELERATOR_ROWS: readonly PropertyRow[] = [
  ['msbom:accelerator:vendor', 'vendor'],
  ['msbom:accelerator:model', 'model'],
  ['msbom:accelerator:count', 'count', 'number'],
  ['msbom:accelerator:memoryBytes', 'memoryBytes', 'number'],
  ['msbom:accelerator:computeCapability', 'computeCapability'],
];
const PURPOSE = 'msbom:environment:purpose';

const refOfEnvironment = (environment: Environment, index: number, ref: Context['ref']): string =>
  refOfItem('environment', environment.id, index, ref);

export function environmentComponents(environment: Environment, index: number, context: Context): readonly MlComponent[] {
  const { os, runtime, host, accelerators = [], hbom } = environment;
  const ref = refOfEnvironment(environment, index, context.ref);
  const part = (
    name: string,
    type: Enums.ComponentType,
    [label, version]: readonly [string | undefined, string | undefined],
    table?: readonly [rows: readonly PropertyRow[], source: object | undefined],
  ): readonly MlComponent[] =>
    label === undefined && version === undefined
      ? []
      : [makeComponent({ ref: `${ref}/${name}`, type, name: label ?? name, version, ...pick({ table }) }, context)];
  return [
    makeComponent(
      {
        ref,
        type: ComponentType.Platform,
        name: environment.id ?? `environment ${index + 1}`,
        table: [ENVIRONMENT_ROWS, environment],
        references: hbom?.uri === undefined ? [] : [{ type: 'bom', url: hbom.uri, comment: hbom.title, digest: hbom.digest }],
      },
      context,
    ),
    ...part('os', ComponentType.OperatingSystem, [os?.name, os?.version], [OS_ROWS, os]),
    ...part('runtime', ComponentType.Platform, [runtime?.language, runtime?.version], [RUNTIME_ROWS, runtime]),
    ...containerComponents(runtime, `${ref}/container`, context),
    ...part('cpu', ComponentType.Device, [host?.cpu, undefined]),
    ...accelerators.flatMap((accelerator, i) => acceleratorComponents(accelerator, `${ref}/accelerator:${i}`, context)),
  ];
}

function containerComponents(runtime: Environment['runtime'], ref: string, context: Context): readonly MlComponent[] {
  const { image, digest } = runtime?.container ?? {};
  return image === undefined ? [] : [makeComponent({ ref, type: ComponentType.Container, name: image, digest }, context)];
}

function acceleratorComponents(accelerator: Accelerator, ref: string, context: Context): readonly MlComponent[] {
  const { vendor, model, driverVersion, firmware, toolkit } = accelerator;
  const part = (suffix: string, type: Enums.ComponentType, name: string, version: string | undefined): readonly MlComponent[] =>
    version === undefined ? [] : [makeComponent({ ref: `${ref}/${suffix}`, type, name, version }, context)];
  const label = model ?? vendor ?? 'accelerator';
  return [
    makeComponent({ ref, type: ComponentType.Device, name: label, table: [ACCELERATOR_ROWS, accelerator] }, context),
    ...part('driver', ComponentType.DeviceDriver, `${vendor ?? 'accelerator'} driver`, driverVersion),
    ...part('firmware', ComponentType.Firmware, `${label} firmware`, firmware),
    ...(toolkit === undefined
      ? []
      : [makeComponent({ ref: `${ref}/toolkit`, type: ComponentType.Platform, name: toolkit.name, version: toolkit.version }, context)]),
  ];
}

/** Is a component of a formulation an environment of the manifest? Others describe theirs in ways of their own. */
export const isEnvironment = (value: Json): boolean => objectsOf(value.properties).some(({ name }) => name === PURPOSE);

export const environmentId = (value: Json, index: number, ids: Ids): string | undefined =>
  ids.assign(value['bom-ref'], `environment:${index}`, textOf(value.name) ?? 'environment');

/** An environment, from its component and the parts that stand beside it. */
export function readEnvironment(value: Json, id: string | undefined, parts: ReadonlyMap<string, Json>): Environment | undefined {
  const read = readComponent(value);
  if (read === undefined) return undefined;
  const ref = String(value['bom-ref']);
  const at = (name: string) => readAt(parts.get(`${ref}/${name}`));
  const [os, runtime, container, cpu] = [at('os'), at('runtime'), at('container'), at('cpu')];
  const { purpose = [], host, ...table } = readTable<Environment>(ENVIRONMENT_ROWS, read);
  const bom = read.references.find(({ type }) => type === 'bom');
  const image = container && { image: container.name, ...pick({ digest: container.digest }) };
  return {
    ...pick({ id }),
    purpose,
    ...pick({
      os: os && { ...labelOf(os, 'os', 'name'), ...readProperties(OS_ROWS, os.properties) },
      runtime: nonEmpty({
        ...(runtime && { ...labelOf(runtime, 'runtime', 'language'), ...readProperties(RUNTIME_ROWS, runtime.properties) }),
        ...pick({ container: image }),
      }),
      accelerators: readAccelerators(ref, parts),
      host: nonEmpty({ ...pick({ cpu: cpu?.name }), ...host }),
      hbom: bom && { uri: bom.url, ...pick({ title: bom.comment, digest: bom.digest }) },
    }),
    ...table,
  };
}

type Part = NonNullable<ReturnType<typeof readComponent>>;
const readAt = (value: Json | undefined): Part | undefined => (value === undefined ? undefined : readComponent(value));

/** Name and version of a part; a part that nobody has named is called after its place. */
function labelOf({ name, common }: Part, place: string, member: string): Record<string, string> {
  return { ...(name === place ? {} : { [member]: name }), ...pick({ version: common.version }) } as Record<string, string>; // texts
}

function readAccelerators(ref: string, parts: ReadonlyMap<string, Json>): Accelerator[] | undefined {
  const accelerators: Accelerator[] = [];
  for (;;) {
    const own = `${ref}/accelerator:${accelerators.length}`;
    const device = readAt(parts.get(own));
    if (device === undefined) return nonEmptyList(accelerators);
    const version = (part: string): string | undefined => readAt(parts.get(`${own}/${part}`))?.common.version;
    const toolkit = readAt(parts.get(`${own}/toolkit`));
    accelerators.push({
      ...readProperties<Accelerator>(ACCELERATOR_ROWS, device.properties),
      ...pick({
        driverVersion: version('driver'),
        firmware: version('firmware'),
        toolkit: toolkit && { name: toolkit.name, ...pick({ version: toolkit.common.version }) },
      }),
    });
  }
}
