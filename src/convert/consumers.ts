/** Consumers of CycloneDX documents whose limits are known; `validateDocument` can lint for them. */
export const CONSUMERS = ['dependency-track', 'guac'] as const;
export type Consumer = (typeof CONSUMERS)[number];
