/**
 * The members of in-toto's public types, as its definitions list them (in-toto/attestation, `protos/in_toto_attestation`), closed: a member
 * that is not listed is a fault. Times and structures as the JSON form of Protocol Buffers has them.
 */
const text = { type: 'string' };
const texts = { type: 'array', items: text };
const textMap = { type: 'object', additionalProperties: text };
const structure = { type: 'object' };
const time = { type: 'string', format: 'date-time' };
const message = (properties: object, required: readonly string[] = []) => ({
  type: 'object',
  additionalProperties: false,
  properties,
  required,
});

const descriptor = message({
  name: text,
  uri: text,
  digest: textMap,
  content: text,
  downloadLocation: text,
  mediaType: text,
  annotations: structure,
});
const descriptors = { type: 'array', items: descriptor };
const place = message({ uri: text, digest: textMap });

export const IN_TOTO_STATEMENT = message(
  {
    _type: { const: 'https://in-toto.io/Statement/v1' },
    subject: { ...descriptors, minItems: 1 },
    predicateType: text,
    predicate: structure,
  },
  ['_type', 'subject', 'predicateType'],
);

export const IN_TOTO_PREDICATES: Readonly<Record<string, object>> = {
  'https://slsa.dev/provenance/v1': message(
    {
      buildDefinition: message(
        { buildType: text, externalParameters: structure, internalParameters: structure, resolvedDependencies: descriptors },
        ['buildType', 'externalParameters'],
      ),
      runDetails: message(
        {
          builder: message({ id: text, version: textMap, builderDependencies: descriptors }, ['id']),
          metadata: message({ invocationId: text, startedOn: time, finishedOn: time }),
          byproducts: descriptors,
        },
        ['builder'],
      ),
    },
    ['buildDefinition', 'runDetails'],
  ),
  'https://slsa.dev/verification_summary/v1': message(
    {
      verifier: message({ id: text }, ['id']),
      timeVerified: time,
      resourceUri: text,
      policy: place,
      inputAttestations: { type: 'array', items: place },
      verificationResult: { enum: ['PASSED', 'FAILED'] },
      verifiedLevels: texts,
      dependencyLevels: { type: 'object', additionalProperties: { type: ['string', 'integer'] } },
      slsaVersion: text,
    },
    ['verifier', 'timeVerified', 'resourceUri', 'policy', 'verificationResult', 'verifiedLevels'],
  ),
  'https://in-toto.io/attestation/test-result/v0.1': message(
    {
      result: { enum: ['PASSED', 'WARNED', 'FAILED'] },
      configuration: descriptors,
      url: text,
      passedTests: texts,
      warnedTests: texts,
      failedTests: texts,
    },
    ['result', 'configuration'],
  ),
};
