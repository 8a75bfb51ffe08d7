/** Packages, files and snippets of SPDX 2.3 as those of SPDX 3.0.1. */
import { isObject, type Json, pick } from '../cyclonedx/json.js';
import { REFERENCE_TYPES } from '../mapping/references.js';
import { listOf } from '../spdx3/source.js';
import {
  annotate,
  ends,
  hashes,
  moment,
  objects,
  relate,
  said,
  text,
  texts,
  type Upgrade,
  writeAgent,
  writeContributor,
  writeLicenses,
} from './shared.js';
import { FILE_CONTENTS, FILE_PURPOSES, IDENTIFIERS, PURPOSES, REFERENCES } from './words.js';

/** The id of an element; undefined where it has none of its own, and is left out. */
function takeId({ graph, ids, left }: Upgrade, { SPDXID }: Json, at: string): string | undefined {
  const id = ids.get(String(SPDXID));
  if (id !== undefined && id !== graph.base && !graph.has(id)) return id;
  left.push(`${at}/SPDXID`);
  return undefined;
}

/** What packages, files and snippets have alike. */
const common = (upgrade: Upgrade, element: Json, at: string): Json => ({
  name: text(element.name) ?? text(element.fileName),
  comment: text(element.comment),
  software_copyrightText: said(element.copyrightText),
  software_attributionText: [...texts(element.attributionTexts), ...texts(element.noticeText)],
  verifiedUsing: [
    ...hashes(upgrade, objects(element.checksums), (i) => `${at}/checksums/${i}`),
    ...verificationCode(element.packageVerificationCode),
  ],
});

const verificationCode = (code: unknown): readonly Json[] =>
  !isObject(code)
    ? []
    : [
        {
          type: 'PackageVerificationCode',
          algorithm: 'sha1',
          hashValue: code.packageVerificationCodeValue,
          ...pick({ packageVerificationCodeExcludedFile: texts(code.packageVerificationCodeExcludedFiles) }),
        },
      ];

/** The name of a package's file: a property and no file of its own, as some producers give a folder, and hashes would be told twice. */
const FILE_NAME = 'msbom:component:filename';

export function writePackage(upgrade: Upgrade, element: Json, at: string): void {
  const id = takeId(upgrade, element, at);
  if (id === undefined) return;
  const producer = writeAgent(upgrade, element.originator);
  const file = text(element.packageFileName);
  const place = (key: 'downloadLocation' | 'homepage'): string | undefined => {
    const value = said(element[key]);
    if (value !== 'NONE') return value;
    upgrade.left.push(`${at}/${key}`);
    return undefined;
  };
  const part = {
    ...common(upgrade, element, at),
    summary: text(element.summary),
    description: text(element.description),
    builtTime: moment(upgrade, element.builtDate, `${at}/builtDate`),
    originatedBy: producer === undefined ? [] : [producer],
    releaseTime: moment(upgrade, element.releaseDate, `${at}/releaseDate`),
    suppliedBy: writeAgent(upgrade, element.supplier),
    validUntilTime: moment(upgrade, element.validUntilDate, `${at}/validUntilDate`),
    software_downloadLocation: place('downloadLocation'),
    software_homePage: place('homepage'),
    software_packageVersion: text(element.versionInfo),
    software_primaryPurpose: PURPOSES.get(text(element.primaryPackagePurpose)?.replace('-', '_')),
    software_sourceInfo: text(element.sourceInfo),
    ...references(element.externalRefs),
  };
  upgrade.graph.add('software_Package', id, part, file === undefined ? [] : [[FILE_NAME, file]]);
  writeLicenses(upgrade, id, element, listOf(element.licenseDeclared));
  annotate(upgrade, element, id, at);
  relate(upgrade, id, { type: 'contains' }, ends(upgrade, element.hasFiles, `${at}/hasFiles`));
}

const TYPES: ReadonlySet<string> = new Set(REFERENCE_TYPES.map(([, type]) => type));

/** A type that 2.3 has, or that has the name of one of 3.0.1. */
const referenceType = (kind: string): string => REFERENCES.get(kind) ?? (TYPES.has(kind) ? kind : 'other');

function references(list: unknown): Json {
  const all = objects(list).map(({ referenceType, referenceLocator, comment }) => ({
    kind: String(referenceType),
    value: String(referenceLocator),
    comment: text(comment),
  }));
  const purls = all.filter(({ kind }) => kind === 'purl');
  // The only one has a member of its own.
  const own = purls.length === 1 && purls[0]?.comment === undefined ? purls[0] : undefined;
  return {
    software_packageUrl: own?.value,
    externalIdentifier: all
      .filter((each) => each !== own && IDENTIFIERS.has(each.kind))
      .map(({ kind, value, comment }) => ({
        type: 'ExternalIdentifier',
        ...pick({ comment }),
        externalIdentifierType: IDENTIFIERS.get(kind),
        identifier: value,
      })),
    externalRef: all
      .filter(({ kind }) => !IDENTIFIERS.has(kind))
      .map(({ kind, value, comment }) => ({
        type: 'ExternalRef',
        ...pick({
          comment:
            referenceType(kind) !== 'other' || kind === 'other' ? comment : [kind, comment].filter((part) => part !== undefined).join(': '),
        }),
        externalRefType: referenceType(kind),
        locator: [value],
      })),
  };
}

export function writeFile(upgrade: Upgrade, element: Json, at: string): void {
  const id = takeId(upgrade, element, at);
  if (id === undefined) return;
  const types = listOf(element.fileTypes);
  const [purpose, ...purposes] = types.flatMap((type) => FILE_PURPOSES.get(type) ?? []);
  // There is one media type, and none for sounds and pictures in general.
  const typed = types.findIndex((type) => FILE_CONTENTS.has(type));
  types.forEach((type, i) => {
    if (!FILE_PURPOSES.has(type) && i !== typed) upgrade.left.push(`${at}/fileTypes/${i}`);
  });
  upgrade.graph.add('software_File', id, {
    ...common(upgrade, element, at),
    contentType: FILE_CONTENTS.get(types[typed]),
    originatedBy: [...new Set(texts(element.fileContributors).map((name) => writeContributor(upgrade, name)))],
    software_primaryPurpose: purpose,
    software_additionalPurpose: purposes,
  });
  writeLicenses(upgrade, id, element, listOf(element.licenseInfoInFiles));
  annotate(upgrade, element, id, at);
  relate(upgrade, id, { type: 'dependsOn' }, ends(upgrade, element.fileDependencies, `${at}/fileDependencies`));
}

export function writeSnippet(upgrade: Upgrade, element: Json, at: string): void {
  const id = takeId(upgrade, element, at);
  if (id === undefined) return;
  const [file] = ends(upgrade, element.snippetFromFile, `${at}/snippetFromFile`);
  upgrade.graph.add('software_Snippet', id, {
    ...common(upgrade, element, at),
    ...ranges(upgrade, element.ranges, `${at}/ranges`),
    software_snippetFromFile: file,
  });
  writeLicenses(upgrade, id, element, listOf(element.licenseInfoInSnippets));
  annotate(upgrade, element, id, at);
  if (file !== undefined) relate(upgrade, file, { type: 'contains' }, [id]);
}

const UNITS = [
  ['offset', 'software_byteRange'],
  ['lineNumber', 'software_lineRange'],
] as const;

/** A range of bytes and one of lines, both counted from 1; others are left out. */
function ranges({ left }: Upgrade, list: unknown, at: string): Json {
  const found: Record<string, Json> = {};
  objects(list).forEach(({ startPointer, endPointer }, i) => {
    const unit = UNITS.find(([key, member]) => found[member] === undefined && [startPointer, endPointer].map(isCount(key)).every(Boolean));
    if (unit === undefined) left.push(`${at}/${i}`);
    else
      found[unit[1]] = {
        type: 'PositiveIntegerRange',
        beginIntegerRange: (startPointer as Json)[unit[0]], // just checked
        endIntegerRange: (endPointer as Json)[unit[0]],
      };
  });
  return found;
}

const isCount =
  (key: string) =>
  (pointer: unknown): boolean =>
    isObject(pointer) && Number.isSafeInteger(pointer[key]) && Number(pointer[key]) > 0;
