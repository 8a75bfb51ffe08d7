// The built-in profiles → one page each, and the list of them for docs/comply.md.
import { readdirSync, readFileSync } from 'node:fs';

const NOTE = '<!-- Written by scripts/generate.mjs from src/comply/profiles. Do not edit. -->';
const row = (...cells) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
const READINGS = {
  primary: 'the text itself',
  transcript: 'a transcript of the text',
  secondary: 'what others say of the text',
  memory: 'memory: an unverified reading',
  own: 'ours',
};
const JUDGED = {
  auto: 'the tool',
  attested: 'the tool finds it; whether it is true rests on who says it',
  manual: 'a person, by an attestation',
};

const sorted = (profiles, order) => [...profiles].sort((a, b) => order.indexOf(a.id) - order.indexOf(b.id));

/** `{ path: text }` for each profile. */
export async function profilePages(root) {
  const { conditionInWords, PROFILE_IDS } = await import(`${root}dist/comply/index.js`);
  const directory = `${root}src/comply/profiles/`;
  const files = readdirSync(directory).filter((name) => name.endsWith('.json'));
  const profiles = sorted(
    files.map((name) => JSON.parse(readFileSync(directory + name, 'utf8'))),
    PROFILE_IDS,
  );
  return {
    ...Object.fromEntries(profiles.map((profile) => [`docs/profiles/${profile.id}.md`, page(profile, conditionInWords)])),
    'docs/profiles/README.md': overview(profiles),
  };
}

function page(profile, inWords) {
  const { id, title, version, issuer, force, status, appliesTo, url, replaces, unknown, readAt, requirements } = profile;
  const unverified = requirements.filter(({ reading }) => reading === 'memory').length;
  const about = [
    ['version', version],
    ['issuer', issuer],
    ['force', force],
    ['status', status],
    ['applies to', appliesTo],
    ['text', url],
    ['came after', replaces === undefined ? undefined : `[${replaces}](${replaces}.md)`],
    [
      'a value declared unknown or withheld',
      unknown === 'accepted' ? 'answers a requirement' : 'answers no requirement; one that does not apply, with a reason, does',
    ],
    ['read', readAt],
    [
      'unverified readings',
      unverified === 0 ? undefined : `${unverified} of ${requirements.length}: nobody has checked them against the text yet`,
    ],
  ];
  return `# ${title}

${NOTE}

\`msbom comply FILE --profile ${id}\` asks the ${requirements.length} requirements below. The sentences are ours; what counts is the text of the instrument. None of this is legal advice.

| | |
|---|---|
${about
  .filter(([, value]) => value !== undefined)
  .map(([name, value]) => row(name, value))
  .join('\n')}

${requirements.map((each) => section(each, inWords)).join('\n')}`;
}

function section({ id, title, citation, requirement, level, judged, audience, reading, when, predicate }, inWords) {
  const lines = [
    `${requirement} ${citation}.`,
    `- level: ${level}${audience === undefined ? '' : `; for: ${audience}`}`,
    ...(when === undefined ? [] : [`- asked only if ${inWords(when)}`]),
    `- met when ${inWords(predicate)}${judged === 'manual' && predicate.op !== 'attested' ? ', and a person has attested it' : ''}`,
    `- decided by ${JUDGED[judged]}`,
    `- read from ${READINGS[reading]}`,
  ];
  return `## ${id}: ${title}\n${lines.join('\n')}\n`;
}

const overview = (profiles) => `# Profiles

${NOTE}

${profiles.reduce((sum, { requirements }) => sum + requirements.length, 0)} requirements of ${profiles.length} instruments. [\`msbom comply\`](../comply.md) asks them of a document.

| profile | instrument | force | requirements | MUST | decided by a person | unverified readings |
|---|---|---|---|---|---|---|
${profiles
  .map(({ id, title, version, force, requirements }) => {
    const count = (is) => String(requirements.filter(is).length);
    return row(
      `[${id}](${id}.md)`,
      `${title}, ${version}`,
      force,
      String(requirements.length),
      count(({ level }) => level === 'MUST'),
      count(({ judged }) => judged === 'manual'),
      count(({ reading }) => reading === 'memory'),
    );
  })
  .join('\n')}
`;
