/** What the tests use of the libraries of linked data that have no types of their own. */
declare module 'jsonld' {
  interface Options {
    readonly format: 'application/n-quads';
    readonly documentLoader: (
      url: string,
    ) => Promise<{ readonly contextUrl: undefined; readonly documentUrl: string; readonly document: unknown }>;
  }
  interface CanonicalOptions extends Options {
    readonly algorithm: 'RDFC-1.0';
    /** Take out of the RDF what the context does not define, without a word. */
    readonly safe: boolean;
  }
  const jsonld: {
    toRDF(document: object, options: Options): Promise<string>;
    canonize(document: object, options: CanonicalOptions): Promise<string>;
  };
  export default jsonld;
}

declare module 'n3' {
  import type { DatasetCore, NamedNode, Quad, Term } from '@rdfjs/types';
  export const DataFactory: { namedNode(iri: string): NamedNode };
  export class Parser {
    constructor(options?: { readonly format: string });
    parse(text: string): Quad[];
  }
  export class Store implements DatasetCore {
    constructor(quads?: readonly Quad[]);
    readonly size: number;
    add(quad: Quad): this;
    delete(quad: Quad): this;
    has(quad: Quad): boolean;
    match(subject?: Term | null, predicate?: Term | null, object?: Term | null, graph?: Term | null): DatasetCore;
    [Symbol.iterator](): Iterator<Quad>;
    addQuad(subject: Term, predicate: Term, object: Term): void;
    addQuads(quads: readonly Quad[]): void;
    getQuads(subject: Term | null, predicate: Term | null, object: Term | null, graph: Term | null): Quad[];
  }
}
