export declare function mergePatch(target: unknown, patch: unknown): unknown;
export declare function examplesOf(page: string): readonly { readonly kind: 'valid' | 'invalid'; readonly patch: unknown }[];
