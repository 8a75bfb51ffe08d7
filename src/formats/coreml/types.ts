/** Names by number. Sources: Model.proto, MIL.proto and FeatureTypes.proto of coremltools 9. */

/** The kind of a model, by the field that holds it. */
export const MODEL_TYPES: Readonly<Record<number, string>> = {
  200: 'pipelineClassifier',
  201: 'pipelineRegressor',
  202: 'pipeline',
  300: 'glmRegressor',
  301: 'supportVectorRegressor',
  302: 'treeEnsembleRegressor',
  303: 'neuralNetworkRegressor',
  304: 'bayesianProbitRegressor',
  400: 'glmClassifier',
  401: 'supportVectorClassifier',
  402: 'treeEnsembleClassifier',
  403: 'neuralNetworkClassifier',
  404: 'kNearestNeighborsClassifier',
  500: 'neuralNetwork',
  501: 'itemSimilarityRecommender',
  502: 'mlProgram',
  555: 'customModel',
  556: 'linkedModel',
  560: 'classConfidenceThresholding',
  600: 'oneHotEncoder',
  601: 'imputer',
  602: 'featureVectorizer',
  603: 'dictVectorizer',
  604: 'scaler',
  606: 'categoricalMapping',
  607: 'normalizer',
  609: 'arrayFeatureExtractor',
  610: 'nonMaximumSuppression',
  900: 'identity',
  2000: 'textClassifier',
  2001: 'wordTagger',
  2002: 'visionFeaturePrint',
  2003: 'soundAnalysisPreprocessing',
  2004: 'gazetteer',
  2005: 'wordEmbedding',
  2006: 'audioFeaturePrint',
  3000: 'serializedModel',
};

/** MILSpec.DataType: name and bits; 0 bits where values have no fixed size. */
const DATA_TYPES: Readonly<Record<number, readonly [string, number]>> = {
  1: ['BOOL', 8],
  2: ['STRING', 0],
  10: ['FLOAT16', 16],
  11: ['FLOAT32', 32],
  12: ['FLOAT64', 64],
  13: ['BFLOAT16', 16],
  21: ['INT8', 8],
  22: ['INT16', 16],
  23: ['INT32', 32],
  24: ['INT64', 64],
  25: ['INT4', 4],
  31: ['UINT8', 8],
  32: ['UINT16', 16],
  33: ['UINT32', 32],
  34: ['UINT64', 64],
  35: ['UINT4', 4],
  36: ['UINT2', 2],
  37: ['UINT1', 1],
  38: ['UINT6', 6],
  39: ['UINT3', 3],
  40: ['FLOAT8E4M3FN', 8],
  41: ['FLOAT8E5M2', 8],
};

export const dataType = (number: number): readonly [name: string, bits: number] => DATA_TYPES[number] ?? [`coreml:${number}`, 0];

/** ArrayFeatureType.ArrayDataType. */
const ARRAY_TYPES: Readonly<Record<number, string>> = {
  65552: 'FLOAT16',
  65568: 'FLOAT32',
  65600: 'DOUBLE',
  131080: 'INT8',
  131104: 'INT32',
};

export const arrayType = (number: number): string => ARRAY_TYPES[number] ?? `coreml:${number}`;

/** FeatureType: the fields of the kinds that are no array and no image. */
export const FEATURE_TYPES: Readonly<Record<number, string>> = {
  1: 'int64',
  2: 'double',
  3: 'string',
  6: 'dictionary',
  7: 'sequence',
};
