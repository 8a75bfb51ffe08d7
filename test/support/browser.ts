/** Headless Chromium over a pipe, by the Chrome DevTools Protocol: https://chromedevtools.github.io/devtools-protocol/ */
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable, Writable } from 'node:stream';

export const CHROMIUM = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find(existsSync);

export interface Page {
  /** A command of the protocol, for this page. */
  send(method: string, params?: object): Promise<Record<string, unknown>>;
  /** The value of an expression in the page; a promise is awaited. */
  evaluate<T>(expression: string): Promise<T>;
  /** Opens a file, and waits until it is loaded. */
  open(path: string): Promise<void>;
}

export interface Browser {
  readonly page: Page;
  close(): void;
}

interface Message {
  readonly id?: number;
  readonly method?: string;
  readonly result?: Record<string, unknown>;
  readonly error?: { readonly message: string };
}

export async function openBrowser(): Promise<Browser> {
  const child = spawn(
    CHROMIUM ?? '',
    [
      '--headless',
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      '--remote-debugging-pipe',
      `--user-data-dir=${mkdtempSync(join(tmpdir(), 'msbom-browser-'))}`,
      'about:blank',
    ],
    { stdio: ['ignore', 'ignore', 'ignore', 'pipe', 'pipe'] },
  );
  const [to, from] = [child.stdio[3] as Writable, child.stdio[4] as Readable];
  const waiting = new Map<number, { done: (result: Record<string, unknown>) => void; failed: (error: Error) => void }>();
  let loaded: (() => void) | undefined;
  let rest = '';
  from.setEncoding('utf8').on('data', (text: string) => {
    const parts = (rest + text).split('\0');
    rest = parts.pop() ?? '';
    for (const part of parts) {
      const { id, method, result = {}, error } = JSON.parse(part) as Message;
      if (method === 'Page.loadEventFired') loaded?.();
      const open = id === undefined ? undefined : waiting.get(id);
      if (id === undefined || open === undefined) continue;
      waiting.delete(id);
      if (error === undefined) open.done(result);
      else open.failed(new Error(error.message));
    }
  });
  let next = 0;
  const command = (method: string, params: object, sessionId?: string) =>
    new Promise<Record<string, unknown>>((done, failed) => {
      const id = ++next;
      waiting.set(id, { done, failed });
      to.write(`${JSON.stringify({ id, method, params, ...(sessionId === undefined ? {} : { sessionId }) })}\0`);
    });
  const { targetId } = await command('Target.createTarget', { url: 'about:blank' });
  const { sessionId } = await command('Target.attachToTarget', { targetId, flatten: true });
  const send: Page['send'] = (method, params = {}) => command(method, params, sessionId as string);
  await send('Page.enable');
  return {
    page: {
      send,
      async evaluate<T>(expression: string) {
        const answer = await send('Runtime.evaluate', { expression, awaitPromise: true, returnByValue: true });
        if (answer.exceptionDetails !== undefined) throw new Error(JSON.stringify(answer.exceptionDetails));
        return (answer.result as { value: T }).value;
      },
      async open(path) {
        const done = new Promise<void>((resolve) => (loaded = resolve));
        await send('Page.navigate', { url: `file://${path}` });
        await done;
      },
    },
    close: () => void child.kill(),
  };
}
