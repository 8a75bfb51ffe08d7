/** The time of a conversion grows with the document, not with its square. Counted in reads, since clocks are shared. */
import { expect, it } from 'vitest';
import { TARGETS } from '../../src/convert/targets.js';
import type { Manifest } from '../../src/schema/index.js';

function watched(count: number): { readonly manifest: Manifest; readonly reads: () => number } {
  let reads = 0;
  const ids = Array.from({ length: count }, (_, i) => `c${i}`);
  const manifest: Manifest = {
    bom: {
      specVersion: '1.0',
      serialNumber: 'urn:uuid:3e671687-395b-41f5-a30f-a58921a69b79',
      version: 1,
      timestamp: '2026-01-31T09:00:00Z',
    },
    model: { name: 'm' },
    components: ids.map((id) => ({ id, name: id, type: 'library' })),
    dependencies: ids.map((id, i) => ({
      get ref() {
        reads++;
        return id;
      },
      dependsOn: i === 0 ? [] : [`c${i - 1}`],
    })),
  };
  return { manifest, reads: () => reads };
}

it.each(Object.keys(TARGETS))('%s reads each edge of the graph a few times, however many there are', async (target) => {
  const of = async (count: number): Promise<number> => {
    const { manifest, reads } = watched(count);
    await TARGETS[target]?.(manifest);
    return reads() / count;
  };
  const [few, many] = [await of(50), await of(400)];
  expect(many).toBeLessThan(few + 2);
});
