/** The symbolic pickle machine: reads pickles of protocols 0 to 5 without running them. */
export { anomalyGaps, opaqueBytes } from './gaps.js';
export type { AnomalyKind, PickleAnomaly, PickleHooks, PickleImport, PickleMemo, PickleOptions } from './machine.js';
export { type PeekedPickle, peekPickle } from './peek.js';
export {
  asPlain,
  enumValue,
  isNotPlain,
  kindName,
  type NotPlain,
  PLAIN_LIMITS,
  type Plain,
  type PlainKey,
  type PlainLimits,
} from './plain.js';
export { type PickleStream, readPickle, scanPickle } from './read.js';
export {
  argumentsOf,
  type CallOpcode,
  className,
  classOf,
  dictOf,
  dottedName,
  globalName,
  itemsOf,
  ofKind,
  type PickleBuffer,
  type PickleCall,
  type PickleDict,
  type PickleExtension,
  type PickleGlobal,
  type PicklePersistent,
  type PickleReference,
  type PickleSequence,
  type PickleUnknown,
  type PickleValue,
  stateOf,
} from './values.js';
