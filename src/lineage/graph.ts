/** The ancestry of a model as far as claims state it: each parent looked up by its digest and verified by its own signature. */
import { basename, join, resolve } from 'node:path';
import { MsbomError } from '../core/error.js';
import type { Limits } from '../core/limits.js';
import {
  CLAIMS_NAME,
  claimsByParties,
  type PartyClaim,
  type PartyVerdict,
  type ReadParties,
  type Reason,
  type Role,
  verifyByParties,
} from '../sign/index.js';
import { edgesOf, type StatedEdge } from './edges.js';
import type { Candidate, Store } from './store.js';

/**
 * `verified`: it is there, and somebody who may has signed it. `unsigned`: its files are there, without a signature. `unresolved`: nothing
 * of that digest is there, or no digest is stated. `mismatch`: its signature is there, the files are others. `untrusted`: signed by nobody
 * who may.
 */
export type NodeState = 'verified' | 'unsigned' | 'unresolved' | 'mismatch' | 'untrusted';

/** The worst first. */
export const NODE_STATES: readonly NodeState[] = ['mismatch', 'untrusted', 'unsigned', 'unresolved', 'verified'];

/** What a node is: the model that was asked about, or what it went in as. */
export type NodeRole = 'root' | Role;

export interface LineageNode {
  /** `sha256:` and its root; of what has no such digest, how it is stated. */
  readonly id: string;
  /** As it is stated, or as its directory is called. */
  readonly name: string;
  /** Everything that it is to others, sorted. */
  readonly roles: readonly NodeRole[];
  readonly state: NodeState;
  /** Is it there as somebody whom any party trusts signed it, whatever it is used for? */
  readonly isIntact: boolean;
  /** Where it was found, relative to the directory that was searched. */
  readonly directory?: string;
  /** Who signed it, by the names of parties. */
  readonly parties: readonly string[];
  readonly signer?: PartyVerdict['signer'];
  readonly files?: PartyVerdict['files'];
  /** Paths that were signed. */
  readonly signed?: readonly string[];
  readonly reasons: readonly Reason[];
  /** Its claims, in their order, also those that count for nothing. */
  readonly claims: readonly PartyClaim[];
  readonly edges: readonly LineageEdge[];
}

export interface LineageEdge {
  readonly role: Role;
  /** Id of a node. */
  readonly to: string;
  /** Names of the claims that say so. */
  readonly claims: readonly string[];
}

export interface Lineage {
  /** Id of the model that was asked about. */
  readonly root: string;
  /** By id; the root first, then in the order in which they are reached. */
  readonly nodes: ReadonlyMap<string, LineageNode>;
  /** Signatures in the places that were searched which could not be read. */
  readonly unreadable: readonly string[];
}

export interface LineageOptions {
  readonly parties: ReadParties;
  /** Where parents are looked for. */
  readonly store: Store;
  /** Claims of the model; default `claims.jsonl` in it. */
  readonly claimsFile?: string;
  /** Steps from the model, and nodes, at most. Default 16 and 1000. */
  readonly maxDepth?: number;
  readonly maxNodes?: number;
  readonly jobs?: number;
  readonly limits?: Limits;
  /** Parties whose signature of something in that role counts; default all. */
  readonly signersOf?: (role: NodeRole) => readonly string[] | undefined;
  /** How the files of the model itself are judged. */
  readonly files?: {
    readonly ignore?: readonly string[];
    readonly allowUnsigned?: boolean;
    readonly allowLoader?: (path: string) => boolean;
    readonly allowSymlinks?: boolean;
  };
}

const DEFAULT_DEPTH = 16;
const DEFAULT_NODES = 1000;

/** A model that does not lie in a directory of its own. */
export interface LineageRoot {
  /** As it may be shown. */
  readonly name: string;
  /** Whether somebody who is trusted signed it; `options` say how its files are judged. */
  verify(parties: ReadParties, options: LineageOptions['files'] & Pick<LineageOptions, 'jobs' | 'limits'>): Promise<PartyVerdict>;
  /** Its claims, judged by what it is known by. */
  claims(parties: ReadParties, roots: readonly string[]): Promise<readonly PartyClaim[]>;
}

interface Found extends Omit<LineageNode, 'roles' | 'edges'> {
  readonly roots: readonly string[];
}

interface Walk {
  readonly options: LineageOptions;
  readonly nodes: Map<string, LineageNode>;
  readonly roles: Map<string, Set<NodeRole>>;
  readonly found: Map<string, Promise<Found>>;
}

/**
 * Verifies a model and, from claim to claim, what it was made from.
 * @throws ERR_LINEAGE_CYCLE when something is its own ancestor; ERR_LIMIT_DEPTH, ERR_LIMIT_COUNT; ERR_IO_*
 */
export async function verifyLineage(directory: string, signatureFile: string, options: LineageOptions): Promise<Lineage> {
  return walkFrom(await look({ directory, shown: basename(resolve(directory)), signatureFile }, options, options.files ?? {}), options);
}

/** The same of a model that lies somewhere else. @throws the same, and what the root throws */
export async function verifyLineageOf(root: LineageRoot, options: LineageOptions): Promise<Lineage> {
  const { parties, jobs, limits } = options;
  const bounds = { ...(jobs === undefined ? {} : { jobs }), ...(limits === undefined ? {} : { limits }) };
  const verdict = await root.verify(parties, { ...options.files, ...bounds });
  const claims = await root.claims(parties, verdict.roots);
  return walkFrom({ id: '', name: root.name, ...foundBy(verdict), claims }, options);
}

async function walkFrom(own: Found, options: LineageOptions): Promise<Lineage> {
  const walk: Walk = { options, nodes: new Map(), roles: new Map(), found: new Map() };
  const id = own.roots[0] === undefined ? 'unreadable signature' : `sha256:${own.roots[0]}`;
  walk.found.set(id, Promise.resolve({ ...own, id }));
  await visit(walk, id, 'root', { role: 'base-model' }, []);
  const nodes = new Map([...walk.nodes].map(([key, node]) => [key, withRoles(node, walk)]));
  return { root: id, nodes, unreadable: options.store.unreadable };
}

const withRoles = (node: LineageNode, { roles, options }: Walk): LineageNode => {
  const all = [...(roles.get(node.id) ?? [])].sort();
  const isAllowed = all.every((role) => mayHaveSigned(node.parties, options.signersOf?.(role)));
  return { ...node, roles: all, state: node.state === 'verified' && !isAllowed ? 'untrusted' : node.state };
};

/** Did one of those sign whose signature counts? */
export const mayHaveSigned = (parties: readonly string[], wanted: readonly string[] | undefined): boolean =>
  wanted === undefined || parties.some((each) => wanted.includes(each));

async function visit(walk: Walk, id: string, role: NodeRole, stated: StatedEdge, trail: readonly string[]): Promise<void> {
  const { nodes, roles, options } = walk;
  const known = roles.get(id) ?? new Set();
  roles.set(id, known.add(role));
  if (trail.includes(id))
    throw new MsbomError('ERR_LINEAGE_CYCLE', `${id} is its own ancestor: ${[...trail.slice(trail.indexOf(id)), id].join(' → ')}`, {
      hint: 'One of these claims is wrong: nothing is made from what was made from it.',
    });
  const { maxDepth = DEFAULT_DEPTH, maxNodes = DEFAULT_NODES } = options;
  if (trail.length > maxDepth) throw new MsbomError('ERR_LIMIT_DEPTH', `the lineage is deeper than ${maxDepth} steps`);
  if (!nodes.has(id) && nodes.size >= maxNodes) throw new MsbomError('ERR_LIMIT_COUNT', `the lineage has more than ${maxNodes} nodes`);
  const finding = walk.found.get(id) ?? resolveNode(id, stated, options);
  walk.found.set(id, finding);
  const { roots: _roots, ...found } = await finding;
  const merged = mergedEdges(found.claims);
  const isFirst = !nodes.has(id);
  if (isFirst) nodes.set(id, { ...found, roles: [], edges: merged.map(({ edge: _edge, ...rest }) => rest) });
  // All below it was walked, and led to nothing that was on the way then.
  if (!isFirst) return;
  for (const { edge, to, role: next } of merged) await visit(walk, to, next, edge, [...trail, id]);
}

interface MergedEdge extends LineageEdge {
  readonly edge: StatedEdge;
}

/** The same thing in the same role, whoever says so, is one edge. */
function mergedEdges(claims: readonly PartyClaim[]): readonly MergedEdge[] {
  const merged = new Map<string, { edge: StatedEdge; to: string; role: Role; claims: string[] }>();
  for (const { ok, statement, id } of claims) {
    if (!ok || statement === undefined || id === undefined) continue;
    for (const edge of edgesOf(statement)) {
      const to = idOf(edge);
      const key = `${edge.role} ${to}`;
      const there = merged.get(key);
      if (there === undefined) merged.set(key, { edge, to, role: edge.role, claims: [id] });
      else if (!there.claims.includes(id)) there.claims.push(id);
    }
  }
  return [...merged.values()];
}

/** What is stated without a digest is something of its own, by what it is called. */
export const idOf = ({ digest, uri, name, role }: StatedEdge): string => digest ?? `${role} ${uri ?? name ?? 'without a name'}`;

/** Of several directories that claim to be it, the best counts. */
async function resolveNode(id: string, stated: StatedEdge, options: LineageOptions): Promise<Found> {
  const none = { id, name: stated.name ?? stated.uri ?? id, parties: [], reasons: [], claims: [], roots: [], isIntact: false };
  if (!id.startsWith('sha256:')) return { ...none, state: 'unresolved' };
  let best: Found = { ...none, state: 'unresolved' };
  for (const candidate of await options.store.find(id.slice('sha256:'.length))) {
    const found = { ...(await look(candidate, options)), id };
    if (best.state === 'unresolved' || NODE_STATES.indexOf(found.state) > NODE_STATES.indexOf(best.state)) best = found;
    if (best.state === 'verified') break;
  }
  return { ...best, name: best.state === 'unresolved' ? none.name : (stated.name ?? best.name) };
}

/** Claims are about a root, and are followed whether or not its files are there as they were. `own` is of the model itself. */
async function look(candidate: Candidate, options: LineageOptions, own?: LineageOptions['files']): Promise<Found> {
  const { directory, shown, signatureFile } = candidate;
  const base = { id: '', name: shown, directory: shown };
  if (signatureFile === undefined) return { ...base, state: 'unsigned', isIntact: false, parties: [], reasons: [], claims: [], roots: [] };
  const { parties, limits, jobs, claimsFile } = options;
  const verdict = await verifyByParties(directory, signatureFile, parties, {
    ...own,
    ...(limits === undefined ? {} : { limits }),
    ...(jobs === undefined ? {} : { jobs }),
  });
  const file = (own === undefined ? undefined : claimsFile) ?? join(directory, CLAIMS_NAME);
  return { ...base, ...foundBy(verdict), claims: await claimsByParties(file, parties, verdict.roots, limits) };
}

function foundBy({
  ok,
  parties,
  signer,
  files,
  signed,
  roots,
  reasons,
}: PartyVerdict): Omit<Found, 'id' | 'name' | 'directory' | 'claims'> {
  return {
    state: ok ? 'verified' : parties.length === 0 ? 'untrusted' : 'mismatch',
    isIntact: ok,
    parties,
    reasons,
    roots,
    ...(signer === undefined ? {} : { signer }),
    ...(files === undefined ? {} : { files }),
    ...(signed === undefined ? {} : { signed }),
  };
}
