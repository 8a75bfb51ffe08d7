/** The parts of an SPDX 2.3 document that are written. */
/** An SPDX 2.3 document as plain JSON. */
export interface SPDX2Document {
  readonly spdxVersion: 'SPDX-2.3';
  readonly dataLicense: 'CC0-1.0';
  readonly SPDXID: 'SPDXRef-DOCUMENT';
  readonly name: string;
  readonly comment?: string;
  readonly documentNamespace: string;
  readonly creationInfo: { readonly created: string; readonly creators: readonly string[] };
  readonly packages: readonly SPDX2Package[];
  readonly files?: readonly SPDX2File[];
  readonly hasExtractedLicensingInfos?: readonly ExtractedLicense[];
  readonly relationships: readonly SPDX2Relationship[];
}

export interface SPDX2Checksum {
  readonly algorithm: string;
  readonly checksumValue: string;
}

export interface SPDX2Package {
  readonly SPDXID: string;
  readonly name: string;
  readonly versionInfo?: string;
  readonly packageFileName?: string;
  readonly supplier?: string;
  readonly originator?: string;
  readonly downloadLocation: string;
  readonly filesAnalyzed: false;
  readonly homepage?: string;
  readonly primaryPackagePurpose?: string;
  readonly checksums?: readonly SPDX2Checksum[];
  readonly licenseConcluded: string;
  readonly licenseDeclared: string;
  readonly copyrightText: string;
  readonly description?: string;
  readonly comment?: string;
  readonly releaseDate?: string;
  readonly builtDate?: string;
  readonly validUntilDate?: string;
  readonly externalRefs?: readonly {
    readonly referenceCategory: string;
    readonly referenceType: string;
    readonly referenceLocator: string;
    readonly comment?: string;
  }[];
}

export interface SPDX2File {
  readonly SPDXID: string;
  readonly fileName: string;
  readonly fileTypes?: readonly string[];
  readonly checksums: readonly SPDX2Checksum[];
  readonly licenseConcluded: string;
  readonly licenseInfoInFiles?: readonly string[];
  readonly copyrightText: string;
  readonly comment?: string;
}

export interface SPDX2Relationship {
  readonly spdxElementId: string;
  readonly relationshipType: string;
  readonly relatedSpdxElement: string;
  readonly comment?: string;
}

export interface ExtractedLicense {
  readonly licenseId: string;
  readonly extractedText: string;
  readonly name?: string;
  readonly seeAlsos?: readonly string[];
}
