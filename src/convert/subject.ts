/** What a document is about, for those who want its software and not its model. */
import { canonicalize } from '../core/canonical-json.js';
import { COMPONENT_TYPES, type Component, type Manifest } from '../schema/index.js';
import { isObject, type Json, objectOf, objectsOf } from './cyclonedx/json.js';

const MODEL = 'machine-learning-model';

/** The kind of software that a document is about; `model` for one about a model; nothing where it does not say. */
export function subjectTypeOf(value: unknown, manifest: Manifest): Component['type'] | 'model' | undefined {
  const document = objectOf(value);
  const isAI = ({ type, name }: Json): boolean => type === 'ai_AIPackage' && name === manifest.model?.name;
  if (objectsOf(document['@graph']).some(isAI)) return 'model';
  const { type } = objectOf(objectOf(document.metadata).component);
  const software = COMPONENT_TYPES.find((word) => word === type);
  if (software !== undefined) return software;
  return type === MODEL || objectsOf(document.components).some((component) => component.type === MODEL) ? 'model' : undefined;
}

export interface AboutSoftware {
  readonly value: unknown;
  readonly isModel?: (component: Component) => boolean;
}

/**
 * A CycloneDX document about software with the models among its components as plain components, which `isModel` knows again: who
 * reads a document takes a model in it for what it is about. Other documents stay as they are.
 */
export function aboutSoftware(value: unknown): AboutSoftware {
  const document = objectOf(value);
  const { type } = objectOf(objectOf(document.metadata).component);
  if (!COMPONENT_TYPES.some((word) => word === type)) return { value };
  const models = new Set<string>();
  const components = plainComponents(document.components, models);
  if (models.size === 0) return { value };
  const isModel = ({ name, version, identifiers }: Component): boolean =>
    models.has(keyOf(name, version, identifiers?.find((each) => each.type === 'purl')?.value));
  return { value: { ...document, components }, isModel };
}

function plainComponents(components: unknown, models: Set<string>): unknown {
  if (!Array.isArray(components)) return components;
  return components.map((component: unknown): unknown => {
    if (!isObject(component)) return component;
    const { type, name, version, purl } = component;
    if (type === MODEL) models.add(keyOf(name, version, purl));
    return {
      ...component,
      ...(type === MODEL ? { type: 'library' } : {}),
      ...(component.components === undefined ? {} : { components: plainComponents(component.components, models) }),
    };
  });
}

/** As JSON would have it: what is missing is null. */
const keyOf = (name: unknown, version: unknown, purl: unknown): string =>
  canonicalize([name, version, purl].map((part) => (typeof part === 'string' ? part : null)));
