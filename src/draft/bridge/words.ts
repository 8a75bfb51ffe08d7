/** Words of closed lists that the draft wrote in camel case, and the places where they stand. */

/** Ends of pointers to such words; `#` is the number of an item. */
const PLACES = [
  'audiences/*',
  'classification/aiActRole',
  'classification/riskClass',
  'content/modalities/#',
  'datasets/#/sourceCategory',
  'declarations/#/status',
  'dependencies/#/kind',
  'documents/#/type',
  'exit/substitutability',
  'artifacts/#/role',
  'files/#/role',
  'inputs/#/modality',
  'inspection/status',
  'outputs/#/modality',
  'robustnessTests/#/attackClass',
  'roles/#',
  'scan/#/result',
  'scans/#/result',
];

const CAMEL: readonly string[] = [
  ...['notApplicable', 'aiOffice', 'authorisedRepresentative', 'productManufacturer', 'highRiskProduct', 'highRiskAnnexIII', 'notInScope'],
  ...['optimizerState', 'notInspected', 'publicDataset', 'commercialLicence', 'thirdPartyPrivate', 'userData', 'pointCloud', 'dependsOn'],
  ...[
    'trainedOn',
    'testedOn',
    'derivedFrom',
    'modelCard',
    'systemCard',
    'dataCard',
    'technicalReport',
    'researchPaper',
    'evaluationReport',
  ],
  ...['acceptableUsePolicy', 'instructionsForUse', 'inferenceCode', 'preprocessingCode', 'evaluationCode', 'supportingLibraries'],
  ...['sampleOutputs', 'euDeclaration', 'securityPolicy', 'rightsHolder', 'poisoningAvailability', 'poisoningTargeted', 'modelPoisoning'],
  ...['supplyChain', 'directPrompting', 'indirectPrompting', 'notSubstitutable'],
];

const kebab = (word: string): string => word.replace(/III$/, '-iii').replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);

const KEBAB: ReadonlyMap<string, string> = new Map(CAMEL.map((word) => [word, kebab(word)]));
const ENDS: readonly RegExp[] = PLACES.map((place) => new RegExp(`/${place.replaceAll('#', '[0-9]+').replace('*', '[^/]+')}$`));

const isWordPlace = (pointer: string): boolean => ENDS.some((end) => end.test(pointer));

/** The word at a place of the draft, as the revised form has it. */
export const kebabWord = (pointer: string, word: string): string => (isWordPlace(pointer) ? (KEBAB.get(word) ?? word) : word);
