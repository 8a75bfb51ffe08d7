/** Where a document carries the residual: among the properties of its main component, which all consumers keep. */
import { append } from '../../core/append.js';
import { type CarriedProperty, isResidualProperty } from '../residual.js';
import { isObject, type Json, objectOf, objectsOf } from './json.js';
import { isModel } from './model.js';
import type { Identity } from './read.js';

/** What a document is called that does not name itself, until its residual says more. */
export const CONSTANT_IDENTITY: Identity = {
  serialNumber: 'urn:uuid:00000000-0000-8000-8000-000000000000',
  timestamp: '1970-01-01T00:00:00Z',
};

type Change = (home: Json) => Json;

/** The document with a change at the home of the residual: the main component, a model among the components, or the metadata. */
function atHome(document: Json, change: Change): Json {
  const metadata = objectOf(document.metadata);
  if (isObject(metadata.component)) return { ...document, metadata: { ...metadata, component: change(metadata.component) } };
  const components = Array.isArray(document.components) ? (document.components as readonly unknown[]) : [];
  const index = components.findIndex((each) => isModel(objectOf(each)));
  if (index !== -1) return { ...document, components: components.map((each, i) => (i === index ? change(objectOf(each)) : each)) };
  return { ...document, metadata: change(metadata) };
}

export function addCarried(document: Json, carried: readonly CarriedProperty[]): Json {
  return atHome(document, (home) => ({ ...home, properties: [...objectsOf(home.properties), ...carried] }));
}

/** The document as it is again when a residual has been taken out of it: an empty list of properties is gone then, and empty metadata. */
export function withoutEmptyHome(document: Json): Json {
  let isEmpty = false;
  const changed = atHome(document, ({ properties, ...home }) => {
    isEmpty = Array.isArray(properties) && properties.length === 0;
    return properties === undefined || isEmpty ? home : { ...home, properties };
  });
  const own = isEmpty ? changed : document;
  return isObject(own.metadata) ? withoutEmptyMetadata(own) : own;
}

function withoutEmptyMetadata(document: Json): Json {
  const { metadata, ...rest } = document;
  return metadata === undefined || Object.keys(objectOf(metadata)).length === 0 ? rest : document;
}

/** The native document, and the properties that were taken out of it. */
export interface Uncarried {
  readonly document: Json;
  readonly carried: readonly unknown[];
}

/** Takes the residual out, wherever others have moved it: the metadata, the main component, a component at the top. */
export function takeCarried(document: Json): Uncarried {
  const carried: unknown[] = [];
  const strip: Change = (home) => {
    const { properties, ...rest } = home;
    if (!Array.isArray(properties)) return home;
    const own = properties.filter((each) => isResidualProperty(objectOf(each).name));
    if (own.length === 0) return home;
    append(carried, own);
    const others = properties.filter((each) => !own.includes(each));
    return others.length === 0 ? rest : { ...home, properties: others };
  };
  const metadata = isObject(document.metadata) ? strip(document.metadata) : undefined;
  const main = isObject(metadata?.component) ? { ...metadata, component: strip(metadata.component) } : metadata;
  const components = Array.isArray(document.components)
    ? document.components.map((each: unknown) => (isObject(each) ? strip(each) : each))
    : undefined;
  if (carried.length === 0) return { document, carried };
  const rest = { ...document, ...(main === undefined ? {} : { metadata: main }), ...(components === undefined ? {} : { components }) };
  return { document: isObject(main) ? withoutEmptyMetadata(rest) : rest, carried };
}
