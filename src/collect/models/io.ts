/** What goes in and comes out of a model: that of one of its files, for several are copies of it or halves. */
import { appendTo } from '../../core/append.js';
import { canonicalize } from '../../core/canonical-json.js';
import type { Finding } from '../../core/finding.js';
import type { Addition, Contribution } from '../contribution.js';
import { stemOf, tellingWords } from './names.js';

const IO = /^\/model\/io\/(?:inputs|outputs)$/;

interface FileIo {
  readonly path: string;
  /** What its name says of the model; of a half something else than of the whole. */
  readonly words: string;
  readonly said: string;
  readonly inputs: number;
  readonly outputs: number;
  readonly additions: readonly Contribution[];
}

/**
 * The contributions with the inputs and outputs of the first file that states them, and of those that state the same. Of halves (an
 * encoder and its decoder) none are those of the model.
 */
export function withOneIo(contributions: readonly Contribution[]): {
  readonly contributions: readonly Contribution[];
  readonly findings: readonly Finding[];
} {
  const files = filesWithIo(contributions);
  if (files.length < 2) return { contributions, findings: [] };
  const [first] = files;
  const plain = files.filter(({ words }) => words === '');
  const copies = plain.length > 0 ? plain : files.every(({ words }) => words === first?.words) ? files : [];
  const whole = copies.find(({ inputs, outputs }) => inputs > 0 && outputs > 0) ?? copies[0];
  const out = new Set(files.filter(({ said }) => said !== whole?.said).flatMap(({ additions }) => additions));
  const others =
    whole === undefined ? [] : copies.filter((file) => differ(file.inputs, whole.inputs) || differ(file.outputs, whole.outputs));
  return {
    contributions: contributions.filter((each) => !out.has(each)),
    findings: others.map((file) => ({
      id: 'source-conflict',
      severity: 'low',
      pointer: '/model/io',
      message: `\`${whole?.path}\` has ${countsOf(whole)}, \`${file.path}\` has ${countsOf(file)}; those of the first were kept`,
      fix: 'Describe files that are not the same network on their own.',
      file: file.path,
    })),
  };
}

/** A side that a file does not state is no contradiction. */
const differ = (one: number, other: number): boolean => one > 0 && other > 0 && one !== other;
const countsOf = (file: FileIo | undefined): string => `${file?.inputs} inputs and ${file?.outputs} outputs`;

function filesWithIo(contributions: readonly Contribution[]): readonly FileIo[] {
  const byFile = new Map<string, Addition[]>();
  for (const each of contributions) if (each.kind === 'addition' && IO.test(each.list)) appendTo(byFile, each.from.path ?? '', each);
  return [...byFile].map(([path, additions]): FileIo => {
    const of = (side: string): readonly Addition[] => additions.filter(({ list }) => list.endsWith(side));
    const [inputs, outputs] = [of('/inputs'), of('/outputs')];
    return {
      path,
      words: tellingWords(stemOf(path)),
      said: canonicalize([inputs.map(({ item }) => item), outputs.map(({ item }) => item)]),
      inputs: inputs.length,
      outputs: outputs.length,
      additions,
    };
  });
}
