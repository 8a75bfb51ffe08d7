/** Patterns of src with the first place of each, and calls of `RegExp` with a computed text. */
export function patternsIn(directory?: string): { readonly patterns: ReadonlyMap<string, string>; readonly computed: readonly string[] };
/** Those that an analysis has proven to take a time linear in the length of the text. */
export function proven(): ReadonlySet<string>;
/** `safe`, or what the analyser says instead. */
export function verdict(pattern: string, timeout?: number): Promise<string>;
