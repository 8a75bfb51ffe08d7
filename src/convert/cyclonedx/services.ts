/** Services that the model relies on. */
import type { Service } from '../../schema/index.js';
import { type Context, type Ids, refOfItem } from './context.js';
import { type Json, nonEmptyList, pick, textOf, textsOf, unique, uriOf } from './json.js';
import type { Extra } from './library.js';
import { entity, readEntity } from './parties.js';
import { type PropertyRow, propertyValues, readProperties, writeProperties } from './properties.js';

const ROWS: readonly PropertyRow[] = [
  ['msbom:service:type', 'type'],
  ['msbom:service:function', 'criticality.functions', 'texts'],
  ['msbom:service:critical', 'criticality.critical', 'flag'],
  ['msbom:service:criticality', 'criticality.reason'],
  ['msbom:service:reliance', 'criticality.reliance'],
  ['msbom:service:rank', 'chain.rank', 'number'],
  ['msbom:service:provision', 'locations.provision', 'texts'],
  ['msbom:service:storage', 'locations.storage', 'texts'],
  ['msbom:service:processing', 'locations.processing', 'texts'],
  ['msbom:service:contract', 'contract.reference'],
  ['msbom:service:contract:start', 'contract.start'],
  ['msbom:service:contract:end', 'contract.end'],
  ['msbom:service:exitPlan', 'exit.plan'],
  ['msbom:service:substitutability', 'exit.substitutability'],
];

export const refOfService = (service: Service, index: number, ref: Context['ref']): string => refOfItem('service', service.id, index, ref);

export function writeService(service: Service, index: number, { party, ref }: Context): Extra {
  const provider = party(service.provider);
  return pick({
    'bom-ref': refOfService(service, index, ref),
    provider: provider && entity(provider),
    name: service.name ?? provider?.name ?? service.id ?? `service ${index + 1}`,
    endpoints: service.endpoints === undefined ? undefined : unique(service.endpoints),
    properties: unique(writeProperties(ROWS, service).map(([name, value]) => ({ name, value: String(value) }))),
  });
}

export const serviceId = (value: Json, index: number, ids: Ids): string | undefined =>
  ids.assign(value['bom-ref'], `service:${index}`, textOf(value.name) ?? 'service');

export function readService(value: Json, id: string | undefined): Service | undefined {
  const name = textOf(value.name);
  if (name === undefined) return undefined;
  return {
    ...pick({ id }),
    name,
    ...pick({
      provider: readEntity(value.provider),
      endpoints: nonEmptyList(textsOf(value.endpoints).flatMap((each) => uriOf(each) ?? [])),
    }),
    ...readProperties<Service>(ROWS, propertyValues(value.properties)),
  };
}
