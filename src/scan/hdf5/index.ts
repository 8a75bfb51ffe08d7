/** HDF5: configurations of Keras and pickles in its attributes, and links to other files. No dataset is read. */
import { type ByteSource, bytesSource } from '../../core/byte-source.js';
import { MsbomError } from '../../core/error.js';
import { withLimits } from '../../core/limits.js';
import { type Hdf5Tree, readHdf5 } from '../../formats/shared/hdf5/index.js';
import { without } from '../carried/ranges.js';
import type { Finding, Inspection, Nested } from '../inspector.js';
import { importsNames } from '../pickle/sniff.js';
import { finding } from '../rules/index.js';
import { sliced } from '../sliced.js';
import { judgeJson } from '../text/json.js';

const MiB = 1024 * 1024;
const LIMITS = withLimits({ maxHeaderBytes: 64 * MiB, maxItems: 2_000_000, maxReadBytes: 1024 * MiB });
/** Attributes that are only numbers of other kinds say nothing of code. */
const HARMLESS = 'attributes that are neither texts nor numbers';
const MAX_PER_RULE = 20;

/** @throws ERR_IO_*, ERR_LIMIT_* */
export async function inspect(source: ByteSource): Promise<Inspection> {
  try {
    const tree = await readHdf5(source, LIMITS, { wanted: () => true });
    const findings: Finding[] = [...elsewhere(tree)];
    const nested: Nested[] = [];
    const isKeras = attributes(tree, source.name, findings, nested);
    if (tree.userBlockBytes > 0) nested.push({ member: 'user block', source: sliced(source, 0, tree.userBlockBytes) });
    const gaps = tree.notInspected.filter((gap) => gap !== HARMLESS);
    return {
      format: isKeras ? 'keras-h5' : 'hdf5',
      findings,
      status: gaps.length > 0 ? 'incomplete' : 'complete',
      spans: [{ from: 0, to: source.size, as: 'data', why: 'groups and attributes are parsed, datasets are data' }],
      nested,
      notInspected: gaps,
      carries: without(source.size, numbers(tree)),
    };
  } catch (error) {
    if (!MsbomError.is(error) || error.code.startsWith('ERR_IO') || error.code.startsWith('ERR_LIMIT')) throw error;
    return {
      format: 'hdf5',
      findings: [finding('format-broken', error.message, error.offset === undefined ? {} : { offset: error.offset })],
      status: 'incomplete',
      spans: [{ from: 0, to: source.size, as: 'skipped', why: error.message }],
      notInspected: [`a file of HDF5 that cannot be read: ${error.message}`],
      search: true,
    };
  }
}

/** Numbers that lie there as they are. */
const numbers = ({ objects }: Hdf5Tree): (readonly [from: number, to: number])[] =>
  objects.flatMap(({ dataset }) =>
    dataset?.start !== undefined && dataset.bytes !== undefined && ['16', '32', '64'].some((bits) => dataset.dtype.endsWith(bits))
      ? [[dataset.start, dataset.start + dataset.bytes] as const]
      : [],
  );

/** Links, storage and virtual datasets that lead to other files. */
function elsewhere({ objects, references, notInspected }: Hdf5Tree): readonly Finding[] {
  const findings: Finding[] = [];
  for (const { path, file } of references)
    if (file !== undefined && findings.length < MAX_PER_RULE)
      findings.push(
        finding('hdf5-external', `\`${path.slice(0, 200)}\` is a link into \`${file.slice(0, 200)}\``, {
          seen: { path: file.slice(0, 500) },
        }),
      );
  for (const { path, dataset } of objects)
    for (const file of dataset?.externalFiles ?? [])
      if (findings.length < 2 * MAX_PER_RULE)
        findings.push(
          finding('hdf5-external', `\`${path.slice(0, 200)}\` takes its data from \`${file.slice(0, 200)}\``, {
            seen: { path: file.slice(0, 500) },
          }),
        );
  if (notInspected.some((gap) => gap.startsWith('virtual datasets')) || objects.some(({ dataset }) => dataset?.layout === 'virtual'))
    findings.push(finding('hdf5-external', 'a virtual dataset takes its data from other files'));
  return findings;
}

/** Judges the texts of all attributes; true when one is a configuration of Keras. */
function attributes({ objects }: Hdf5Tree, source: string, findings: Finding[], nested: Nested[]): boolean {
  let isKeras = false;
  for (const { path, attributes: values } of objects)
    for (const [name, value] of values) {
      isKeras ||= name === 'model_config' || name === 'keras_version';
      for (const text of Array.isArray(value) ? value : [value]) {
        if (typeof text !== 'string' || text.length < 8) continue;
        const member = `${path === '' ? '' : `${path}/`}@${name}`;
        const judged = judgeJson({ [name]: text }, source);
        findings.push(...judged.findings.map((found) => ({ ...found, member: found.member ?? member })));
        nested.push(...judged.nested);
        // PyTables loads attributes that are pickles.
        const bytes = Uint8Array.from(text, (c) => c.charCodeAt(0) & 0xff);
        if (importsNames(bytes.subarray(0, 65_536), bytes.length <= 65_536)) nested.push({ member, source: bytesSource(member, bytes) });
      }
    }
  return isKeras;
}
