import { optional } from '../../core/objects.js';
import { TARGET_WORDS } from '../../verbs/formats.js';
import { merge } from '../../verbs/merge.js';
import { type Command, DOCUMENT_OUTPUT_OPTION, FAIL_ON_OPTION } from '../command.js';
import { outputsFrom, sayDocument, writeDocuments } from '../outputs.js';
import { failOnOf, say } from '../printer.js';
import { SUMMARIES } from '../summaries.js';
import { nowFrom } from '../values.js';

export const command: Command = {
  name: 'merge',
  summary: SUMMARIES.merge,
  usage: 'msbom merge MODEL SBOM… [OPTIONS]',
  description:
    'Joins components, services, vulnerabilities and the graph of CycloneDX or SPDX documents, or of other manifests, into a manifest. The same component stands once: by purl, else by digest, else by name and version. Where the documents disagree, the value of the model is kept and the disagreement is told. Everything new has evidence that names the document.',
  minPositionals: 2,
  maxPositionals: 1000,
  options: {
    ...DOCUMENT_OUTPUT_OPTION,
    to: {
      type: 'string',
      short: 't',
      value: 'TARGET',
      choices: TARGET_WORDS,
      help: 'format and version of the result; default a manifest',
    },
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
    'a finding is of the severity of --fail-on',
    'nothing was written: a document is not valid or could not be read, or a usage error',
  ],
  async run(args, io) {
    const [file = '-', ...others] = args.positionals;
    const planned = outputsFrom(args, io, 'msbom');
    const result = await merge(file, others, {
      ...io,
      now: nowFrom(io),
      failOn: failOnOf(args),
      ...optional('subject', args.text('subject')),
    });
    const written = await writeDocuments(planned, result, io);
    sayDocument(args, io, result, planned);
    const losses = Math.max(0, ...written.map((each) => each.losses.length));
    if (losses > 0)
      say(args, io, `${losses} values or groups of values have no native place in the result; \`msbom convert --losses FILE\` lists them`);
    return result.exitCode;
  },
};
