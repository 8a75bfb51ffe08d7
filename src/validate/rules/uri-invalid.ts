import { FORMS } from '../../schema/index.js';
import { defineRule } from '../rule.js';

export const uriInvalid = defineRule({
  meta: {
    id: 'uri-invalid',
    clause: '8.3',
    severity: 'high',
    title: 'An address is no URI',
    fix: 'Write it as RFC 3986 says, other characters percent-encoded.',
  },
  check(_manifest, report, { forms }) {
    for (const { pointer, value, member } of forms) {
      const problem = FORMS[member] === 'uri' ? problemOf(value) : undefined;
      if (problem !== undefined) report(pointer, problem);
    }
  },
});

/** What a URI is made of (RFC 3986 appendix A), brackets apart: they stand around an IP address only. */
const CHARACTERS = /^[A-Za-z0-9\-._~:/?#[\]@!$&'()*+,;=%]*$/;
const HOST = /^[A-Za-z][A-Za-z0-9+.-]*:\/\/([^/?#@]*@)?\[[0-9A-Fa-fv:.]+\](:[0-9]*)?(?=[/?#]|$)/;

function problemOf(uri: string): string | undefined {
  const [, wrong] = /([^A-Za-z0-9\-._~:/?#[\]@!$&'()*+,;=%])/.exec(uri) ?? [];
  if (!CHARACTERS.test(uri)) return `a URI cannot have ${JSON.stringify(wrong)}`;
  if (/%(?![0-9A-Fa-f]{2})/.test(uri)) return 'a `%` in a URI stands before two hexadecimal digits';
  if (uri.indexOf('#') !== uri.lastIndexOf('#')) return 'a URI has at most one `#`';
  return /[[\]]/.test(uri.replace(HOST, '')) ? 'brackets in a URI stand around an IP address only' : undefined;
}
