/** All inspectors, in the order in which they are asked. */
import { compressed } from './compressed/index.js';
import type { Inspector } from './inspector.js';
import { npy } from './numpy/index.js';
import { pickle } from './pickle/index.js';
import { sevenZip } from './sevenzip/index.js';
import { tar } from './tar/index.js';
import { text } from './text/index.js';
import { zip } from './zip/index.js';

export const INSPECTORS: readonly Inspector[] = [zip, tar, sevenZip, ...compressed, npy, pickle, text];
