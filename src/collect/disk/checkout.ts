/** A model directory that is a checkout of a repository has its name and version from there. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Finding } from '../../core/finding.js';
import type { Limits } from '../../core/limits.js';
import { openHost } from '../../platform/host.js';
import { probeHost } from '../../probe/index.js';
import { type Claim, type Contribution, type Origin, RANKS } from '../contribution.js';
import { hubPurl } from '../values.js';

export interface CheckoutIdentity {
  readonly contributions: readonly Contribution[];
  readonly findings: readonly Finding[];
}

/**
 * Name, organisation and version of a directory that is the root of a checkout; nothing for one that merely lies in a
 * repository, which may be that of the code. The commit is the version of what is there only where nothing is changed.
 */
export async function checkoutIdentity(directory: string, limits: Limits): Promise<CheckoutIdentity> {
  if (!existsSync(join(directory, '.git'))) return { contributions: [], findings: [] };
  const context = { environment: 'machine', purpose: ['training' as const], limits, includePrivate: false };
  const { contributions, findings } = await probeHost(openHost({ cwd: directory }), ['git'], context as Parameters<typeof probeHost>[2]);
  const said = new Map(
    contributions
      .filter((each): each is Claim => each.kind === 'claim')
      .map((each) => [each.pointer.slice('/model/training/code/'.length), each]),
  );
  const state = said.get('dirty')?.value;
  const commit = state === false ? said.get('commit') : undefined;
  return {
    contributions: [
      ...named(said.get('repository'), commit),
      ...(commit === undefined ? [] : [claim('/model/version', String(commit.value), { ...commit.from, origin: 'declared' })]),
    ],
    findings: [...findings, ...(state === true ? [changed] : [])],
  };
}

const changed: Finding = {
  id: 'checkout-changed',
  severity: 'medium',
  message: 'the checkout has uncommitted changes, so its commit is not the version of these files',
  fix: 'Commit or undo the changes, or state the version with --model-version.',
  file: '.git',
};

const claim = (pointer: string, value: string, from: Origin, rank: number = RANKS.vcs): Contribution => ({
  kind: 'claim',
  pointer,
  value,
  rank,
  from,
});

/** `https://huggingface.co/org/name` and the like: the last part is the name, the one before it the organisation. */
function named(repository: Claim | undefined, commit: Claim | undefined): readonly Contribution[] {
  if (repository === undefined) return [];
  const address = String(repository.value).replace(/\.git\/?$|\/$/, '');
  const match = /(?<![^/:@])([^/:@]+)[/:]([\w.-]+)\/([\w.-]+)$/.exec(address);
  const [, host = '', group, name] = match ?? [];
  if (name === undefined || group === undefined) return [];
  const { from } = repository;
  const onHub = /(^|\.)(huggingface\.co|hf\.co)$/.test(host);
  const purl = hubPurl(`${group}/${name}`, commit === undefined ? undefined : String(commit.value));
  return [
    claim('/model/name', name, from, RANKS.repository),
    claim('/model/group', group, from, RANKS.repository),
    ...(onHub
      ? [
          {
            kind: 'addition',
            list: '/model/identifiers',
            item: { type: 'purl', value: purl },
            from: { ...from, origin: 'inferred' },
          } as const,
        ]
      : []),
  ];
}
