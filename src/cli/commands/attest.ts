import { MsbomError } from '../../core/error.js';
import { optional } from '../../core/objects.js';
import { RUN_KINDS } from '../../sign/index.js';
import { attest } from '../../verbs/attest.js';
import type { Command } from '../command.js';
import { say } from '../printer.js';
import { SIGNATURE_MARK } from '../signature-options.js';
import { SIGNER_OPTIONS, signerFrom } from '../signing.js';
import { statementFrom } from '../statement.js';
import { SUMMARIES } from '../summaries.js';
import { numberFrom } from '../values.js';

export const command: Command = {
  name: 'attest',
  summary: SUMMARIES.attest,
  usage: 'msbom attest DIRECTORY --type TYPE (--key FILE | --signer-cmd COMMAND) [OPTIONS]',
  description:
    'Signs a statement of in-toto about a model, a dataset or an adapter: its manifest, how it was made, the result of a test, that it goes to somebody else, or anything else. What it is about is the root of the directory: that of its signature, once the files are those that were signed, or the one that a signature would have. The statement is added to claims.jsonl in the directory. docs/statements.md says what each type is for.',
  minPositionals: 1,
  maxPositionals: 1,
  options: {
    type: {
      type: 'string',
      short: 't',
      value: 'TYPE',
      help: 'manifest, cyclonedx, provenance, test-result, handoff, or the URI of another type',
    },
    predicate: {
      type: 'string',
      value: 'FILE',
      help: 'what is stated: the manifest, the document of CycloneDX, the statement that `msbom record` wrote, or JSON of another type',
    },
    signature: { type: 'string', short: 's', value: 'FILE', help: 'signature of the directory; default model.sig in it, if it is there' },
    subject: {
      type: 'string',
      value: 'NAME=sha256:HEX',
      multiple: true,
      help: 'what it is about besides, such as the manifest of an OCI image',
    },
    ...SIGNER_OPTIONS,
    kind: { type: 'string', value: 'KIND', choices: RUN_KINDS, help: 'provenance: what kind of run it was' },
    builder: { type: 'string', value: 'URI', help: 'provenance: who ran it' },
    input: {
      type: 'string',
      value: 'ROLE=DIRECTORY',
      multiple: true,
      help: 'provenance: what went in, as base-model, adapter, dataset, teacher, tokenizer or code',
    },
    parameter: { type: 'string', value: 'NAME=VALUE', multiple: true, help: 'provenance: what whoever started the run chose' },
    result: { type: 'string', value: 'RESULT', choices: ['PASSED', 'WARNED', 'FAILED'], help: 'test-result: how it came out' },
    configuration: { type: 'string', value: 'URI', multiple: true, help: 'test-result: what was tested with' },
    passed: { type: 'string', value: 'NAME', multiple: true, help: 'test-result: a test that passed' },
    warned: { type: 'string', value: 'NAME', multiple: true, help: 'test-result: a test that passed with warnings' },
    failed: { type: 'string', value: 'NAME', multiple: true, help: 'test-result: a test that failed' },
    from: { type: 'string', value: 'URI', help: 'handoff: who gives' },
    to: { type: 'string', value: 'URI', help: 'handoff: who takes' },
    purpose: { type: 'string', value: 'WORD', choices: ['release', 'mirror', 'deploy'], help: 'handoff: what for' },
    claims: { type: 'string', value: 'FILE', help: 'the claims to add to; default claims.jsonl in the directory' },
    output: {
      type: 'string',
      short: 'o',
      value: 'FILE',
      isOutput: true,
      mark: SIGNATURE_MARK,
      help: 'write the signed statement to FILE instead of adding it',
    },
    jobs: { type: 'string', short: 'j', value: 'N', help: 'threads for hashing at most' },
  },
  examples: [
    ['msbom attest ./my-model --type manifest --predicate my-model.msbom.json --key key.pem', 'say what it is made of'],
    [
      'msbom attest ./lora --type provenance --kind finetune --input base-model=./base --input dataset=./data --builder https://ci.example --key key.pem',
      'say what it was made from',
    ],
    [
      'msbom attest ./my-model --type test-result --result PASSED --configuration https://eval.example/suite --key key.pem',
      'say how it did in a test',
    ],
    [
      'msbom attest ./my-model --type handoff --from https://acme.example --to https://shop.example --purpose release --key key.pem',
      'give it to somebody, with all claims that are there',
    ],
  ],
  exits: [
    'the statement was signed and added',
    'never',
    'nothing was written: the directory is not as it was signed, the statement breaks a rule of its type, or a usage error',
  ],
  async run(args, io) {
    const [given = '.'] = args.positionals;
    const [output, claims] = [args.text('output'), args.text('claims')];
    if (output !== undefined && claims !== undefined && args.text('type') !== 'handoff')
      throw new MsbomError('ERR_CLI_USAGE', 'a statement goes to --claims or to --output', { hint: 'leave one of them out' });
    const result = await attest(given, {
      ...io,
      signer: await signerFrom(args, io, command),
      statement: (about) => statementFrom(args, io, about),
      ...optional('signature', args.text('signature')),
      ...optional('claims', claims),
      ...optional('output', output),
      ...optional('jobs', numberFrom(args, 'jobs')),
    });
    say(args, io, [['green', 'attested'], `  ${result.statement.predicateType} of sha256:${result.root}`], `claim  ${result.id}`);
    return result.exitCode;
  },
};
