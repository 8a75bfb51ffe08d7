/** Findings of the pickles of one source, in words. */
import type { ByteSource } from '../../core/byte-source.js';
import type { Finding } from '../inspector.js';
import { finding } from '../rules/index.js';
import { allowed } from './allow/index.js';
import type { Seen, Session } from './session.js';
import { dotted, type Global } from './values.js';
import { inWords } from './words.js';

/** Opcodes that torch's restricted loader knows. Source: torch/_weights_only_unpickler.py */
const WEIGHTS_ONLY_OPCODES: ReadonlySet<number> = new Set(
  [...'cRbaesu(tN)]}JKMGXhjqrQ.U', 0x81, 0x85, 0x86, 0x87, 0x88, 0x89, 0x8a, 0x8f, 0x80].map((code) =>
    typeof code === 'string' ? code.charCodeAt(0) : code,
  ),
);

/** All that was seen, and the imports that nothing called. @throws ERR_IO_* */
export async function findingsOf(source: ByteSource, session: Session): Promise<Finding[]> {
  const findings: Finding[] = [];
  for (const seen of session.seen) findings.push(await findingOf(source, seen));
  for (const { global } of session.imports.values()) {
    const { grade, does, known } = global.judged;
    if (global.invoked || grade === 'allowed') continue;
    if (grade === 'denied')
      findings.push(
        finding('pickle-denied-import', `imports \`${dotted(global)}\`, which ${does ?? 'is dangerous'}`, {
          offset: global.at,
          seen: { import: known },
        }),
      );
    else if (!session.strict)
      findings.push(
        finding('pickle-unknown-import', `imports \`${dotted(global)}\`, which is not known to be harmless`, {
          offset: global.at,
          seen: { import: known },
        }),
      );
  }
  return findings;
}

/** Arguments as they stand behind a name: a tuple of one has no comma there. */
function argumentsInWords(args = ''): string {
  if (!args.startsWith('(')) return `(*${args})`;
  return args.endsWith(',)') ? `${args.slice(0, -2)})` : args;
}

async function findingOf(source: ByteSource, { rule, at, what, severity, verdict, global, call, value }: Seen): Promise<Finding> {
  const args = call === undefined ? undefined : await inWords(source, call.args);
  const callee = call === undefined ? undefined : await inWords(source, call.callee);
  const written = callee === undefined ? undefined : `${callee}${argumentsInWords(args)}`;
  const shown = value === undefined ? undefined : await inWords(source, value);
  const message =
    global === undefined
      ? `${what}${written ? `: ${written}` : shown ? `: ${shown}` : ''}`
      : `calls \`${written}\`: \`${dotted(global)}\` ${what}`;
  return finding(rule, message, {
    offset: at,
    ...(severity === undefined ? {} : { severity }),
    ...(verdict === undefined ? {} : { verdict }),
    seen: {
      ...(global === undefined ? {} : { import: global.judged.known }),
      ...(call === undefined ? {} : { call: written, opcode: call.opcode }),
      ...(shown === undefined ? {} : { value: shown }),
    },
  });
}

/** Would `torch.load(weights_only=True)` take it, and which names would it have to be told of? */
export function weightsOnly(
  session: Session,
  opcodes: Uint8Array,
  whole: boolean,
): { readonly loadable: boolean | 'unknown'; readonly needs: readonly string[] } {
  const needs = [...session.imports.values()]
    .map(({ global }) => global.judged.known)
    .filter((name) => allowed().get(name)?.weightsOnly !== true);
  const foreign = opcodes.some((times, code) => times !== 0 && !WEIGHTS_ONLY_OPCODES.has(code));
  return { loadable: needs.length > 0 || foreign ? false : whole || 'unknown', needs: [...new Set(needs)].sort() };
}

/** Imports as data: name, how often, called or not. */
export function importFacts(session: Session): readonly object[] {
  return [...session.imports.values()].map(({ global, count }: { global: Global; count: number }) => ({
    name: global.judged.known,
    offset: global.at,
    count,
    invoked: global.invoked,
    grade: global.judged.grade,
  }));
}
