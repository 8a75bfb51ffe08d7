/** Golden documents of the tests of conversions. */
import { readFileSync, writeFileSync } from 'node:fs';
import { expect } from 'vitest';

const FOLDER = new URL('../convert/golden/', import.meta.url);
export const readGolden = (name: string): string => readFileSync(new URL(name, FOLDER), 'utf8');

/** Holds a text to a golden document; `UPDATE_GOLDENS=1` writes it anew. */
export function expectGolden(name: string, text: string): void {
  if (process.env.UPDATE_GOLDENS === '1') writeFileSync(new URL(name, FOLDER), text);
  expect(text).toBe(readGolden(name));
}
