import type { Collected } from '../collect/contribution.js';
import type { Host } from '../core/host.js';
import type { Limits } from '../core/limits.js';
import type { Environment } from '../schema/index.js';

/** Kinds of probes that a user turns on by `--with`. `packages` lists every package of the operating system: often a thousand. */
export const PROBE_GROUPS = ['env', 'hardware', 'os', 'packages', 'git'] as const;
export type ProbeGroup = (typeof PROBE_GROUPS)[number];

export interface ProbeContext {
  /** Id of the environment that the machine is: what is found belongs to it. */
  readonly environment: string;
  /** What the environment serves. */
  readonly purpose: readonly Environment['purpose'][number][];
  readonly limits: Limits;
  /** Serial numbers, UUIDs, user and host names are left out unless this is set. */
  readonly includePrivate: boolean;
  /** Python interpreter or prefix (`/opt/venv`) to look into; default: what `VIRTUAL_ENV`, `CONDA_PREFIX` or the search path says. */
  readonly python?: string | undefined;
  /** Compare the files of installed Python packages with the hashes in their RECORD; reads every byte of them. */
  readonly verifyRecord?: boolean | undefined;
}

/**
 * Reads one aspect of a machine. What it finds are contributions: additions to `/environments` (items with the id of the
 * context are joined member by member), to `/components` (with `status: 'installed'`, `environment` and `scope`), claims
 * such as `/model/training/code/commit`.
 */
export interface Probe {
  /** Id, folder and page in docs/collectors. */
  readonly id: string;
  readonly group: ProbeGroup;
  /** What it reads, as the documentation says it. */
  readonly reads: string;
  /** @throws ERR_IO_* only; what is wrong with what it reads is a finding */
  probe(host: Host, context: ProbeContext): Promise<Collected>;
}
