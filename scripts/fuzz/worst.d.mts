/** What the tests use of the makers. */
export const WORST: readonly { readonly id: string; readonly name: string; readonly make: (n: number) => Uint8Array }[];
