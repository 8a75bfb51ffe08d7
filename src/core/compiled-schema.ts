/** Running a JSON Schema that was compiled to a function when the package was made. */
import { MsbomError } from './error.js';
import { pointerStep } from './json-pointer.js';

/** A broken keyword of the schema, as the compiled validator reports it (the shape of ajv's error objects). */
export interface SchemaError {
  /** JSON pointer to the value. */
  readonly instancePath: string;
  /** `#` and the choices and conditions that the keyword stands in, such as `#/anyOf/`. */
  readonly schemaPath: string;
  readonly keyword: string;
  readonly params: Readonly<Record<string, unknown>>;
  /** The key that is broken, where it is a key of the value. */
  readonly propertyName?: string;
}

interface CompiledSchema {
  (value: unknown): boolean;
  errors?: SchemaError[] | null;
}

/**
 * The ways in which a value breaks a compiled schema, ten thousand at most; none when it meets the schema.
 *
 * @param generated the module that ajv wrote: plain JavaScript, whose shape is ajv's standalone contract
 * @throws ERR_LIMIT_BYTES with the pointer for a text that is too long to be checked
 */
export function breachesOf(generated: unknown, value: unknown): readonly SchemaError[] {
  const compiled = generated as CompiledSchema;
  try {
    // Lists that were cut short may have holes where a rejected alternative was taken back.
    return compiled(value) ? [] : (compiled.errors ?? []).filter((error) => error !== undefined);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new MsbomError('ERR_LIMIT_BYTES', 'the text is too long to be checked against the form that it should have', {
      pointer: longest(value),
    });
  }
}

/** Formats of a schema are patterns, some of which the engine cannot run on a text of millions of signs: the longest is at fault. */
function longest(root: unknown): string {
  let found = { pointer: '', length: 0 };
  const stack: (readonly [value: object, pointer: string])[] = typeof root === 'object' && root !== null ? [[root, '']] : [];
  for (let next = stack.pop(); next !== undefined; next = stack.pop()) {
    const [value, pointer] = next;
    for (const [key, member] of Object.entries(value) as (readonly [string, unknown])[]) {
      if (typeof member === 'string' && member.length > found.length)
        found = { pointer: `${pointer}${pointerStep(key)}`, length: member.length };
      if (typeof member === 'object' && member !== null) stack.push([member, `${pointer}${pointerStep(key)}`]);
    }
  }
  return found.pointer;
}
