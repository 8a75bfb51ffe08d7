import { describe, expect, it } from 'vitest';
import { argumentsWithoutSecrets as withoutSecrets } from '../../../src/core/secrets/index.js';
import { selectedVariables } from '../../../src/record/variables.js';

const CASES: readonly (readonly [given: readonly string[], kept: readonly string[]])[] = [
  [
    ['--token=a', 'b'],
    ['--token=[redacted]', 'b'],
  ],
  [
    ['--hub_token', 'a'],
    ['--hub_token', '[redacted]'],
  ],
  [
    ['--aws-secret-access-key', 'a'],
    ['--aws-secret-access-key', '[redacted]'],
  ],
  [
    ['--wandbKey', 'a'],
    ['--wandbKey', '[redacted]'],
  ],
  [['--password=two words'], ['--password=[redacted]']],
  [
    ['wandb.api_key=a', '+hub.token=b', 'seed=1'],
    ['wandb.api_key=[redacted]', '+hub.token=[redacted]', 'seed=1'],
  ],
  [
    ['env', 'HF_TOKEN=a', 'python'],
    ['env', 'HF_TOKEN=[redacted]', 'python'],
  ],
  [
    ['-c', 'export HF_TOKEN="a b"; python x.py --api-key c; ls'],
    ['-c', 'export HF_TOKEN="[redacted]"; python x.py --api-key [redacted]; ls'],
  ],
  [
    ['-H', 'x: Bearer abcdef'],
    ['-H', 'x: Bearer [redacted]'],
  ],
  [['Authorization: abcdef'], ['Authorization: [redacted]']],
];

describe('secrets in arguments', () => {
  it.each(CASES)('%j', (given, kept) => {
    expect(withoutSecrets(given)).toEqual(kept);
  });
  it('leaves what only sounds like one: tokenizers, tokens of a vocabulary, authors', () => {
    const plain = ['--tokenizer', 'gpt2', '--max-tokens', '512', '--pad_token', '<pad>', '--eos-token=</s>', '--author', 'x', '--monkey=1'];
    expect(withoutSecrets(plain)).toEqual(plain);
  });
  it('takes no option for the value of the one before it', () => {
    expect(withoutSecrets(['--use-auth-token', '--lr', '1'])).toEqual(['--use-auth-token', '--lr', '1']);
  });
  it('stays linear in hostile arguments', () => {
    withoutSecrets(['-'.repeat(200_000), `${'a '.repeat(100_000)}=`, 'token:'.repeat(30_000), 'Bearer '.repeat(30_000)]);
  });
});

it('keeps a variable whose name only sounds like a secret', () => {
  expect(selectedVariables({ TOKENIZERS_PARALLELISM: 'false', TORCH_API_KEY: 'x', NCCL_AUTH: 'x' })).toEqual({
    TOKENIZERS_PARALLELISM: 'false',
  });
});
