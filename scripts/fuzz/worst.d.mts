/** What the tests use of the makers. */
export const WORST: readonly { readonly id: string; readonly name: string; readonly make: (n: number) => Uint8Array }[];
export function utf8(text: string): Uint8Array;
export function concat(...parts: readonly Uint8Array[]): Uint8Array;
/** The bytes as often as they fit into `n` bytes. */
export function repeat(bytes: Uint8Array, n: number): Uint8Array;
/** What `make` gives for 0, 1, 2, … until there are `n` bytes. */
export function series(n: number, make: (i: number) => Uint8Array): Uint8Array;
export function little(value: number, bytes: number): Uint8Array;
export function varint(value: number): Uint8Array;
/** A field of protobuf that is a message or a text. */
export function message(number: number, body?: Uint8Array): Uint8Array;
