/** Kitfile of KitOps: package, model, datasets, code and documents by path. Source: https://kitops.org/docs/kitfile/format/ */

import type { Finding } from '../../../core/finding.js';
import { idFrom } from '../../../core/id.js';
import { decodeUtf8 } from '../../../core/json.js';
import { parseYaml } from '../../../core/yaml.js';
import { type Collector, type Contribution, type MetadataFile, type Origin, RANKS } from '../../contribution.js';
import { hubLicense, isNoLicense } from '../../hub-license.js';
import { asObject, asText, asTexts, type Loose } from '../../values.js';
import { unreadable } from '../shared/json-file.js';

const METHOD = 'Kitfile';

export const kitfile: Collector = {
  id: 'kitfile',
  files: '`Kitfile`',
  matches: (path) => path === 'Kitfile',
  collect(file) {
    const read = parsedKitfile(file);
    return read.kit === undefined ? { contributions: [], findings: [read.finding] } : { contributions: facts(read.kit) };
  },
};

function parsedKitfile({ path, bytes }: MetadataFile): { readonly kit: Loose } | { readonly kit?: undefined; readonly finding: Finding } {
  try {
    const parsed = parseYaml(decodeUtf8(bytes, path));
    if ('problem' in parsed) return { finding: unreadable(path, `the file is not YAML: ${parsed.problem}`, parsed.place) };
    const kit = asObject(parsed.value);
    return kit === undefined ? { finding: unreadable(path, 'the document is not a map') } : { kit };
  } catch {
    return { finding: unreadable(path, 'the file is not valid UTF-8') };
  }
}

function facts(kit: Loose): readonly Contribution[] {
  const pack = asObject(kit.package) ?? {};
  const model = asObject(kit.model) ?? {};
  const from = (key: string): Origin => ({ origin: 'declared', path: 'Kitfile', key, method: METHOD });
  const claim = (pointer: string, key: string, value: string | undefined): Contribution[] =>
    value === undefined ? [] : [{ kind: 'claim', pointer, value, rank: RANKS.card, from: from(key) }];
  const roles = (list: unknown, key: string, role: string): Contribution[] =>
    items(list).flatMap(({ path }) => {
      const text = asText(path)?.replace(/^\.\//, '');
      return text === undefined ? [] : [{ kind: 'file', path: text, facts: { role }, from: from(key) } as const];
    });
  return [
    ...claim('/model/name', 'package.name', asText(pack.name) ?? asText(model.name)),
    ...claim('/model/version', 'package.version', asText(pack.version) ?? asText(model.version)),
    ...claim('/model/description', 'package.description', asText(pack.description) ?? asText(model.description)),
    ...[asText(model.license) ?? asText(pack.license)]
      .filter((id) => id !== undefined && !isNoLicense(id))
      .map((id) => licenseOf(id ?? '', from('license'))),
    ...asTexts(pack.authors).map(
      (name): Contribution => ({ kind: 'addition', list: '/model/authors', item: { name }, from: from('package.authors') }),
    ),
    ...items(kit.datasets).flatMap((data) => dataset(data, from('datasets'))),
    ...roles(kit.datasets, 'datasets', 'data'),
    ...roles(kit.code, 'code', 'code'),
    ...roles(kit.docs, 'docs', 'document'),
  ];
}

const items = (value: unknown): readonly Loose[] =>
  (Array.isArray(value) ? value.slice(0, 10_000) : []).map(asObject).filter((item) => item !== undefined);

// A licence is an object of plain JSON members.
const licenseOf = (id: string, from: Origin): Contribution => ({
  kind: 'addition',
  list: '/model/licenses',
  item: hubLicense(id) as { readonly [key: string]: string },
  from,
});

function dataset(data: Loose, from: Origin): Contribution[] {
  const name = asText(data.name) ?? asText(data.path);
  if (name === undefined) return [];
  const license = asText(data.license);
  const description = asText(data.description);
  return [
    {
      kind: 'addition',
      list: '/datasets',
      item: {
        id: idFrom(name),
        name,
        roles: ['training'],
        provenanceStatus: 'declared',
        ...(description === undefined ? {} : { description }),
        ...(license === undefined || isNoLicense(license) ? {} : { licenses: [hubLicense(license) as { readonly [key: string]: string }] }),
      },
      from,
    },
  ];
}
