/** The AI system that the model sits in, as an application beside it. */
import * as Enums from '@cyclonedx/cyclonedx-library/Enums';
import type { Manifest } from '../../schema/index.js';
import { makeComponent, readComponent, readTable } from './component.js';
import type { Context } from './context.js';
import { type Json, objectsOf, pick } from './json.js';
import type { MlComponent } from './library.js';
import type { PropertyRow } from './properties.js';

type System = NonNullable<Manifest['system']>;

const REF = 'msbom:system';
const ROWS: readonly PropertyRow[] = [
  ['msbom:system:timestamp', 'timestamp'],
  ['msbom:system:architecture', 'architecture'],
  ['msbom:system:dataUsage', 'dataUsage'],
  ['msbom:system:inputs', 'io.inputs'],
  ['msbom:system:outputs', 'io.outputs'],
  ['msbom:system:userInterface', 'userInterface'],
  ['msbom:system:aiActRole', 'classification.aiActRole'],
  ['msbom:system:riskClass', 'classification.riskClass'],
  ['msbom:system:annexIII', 'classification.annexIII'],
  ['msbom:system:gpai', 'classification.gpai', 'flag'],
  ['msbom:system:systemicRisk', 'classification.systemicRisk', 'flag'],
];

/** A system that nobody has named is left to the residual. */
export function systemComponent({ system }: Manifest, context: Context): readonly MlComponent[] {
  if (system?.name === undefined) return [];
  const { name, version, producer } = system;
  return [makeComponent({ ref: REF, type: Enums.ComponentType.Application, name, version, producer, table: [ROWS, system] }, context)];
}

export const isSystem = (value: Json): boolean => value['bom-ref'] === REF;

export function readSystem(components: unknown): System | undefined {
  const value = objectsOf(components).find(isSystem);
  const read = value === undefined ? undefined : readComponent(value);
  if (read === undefined) return undefined;
  const { version, producer } = read.common;
  return { name: read.name, ...pick({ version, producer }), ...readTable<System>(ROWS, read) };
}
