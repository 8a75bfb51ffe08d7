import { FORMS } from '../../schema/index.js';
import { defineRule } from '../rule.js';

/** A name and a domain, of one label too (RFC 5321 section 4.1.2, with the letters of RFC 6531). */
const ADDRESS = /^[^\s@"(),:;<>[\\\]]{1,64}@[^\s@"(),:;<>[\\\]]{1,255}$/;

export const emailInvalid = defineRule({
  meta: {
    id: 'email-invalid',
    clause: '8.3',
    severity: 'high',
    title: 'An e-mail address has not the form of one',
    fix: 'Write `name@domain`, without a name before it.',
  },
  check(_manifest, report, { forms }) {
    for (const { pointer, value, member } of forms)
      if (FORMS[member] === 'email' && !isAddress(value)) report(pointer, 'the text is no e-mail address');
  },
});

function isAddress(text: string): boolean {
  const [name = '', domain = ''] = text.split('@');
  const dots = (part: string) => !part.startsWith('.') && !part.endsWith('.') && !part.includes('..');
  return ADDRESS.test(text) && dots(name) && dots(domain);
}
