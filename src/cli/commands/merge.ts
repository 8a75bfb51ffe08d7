import { createHash } from 'node:crypto';
import { append } from '../../core/append.js';
import type { Finding } from '../../core/finding.js';
import { type JoinOptions, joinManifests, withSubject } from '../../manifest/join.js';
import { refuseInvalid } from '../../record/check.js';
import type { Manifest } from '../../schema/index.js';
import { type Command, FAIL_ON_OPTION, OUTPUT_OPTION } from '../command.js';
import { manifestFrom, readInput, readManifest } from '../input.js';
import type { Session } from '../io.js';
import { exitFor, say, sayFindings, writeOutput } from '../printer.js';
import { TARGET_WORDS, targetOf, writeAs } from '../target.js';
import { timestampFrom } from '../values.js';

export const command: Command = {
  name: 'merge',
  summary: 'bring the software of other documents into the manifest of a model',
  usage: 'msbom merge MODEL SBOM… [OPTIONS]',
  description:
    'Joins components, services, vulnerabilities and the graph of CycloneDX or SPDX documents, or of other manifests, into a manifest. The same component stands once: by purl, else by digest, else by name and version. Where the documents disagree, the value of the model is kept and the disagreement is told. Everything new has evidence that names the document.',
  minPositionals: 2,
  maxPositionals: 1000,
  options: {
    ...OUTPUT_OPTION,
    to: { type: 'string', short: 't', value: 'TARGET', choices: TARGET_WORDS, default: 'msbom', help: 'format and version of the result' },
    subject: {
      type: 'string',
      value: 'ID',
      help: 'what the result is about: the id of a component or dataset of it; default what the first document is about',
    },
    ...FAIL_ON_OPTION('never'),
  },
  examples: [
    ['msbom merge m.msbom.json app.cdx.json -o whole.msbom.json', 'a model and the application that serves it'],
    ['npm sbom --sbom-format spdx | msbom merge m.msbom.json -', 'and the packages that it was installed with'],
    ['msbom merge m.msbom.json python.cdx.xml --to cyclonedx@1.6', 'one CycloneDX document of both'],
  ],
  exits: [
    'the result was written',
    'a document is not valid and nothing was written, or a finding is of the severity of --fail-on',
    'nothing was written: a document could not be read, or a usage error',
  ],
  async run(args, io) {
    const [file = '-', ...others] = args.positionals;
    const target = targetOf(args.text('to') ?? 'msbom');
    const model = await readManifest(file, io);
    const findings: (readonly [name: string, finding: Finding])[] = [];
    let merged = model;
    for (const name of others) {
      const { manifest, found, source } = await readOther(name, io);
      const joined = joinManifests(merged, manifest, source === undefined ? {} : { source });
      merged = joined.manifest;
      append(
        findings,
        [...found, ...joined.findings].map((finding) => [name, finding] as const),
      );
    }
    const subject = args.text('subject');
    if (subject !== undefined) merged = withSubject(merged, subject);
    if (merged !== model) merged = { ...merged, bom: { ...merged.bom, version: model.bom.version + 1, timestamp: timestampFrom(io) } };
    // A merge of valid documents is valid; should it not be, nothing is written.
    await refuseInvalid(merged);
    const { text, losses } = await writeAs(target, merged, file, { reference: false });
    await writeOutput(args, io, text);
    if (losses.length > 0)
      say(
        args,
        io,
        `${losses.length} values or groups of values have no native place in ${target}; \`msbom convert --losses FILE\` lists them`,
      );
    for (const [name, finding] of findings) sayFindings(args, io, [finding], name);
    return exitFor(
      args,
      findings.map(([, finding]) => finding),
    );
  },
};

interface Other extends JoinOptions {
  readonly manifest: Manifest;
  readonly found: readonly Finding[];
}

/** A document of any kind as a manifest. @throws ERR_CONVERT_INPUT, ERR_MANIFEST_INVALID, and what reading throws */
async function readOther(name: string, io: Session): Promise<Other> {
  const bytes = await readInput(name, io);
  const { openDocument, readSource } = await import('../../convert/document.js');
  const opened = await openDocument(bytes, { file: name });
  const source = { name: name.split(/[\\/]/).at(-1) ?? name, digest: { sha256: createHash('sha256').update(bytes).digest('hex') } };
  if (opened.kind.standard === 'msbom') return { manifest: manifestFrom(bytes, name), source, found: [] };
  const { manifest, findings } = await readSource(opened, { file: name, timestamp: timestampFrom(io) });
  return { manifest, source, found: findings };
}
