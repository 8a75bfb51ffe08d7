/** Patterns of `.gitignore` and `.gitattributes` (https://git-scm.com/docs/gitignore#_pattern_format). */

/** Steps of matching that one question may take altogether, so that no pattern of somebody else holds us up. */
export interface MatchBudget {
  steps: number;
}

export interface Pattern {
  readonly negated: boolean;
  readonly onlyDirectories: boolean;
  /** Matches a path below the directory that the pattern stands in; nothing is left of the budget: false. */
  matches(path: string, budget: MatchBudget): boolean;
}

type Token =
  | { readonly kind: 'one'; readonly test: (char: string) => boolean }
  /** Any number of characters; `across` means also `/`. */
  | { readonly kind: 'many'; readonly across: boolean }
  /** No character: goes on with the next, or behind the next two. */
  | { readonly kind: 'fork' };

/** A pattern without the marks of its file (`!`, a last `/`) already taken off is made by `readPattern`. */
export function readPattern(line: string, foldCase: boolean): Pattern | undefined {
  let text = line;
  const negated = text.startsWith('!');
  if (negated) text = text.slice(1);
  const onlyDirectories = text.endsWith('/');
  if (onlyDirectories) text = text.slice(0, -1);
  if (text === '') return undefined;
  const named = !text.includes('/');
  if (text.startsWith('/')) text = text.slice(1);
  const fold = (value: string): string => (foldCase ? value.replace(/[A-Z]/g, (char) => char.toLowerCase()) : value);
  const wanted = fold(bytesAsText(text));
  const plain = !/[*?[\\]/.test(wanted);
  // `*.log` and the like are most of all patterns.
  const ending = named && /^\*[^*?[\\]+$/.test(wanted) ? wanted.slice(1) : undefined;
  const tokens = plain || ending !== undefined ? undefined : tokensOf(wanted, !named);
  const match = tokens === undefined ? undefined : matcher(tokens);
  return {
    negated,
    onlyDirectories,
    matches(path, budget) {
      const subject = fold(bytesAsText(named ? path.slice(path.lastIndexOf('/') + 1) : path));
      budget.steps--;
      if (plain) return subject === wanted;
      if (ending !== undefined) return subject.endsWith(ending);
      return match?.(subject, budget) ?? false;
    },
  };
}

/** git compares bytes: one character each. */
function bytesAsText(text: string): string {
  if (/^[\x00-\x7f]*$/.test(text)) return text;
  return Array.from(new TextEncoder().encode(text), (byte) => String.fromCharCode(byte)).join('');
}

/** Undefined for a pattern that matches nothing. With `paths`, only `**` between slashes crosses a slash. */
function tokensOf(pattern: string, paths: boolean): readonly Token[] | undefined {
  const tokens: Token[] = [];
  for (let at = 0; at < pattern.length; ) {
    const char = pattern[at] ?? '';
    if (char === '*') {
      const { tokens: stars, next } = starAt(pattern, at, paths);
      tokens.push(...stars);
      at = next;
    } else if (char === '?') {
      tokens.push({ kind: 'one', test: (each) => !paths || each !== '/' });
      at++;
    } else if (char === '[') {
      const found = classAt(pattern, at + 1);
      if (found === undefined) return undefined;
      const { test, next } = found;
      tokens.push({ kind: 'one', test: (each) => (!paths || each !== '/') && test(each) });
      at = next;
    } else {
      const literal = char === '\\' ? pattern[++at] : char;
      if (literal === undefined) return undefined;
      tokens.push({ kind: 'one', test: (each) => each === literal });
      at++;
    }
  }
  return tokens;
}

function starAt(pattern: string, from: number, paths: boolean): { readonly tokens: readonly Token[]; readonly next: number } {
  let next = from;
  while (pattern[next] === '*') next++;
  const several = next - from > 1;
  const after = pattern.slice(next, next + 2);
  const alone = (from === 0 || pattern[from - 1] === '/') && (after === '' || after.startsWith('/') || after === '\\/');
  const across = !paths || (several && alone);
  const many: Token = { kind: 'many', across };
  // `**/` matches no directory at all, too; once it matched something, the slash must come.
  return { tokens: paths && across && after.startsWith('/') ? [{ kind: 'fork' }, many] : [many], next };
}

const CLASSES: Readonly<Record<string, RegExp>> = {
  alnum: /[A-Za-z0-9]/,
  alpha: /[A-Za-z]/,
  blank: /[ \t]/,
  cntrl: /[\x00-\x1f\x7f]/,
  digit: /[0-9]/,
  graph: /[\x21-\x7e]/,
  lower: /[a-z]/,
  print: /[\x20-\x7e]/,
  punct: /[!-/:-@[-`{-~]/,
  space: /[ \t\n\v\f\r]/,
  upper: /[A-Z]/,
  xdigit: /[0-9A-Fa-f]/,
};

/** A set in brackets, after the first; undefined when it has no end. */
function classAt(pattern: string, from: number): { readonly test: (char: string) => boolean; readonly next: number } | undefined {
  let at = from;
  const inverted = pattern[at] === '!' || pattern[at] === '^';
  if (inverted) at++;
  const tests: ((char: string) => boolean)[] = [];
  let first = true;
  let before: string | undefined;
  for (; first || pattern[at] !== ']'; first = false) {
    const named = /^\[:([a-z]*):\]/.exec(pattern.slice(at, at + 12));
    let char = pattern[at];
    if (char === undefined) return undefined;
    if (named !== null) {
      const known = CLASSES[named[1] ?? ''];
      if (known === undefined) return undefined;
      tests.push((each) => known.test(each));
      at += named[0].length;
      before = undefined;
      continue;
    }
    if (char === '-' && before !== undefined && pattern[at + 1] !== ']' && at + 1 < pattern.length) {
      at++;
      if (pattern[at] === '\\') at++;
      const [low, high] = [before, pattern[at] ?? ''];
      tests.push((each) => each >= low && each <= high);
      before = undefined;
    } else {
      if (char === '\\') char = pattern[++at];
      if (char === undefined) return undefined;
      const literal = char;
      tests.push((each) => each === literal);
      before = literal;
    }
    at++;
  }
  return { test: (char) => tests.some((test) => test(char)) !== inverted, next: at + 1 };
}

/**
 * Follows all places in the pattern at once, so that no pattern is tried twice at one place of the text: at most as many steps as
 * the text has characters for each token. The lists of places are made once for a pattern, of which one may be asked for every file.
 */
function matcher(tokens: readonly Token[]): (text: string, budget: MatchBudget) => boolean {
  const size = tokens.length + 1;
  let [places, next] = [new Uint32Array(size), new Uint32Array(size)];
  let count = 0;
  // The turn in which a place was last put into a list.
  const turns = new Uint32Array(size);
  let turn = 0;
  /** Puts a place into the list; false when it is there, and with it what is reached from it. */
  const add = (list: Uint32Array, place: number): boolean => {
    if (turns[place] === turn) return false;
    turns[place] = turn;
    list[count++] = place;
    return true;
  };
  /** With the places that are reached without a character; without recursion, for patterns of any length. */
  const put = (list: Uint32Array, place: number): void => {
    for (let at = place; add(list, at); ) {
      const kind = tokens[at]?.kind;
      if (kind === 'many') at++;
      else if (kind === 'fork') {
        // Behind a fork stand a `many` and one character.
        if (add(list, at + 1)) add(list, at + 2);
        at += 3;
      } else return;
    }
  };
  const begin = (): void => {
    turn = (turn + 1) >>> 0;
    // After four thousand million turns the numbers begin again.
    if (turn === 0) turns.fill(turn++);
    count = 0;
  };
  return (text, budget) => {
    begin();
    put(places, 0);
    for (const char of text) {
      const before = count;
      begin();
      for (let i = 0; i < before; i++) {
        const place = places[i] ?? 0;
        const token = tokens[place];
        if (--budget.steps < 0) return false;
        if (token?.kind === 'one' && token.test(char)) put(next, place + 1);
        else if (token?.kind === 'many' && (token.across || char !== '/')) put(next, place);
      }
      if (count === 0) return false;
      [places, next] = [next, places];
    }
    return turns[tokens.length] === turn;
  };
}
