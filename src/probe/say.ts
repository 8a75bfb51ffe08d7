/** How probes say what they found: parts of the environment, and components installed in it. */
import type { Addition, Origin } from '../collect/contribution.js';
import type { JsonValue } from '../core/canonical-json.js';
import type { Finding } from '../core/finding.js';
import type { ProbeContext } from './probe.js';

type Item = { readonly [key: string]: JsonValue };
type Loose = { readonly [key: string]: JsonValue | undefined };

/** Where a probe read something: a path of the machine or a command, and its own key. */
export type From = (name: string, key?: string) => Origin;

/** Origins of the probe of that id. */
export function observedBy(probe: string): From {
  return (name, key) => ({ origin: 'observed', name, ...(key === undefined ? {} : { key }), method: `${probe} probe` });
}

/** The members that are known. */
function known(members: Loose): Item {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined)) as Item; // without undefined
}

/** The item of `/environments` that the machine is. */
export function environmentItem({ environment, purpose }: ProbeContext): Item {
  return { id: environment, purpose: [...purpose] };
}

/** One value of the environment, at a pointer such as `/os/kernel`; nothing when it is not known. */
export function environmentValue(context: ProbeContext, at: string, value: JsonValue | undefined, from: Origin): readonly Addition[] {
  if (value === undefined) return [];
  const members = at.split('/').slice(1);
  const nested = members.reduceRight<JsonValue>((inner, name) => ({ [name]: inner }), value) as Item; // at least one member
  return [{ kind: 'addition', list: '/environments', item: { ...environmentItem(context), ...nested }, at, from }];
}

/** Accelerators with those that are alike as one item and their number; undefined when there are none. */
export function countedAlike(devices: readonly Loose[]): JsonValue | undefined {
  const counts = new Map<string, { readonly item: Item; readonly count: number }>();
  for (const device of devices) {
    const item = known(device);
    const key = JSON.stringify(item);
    counts.set(key, { item, count: (counts.get(key)?.count ?? 0) + 1 });
  }
  return counts.size === 0 ? undefined : [...counts.values()].map(({ item, count }) => ({ ...item, count }));
}

/** Something installed on the machine. */
export function installed(context: ProbeContext, component: Loose & { readonly name: string }, from: Origin): Addition {
  const { environment, purpose } = context;
  return {
    kind: 'addition',
    list: '/components',
    item: { ...known(component), scope: [...purpose], status: 'installed', environment },
    from,
  };
}

/** Two places that say different things about one thing; both were kept apart or the first was kept, as `kept` says. */
export function disagreement(what: string, one: readonly [string, string], other: readonly [string, string], kept: string): Finding {
  return {
    id: 'source-conflict',
    severity: 'medium',
    message: `${what}: \`${one[0]}\` says ${one[1]}, \`${other[0]}\` says ${other[1]}; ${kept}`,
    fix: 'Find out which is right; a half-finished update or a second installation is the usual cause.',
  };
}
