/** Credentials that stand in the arguments of a command. What only the program itself knows to be one, such as `-p x`, cannot be told. */
import { isCredentialName } from '../collect/hyperparameters.js';

const LEFT_OUT = '[redacted]';
/** `NAME=value`, `--name=value`, `group.name: value`, alone or among the words of a shell. */
const ASSIGNED = /([-+\w.]{1,128})(=|:\s{0,8})("[^"]*"|'[^']*'|[^\s"';&|]+)/g;
/** `--name value` among the words of a shell. */
const FOLLOWED = /(--?[\w-]{1,128})(\s{1,8})("[^"]*"|'[^']*'|[^\s"'-][^\s"';&|]*)/g;
/** The schemes of HTTP: https://www.rfc-editor.org/rfc/rfc6750, https://www.rfc-editor.org/rfc/rfc7617 */
const SCHEME = /\b(Bearer|Basic)\s+[\w.~+/=-]{4,}/gi;

/** The arguments with the values of credentials left out. */
export function withoutSecrets(command: readonly string[]): readonly string[] {
  return command.map((argument, i) => {
    const [option = '', ...value] = argument.split('=');
    if (value.length > 0 && option.startsWith('-') && isCredentialName(option)) return `${option}=${LEFT_OUT}`;
    const before = command[i - 1] ?? '';
    // No parser of options takes one that begins with `-` for a value: `--use-auth-token --lr 1`.
    if (/^--?[\w.-]+$/.test(before) && isCredentialName(before) && !argument.startsWith('-')) return LEFT_OUT;
    return wordsWithoutSecrets(argument);
  });
}

function wordsWithoutSecrets(text: string): string {
  const keep = (whole: string, name: string, between: string): string => (isCredentialName(name) ? `${name}${between}${LEFT_OUT}` : whole);
  return text.replace(SCHEME, `$1 ${LEFT_OUT}`).replace(ASSIGNED, keep).replace(FOLLOWED, keep);
}
