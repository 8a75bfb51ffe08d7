/** How a server is asked: the part of `fetch` that is used. Nothing in this package reaches a network but through such a function. */
export interface HttpRequest {
  readonly method: 'GET' | 'HEAD' | 'POST' | 'PUT' | 'PATCH';
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array<ArrayBuffer>;
  readonly signal?: AbortSignal;
  /** `manual` gives the answer that redirects, as it is. */
  readonly redirect: 'error' | 'manual';
}

/** An answer, as `fetch` gives it. */
export interface HttpAnswer {
  readonly status: number;
  readonly headers: { get(name: string): string | null };
  readonly body: ReadableStream<Uint8Array> | null;
}

/** `fetch` of the platform fits. */
export type Http = (address: string, request: HttpRequest) => Promise<HttpAnswer>;
