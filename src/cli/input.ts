/** Files as the verbs read them. */
export { manifestFrom, ofFile, readInput, readManifest } from '../verbs/input.js';
