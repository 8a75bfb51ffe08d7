/**
 * The official library's models and normalisers, extended by what it does not model: model card, component data,
 * pedigree, formulation and so on. `extra` is added to the normalised object as it stands.
 */
import { Models, Serialize, Spec } from '@cyclonedx/cyclonedx-library';

type Options = Serialize.Types.NormalizerOptions;
type Normalized<T> = T & { [key: string]: unknown };

export type CycloneDXVersion = '1.5' | '1.6' | '1.7';
/** Members of a JSON object that the library does not know. */
export type Extra = { readonly [key: string]: unknown };

/** How a nested component becomes JSON. */
export type NormalizeComponent = (component: Models.Component) => unknown;

export class MlComponent extends Models.Component {
  extra: (normalize: NormalizeComponent) => Extra = () => ({});
}

export class MlBom extends Models.Bom {
  extra: (normalize: NormalizeComponent) => Extra = () => ({});
  metadataExtra: Extra = {};
}

class ComponentNormalizer extends Serialize.JSON.Normalize.ComponentNormalizer {
  override normalize(component: Models.Component, options: Options): Serialize.JSON.Types.Normalized.Component | undefined {
    const normalized = super.normalize(component, options);
    if (normalized === undefined || !(component instanceof MlComponent)) return normalized;
    return merge(
      normalized,
      component.extra((nested) => this.normalize(nested, options)),
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
      bom.extra((nested) => components.normalize(nested, options)),
    );
    return merged.metadata === undefined ? merged : { ...merged, metadata: merge(merged.metadata, bom.metadataExtra) };
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

/** Adds members; an undefined one adds nothing, and an empty list that the library wrote goes away. */
function merge<T extends object>(normalized: T, extra: Extra): Normalized<T> {
  const all = Object.entries({ ...normalized, ...extra }).filter(([, value]) => value !== undefined);
  return Object.fromEntries(all) as Normalized<T>; // the members of both
}

const SPECS = { '1.5': Spec.Spec1dot5, '1.6': Spec.Spec1dot6, '1.7': Spec.Spec1dot7 } as const;

/** The document as the library writes it, as plain JSON. */
export function normalizeBom(bom: MlBom, version: CycloneDXVersion): Record<string, unknown> {
  const serializer = new Serialize.JsonSerializer(new Factory(SPECS[version]));
  return JSON.parse(serializer.serialize(bom, { sortLists: false })) as Record<string, unknown>; // an object by the library's contract
}
