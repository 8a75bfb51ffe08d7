import { describe, expect, it } from 'vitest';
import { type Answer, comply } from '../../src/comply/index.js';
import { parsePointer } from '../../src/core/json-pointer.js';
import type { Manifest } from '../../src/schema/index.js';
import { allProfiles, completed, fullAnswers } from '../support/complying.js';

const profiles = await allProfiles();
const full = completed(fullAnswers(), profiles);
const signature = { ok: true, detail: 'by the key of acme' };
const report = await comply(full, profiles, { signature });

/** A copy without the value at a pointer. */
function without(manifest: Manifest, pointers: readonly string[]): Manifest {
  const copy = structuredClone(manifest);
  for (const pointer of pointers) {
    const keys = parsePointer(pointer) ?? [];
    const last = keys.pop() ?? '';
    const parent = keys.reduce<unknown>((value, key) => (value as Record<string, unknown> | undefined)?.[key], copy);
    // Of a list an item stays in its place.
    if (Array.isArray(parent)) parent[Number(last)] = undefined;
    else if (parent !== undefined) delete (parent as Record<string, unknown>)[last];
  }
  return copy;
}

/** Requirements that no single value answers, and what breaks them. */
const BREAKS: Readonly<Record<string, (manifest: Manifest) => Manifest>> = {
  'CRA-I.I.2a': (m) => ({ ...m, security: { ...m.security, vulnerabilities: { v: { id: 'CVE-2026-1', status: 'exploitable' } } } }),
  'CORE-18': (m) => without(m, ['/model/description']),
  'CISA-P3': (m) => without(m, ['/model/name']),
  'CORE-19': (m) => ({ ...m, model: { ...m.model, producer: 'nobody' } }) as Manifest,
  'BSI-4': (m) => without(m, ['/bom/specVersion']),
  '5962-EXP': (m) => without(m, ['/bom/specVersion']),
  'BSI-VULN': (m) => ({ ...m, bom: { ...m.bom, audiences: {} } }),
};

describe('the document that says something for every requirement', () => {
  it('meets all 624, once it is signed and attested', () => {
    expect(report.requirements.filter(({ status }) => status !== 'met').map(({ id, status, gaps }) => [id, status, gaps])).toEqual([]);
    expect(report.counts.met).toBe(624);
  });
  it('meets what needs neither signature nor person without them', async () => {
    const { counts, requirements } = await comply(fullAnswers(), profiles);
    expect(counts).toEqual({
      met: 573,
      'met-by-declaration': 0,
      'not-applicable': 0,
      missing: 0,
      failed: 1,
      'needs-review': 47,
      'not-examined': 3,
    });
    expect(requirements.filter(({ status }) => status === 'failed').map(({ id }) => id)).toEqual(['BSI-VULN']);
    expect(requirements.filter(({ status }) => status === 'not-examined').map(({ id }) => id)).toEqual(['CORE-20', 'G7-MD-05', 'CISA-M2']);
  });
});

describe('an empty document', () => {
  it('meets nothing, and thirteen things are not asked of it', async () => {
    const { counts } = await comply({} as Manifest, profiles);
    expect(counts).toMatchObject({ met: 0, 'met-by-declaration': 0, 'not-applicable': 13, 'not-examined': 0 });
  });
});

describe('one change for each requirement', () => {
  /** The same requirement of the changed document. */
  const again = async (answer: Answer, changed: Manifest) => {
    const profile = profiles.find(({ id }) => id === answer.profile);
    if (profile === undefined) throw new Error(answer.profile);
    const one = {
      ...profile,
      requirements: profile.requirements.filter(
        ({ id, predicate }) => id === answer.id || answer.id === 'CISA-P3' || predicate.op === 'allAbsentDeclared',
      ),
    };
    const { requirements } = await comply(changed, [one], { signature });
    const found = requirements.find(({ id }) => id === answer.id);
    if (found === undefined) throw new Error(answer.id);
    return found;
  };
  /** Takes away what the answer rests on; of long lists an answer names only the first. */
  async function takenAway(answer: Answer): Promise<Manifest> {
    let changed = full;
    for (let at = answer; at.status === 'met' && at.pointers.length > 0; at = await again(answer, changed))
      changed = without(changed, at.pointers);
    return changed;
  }
  it.each(report.requirements.map((answer) => [`${answer.profile} ${answer.id}`, answer] as const))('%s', async (_, answer) => {
    const change = BREAKS[answer.id];
    const changed = change === undefined ? await takenAway(answer) : change(full);
    expect(changed).not.toEqual(full);
    expect((await again(answer, full)).status).toBe('met');
    expect(['missing', 'failed', 'needs-review', 'not-applicable']).toContain((await again(answer, changed)).status);
  });
});
