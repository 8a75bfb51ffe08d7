// What the tests of conversions use of vitest, for runs of them in one process after the other: tests are collected, in their order.
const tests = [];
const names = [];
export const collected = tests;

const titled = (name, values) => {
  let i = 0;
  return name.replace(/%s/g, () => String(values[i++]));
};
const eachOf = (make) => (cases) => (name, first, second) => {
  const run = typeof first === 'function' ? first : second;
  for (const values of cases) {
    const list = Array.isArray(values) ? values : [values];
    make(titled(name, list), () => run(...list));
  }
};

export function describe(name, run) {
  names.push(name);
  run();
  names.pop();
}
describe.each = eachOf(describe);

export function it(name, first, second) {
  const run = typeof first === 'function' ? first : second;
  tests.push({ name: [...names, name].join(' > '), run });
}
it.each = eachOf(it);
it.skipIf = (isSkipped) => (isSkipped ? () => {} : it);
export const afterAll = () => {};
export const beforeAll = () => {};

class Failure extends Error {}

/** As vitest compares: members that are undefined are not there, prototypes do not count. */
function isEqual(a, b) {
  if (Object.is(a, b)) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null || Array.isArray(a) !== Array.isArray(b)) return false;
  if (a instanceof Set || b instanceof Set) return a instanceof Set && b instanceof Set && isEqual([...a].sort(), [...b].sort());
  const [ours, theirs] = [a, b].map((each) => Object.keys(each).filter((key) => each[key] !== undefined || Array.isArray(each)));
  return ours.length === theirs.length && ours.every((key) => Object.hasOwn(b, key) && isEqual(a[key], b[key]));
}

/** Does a value have all that another one says, member by member? */
const holds = (value, part) =>
  typeof part === 'object' && part !== null && !Array.isArray(part)
    ? typeof value === 'object' && value !== null && Object.keys(part).every((key) => holds(value[key], part[key]))
    : isEqual(value, part);

const CHECKS = {
  toMatchObject: holds,
  toBe: (value, other) => Object.is(value, other),
  toEqual: isEqual,
  toBeUndefined: (value) => value === undefined,
  toBeDefined: (value) => value !== undefined,
  toBeGreaterThan: (value, other) => value > other,
  toBeLessThanOrEqual: (value, other) => value <= other,
  toContain: (value, other) => value.includes(other),
  toHaveLength: (value, other) => value.length === other,
  toMatch: (value, other) => (other instanceof RegExp ? other.test(value) : value.includes(other)),
  toThrow: (value) => {
    try {
      value();
    } catch {
      return true;
    }
    return false;
  },
};

export function expect(value, message = '') {
  const checks = (isMeant) =>
    Object.fromEntries(
      Object.entries(CHECKS).map(([name, check]) => [
        name,
        (other) => {
          if (check(value, other) !== isMeant) throw new Failure(`${name} ${message}`);
        },
      ]),
    );
  return { ...checks(true), not: checks(false), rejects: { toThrow: (message) => rejected(value, message) } };
}

async function rejected(promise, message) {
  const error = await Promise.resolve(promise).then(
    () => undefined,
    (reason) => reason,
  );
  if (error === undefined || !String(error.message).includes(message)) throw new Failure(`rejects ${message}`);
}
