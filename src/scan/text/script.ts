/** Scripts of shells: commands that fetch and run code, or that hand a shell to others. */
import type { Finding } from '../inspector.js';
import { finding } from '../rules/index.js';

const ENDINGS = ['.sh', '.bash', '.zsh', '.bat', '.cmd', '.ps1', '.command'];
const SHELLS = ['sh', 'bash', 'zsh', 'dash', 'ksh', 'fish', 'node', 'perl', 'ruby', 'php', 'pwsh'];

/** Has it the first line of a script, or the name of one? Python has a judge of its own. */
export function looksLikeScript(start: string, name: string): boolean {
  if (start.startsWith('#!')) {
    const [line = ''] = start.split('\n', 1);
    return (
      SHELLS.some((shell) => line.endsWith(`/${shell}`) || line.includes(`/${shell} `) || line.includes(`env ${shell}`)) ||
      !line.includes('python')
    );
  }
  return ENDINGS.some((ending) => name.endsWith(ending));
}

const FETCH = ['curl ', 'wget ', 'Invoke-WebRequest', 'iwr ', 'DownloadString', 'certutil -urlcache', 'bitsadmin'];
const RUN = ['| sh', '|sh', '| bash', '|bash', '| sudo', '| python', '|python', '| zsh', 'iex', 'IEX', 'Invoke-Expression', '&& chmod +x'];
const SHELL = ['/dev/tcp/', '/dev/udp/', 'nc -e', 'ncat -e', 'bash -i >', 'mkfifo /tmp', 'socat exec', 'rm -rf /', 'rm -rf ~'];
const DECODE = [
  'base64 -d',
  'base64 --decode',
  'base64 -D',
  'FromBase64String',
  '-EncodedCommand',
  'powershell -e',
  'powershell -enc',
  'xxd -r',
];

/** What a command line would do that no model needs; undefined for others. */
export function commandHarm(line: string): string | undefined {
  const has = (list: readonly string[]): boolean => list.some((part) => line.includes(part));
  if (has(SHELL)) return 'hands a shell to others, or deletes everything';
  if (has(DECODE) && (has(RUN) || line.includes('owershell'))) return 'runs what it decodes';
  return has(FETCH) && has(RUN) ? 'runs what it fetches' : undefined;
}

export function judgeScript(content: string): readonly Finding[] {
  const findings: Finding[] = [];
  let at = 0;
  for (const line of content.split('\n')) {
    const bare = line.trim();
    const does = bare.startsWith('#') && at > 0 ? undefined : commandHarm(bare);
    if (does !== undefined && findings.length < 20)
      findings.push(finding('script-command', `${does}: \`${bare.slice(0, 160)}\``, { offset: at }));
    at += line.length + 1;
  }
  return findings;
}
