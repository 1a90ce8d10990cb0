/** A schema that cannot be evaluated, whatever the result is. */
export class SchemaError extends Error {
  override readonly name = "SchemaError";
}
