/** Private things that get into files by accident: where they were made and by whom. Bounds keep the search linear. */
const PRIVATE: readonly (readonly [string, RegExp])[] = [
  [
    'an absolute path',
    /(^|[\s"'=,([{])(\/(home|Users|root|mnt|data|workspace|tmp|content|kaggle|scratch|gpfs|lustre|nfs)\/|~\/|[A-Za-z]:\\)/,
  ],
  ['an e-mail address', /[\w.+-]{1,64}@[\w-]{1,63}\.[A-Za-z]{2}/],
  [
    'a credential',
    /\bhf_[A-Za-z0-9]{30,}|\bgh[pousr]_[A-Za-z0-9]{36,}|\bgithub_pat_\w{50,}|\bAKIA[A-Z0-9]{16}|\bsk-[\w-]{32,}|-----BEGIN|:\/\/[^\s/:@]{1,256}:[^\s/@]{1,256}@/,
  ],
];

/** What makes a text private; undefined when nothing does. */
export function privateReason(text: string): string | undefined {
  return PRIVATE.find(([, pattern]) => pattern.test(text))?.[0];
}
