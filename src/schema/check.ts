/** The JSON Schema compiled to a function. Apart from the types, since it is most of the code and many programs never need it. */
import { MsbomError } from '../core/error.js';
import { pointerStep } from '../core/json-pointer.js';
import validate from './generated/validate.js';

/** A broken keyword of the schema, as the compiled validator reports it (the shape of ajv's error objects). */
export interface SchemaError {
  /** JSON pointer to the value. */
  readonly instancePath: string;
  /** `#` and the choices and conditions that the keyword stands in, such as `#/anyOf/`. */
  readonly schemaPath: string;
  readonly keyword: string;
  readonly params: Readonly<Record<string, unknown>>;
}

interface CompiledSchema {
  (value: unknown): boolean;
  errors?: SchemaError[] | null;
}

/** Formats of the schema are patterns, some of which the engine cannot run on a text of millions of signs: the longest is at fault. */
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

/**
 * The ways in which a value breaks the schema, ten thousand at most; empty when it is a manifest as far as a schema can tell.
 * @throws ERR_LIMIT_BYTES with the pointer for a text that is too long to be checked
 */
export function checkSchema(value: unknown): readonly SchemaError[] {
  // The generated module is plain JavaScript; its shape is ajv's standalone contract.
  const compiled = validate as unknown as CompiledSchema;
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
