/** SBOMs that a wheel carries of what is built into it (PEP 770): Rust crates, shared libraries. */
import { PackageURL } from 'packageurl-js';
import { type LicenseItem, packageComponent, packageId, pypiName } from '../../collect/component.js';
import { hexDigest, joinDigests } from '../../collect/hashes.js';
import { expressionItem, spdxOf } from '../../collect/python-package/license.js';
import { asObject, asText, type Loose } from '../../collect/values.js';
import type { JsonValue } from '../../core/canonical-json.js';
import { parseJson } from '../../core/json.js';
import { COMPONENT_TYPES } from '../../schema/index.js';

type Item = { readonly [key: string]: JsonValue };

export interface Bundled {
  readonly mediaType: string;
  readonly components: readonly Item[];
  /** Is every component of the document among them? */
  readonly complete: boolean;
}

const MAX_COMPONENTS = 10_000;
const MAX_DEPTH = 50;
/** Qualifiers that say what a package is; others say from where it was fetched, which may be private. */
const QUALIFIERS = new Set(['arch', 'distro', 'epoch', 'os', 'type']);
const TYPES: ReadonlySet<string> = new Set(COMPONENT_TYPES);

/**
 * Components of a CycloneDX or SPDX 2 document; undefined for any other.
 * @throws ERR_JSON_*, ERR_LIMIT_*
 */
export function readBundled(
  text: string,
  common: { readonly environment: string; readonly scope: readonly string[] },
): Bundled | undefined {
  const document = asObject(parseJson(text, { inexactIntegers: 'text' }));
  if (document?.bomFormat === 'CycloneDX') {
    // `excluded` is what took part in the build and is not in the wheel.
    const found = cyclonedxComponents(document.components).filter(({ scope }) => scope !== 'excluded');
    return { mediaType: 'application/vnd.cyclonedx+json', ...limited(found, (each) => fromCyclonedx(each, common)) };
  }
  if (typeof document?.spdxVersion === 'string' && Array.isArray(document.packages)) {
    const described = new Set(Array.isArray(document.documentDescribes) ? document.documentDescribes : []);
    const packages = document.packages
      .map(asObject)
      .filter((each) => each !== undefined)
      .filter((each) => !described.has(each.SPDXID));
    return { mediaType: 'application/spdx+json', ...limited(packages, (each) => fromSpdx(each, common)) };
  }
  return undefined;
}

function limited(found: readonly Loose[], read: (each: Loose) => Item | undefined): Pick<Bundled, 'components' | 'complete'> {
  const components = found.slice(0, MAX_COMPONENTS).map(read);
  const named = components.filter((each) => each !== undefined);
  return { components: named, complete: named.length === found.length };
}

/** Components nest; the order is that of the document. */
function cyclonedxComponents(list: unknown): readonly Loose[] {
  const found: Loose[] = [];
  const open: { readonly list: unknown; readonly depth: number }[] = [{ list, depth: 0 }];
  for (let at = open.pop(); at !== undefined && found.length <= MAX_COMPONENTS; at = open.pop()) {
    for (const component of Array.isArray(at.list) ? at.list.map(asObject) : []) {
      if (component === undefined) continue;
      found.push(component);
      if (component.components !== undefined && at.depth < MAX_DEPTH) open.push({ list: component.components, depth: at.depth + 1 });
    }
  }
  return found;
}

interface Common {
  readonly environment: string;
  readonly scope: readonly string[];
}

function fromCyclonedx(component: Loose, common: Common): Item | undefined {
  const hashes = (Array.isArray(component.hashes) ? component.hashes : []).map((each) => {
    const { alg, content } = asObject(each) ?? {};
    return typeof alg === 'string' ? hexDigest(alg.replace(/^SHA-/, 'sha').replace(/^SHA3-/, 'sha3_'), content) : undefined;
  });
  const licenses = (Array.isArray(component.licenses) ? component.licenses : []).flatMap((each) => {
    const { expression, license } = asObject(each) ?? {};
    const text = asText(expression) ?? asText(asObject(license)?.id) ?? asText(asObject(license)?.name);
    return text === undefined ? [] : [licenseItem(text)];
  });
  const type = typeof component.type === 'string' && TYPES.has(component.type) ? component.type : 'library';
  return item(
    component.purl,
    { group: component.group, name: component.name, version: component.version, type, licenses, digest: joinDigests(...hashes) },
    common,
  );
}

function fromSpdx(each: Loose, common: Common): Item | undefined {
  const references = (Array.isArray(each.externalRefs) ? each.externalRefs : []).map(asObject);
  const purl = references.find((reference) => reference?.referenceType === 'purl')?.referenceLocator;
  const text = [each.licenseDeclared, each.licenseConcluded]
    .map(asText)
    .find((value) => value !== undefined && !/^(NOASSERTION|NONE)$/.test(value));
  return item(
    purl,
    {
      group: undefined,
      name: each.name,
      version: each.versionInfo,
      type: 'library',
      licenses: text === undefined ? [] : [licenseItem(text)],
    },
    common,
  );
}

const licenseItem = (text: string): LicenseItem => {
  const known = spdxOf(text);
  return known === undefined ? expressionItem(text) : { kind: 'declared', expression: known };
};

interface Read {
  readonly group: unknown;
  readonly name: unknown;
  readonly version: unknown;
  readonly type: string;
  readonly licenses: readonly LicenseItem[];
  readonly digest?: ReturnType<typeof joinDigests>;
}

function item(purl: unknown, { group, name, version, type, licenses, digest }: Read, { environment, scope }: Common): Item | undefined {
  const named = typeof purl === 'string' && purl.length < 2048 ? parsePurl(purl) : undefined;
  const shown = asText(name);
  if (shown === undefined || shown.length > 300) return undefined;
  const facts = { licenses, digest, environment, scope };
  if (named !== undefined) {
    const { namespace, qualifiers } = named;
    const full = namespace === undefined || namespace === null || namespace === '' ? named.name : `${namespace}/${named.name}`;
    const kept = Object.fromEntries(Object.entries(qualifiers ?? {}).filter(([key]) => QUALIFIERS.has(key)));
    const component = packageComponent({
      type: named.type,
      name: named.type === 'pypi' ? pypiName(full) : full,
      version: named.version ?? undefined,
      qualifiers: kept,
      ...facts,
    });
    return { ...component, type };
  }
  const text = asText(version);
  const own = asText(group);
  const id = packageId({ type: 'bundled', name: own === undefined ? shown : `${own}/${shown}`, version: text });
  const { identifiers: _none, ...component } = packageComponent({ type: 'generic', name: shown, version: text, ...facts });
  return { ...component, id, type, ...(own === undefined ? {} : { group: own }) };
}

interface ParsedPurl {
  readonly type: string;
  readonly namespace?: string | null | undefined;
  readonly name: string;
  readonly version?: string | null | undefined;
  readonly qualifiers?: Readonly<Record<string, string>> | null | undefined;
}

function parsePurl(purl: string): ParsedPurl | undefined {
  // Most are of crates, whose form is simple.
  const [, name, version] = /^pkg:cargo\/([a-z0-9-]+)@([a-z0-9.-]+)(?:\?download_url=[^&#]*)?$/.exec(purl) ?? [];
  if (name !== undefined) return { type: 'cargo', name, version };
  try {
    return PackageURL.fromString(purl);
  } catch {
    return undefined;
  }
}
