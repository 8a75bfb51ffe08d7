import { bytesSource } from '../../../src/core/byte-source.js';
import { type FileScan, type ScanSettings, scanSettings, scanSource } from '../../../src/scan/index.js';

/** The scan of bytes as a file of a name. */
export const scanBytes = (bytes: Uint8Array, name = 'model.bin', settings: ScanSettings = scanSettings()): Promise<FileScan> =>
  scanSource(name, bytesSource(name, bytes), settings);
