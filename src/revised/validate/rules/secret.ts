import { defineRule } from '../rule.js';

/** Forms of well-known credentials, with bounds that keep the search linear. The value itself is never repeated in a finding. */
const SECRETS: readonly (readonly [string, RegExp])[] = [
  ['a Hugging Face token', /\bhf_[A-Za-z0-9]{30,}\b/],
  ['a GitHub token', /\b(gh[pousr]_[A-Za-z0-9]{36,}|github_pat_[A-Za-z0-9_]{50,})\b/],
  ['a GitLab token', /\bglpat-[A-Za-z0-9_-]{20,}\b/],
  ['an AWS access key', /\b(AKIA|ASIA)[A-Z0-9]{16}\b/],
  ['an OpenAI or Anthropic key', /\bsk-[A-Za-z0-9_-]{32,}\b/],
  ['a Slack token', /\bxox[abprs]-[A-Za-z0-9-]{10,}\b/],
  ['a Google API key', /\bAIza[A-Za-z0-9_-]{35}\b/],
  ['an npm token', /\bnpm_[A-Za-z0-9]{36}\b/],
  ['a PyPI token', /\bpypi-[A-Za-z0-9_-]{50,}\b/],
  ['a private key', /-----BEGIN [A-Z ]*PRIVATE KEY-----/],
  ['a JSON Web Token', /\beyJ[A-Za-z0-9_-]{10,2048}\.eyJ[A-Za-z0-9_-]{10,2048}\.[A-Za-z0-9_-]{10}/],
  ['credentials in a URL', /\b[a-z][a-z0-9+.-]{0,20}:\/\/[^\s/:@]{1,256}:[^\s/@]{1,256}@/i],
];

/** No credential is told apart without one of these, which makes most texts cheap to pass over. */
const HINT = /hf_|gh[pousr]_|github_pat|glpat-|AKIA|ASIA|sk-|xox|AIza|npm_|pypi-|PRIVATE KEY|eyJ|@/;

export const secret = defineRule({
  meta: {
    id: 'secret',
    clause: '8.7',
    severity: 'high',
    title: 'A text holds a credential',
    fix: 'Remove it from the document and revoke it.',
  },
  check(_manifest, report, { texts }) {
    for (const { pointer, value } of texts) {
      if (!HINT.test(value)) continue;
      for (const [name, pattern] of SECRETS) if (pattern.test(value)) report(pointer, `the text holds ${name}`);
    }
  },
});
