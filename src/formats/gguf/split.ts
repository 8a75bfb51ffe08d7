/** Models in several files: each says which part it is, and so does its name. Source: gguf-split of llama.cpp */
import type { Finding } from '../../core/finding.js';
import type { GgufValue } from './value.js';

/** The grammar of file names, `NAME-00002-of-00003.gguf`; a hint that may only be compared. */
const NAME = /-(\d{5})-of-(\d{5})\.gguf$/;

const FIX = 'Fetch all parts of the same release again, under the names that their publisher gave them.';

/** What does not fit together: number and count inside the file, and those in its name. */
export function splitFindings(metadata: ReadonlyMap<string, GgufValue>, tensors: number, fileName: string): readonly Finding[] {
  const count = number(metadata, 'split.count');
  const part = number(metadata, 'split.no');
  const all = number(metadata, 'split.tensors.count');
  const named = NAME.exec(fileName);
  const problems: string[] = [];
  if (count !== undefined && part !== undefined && count > 0) {
    const says = `the file says it is part ${part + 1} of ${count}`;
    if (part >= count) problems.push(says);
    else if (named !== null && (Number(named[1]) !== part + 1 || Number(named[2]) !== count))
      problems.push(`${says}, its name says part ${Number(named[1])} of ${Number(named[2])}`);
  } else if (named !== null && Number(named[2]) > 1) {
    problems.push(`the name says part ${Number(named[1])} of ${Number(named[2])}, the file says nothing of parts`);
  }
  if (all !== undefined && tensors > all) problems.push(`the file has ${tensors} tensors, all parts together are said to have ${all}`);
  return problems.map((message) => ({ id: 'shard-set', severity: 'medium', message, fix: FIX }));
}

function number(metadata: ReadonlyMap<string, GgufValue>, key: string): number | undefined {
  const value = metadata.get(key)?.value;
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 ? value : undefined;
}
