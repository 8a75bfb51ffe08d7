// The scanner: whatever is broken, it ends with a verdict, and what is not looked at is never clean.
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));
const { scanSource, scanSettings } = await import(join(root, 'dist/scan/index.js'));
const MAX_SEED_BYTES = 256 * 1024;
const PAYLOAD = Buffer.concat([Buffer.from([0x80, 2]), Buffer.from('cposix\nsystem\n(X\u0004\0\0\0echotR.', 'latin1')]);
const settings = scanSettings({
  limits: { opcodes: 2_000_000, decodedBytes: 64 << 20, readBytes: 256 << 20, streams: 500, members: 2000, milliseconds: 60_000 },
});

let known;
function seeds() {
  if (known !== undefined) return known;
  const packed = (name) => JSON.parse(readFileSync(join(root, 'test/fixtures/scan', name), 'utf8'));
  const texts = [...Object.entries(packed('packed.json').packed), ...Object.entries(packed('sevenzip.json'))];
  const fixtures = join(root, 'test/fixtures/formats');
  const files = existsSync(fixtures)
    ? readdirSync(fixtures, { recursive: true })
        .map((name) => join(fixtures, name))
        .filter((path) => statSync(path).isFile())
        .map((path) => ({ name: path.slice(fixtures.length + 1), bytes: readFileSync(path).subarray(0, MAX_SEED_BYTES) }))
    : [];
  known = [...files, ...texts.map(([name, text]) => ({ name, bytes: Buffer.from(text, 'base64') })), { name: 'payload', bytes: PAYLOAD }];
  return known;
}

async function run(bytes, name) {
  const source = { name, size: bytes.length, read: async (offset, length) => bytes.subarray(offset, offset + length) };
  const { status, verdict, notInspected, findings } = await scanSource(name, source, settings);
  if (verdict === 'clean' && status !== 'complete') throw new Error('clean and not complete');
  if (status === 'complete' && notInspected.length > 0) throw new Error('complete, and something was not looked at');
  if (findings.some(({ message }) => message.includes('undefined'))) throw new Error(findings.map(({ message }) => message).join());
  return verdict;
}

/** A payload in front of anything is found: a loader would run it before it sees the rest. */
async function behindPayload(bytes, name) {
  const verdict = await run(Buffer.concat([PAYLOAD, bytes]), name);
  if (verdict !== 'malicious') throw new Error(`a payload before ${name} is ${verdict}`);
  return verdict;
}

export default [
  { name: 'scan', seeds, run },
  { name: 'scan behind a payload', seeds, run: behindPayload },
];
