import type { ModelFacts } from '../../core/facts.js';

/** llama.cpp writes what turns images or sound into tokens to a GGUF of its own (`mmproj-*.gguf`). */
export const isProjector = ({ format, architecture, metadata }: ModelFacts): boolean =>
  format === 'gguf' && (architecture?.value === 'clip' || metadata?.['general.type'] === 'mmproj');
