/**
 * The official library's models and normalisers, extended by what it does not model: model card, component data,
 * pedigree, formulation and so on. `extra` is added to the normalised object as it stands.
 */
import * as Models from '@cyclonedx/cyclonedx-library/Models';
import * as Serialize from '@cyclonedx/cyclonedx-library/Serialize';
import * as Spec from '@cyclonedx/cyclonedx-library/Spec';

type Options = Serialize.Types.NormalizerOptions;

export type CycloneDXVersion = '1.5' | '1.6' | '1.7';
/** Members of a JSON object that the library does not know. */
export type Extra = { readonly [key: string]: unknown };

export class MlComponent extends Models.Component {
  extra: (normalize: (component: MlComponent) => Extra) => Extra = () => ({});
}

export class MlBom extends Models.Bom {
  extra: (normalize: (component: MlComponent) => Extra) => Extra = () => ({});
  metadataExtra: Extra = {};
}

type JsonComponent = Serialize.JSON.Types.Normalized.Component;

class ComponentNormalizer extends Serialize.JSON.Normalize.ComponentNormalizer {
  override normalize(component: Models.Component, options: Options): JsonComponent | undefined {
    const normalized = super.normalize(component, options);
    if (normalized === undefined || !(component instanceof MlComponent)) return normalized;
    return merge(
      normalized,
      component.extra((nested) => objectOf(this.normalize(nested, options))),
    );
  }
}

class BomNormalizer extends Serialize.JSON.Normalize.BomNormalizer {
  override normalize(bom: Models.Bom, options: Options): Serialize.JSON.Types.Normalized.Bom {
    const normalized = super.normalize(bom, options);
    if (!(bom instanceof MlBom)) return normalized;
    const components = this._factory.makeForComponent();
    const merged = merge(
      normalized,
      bom.extra((nested) => objectOf(components.normalize(nested, options))),
    );
    return { ...merged, metadata: merge(merged.metadata ?? {}, bom.metadataExtra) };
  }
}

class Factory extends Serialize.JSON.Normalize.Factory {
  override makeForComponent(): ComponentNormalizer {
    return new ComponentNormalizer(this);
  }
  override makeForBom(): BomNormalizer {
    return new BomNormalizer(this);
  }
}

/** How the components of a document of a version become JSON. */
export function componentNormalizer(version: CycloneDXVersion): (component: MlComponent) => Extra {
  const components = new Factory(SPECS[version]).makeForComponent();
  return (component) => objectOf(components.normalize(component, { sortLists: false }));
}

/** Every type of component that is written is known to 1.5 and later. */
function objectOf(component: JsonComponent | undefined): Extra {
  if (component === undefined) throw new TypeError('the library does not know the type of the component');
  return { ...component };
}

/** Both together; what `extra` has as `undefined` goes away. Without such members, what is kept of many components is small. */
function merge<T extends object>(normalized: T, extra: Extra): T {
  const members: Record<string, unknown> = {};
  const own = normalized as Extra;
  for (const key in own) if (own[key] !== undefined && !(key in extra)) members[key] = own[key];
  for (const key in extra) if (extra[key] !== undefined) members[key] = extra[key];
  return members as T; // the members of both, whose names come from the code
}

const SPECS = { '1.5': Spec.Spec1dot5, '1.6': Spec.Spec1dot6, '1.7': Spec.Spec1dot7 } as const;

/**
 * The document as the library's normaliser makes it; members without a value are `undefined`. bom-refs are unique
 * already, so the step of the serialiser that renames them at random is not needed.
 */
export function normalizeBom(bom: MlBom, version: CycloneDXVersion): Extra {
  return { ...new Factory(SPECS[version]).makeForBom().normalize(bom, { sortLists: false }) };
}
