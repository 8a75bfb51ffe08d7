/** The JSON Schema compiled to a function. Apart from the types, since it is most of the code and many programs never need it. */
import { breachesOf, type SchemaError } from '../core/compiled-schema.js';
import validate from './generated/validate.js';

export type { SchemaError };

/**
 * The ways in which a value breaks the schema, ten thousand at most; empty when it is a manifest as far as a schema can tell.
 * @throws ERR_LIMIT_BYTES with the pointer for a text that is too long to be checked
 */
export const checkSchema = (value: unknown): readonly SchemaError[] => breachesOf(validate, value);
