/** The JSON Schema compiled to a function. Apart from the types, since it is most of the code and many programs never need it. */
import validate from './generated/validate.js';

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

/** The ways in which a value breaks the schema, ten thousand at most; empty when it is a manifest as far as a schema can tell. */
export function checkSchema(value: unknown): readonly SchemaError[] {
  // The generated module is plain JavaScript; its shape is ajv's standalone contract.
  const compiled = validate as unknown as CompiledSchema;
  // Lists that were cut short may have holes where a rejected alternative was taken back.
  return compiled(value) ? [] : (compiled.errors ?? []).filter((error) => error !== undefined);
}
