/** Scripts that let shells complete verbs, options and their words; everything in them comes from the tables of the verbs. */
import type { OptionSpec, VerbPage } from './io.js';

export const SHELLS = ['bash', 'zsh', 'fish'] as const;
export type Shell = (typeof SHELLS)[number];

/** A text between single quotes, as POSIX shells and fish read it. */
const quoted = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`;

const flagsOf = (options: VerbPage['options']): readonly string[] => Object.keys(options).map((name) => `--${name}`);
const withChoices = (options: VerbPage['options']): readonly (readonly [string, readonly string[]])[] =>
  Object.entries(options).flatMap(([name, { choices }]) => (choices === undefined ? [] : [[name, choices] as const]));

const WRITERS: Readonly<Record<Shell, (verbs: readonly VerbPage[]) => string>> = { bash, zsh, fish };

export const completionScript = (shell: Shell, verbs: readonly VerbPage[]): string => WRITERS[shell](verbs);

function bash(verbs: readonly VerbPage[]): string {
  const cases = verbs.map(({ name, options }) => {
    const words = withChoices(options).map(
      ([option, choices]) => `        --${option}) COMPREPLY=($(compgen -W ${quoted(choices.join(' '))} -- "$word")); return ;;`,
    );
    return [
      `    ${name})`,
      ...(words.length > 0 ? [`      case "$before" in`, ...words, '      esac'] : []),
      `      options=${quoted(flagsOf(options).join(' '))} ;;`,
    ].join('\n');
  });
  return `# completions of msbom for bash
_msbom() {
  local word="\${COMP_WORDS[COMP_CWORD]}" before="\${COMP_WORDS[COMP_CWORD-1]}" options=
  if [ "$COMP_CWORD" -eq 1 ]; then
    COMPREPLY=($(compgen -W ${quoted([...verbs.map(({ name }) => name), 'help', '--version', '--help'].join(' '))} -- "$word"))
    return
  fi
  case "\${COMP_WORDS[1]}" in
${cases.join('\n')}
  esac
  case "$word" in
    -*) COMPREPLY=($(compgen -W "$options" -- "$word")) ;;
    *) COMPREPLY=($(compgen -f -- "$word")) ;;
  esac
}
complete -o filenames -F _msbom msbom
`;
}

function zsh(verbs: readonly VerbPage[]): string {
  const described = (text: string): string => text.replace(/[[\]:\\]/g, '\\$&');
  const option = ([name, { help, choices, value, type, multiple }]: readonly [string, OptionSpec]): string => {
    const what = type === 'boolean' ? '' : `:${described(value ?? 'text')}:${choices === undefined ? '_files' : `(${choices.join(' ')})`}`;
    return quoted(`${multiple === true ? '*' : ''}--${name}[${described(help)}]${what}`);
  };
  return `#compdef msbom
# completions of msbom for zsh
_msbom() {
  local -a verbs
  verbs=(${verbs.map(({ name, summary }) => quoted(`${name}:${described(summary)}`)).join(' ')})
  if (( CURRENT == 2 )); then
    _describe verb verbs
    return
  fi
  case "$words[2]" in
${verbs.map(({ name, options }) => `    ${name}) _arguments ${Object.entries(options).map(option).join(' ')} '*:file:_files' ;;`).join('\n')}
  esac
}
_msbom "$@"
`;
}

function fish(verbs: readonly VerbPage[]): string {
  const lines = verbs.flatMap(({ name, summary, options }) => [
    `complete -c msbom -n __fish_use_subcommand -f -a ${name} -d ${quoted(summary)}`,
    ...Object.entries(options).map(
      ([option, { help, short, type, choices }]) =>
        `complete -c msbom -n '__fish_seen_subcommand_from ${name}' -l ${option}${short === undefined ? '' : ` -s ${short}`}${
          type === 'boolean' ? '' : choices === undefined ? ' -r' : ` -x -a ${quoted(choices.join(' '))}`
        } -d ${quoted(help)}`,
    ),
  ]);
  return `# completions of msbom for fish\n${lines.join('\n')}\n`;
}
