/** Was a file made by msbom? Then the next document may take its place. */
import { isObject } from '../core/objects.js';
import { TOOL } from '../core/tool.js';

/** Bytes of the beginning and of the end that are searched where a document is no JSON. */
const SEARCHED = 64 * 1024;

/** What our documents that are no JSON hold near their beginning or end. */
const MARKS = [
  `<meta name="generator" content="${TOOL.name} `,
  `<!-- made by ${TOOL.name} `,
  `# made by ${TOOL.name} `,
  `Creator: Tool: ${TOOL.name} `,
  `<name>${TOOL.name}</name>`,
];

/** What an earlier output is: our own, and a manifest. */
export interface Made {
  readonly isManifest: boolean;
  readonly isOwn: boolean;
}

/** An empty file was made by nobody, and nothing is lost with it. Documents of all standards name the tool that made them. */
export function madeBy(bytes: Uint8Array): Made {
  if (bytes.byteLength === 0) return { isManifest: false, isOwn: true };
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const ends = [text.subarray(0, SEARCHED), text.subarray(-SEARCHED)];
  const isMarked = MARKS.some((mark) => ends.some((part) => part.includes(mark)));
  if (!text.includes('"specVersion"') && (isMarked || !text.includes(TOOL.name))) return { isManifest: false, isOwn: isMarked };
  try {
    const value: unknown = JSON.parse(text.toString());
    return { isManifest: isManifest(value), isOwn: isMarked || namesTool(value) };
  } catch {
    return { isManifest: false, isOwn: isMarked }; // not JSON
  }
}

const isManifest = (value: unknown): boolean =>
  typeof at(value, 'bom', 'specVersion') === 'string' && typeof at(value, 'bom', 'serialNumber') === 'string';

/** The places where JSON documents say what made them. */
function namesTool(value: unknown): boolean {
  if (!isObject(value)) return false;
  const creators: unknown = at(value, 'creationInfo', 'creators');
  return (
    [at(value, 'bom', 'tools'), at(value, 'metadata', 'tools'), at(value, 'metadata', 'tools', 'components'), value.tool, value.tools].some(
      hasName,
    ) ||
    listOf(value.runs).some((run) => hasName(at(run, 'tool', 'driver'))) ||
    listOf(creators).some((each) => typeof each === 'string' && each.startsWith(`Tool: ${TOOL.name} `)) ||
    listOf(value['@graph']).some((each) => isObject(each) && each.type === 'Tool' && isNamed(each.name)) ||
    isNamed(value.tooling)
  );
}

const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : value === undefined ? [] : [value]);
const hasName = (value: unknown): boolean => listOf(value).some((each) => isObject(each) && isNamed(each.name));
/** `msbom`, or with the version behind it. */
const isNamed = (name: unknown): boolean => typeof name === 'string' && (name === TOOL.name || name.startsWith(`${TOOL.name} `));

function at(value: unknown, ...keys: readonly string[]): unknown {
  return keys.reduce<unknown>((found, key) => (isObject(found) && Object.hasOwn(found, key) ? found[key] : undefined), value);
}
