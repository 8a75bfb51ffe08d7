// Written by scripts/generate.mjs from test/support/spdx/spdx-schema-v3.0.1.json (see the NOTICE there). Do not edit.
import type { SPDXClass } from '../classes.js';

/** Every class, its parent and its own properties. */
export const SPDX_CLASSES: Readonly<Record<string, SPDXClass>> = {
 "ai_EnergyConsumption": {
  "id": "@id",
  "properties": {
   "ai_finetuningEnergyConsumption": {
    "class": "ai_EnergyConsumptionDescription",
    "list": 0
   },
   "ai_inferenceEnergyConsumption": {
    "class": "ai_EnergyConsumptionDescription",
    "list": 0
   },
   "ai_trainingEnergyConsumption": {
    "class": "ai_EnergyConsumptionDescription",
    "list": 0
   }
  }
 },
 "ai_EnergyConsumptionDescription": {
  "id": "@id",
  "properties": {
   "ai_energyQuantity": {
    "decimal": true,
    "required": true
   },
   "ai_energyUnit": {
    "words": [
     "kilowattHour",
     "megajoule",
     "other"
    ],
    "required": true
   }
  }
 },
 "ai_EnergyUnitType": {
  "id": "@id",
  "properties": {}
 },
 "ai_SafetyRiskAssessmentType": {
  "id": "@id",
  "properties": {}
 },
 "AnnotationType": {
  "id": "@id",
  "properties": {}
 },
 "CreationInfo": {
  "id": "@id",
  "properties": {
   "comment": {
    "text": true
   },
   "created": {
    "time": true,
    "required": true
   },
   "createdBy": {
    "class": "Agent",
    "individuals": [
     "SpdxOrganization"
    ],
    "list": 1,
    "required": true
   },
   "createdUsing": {
    "class": "Tool",
    "list": 0
   },
   "specVersion": {
    "pattern": "^(0|[1-9]\\d*)\\.(0|[1-9]\\d*)\\.(0|[1-9]\\d*)(?:-((?:0|[1-9]\\d*|\\d*[a-zA-Z-][0-9a-zA-Z-]*)(?:\\.(?:0|[1-9]\\d*|\\d*[a-zA-Z-][0-9a-zA-Z-]*))*))?(?:\\+([0-9a-zA-Z-]+(?:\\.[0-9a-zA-Z-]+)*))?$",
    "required": true
   }
  }
 },
 "DictionaryEntry": {
  "id": "@id",
  "properties": {
   "key": {
    "text": true,
    "required": true
   },
   "value": {
    "text": true
   }
  }
 },
 "Element": {
  "properties": {
   "comment": {
    "text": true
   },
   "creationInfo": {
    "class": "CreationInfo",
    "required": true
   },
   "description": {
    "text": true
   },
   "extension": {
    "class": "extension_Extension",
    "list": 0
   },
   "externalIdentifier": {
    "class": "ExternalIdentifier",
    "list": 0
   },
   "externalRef": {
    "class": "ExternalRef",
    "list": 0
   },
   "name": {
    "text": true
   },
   "summary": {
    "text": true
   },
   "verifiedUsing": {
    "class": "IntegrityMethod",
    "list": 0
   }
  }
 },
 "ElementCollection": {
  "parent": "Element",
  "properties": {
   "element": {
    "class": "Element",
    "individuals": [
     "NoAssertionElement",
     "NoneElement",
     "SpdxOrganization",
     "expandedlicensing_NoAssertionLicense",
     "expandedlicensing_NoneLicense"
    ],
    "list": 0
   },
   "profileConformance": {
    "words": [
     "ai",
     "build",
     "core",
     "dataset",
     "expandedLicensing",
     "extension",
     "lite",
     "security",
     "simpleLicensing",
     "software"
    ],
    "list": 0
   },
   "rootElement": {
    "class": "Element",
    "individuals": [
     "NoAssertionElement",
     "NoneElement",
     "SpdxOrganization",
     "expandedlicensing_NoAssertionLicense",
     "expandedlicensing_NoneLicense"
    ],
    "list": 0
   }
  }
 },
 "ExternalIdentifier": {
  "id": "@id",
  "properties": {
   "comment": {
    "text": true
   },
   "externalIdentifierType": {
    "words": [
     "cpe22",
     "cpe23",
     "cve",
     "email",
     "gitoid",
     "other",
     "packageUrl",
     "securityOther",
     "swhid",
     "swid",
     "urlScheme"
    ],
    "required": true
   },
   "identifier": {
    "text": true,
    "required": true
   },
   "identifierLocator": {
    "text": true,
    "list": 0
   },
   "issuingAuthority": {
    "text": true
   }
  }
 },
 "ExternalIdentifierType": {
  "id": "@id",
  "properties": {}
 },
 "ExternalMap": {
  "id": "@id",
  "properties": {
   "definingArtifact": {
    "class": "Artifact"
   },
   "externalSpdxId": {
    "text": true,
    "required": true
   },
   "locationHint": {
    "text": true
   },
   "verifiedUsing": {
    "class": "IntegrityMethod",
    "list": 0
   }
  }
 },
 "ExternalRef": {
  "id": "@id",
  "properties": {
   "comment": {
    "text": true
   },
   "contentType": {
    "pattern": "^[^\\/]+\\/[^\\/]+$"
   },
   "externalRefType": {
    "words": [
     "altDownloadLocation",
     "altWebPage",
     "binaryArtifact",
     "bower",
     "buildMeta",
     "buildSystem",
     "certificationReport",
     "chat",
     "componentAnalysisReport",
     "cwe",
     "documentation",
     "dynamicAnalysisReport",
     "eolNotice",
     "exportControlAssessment",
     "funding",
     "issueTracker",
     "license",
     "mailingList",
     "mavenCentral",
     "metrics",
     "npm",
     "nuget",
     "other",
     "privacyAssessment",
     "productMetadata",
     "purchaseOrder",
     "qualityAssessmentReport",
     "releaseHistory",
     "releaseNotes",
     "riskAssessment",
     "runtimeAnalysisReport",
     "secureSoftwareAttestation",
     "securityAdversaryModel",
     "securityAdvisory",
     "securityFix",
     "securityOther",
     "securityPenTestReport",
     "securityPolicy",
     "securityThreatModel",
     "socialMedia",
     "sourceArtifact",
     "staticAnalysisReport",
     "support",
     "vcs",
     "vulnerabilityDisclosureReport",
     "vulnerabilityExploitabilityAssessment"
    ]
   },
   "locator": {
    "text": true,
    "list": 0
   }
  }
 },
 "ExternalRefType": {
  "id": "@id",
  "properties": {}
 },
 "HashAlgorithm": {
  "id": "@id",
  "properties": {}
 },
 "IndividualElement": {
  "parent": "Element",
  "id": "spdxId",
  "properties": {}
 },
 "IntegrityMethod": {
  "properties": {
   "comment": {
    "text": true
   }
  }
 },
 "LifecycleScopeType": {
  "id": "@id",
  "properties": {}
 },
 "NamespaceMap": {
  "id": "@id",
  "properties": {
   "namespace": {
    "text": true,
    "required": true
   },
   "prefix": {
    "text": true,
    "required": true
   }
  }
 },
 "PackageVerificationCode": {
  "parent": "IntegrityMethod",
  "id": "@id",
  "properties": {
   "algorithm": {
    "words": [
     "adler32",
     "blake2b256",
     "blake2b384",
     "blake2b512",
     "blake3",
     "crystalsDilithium",
     "crystalsKyber",
     "falcon",
     "md2",
     "md4",
     "md5",
     "md6",
     "other",
     "sha1",
     "sha224",
     "sha256",
     "sha384",
     "sha3_224",
     "sha3_256",
     "sha3_384",
     "sha3_512",
     "sha512"
    ],
    "required": true
   },
   "hashValue": {
    "text": true,
    "required": true
   },
   "packageVerificationCodeExcludedFile": {
    "text": true,
    "list": 0
   }
  }
 },
 "PositiveIntegerRange": {
  "id": "@id",
  "properties": {
   "beginIntegerRange": {
    "integer": 1,
    "required": true
   },
   "endIntegerRange": {
    "integer": 1,
    "required": true
   }
  }
 },
 "PresenceType": {
  "id": "@id",
  "properties": {}
 },
 "ProfileIdentifierType": {
  "id": "@id",
  "properties": {}
 },
 "Relationship": {
  "parent": "Element",
  "id": "spdxId",
  "properties": {
   "completeness": {
    "words": [
     "complete",
     "incomplete",
     "noAssertion"
    ]
   },
   "endTime": {
    "time": true
   },
   "from": {
    "class": "Element",
    "individuals": [
     "NoAssertionElement",
     "NoneElement",
     "SpdxOrganization",
     "expandedlicensing_NoAssertionLicense",
     "expandedlicensing_NoneLicense"
    ],
    "required": true
   },
   "relationshipType": {
    "words": [
     "affects",
     "amendedBy",
     "ancestorOf",
     "availableFrom",
     "configures",
     "contains",
     "coordinatedBy",
     "copiedTo",
     "delegatedTo",
     "dependsOn",
     "descendantOf",
     "describes",
     "doesNotAffect",
     "expandsTo",
     "exploitCreatedBy",
     "fixedBy",
     "fixedIn",
     "foundBy",
     "generates",
     "hasAddedFile",
     "hasAssessmentFor",
     "hasAssociatedVulnerability",
     "hasConcludedLicense",
     "hasDataFile",
     "hasDeclaredLicense",
     "hasDeletedFile",
     "hasDependencyManifest",
     "hasDistributionArtifact",
     "hasDocumentation",
     "hasDynamicLink",
     "hasEvidence",
     "hasExample",
     "hasHost",
     "hasInput",
     "hasMetadata",
     "hasOptionalComponent",
     "hasOptionalDependency",
     "hasOutput",
     "hasPrerequisite",
     "hasProvidedDependency",
     "hasRequirement",
     "hasSpecification",
     "hasStaticLink",
     "hasTest",
     "hasTestCase",
     "hasVariant",
     "invokedBy",
     "modifiedBy",
     "other",
     "packagedBy",
     "patchedBy",
     "publishedBy",
     "reportedBy",
     "republishedBy",
     "serializedInArtifact",
     "testedOn",
     "trainedOn",
     "underInvestigationFor",
     "usesTool"
    ],
    "required": true
   },
   "startTime": {
    "time": true
   },
   "to": {
    "class": "Element",
    "individuals": [
     "NoAssertionElement",
     "NoneElement",
     "SpdxOrganization",
     "expandedlicensing_NoAssertionLicense",
     "expandedlicensing_NoneLicense"
    ],
    "list": 1,
    "required": true
   }
  }
 },
 "RelationshipCompleteness": {
  "id": "@id",
  "properties": {}
 },
 "RelationshipType": {
  "id": "@id",
  "properties": {}
 },
 "SpdxDocument": {
  "parent": "ElementCollection",
  "id": "spdxId",
  "properties": {
   "dataLicense": {
    "class": "simplelicensing_AnyLicenseInfo",
    "individuals": [
     "expandedlicensing_NoAssertionLicense",
     "expandedlicensing_NoneLicense"
    ]
   },
   "import": {
    "class": "ExternalMap",
    "list": 0
   },
   "namespaceMap": {
    "class": "NamespaceMap",
    "list": 0
   }
  }
 },
 "SupportType": {
  "id": "@id",
  "properties": {}
 },
 "Tool": {
  "parent": "Element",
  "id": "spdxId",
  "properties": {}
 },
 "dataset_ConfidentialityLevelType": {
  "id": "@id",
  "properties": {}
 },
 "dataset_DatasetAvailabilityType": {
  "id": "@id",
  "properties": {}
 },
 "dataset_DatasetType": {
  "id": "@id",
  "properties": {}
 },
 "expandedlicensing_LicenseAddition": {
  "parent": "Element",
  "properties": {
   "expandedlicensing_additionText": {
    "text": true,
    "required": true
   },
   "expandedlicensing_isDeprecatedAdditionId": {
    "flag": true
   },
   "expandedlicensing_licenseXml": {
    "text": true
   },
   "expandedlicensing_obsoletedBy": {
    "text": true
   },
   "expandedlicensing_seeAlso": {
    "text": true,
    "list": 0
   },
   "expandedlicensing_standardAdditionTemplate": {
    "text": true
   }
  }
 },
 "expandedlicensing_ListedLicenseException": {
  "parent": "expandedlicensing_LicenseAddition",
  "id": "spdxId",
  "properties": {
   "expandedlicensing_deprecatedVersion": {
    "text": true
   },
   "expandedlicensing_listVersionAdded": {
    "text": true
   }
  }
 },
 "extension_CdxPropertyEntry": {
  "id": "@id",
  "properties": {
   "extension_cdxPropName": {
    "text": true,
    "required": true
   },
   "extension_cdxPropValue": {
    "text": true
   }
  }
 },
 "extension_Extension": {
  "id": "@id",
  "properties": {}
 },
 "security_CvssSeverityType": {
  "id": "@id",
  "properties": {}
 },
 "security_ExploitCatalogType": {
  "id": "@id",
  "properties": {}
 },
 "security_SsvcDecisionType": {
  "id": "@id",
  "properties": {}
 },
 "security_VexJustificationType": {
  "id": "@id",
  "properties": {}
 },
 "security_VulnAssessmentRelationship": {
  "parent": "Relationship",
  "properties": {
   "suppliedBy": {
    "class": "Agent",
    "individuals": [
     "SpdxOrganization"
    ]
   },
   "security_assessedElement": {
    "class": "software_SoftwareArtifact"
   },
   "security_modifiedTime": {
    "time": true
   },
   "security_publishedTime": {
    "time": true
   },
   "security_withdrawnTime": {
    "time": true
   }
  }
 },
 "simplelicensing_AnyLicenseInfo": {
  "parent": "Element",
  "properties": {}
 },
 "simplelicensing_LicenseExpression": {
  "parent": "simplelicensing_AnyLicenseInfo",
  "id": "spdxId",
  "properties": {
   "simplelicensing_customIdToUri": {
    "class": "DictionaryEntry",
    "list": 0
   },
   "simplelicensing_licenseExpression": {
    "text": true,
    "required": true
   },
   "simplelicensing_licenseListVersion": {
    "pattern": "^(0|[1-9]\\d*)\\.(0|[1-9]\\d*)\\.(0|[1-9]\\d*)(?:-((?:0|[1-9]\\d*|\\d*[a-zA-Z-][0-9a-zA-Z-]*)(?:\\.(?:0|[1-9]\\d*|\\d*[a-zA-Z-][0-9a-zA-Z-]*))*))?(?:\\+([0-9a-zA-Z-]+(?:\\.[0-9a-zA-Z-]+)*))?$"
   }
  }
 },
 "simplelicensing_SimpleLicensingText": {
  "parent": "Element",
  "id": "spdxId",
  "properties": {
   "simplelicensing_licenseText": {
    "text": true,
    "required": true
   }
  }
 },
 "software_ContentIdentifier": {
  "parent": "IntegrityMethod",
  "id": "@id",
  "properties": {
   "software_contentIdentifierType": {
    "words": [
     "gitoid",
     "swhid"
    ],
    "required": true
   },
   "software_contentIdentifierValue": {
    "text": true,
    "required": true
   }
  }
 },
 "software_ContentIdentifierType": {
  "id": "@id",
  "properties": {}
 },
 "software_FileKindType": {
  "id": "@id",
  "properties": {}
 },
 "software_SbomType": {
  "id": "@id",
  "properties": {}
 },
 "software_SoftwarePurpose": {
  "id": "@id",
  "properties": {}
 },
 "build_Build": {
  "parent": "Element",
  "id": "spdxId",
  "properties": {
   "build_buildEndTime": {
    "time": true
   },
   "build_buildId": {
    "text": true
   },
   "build_buildStartTime": {
    "time": true
   },
   "build_buildType": {
    "text": true,
    "required": true
   },
   "build_configSourceDigest": {
    "class": "Hash",
    "list": 0
   },
   "build_configSourceEntrypoint": {
    "text": true,
    "list": 0
   },
   "build_configSourceUri": {
    "text": true,
    "list": 0
   },
   "build_environment": {
    "class": "DictionaryEntry",
    "list": 0
   },
   "build_parameter": {
    "class": "DictionaryEntry",
    "list": 0
   }
  }
 },
 "Agent": {
  "parent": "Element",
  "id": "spdxId",
  "properties": {}
 },
 "Annotation": {
  "parent": "Element",
  "id": "spdxId",
  "properties": {
   "annotationType": {
    "words": [
     "other",
     "review"
    ],
    "required": true
   },
   "contentType": {
    "pattern": "^[^\\/]+\\/[^\\/]+$"
   },
   "statement": {
    "text": true
   },
   "subject": {
    "class": "Element",
    "individuals": [
     "NoAssertionElement",
     "NoneElement",
     "SpdxOrganization",
     "expandedlicensing_NoAssertionLicense",
     "expandedlicensing_NoneLicense"
    ],
    "required": true
   }
  }
 },
 "Artifact": {
  "parent": "Element",
  "properties": {
   "builtTime": {
    "time": true
   },
   "originatedBy": {
    "class": "Agent",
    "individuals": [
     "SpdxOrganization"
    ],
    "list": 0
   },
   "releaseTime": {
    "time": true
   },
   "standardName": {
    "text": true,
    "list": 0
   },
   "suppliedBy": {
    "class": "Agent",
    "individuals": [
     "SpdxOrganization"
    ]
   },
   "supportLevel": {
    "words": [
     "deployed",
     "development",
     "endOfSupport",
     "limitedSupport",
     "noAssertion",
     "noSupport",
     "support"
    ],
    "list": 0
   },
   "validUntilTime": {
    "time": true
   }
  }
 },
 "Bundle": {
  "parent": "ElementCollection",
  "id": "spdxId",
  "properties": {
   "context": {
    "text": true
   }
  }
 },
 "Hash": {
  "parent": "IntegrityMethod",
  "id": "@id",
  "properties": {
   "algorithm": {
    "words": [
     "adler32",
     "blake2b256",
     "blake2b384",
     "blake2b512",
     "blake3",
     "crystalsDilithium",
     "crystalsKyber",
     "falcon",
     "md2",
     "md4",
     "md5",
     "md6",
     "other",
     "sha1",
     "sha224",
     "sha256",
     "sha384",
     "sha3_224",
     "sha3_256",
     "sha3_384",
     "sha3_512",
     "sha512"
    ],
    "required": true
   },
   "hashValue": {
    "text": true,
    "required": true
   }
  }
 },
 "LifecycleScopedRelationship": {
  "parent": "Relationship",
  "id": "spdxId",
  "properties": {
   "scope": {
    "words": [
     "build",
     "design",
     "development",
     "other",
     "runtime",
     "test"
    ]
   }
  }
 },
 "Organization": {
  "parent": "Agent",
  "id": "spdxId",
  "properties": {}
 },
 "Person": {
  "parent": "Agent",
  "id": "spdxId",
  "properties": {}
 },
 "SoftwareAgent": {
  "parent": "Agent",
  "id": "spdxId",
  "properties": {}
 },
 "expandedlicensing_ConjunctiveLicenseSet": {
  "parent": "simplelicensing_AnyLicenseInfo",
  "id": "spdxId",
  "properties": {
   "expandedlicensing_member": {
    "class": "simplelicensing_AnyLicenseInfo",
    "individuals": [
     "expandedlicensing_NoAssertionLicense",
     "expandedlicensing_NoneLicense"
    ],
    "list": 2,
    "required": true
   }
  }
 },
 "expandedlicensing_CustomLicenseAddition": {
  "parent": "expandedlicensing_LicenseAddition",
  "id": "spdxId",
  "properties": {}
 },
 "expandedlicensing_DisjunctiveLicenseSet": {
  "parent": "simplelicensing_AnyLicenseInfo",
  "id": "spdxId",
  "properties": {
   "expandedlicensing_member": {
    "class": "simplelicensing_AnyLicenseInfo",
    "individuals": [
     "expandedlicensing_NoAssertionLicense",
     "expandedlicensing_NoneLicense"
    ],
    "list": 2,
    "required": true
   }
  }
 },
 "expandedlicensing_ExtendableLicense": {
  "parent": "simplelicensing_AnyLicenseInfo",
  "properties": {}
 },
 "expandedlicensing_IndividualLicensingInfo": {
  "parent": "simplelicensing_AnyLicenseInfo",
  "id": "spdxId",
  "properties": {}
 },
 "expandedlicensing_License": {
  "parent": "expandedlicensing_ExtendableLicense",
  "properties": {
   "expandedlicensing_isDeprecatedLicenseId": {
    "flag": true
   },
   "expandedlicensing_isFsfLibre": {
    "flag": true
   },
   "expandedlicensing_isOsiApproved": {
    "flag": true
   },
   "expandedlicensing_licenseXml": {
    "text": true
   },
   "expandedlicensing_obsoletedBy": {
    "text": true
   },
   "expandedlicensing_seeAlso": {
    "text": true,
    "list": 0
   },
   "expandedlicensing_standardLicenseHeader": {
    "text": true
   },
   "expandedlicensing_standardLicenseTemplate": {
    "text": true
   },
   "simplelicensing_licenseText": {
    "text": true,
    "required": true
   }
  }
 },
 "expandedlicensing_ListedLicense": {
  "parent": "expandedlicensing_License",
  "id": "spdxId",
  "properties": {
   "expandedlicensing_deprecatedVersion": {
    "text": true
   },
   "expandedlicensing_listVersionAdded": {
    "text": true
   }
  }
 },
 "expandedlicensing_OrLaterOperator": {
  "parent": "expandedlicensing_ExtendableLicense",
  "id": "spdxId",
  "properties": {
   "expandedlicensing_subjectLicense": {
    "class": "expandedlicensing_License",
    "required": true
   }
  }
 },
 "expandedlicensing_WithAdditionOperator": {
  "parent": "simplelicensing_AnyLicenseInfo",
  "id": "spdxId",
  "properties": {
   "expandedlicensing_subjectAddition": {
    "class": "expandedlicensing_LicenseAddition",
    "required": true
   },
   "expandedlicensing_subjectExtendableLicense": {
    "class": "expandedlicensing_ExtendableLicense",
    "required": true
   }
  }
 },
 "extension_CdxPropertiesExtension": {
  "parent": "extension_Extension",
  "id": "@id",
  "properties": {
   "extension_cdxProperty": {
    "class": "extension_CdxPropertyEntry",
    "list": 1,
    "required": true
   }
  }
 },
 "security_CvssV2VulnAssessmentRelationship": {
  "parent": "security_VulnAssessmentRelationship",
  "id": "spdxId",
  "properties": {
   "security_score": {
    "decimal": true,
    "required": true
   },
   "security_vectorString": {
    "text": true,
    "required": true
   }
  }
 },
 "security_CvssV3VulnAssessmentRelationship": {
  "parent": "security_VulnAssessmentRelationship",
  "id": "spdxId",
  "properties": {
   "security_score": {
    "decimal": true,
    "required": true
   },
   "security_severity": {
    "words": [
     "critical",
     "high",
     "low",
     "medium",
     "none"
    ],
    "required": true
   },
   "security_vectorString": {
    "text": true,
    "required": true
   }
  }
 },
 "security_CvssV4VulnAssessmentRelationship": {
  "parent": "security_VulnAssessmentRelationship",
  "id": "spdxId",
  "properties": {
   "security_score": {
    "decimal": true,
    "required": true
   },
   "security_severity": {
    "words": [
     "critical",
     "high",
     "low",
     "medium",
     "none"
    ],
    "required": true
   },
   "security_vectorString": {
    "text": true,
    "required": true
   }
  }
 },
 "security_EpssVulnAssessmentRelationship": {
  "parent": "security_VulnAssessmentRelationship",
  "id": "spdxId",
  "properties": {
   "security_percentile": {
    "decimal": true,
    "required": true
   },
   "security_probability": {
    "decimal": true,
    "required": true
   }
  }
 },
 "security_ExploitCatalogVulnAssessmentRelationship": {
  "parent": "security_VulnAssessmentRelationship",
  "id": "spdxId",
  "properties": {
   "security_catalogType": {
    "words": [
     "kev",
     "other"
    ],
    "required": true
   },
   "security_exploited": {
    "flag": true,
    "required": true
   },
   "security_locator": {
    "text": true,
    "required": true
   }
  }
 },
 "security_SsvcVulnAssessmentRelationship": {
  "parent": "security_VulnAssessmentRelationship",
  "id": "spdxId",
  "properties": {
   "security_decisionType": {
    "words": [
     "act",
     "attend",
     "track",
     "trackStar"
    ],
    "required": true
   }
  }
 },
 "security_VexVulnAssessmentRelationship": {
  "parent": "security_VulnAssessmentRelationship",
  "properties": {
   "security_statusNotes": {
    "text": true
   },
   "security_vexVersion": {
    "text": true
   }
  }
 },
 "security_Vulnerability": {
  "parent": "Artifact",
  "id": "spdxId",
  "properties": {
   "security_modifiedTime": {
    "time": true
   },
   "security_publishedTime": {
    "time": true
   },
   "security_withdrawnTime": {
    "time": true
   }
  }
 },
 "software_SoftwareArtifact": {
  "parent": "Artifact",
  "properties": {
   "software_additionalPurpose": {
    "words": [
     "application",
     "archive",
     "bom",
     "configuration",
     "container",
     "data",
     "device",
     "deviceDriver",
     "diskImage",
     "documentation",
     "evidence",
     "executable",
     "file",
     "filesystemImage",
     "firmware",
     "framework",
     "install",
     "library",
     "manifest",
     "model",
     "module",
     "operatingSystem",
     "other",
     "patch",
     "platform",
     "requirement",
     "source",
     "specification",
     "test"
    ],
    "list": 0
   },
   "software_attributionText": {
    "text": true,
    "list": 0
   },
   "software_contentIdentifier": {
    "class": "software_ContentIdentifier",
    "list": 0
   },
   "software_copyrightText": {
    "text": true
   },
   "software_primaryPurpose": {
    "words": [
     "application",
     "archive",
     "bom",
     "configuration",
     "container",
     "data",
     "device",
     "deviceDriver",
     "diskImage",
     "documentation",
     "evidence",
     "executable",
     "file",
     "filesystemImage",
     "firmware",
     "framework",
     "install",
     "library",
     "manifest",
     "model",
     "module",
     "operatingSystem",
     "other",
     "patch",
     "platform",
     "requirement",
     "source",
     "specification",
     "test"
    ]
   }
  }
 },
 "Bom": {
  "parent": "Bundle",
  "id": "spdxId",
  "properties": {}
 },
 "expandedlicensing_CustomLicense": {
  "parent": "expandedlicensing_License",
  "id": "spdxId",
  "properties": {}
 },
 "security_VexAffectedVulnAssessmentRelationship": {
  "parent": "security_VexVulnAssessmentRelationship",
  "id": "spdxId",
  "properties": {
   "security_actionStatement": {
    "text": true,
    "required": true
   },
   "security_actionStatementTime": {
    "time": true
   }
  }
 },
 "security_VexFixedVulnAssessmentRelationship": {
  "parent": "security_VexVulnAssessmentRelationship",
  "id": "spdxId",
  "properties": {}
 },
 "security_VexNotAffectedVulnAssessmentRelationship": {
  "parent": "security_VexVulnAssessmentRelationship",
  "id": "spdxId",
  "properties": {
   "security_impactStatement": {
    "text": true
   },
   "security_impactStatementTime": {
    "time": true
   },
   "security_justificationType": {
    "words": [
     "componentNotPresent",
     "inlineMitigationsAlreadyExist",
     "vulnerableCodeCannotBeControlledByAdversary",
     "vulnerableCodeNotInExecutePath",
     "vulnerableCodeNotPresent"
    ]
   }
  }
 },
 "security_VexUnderInvestigationVulnAssessmentRelationship": {
  "parent": "security_VexVulnAssessmentRelationship",
  "id": "spdxId",
  "properties": {}
 },
 "software_File": {
  "parent": "software_SoftwareArtifact",
  "id": "spdxId",
  "properties": {
   "contentType": {
    "pattern": "^[^\\/]+\\/[^\\/]+$"
   },
   "software_fileKind": {
    "words": [
     "directory",
     "file"
    ]
   }
  }
 },
 "software_Package": {
  "parent": "software_SoftwareArtifact",
  "id": "spdxId",
  "properties": {
   "software_downloadLocation": {
    "text": true
   },
   "software_homePage": {
    "text": true
   },
   "software_packageUrl": {
    "text": true
   },
   "software_packageVersion": {
    "text": true
   },
   "software_sourceInfo": {
    "text": true
   }
  }
 },
 "software_Sbom": {
  "parent": "Bom",
  "id": "spdxId",
  "properties": {
   "software_sbomType": {
    "words": [
     "analyzed",
     "build",
     "deployed",
     "design",
     "runtime",
     "source"
    ],
    "list": 0
   }
  }
 },
 "software_Snippet": {
  "parent": "software_SoftwareArtifact",
  "id": "spdxId",
  "properties": {
   "software_byteRange": {
    "class": "PositiveIntegerRange"
   },
   "software_lineRange": {
    "class": "PositiveIntegerRange"
   },
   "software_snippetFromFile": {
    "class": "software_File",
    "required": true
   }
  }
 },
 "ai_AIPackage": {
  "parent": "software_Package",
  "id": "spdxId",
  "properties": {
   "ai_autonomyType": {
    "words": [
     "no",
     "noAssertion",
     "yes"
    ]
   },
   "ai_domain": {
    "text": true,
    "list": 0
   },
   "ai_energyConsumption": {
    "class": "ai_EnergyConsumption"
   },
   "ai_hyperparameter": {
    "class": "DictionaryEntry",
    "list": 0
   },
   "ai_informationAboutApplication": {
    "text": true
   },
   "ai_informationAboutTraining": {
    "text": true
   },
   "ai_limitation": {
    "text": true
   },
   "ai_metric": {
    "class": "DictionaryEntry",
    "list": 0
   },
   "ai_metricDecisionThreshold": {
    "class": "DictionaryEntry",
    "list": 0
   },
   "ai_modelDataPreprocessing": {
    "text": true,
    "list": 0
   },
   "ai_modelExplainability": {
    "text": true,
    "list": 0
   },
   "ai_safetyRiskAssessment": {
    "words": [
     "high",
     "low",
     "medium",
     "serious"
    ]
   },
   "ai_standardCompliance": {
    "text": true,
    "list": 0
   },
   "ai_typeOfModel": {
    "text": true,
    "list": 0
   },
   "ai_useSensitivePersonalInformation": {
    "words": [
     "no",
     "noAssertion",
     "yes"
    ]
   }
  }
 },
 "dataset_DatasetPackage": {
  "parent": "software_Package",
  "id": "spdxId",
  "properties": {
   "dataset_anonymizationMethodUsed": {
    "text": true,
    "list": 0
   },
   "dataset_confidentialityLevel": {
    "words": [
     "amber",
     "clear",
     "green",
     "red"
    ]
   },
   "dataset_dataCollectionProcess": {
    "text": true
   },
   "dataset_dataPreprocessing": {
    "text": true,
    "list": 0
   },
   "dataset_datasetAvailability": {
    "words": [
     "clickthrough",
     "directDownload",
     "query",
     "registration",
     "scrapingScript"
    ]
   },
   "dataset_datasetNoise": {
    "text": true
   },
   "dataset_datasetSize": {
    "integer": 0
   },
   "dataset_datasetType": {
    "words": [
     "audio",
     "categorical",
     "graph",
     "image",
     "noAssertion",
     "numeric",
     "other",
     "sensor",
     "structured",
     "syntactic",
     "text",
     "timeseries",
     "timestamp",
     "video"
    ],
    "list": 1,
    "required": true
   },
   "dataset_datasetUpdateMechanism": {
    "text": true
   },
   "dataset_hasSensitivePersonalInformation": {
    "words": [
     "no",
     "noAssertion",
     "yes"
    ]
   },
   "dataset_intendedUse": {
    "text": true
   },
   "dataset_knownBias": {
    "text": true,
    "list": 0
   },
   "dataset_sensor": {
    "class": "DictionaryEntry",
    "list": 0
   }
  }
 }
};
