/** SPDX 2.3 as tag-value text. Source: https://spdx.github.io/spdx-spec/v2.3/conformance/ */
import type { SPDX2Checksum, SPDX2Document, SPDX2File, SPDX2Package } from './shapes.js';

type Tag = readonly [name: string, value: string | undefined];

/** The text of a document, in the order that the specification asks for. */
export function toTagValue(document: SPDX2Document): string {
  const blocks: (readonly Tag[])[] = [
    [
      ['SPDXVersion', document.spdxVersion],
      ['DataLicense', document.dataLicense],
      ['SPDXID', document.SPDXID],
      ['DocumentName', document.name],
      ['DocumentNamespace', document.documentNamespace],
      ['DocumentComment', block(document.comment)],
      ...document.creationInfo.creators.map((creator): Tag => ['Creator', creator]),
      ['Created', document.creationInfo.created],
    ],
    // A file belongs to the package that stands before it, so files of no package come first.
    ...(document.files ?? []).map(fileTags),
    ...document.packages.map(packageTags),
    document.relationships.flatMap(({ spdxElementId, relationshipType, relatedSpdxElement, comment }): readonly Tag[] => [
      ['Relationship', `${spdxElementId} ${relationshipType} ${relatedSpdxElement}`],
      ['RelationshipComment', block(comment)],
    ]),
    ...(document.hasExtractedLicensingInfos ?? []).map(({ licenseId, extractedText, name, seeAlsos = [] }): readonly Tag[] => [
      ['LicenseID', licenseId],
      ['ExtractedText', block(extractedText)],
      ['LicenseName', name],
      ...seeAlsos.map((url): Tag => ['LicenseCrossReference', url]),
    ]),
  ];
  return `${blocks.map((tags) => tags.flatMap(([name, value]) => (value === undefined ? [] : [`${name}: ${value}`])).join('\n')).join('\n\n')}\n`;
}

function packageTags(each: SPDX2Package): readonly Tag[] {
  return [
    ['PackageName', each.name],
    ['SPDXID', each.SPDXID],
    ['PackageVersion', each.versionInfo],
    ['PackageFileName', each.packageFileName],
    ['PackageSupplier', each.supplier],
    ['PackageOriginator', each.originator],
    ['PackageDownloadLocation', each.downloadLocation],
    ['PrimaryPackagePurpose', each.primaryPackagePurpose?.replace('_', '-')],
    ['FilesAnalyzed', String(each.filesAnalyzed)],
    ...(each.checksums ?? []).map(checksum('PackageChecksum')),
    ['PackageHomePage', each.homepage],
    ['PackageLicenseConcluded', each.licenseConcluded],
    ['PackageLicenseDeclared', each.licenseDeclared],
    ['PackageCopyrightText', block(each.copyrightText)],
    ['PackageDescription', block(each.description)],
    ['PackageComment', block(each.comment)],
    ...(each.externalRefs ?? []).flatMap(({ referenceCategory, referenceType, referenceLocator, comment }): readonly Tag[] => [
      ['ExternalRef', `${referenceCategory} ${referenceType} ${referenceLocator}`],
      ['ExternalRefComment', block(comment)],
    ]),
    ['ReleaseDate', each.releaseDate],
    ['BuiltDate', each.builtDate],
    ['ValidUntilDate', each.validUntilDate],
  ];
}

function fileTags(file: SPDX2File): readonly Tag[] {
  return [
    ['FileName', file.fileName],
    ['SPDXID', file.SPDXID],
    ...(file.fileTypes ?? []).map((type): Tag => ['FileType', type]),
    ...file.checksums.map(checksum('FileChecksum')),
    ['LicenseConcluded', file.licenseConcluded],
    ...(file.licenseInfoInFiles ?? []).map((license): Tag => ['LicenseInfoInFile', license]),
    ['FileCopyrightText', block(file.copyrightText)],
    ['FileComment', block(file.comment)],
  ];
}

const checksum =
  (name: string) =>
  ({ algorithm, checksumValue }: SPDX2Checksum): Tag => [name, `${algorithm}: ${checksumValue}`];

/** Free text stands in a block, which its own end tag would close: that one is broken up. */
function block(text: string | undefined): string | undefined {
  if (text === undefined) return undefined;
  return text === 'NOASSERTION' ? text : `<text>${text.replace(/<\/text>/gi, '</ text>')}</text>`;
}
