interface Metafile {
  readonly outputs: Readonly<Record<string, { readonly inputs: Readonly<Record<string, { readonly bytesInOutput: number }>> }>>;
}
interface Build {
  onEnd(callback: (result: { readonly metafile?: Metafile | undefined }) => void): void;
}
export declare function noticesPlugin(root: string): { readonly name: string; setup(build: Build): void };
export declare function contents(metafile: Metafile): readonly string[];
export declare function packageOf(path: string): { readonly directory: string; readonly name: string } | undefined;
