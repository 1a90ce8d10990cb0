/**
 * JSON Schemas that would like to do harm, as JSON text.
 *
 * @module
 */

import { makeValue } from "./fuzz_values.ts";
import type { Random } from "./random.ts";

/** Patterns: some hang a backtracking engine, some no engine can read. */
const PATTERNS: readonly string[] = [
  "^(a+)+$",
  "^(a|a)*$",
  "^(a|aa)+$",
  "(x+x+)+y",
  "(.*)*b",
  "^(([a-z])+.)+[A-Z]([a-z])+$",
  "a{1,32766}",
  "(a{1,100}){1,100}",
  "(?=a)b",
  "(?<!a)b",
  "(a)\\1",
  "[",
  "(",
  "*",
  "\\",
  "\\p{Letter}",
  "\\p{Nonsense}",
  "\\u{1F642}",
  "[\\-\\_\\@]",
  "^\\d{3}-\\d{2}$",
  "\ud800",
  "",
];

/** What such a pattern is tried on. */
export const RUNS: readonly string[] = [
  `${"a".repeat(40)}!`,
  `${"a".repeat(20_000)}!`,
  "x".repeat(30_000),
];

const REFERENCES: readonly string[] = [
  "#",
  "#/$defs/a",
  "#/$defs/b",
  "#/properties/a",
  "#/definitions/%25",
  "#/~1~0",
  "#anchor",
  "#/nowhere",
  "http://127.0.0.1:9/schema.json",
  "https://json-schema.org/draft/2020-12/schema",
  "file:///etc/passwd",
  "/etc/passwd",
  "../x.json",
  "urn:uuid:1",
  "data:application/json,{}",
  "::",
];

const DIALECTS: readonly string[] = [
  "http://json-schema.org/draft-04/schema#",
  "http://json-schema.org/draft-06/schema#",
  "http://json-schema.org/draft-07/schema#",
  "https://json-schema.org/draft/2019-09/schema",
  "https://json-schema.org/draft/2020-12/schema",
  "http://json-schema.org/draft-03/schema#",
  "http://example.org/own",
  "",
];

const TYPES = ["string", "integer", "object", "array", "null", "strange"];

/** Schemas with a trap that has a name. */
export const TRAPS: readonly string[] = [
  '{"$ref":"#"}',
  '{"$ref":"#/$defs/a","$defs":{"a":{"$ref":"#/$defs/b"},"b":{"$ref":"#/$defs/a"}}}',
  '{"allOf":[{"$ref":"#"}]}',
  '{"properties":{"a":{"$ref":"#"}},"required":["a"]}',
  '{"$dynamicRef":"#x","$dynamicAnchor":"x"}',
  '{"$recursiveRef":"#","$schema":"https://json-schema.org/draft/2019-09/schema"}',
  '{"$ref":"http://127.0.0.1:9/x.json"}',
  '{"$ref":"file:///etc/passwd"}',
  '{"$schema":"http://127.0.0.1:9/meta.json"}',
  '{"properties":{"__proto__":{"type":"string"}},"required":["__proto__"]}',
  '{"required":["constructor","toString"]}',
  '{"pattern":"^(a+)+$"}',
  '{"patternProperties":{"^(a+)+$":false}}',
  '{"not":{"not":{"not":{}}}}',
  '{"multipleOf":1e-300}',
  '{"multipleOf":0}',
  '{"minLength":1e400}',
  '{"maxItems":-1}',
  '{"enum":[]}',
  '{"type":["string","string"]}',
  '{"$id":"#","$ref":"#"}',
  '{"if":{"$ref":"#"},"then":{"$ref":"#"},"else":{"$ref":"#"}}',
  '{"unevaluatedProperties":false,"allOf":[{"$ref":"#/$defs/a"}],"$defs":{"a":{}}}',
  "true",
  "false",
  "[]",
  '"x"',
  "1",
  "0",
];

/** Any schema. */
export function makeSchema(random: Random, depth = 3): string {
  if (random.oneIn(4)) return random.pick(TRAPS);
  if (random.oneIn(12)) return makeValue(random);
  const members = Array.from(
    { length: random.below(4) },
    () => makeMember(random, depth),
  );
  if (depth === 3 && random.oneIn(4)) {
    members.unshift(`"$schema":${JSON.stringify(random.pick(DIALECTS))}`);
  }
  if (depth === 3 && random.oneIn(3)) {
    const inner = () => makeSchema(random, 1);
    members.push(`"$defs":{"a":${inner()},"b":${inner()}}`);
  }
  return `{${members.join(",")}}`;
}

function makeMember(random: Random, depth: number): string {
  const inner = () => depth > 0 ? makeSchema(random, depth - 1) : "true";
  const list = () => `[${inner()},${inner()}]`;
  const count = () => random.pick(["0", "1", "3", "-1", "1.5", "1e400", '"x"']);
  const text = (values: readonly string[]) =>
    JSON.stringify(random.pick(values));
  return random.pick<() => string>([
    () => `"type":${text(TYPES)}`,
    () => `"type":[${text(TYPES)},${text(TYPES)}]`,
    () => `"pattern":${text(PATTERNS)}`,
    () => `"patternProperties":{${text(PATTERNS)}:${inner()}}`,
    () => `"$ref":${text(REFERENCES)}`,
    () => `"$dynamicRef":${text(REFERENCES)}`,
    () => `"$id":${text(REFERENCES)}`,
    () => `"properties":{"a":${inner()},"__proto__":${inner()}}`,
    () => `"required":["a",${text(["b", "__proto__", "constructor"])}]`,
    () => `"additionalProperties":${inner()}`,
    () => `"unevaluatedProperties":${inner()}`,
    () => `"items":${random.oneIn(2) ? inner() : list()}`,
    () => `"prefixItems":${list()}`,
    () => `"contains":${inner()}`,
    () => `"allOf":${list()}`,
    () => `"anyOf":${list()}`,
    () => `"oneOf":${list()}`,
    () => `"not":${inner()}`,
    () => `"if":${inner()},"then":${inner()},"else":${inner()}`,
    () => `"minLength":${count()}`,
    () => `"maxItems":${count()}`,
    () => `"multipleOf":${count()}`,
    () => `"minimum":${count()}`,
    () => `"uniqueItems":true`,
    () => `"enum":[${makeValue(random)},${makeValue(random)}]`,
    () => `"const":${makeValue(random)}`,
    () => `"format":${text(["email", "date-time", "regex", "strange"])}`,
    () => `"dependentRequired":{"a":["b"]}`,
    () => `"propertyNames":${inner()}`,
  ])();
}
