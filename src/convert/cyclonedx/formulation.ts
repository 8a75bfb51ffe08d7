/** The training run and the machines that it ran on. */
import { Enums } from '@cyclonedx/cyclonedx-library';
import type { Accelerator, Environment, Manifest } from '../../schema/index.js';
import { type Context, hashes, makeComponent, type Property, pick, unique } from './component.js';
import type { Extra, MlComponent } from './library.js';
import { refOf } from './refs.js';

const { ComponentType } = Enums;

/** The training run: what went in, what came out, on what. CycloneDX has no word for training; `build` is its nearest. */
export function formulation(manifest: Manifest, context: Context, normalize: (component: MlComponent) => unknown): Extra {
  const { training, datasets = [], environments = [] } = manifest;
  if (training === undefined && environments.length === 0) return {};
  const inputs: Extra[] = datasets.map((dataset, i) => ({ resource: { ref: refOf.dataset(dataset, i) } }));
  const parameters = [
    ...settings(training?.hyperparameters),
    ...(training?.stages ?? []).flatMap(({ name, hyperparameters }) => settings(hyperparameters, `${name}.`)),
  ];
  if (parameters.length > 0) inputs.push({ parameters: unique(parameters) });
  const workflow = pick({
    'bom-ref': 'msbom:training',
    uid: 'training',
    name: 'training',
    description: training?.rationale,
    taskTypes: ['build'],
    timeStart: training?.run?.start,
    timeEnd: training?.run?.end,
    inputs: unique(inputs),
    outputs: [{ type: 'artifact', resource: { ref: refOf.model } }],
    properties: unique((training?.methods ?? []).map((value) => ({ name: 'msbom:training:method', value }))),
  });
  const components = environments.flatMap((environment, i) => environmentComponents(environment, i, context).map(normalize));
  return { formulation: [pick({ 'bom-ref': 'msbom:formula', components: unique(components), workflows: [workflow] })] };
}

function settings(values: Readonly<Record<string, unknown>> | undefined, prefix = ''): readonly Extra[] {
  return Object.entries(values ?? {}).map(([name, value]) => ({
    name: prefix + name,
    value: typeof value === 'string' ? value : JSON.stringify(value),
    dataType: Array.isArray(value) ? 'array' : value === null ? 'null' : typeof value,
  }));
}

function environmentComponents(environment: Environment, index: number, context: Context): readonly MlComponent[] {
  const { os, runtime, host, accelerators = [], purpose } = environment;
  const ref = refOf.environment(environment, index);
  const part = (
    name: string,
    type: Enums.ComponentType,
    label: string | undefined,
    version: string | undefined,
    properties: readonly Property[] = [],
  ): readonly MlComponent[] =>
    label === undefined && version === undefined
      ? []
      : [makeComponent({ ref: `${ref}/${name}`, type, name: label ?? name, version, properties }, context)];
  return [
    makeComponent(
      { ref, type: ComponentType.Platform, name: ref, properties: purpose.map((value): Property => ['msbom:environment:purpose', value]) },
      context,
    ),
    ...part('os', ComponentType.OperatingSystem, os?.name, os?.version, [
      ['msbom:os:kernel', os?.kernel],
      ['msbom:os:architecture', os?.architecture],
    ]),
    ...part('runtime', ComponentType.Platform, runtime?.language, runtime?.version, [
      ['msbom:runtime:implementation', runtime?.implementation],
    ]),
    ...part(
      'container',
      ComponentType.Container,
      runtime?.container?.image,
      undefined,
      hashes(runtime?.container?.digest).map(([name, value]): Property => [`msbom:container:${name}`, value]),
    ),
    ...part('cpu', ComponentType.Device, host?.cpu, undefined, [
      ['msbom:host:cores', host?.cores],
      ['msbom:host:memoryBytes', host?.memoryBytes],
      ['msbom:host:nodes', host?.nodes],
      ['msbom:host:interconnect', host?.interconnect],
    ]),
    ...accelerators.flatMap((accelerator, i) => acceleratorComponents(accelerator, `${ref}/accelerator:${i}`, context)),
  ];
}

function acceleratorComponents(accelerator: Accelerator, ref: string, context: Context): readonly MlComponent[] {
  const { vendor, model, count, memoryBytes, driverVersion, firmware, toolkit, computeCapability } = accelerator;
  const driver =
    driverVersion === undefined
      ? []
      : [
          makeComponent(
            { ref: `${ref}/driver`, type: ComponentType.DeviceDriver, name: `${vendor ?? 'accelerator'} driver`, version: driverVersion },
            context,
          ),
        ];
  const firmwares =
    firmware === undefined
      ? []
      : [
          makeComponent(
            {
              ref: `${ref}/firmware`,
              type: ComponentType.Firmware,
              name: `${model ?? vendor ?? 'accelerator'} firmware`,
              version: firmware,
            },
            context,
          ),
        ];
  const tools =
    toolkit === undefined
      ? []
      : [makeComponent({ ref: `${ref}/toolkit`, type: ComponentType.Platform, name: toolkit.name, version: toolkit.version }, context)];
  const device = makeComponent(
    {
      ref,
      type: ComponentType.Device,
      name: model ?? vendor ?? 'accelerator',
      properties: [
        ['msbom:accelerator:vendor', vendor],
        ['msbom:accelerator:count', count],
        ['msbom:accelerator:memoryBytes', memoryBytes],
        ['msbom:accelerator:computeCapability', computeCapability],
      ],
    },
    context,
  );
  return [device, ...driver, ...firmwares, ...tools];
}
