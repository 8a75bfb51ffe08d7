/**
 * Conditions of a policy in CEL (https://github.com/google/cel-spec). What could take long is not accepted: patterns, which the library
 * hands to JavaScript's own engine, loops within loops, and claims of very many values.
 */
import { isObject, type JsonObject } from '../core/objects.js';

/** What a condition is asked of: one claim, never how many there are, so that a claim which is taken away makes nothing milder. */
export interface ConditionFacts {
  readonly predicate: JsonObject;
  /** Roles of the policy that the signer is one of. */
  readonly signers: readonly string[];
  /** Days since the time that the claim states; negative when it states none. */
  readonly ageDays: number;
}

export type Condition = (facts: ConditionFacts) => { readonly holds: boolean; readonly fault?: string };

const MAX_CHARACTERS = 2000;
const STRUCTURE = { maxAstNodes: 400, maxDepth: 40, maxListElements: 200, maxMapEntries: 200, maxCallArguments: 16 };
/** Values in one claim that a condition may look at. */
const MAX_VALUES = 10_000;
const LOOPS = new Set([
  'all',
  'exists',
  'exists_one',
  'map',
  'filter',
  'existsOne',
  'transformList',
  'transformMap',
  'transformMapEntry',
  'sortBy',
]);

interface Node {
  readonly op: string;
  readonly args: unknown;
}

const isNode = (value: unknown): value is Node => typeof value === 'object' && value !== null && 'op' in value && 'args' in value;

/** Why an expression is not accepted by what it does; undefined when it is. */
function whyCostly(value: unknown, inLoop: boolean): string | undefined {
  if (Array.isArray(value)) {
    for (const each of value) {
      const why = whyCostly(each, inLoop);
      if (why !== undefined) return why;
    }
    return undefined;
  }
  if (!isNode(value)) return undefined;
  const { op, args } = value;
  const name = (op === 'call' || op === 'rcall') && Array.isArray(args) ? String(args[0]) : '';
  if (name === 'matches') return '`matches` is not accepted; use startsWith, endsWith, contains or ==';
  const isLoop = op === 'rcall' && LOOPS.has(name);
  if (isLoop && inLoop) return 'a loop within a loop is not accepted';
  return whyCostly(Array.isArray(args) && name !== '' ? args.slice(1) : args, inLoop || isLoop);
}

const messageOf = (error: unknown): string => {
  const [first = 'it cannot be read'] = (error instanceof Error ? error.message : String(error)).split('\n');
  return first.slice(0, 200);
};

/** A condition that can be asked, or why there is none. */
export async function compileCondition(text: string): Promise<{ readonly condition: Condition } | { readonly fault: string }> {
  if (text.length > MAX_CHARACTERS) return { fault: `it has more than ${MAX_CHARACTERS} characters` };
  const { Environment } = await import('@marcbachmann/cel-js');
  try {
    const environment = new Environment({ unlistedVariablesAreDyn: false, homogeneousAggregateLiterals: false, limits: STRUCTURE })
      .registerVariable('predicate', 'dyn')
      .registerVariable('signers', 'list<string>')
      .registerVariable('ageDays', 'double');
    const parsed = environment.parse(text);
    const why = whyCostly(parsed.ast, false);
    if (why !== undefined) return { fault: why };
    const { valid, type, error } = environment.check(text);
    if (!valid) return { fault: messageOf(error) };
    if (type !== 'bool' && type !== 'dyn') return { fault: `it is of the type ${type}, not bool` };
    return { condition: (facts) => ask(parsed, facts) };
  } catch (error) {
    // Deep nesting of signs ends the parser by the depth of the stack.
    return { fault: messageOf(error) };
  }
}

/** What cannot be evaluated does not hold. */
function ask(
  parsed: (context: Record<string, unknown>) => unknown,
  { predicate, signers, ageDays }: ConditionFacts,
): ReturnType<Condition> {
  if (!hasFewValues(predicate)) return { holds: false, fault: `the claim has more than ${MAX_VALUES} values, which no condition looks at` };
  try {
    return { holds: parsed({ predicate, signers, ageDays }) === true };
  } catch (error) {
    return { holds: false, fault: messageOf(error) };
  }
}

function hasFewValues(root: unknown): boolean {
  let count = 0;
  const stack: unknown[] = [root];
  while (stack.length > 0) {
    if (++count > MAX_VALUES) return false;
    const value = stack.pop();
    const members = Array.isArray(value) ? value : isObject(value) ? Object.values(value) : [];
    if (members.length > MAX_VALUES) return false;
    for (const member of members) stack.push(member);
  }
  return true;
}
