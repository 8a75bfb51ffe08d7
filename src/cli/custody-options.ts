/** The options of `msbom verify` for ancestry and policies, apart from the work. */
import type { Arguments, Options } from './command.js';

export const CUSTODY_OPTIONS: Options = {
  lineage: { type: 'boolean', help: 'verify what the model was made from too, as its claims state it, each by its own signature' },
  roots: { type: 'string', value: 'DIRECTORY', multiple: true, help: 'where base models, adapters and datasets are looked for' },
  base: {
    type: 'string',
    value: 'DIRECTORY',
    help: 'the base model that an adapter is to run on: it must be the one that the adapter was made for',
  },
  claims: { type: 'string', value: 'FILE', help: 'claims of the model; default claims.jsonl in the directory' },
  policy: { type: 'string', value: 'FILE|NAME', help: 'judge by a policy: a file, or deploy-strict, adopt-third-party or eu-high-risk' },
  boundary: { type: 'string', value: 'NAME', help: 'which boundary of the policy the model is to pass' },
  role: {
    type: 'string',
    value: 'NAME=FILE[,IDENTITY…]',
    multiple: true,
    help: 'who a role of the policy is: a public key, or a root certificate and whom it certifies',
  },
  explain: { type: 'boolean', help: 'tell of every rule, also those that are met, by which evidence' },
};

/** Is ancestry or a policy asked for? */
export const asksForCustody = (args: Arguments): boolean => args.flag('lineage') || args.given('policy');

/** An option of the above that was given, if any. */
export const givenCustodyOption = (args: Arguments): string | undefined => Object.keys(CUSTODY_OPTIONS).find((name) => args.given(name));
