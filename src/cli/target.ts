/** What a manifest is written as, for the verbs that have `--to`. */
export { TARGET_WORDS, targetOf, writeAs } from '../verbs/formats.js';
