/** Constraints of a launch, and results that zag accepts or rejects. */
export interface ResultRow {
  name: string;
  /** The `exit` of the session; `undefined` leaves it out. */
  exit: unknown;
  /** Results; `undefined` is a kill without one. */
  results: readonly (string | undefined)[];
}

const FENCE = "```";

const TEXTS = [
  ...[undefined, "", " ", "x", "{}", "[1]", "null", "007", "1e3", '"x"'],
  ...[" \n{}\t ", "{} x", "{'a':1}", '{"a":1,}', "NaN", "-0", "1e400"],
  ...["{} // x", '{"a":1,"a":2}', '"\\ud800"', "\ufeff{}", "\u0085{}\u0085"],
  "[".repeat(127) + "]".repeat(127),
  "[".repeat(128) + "]".repeat(128),
  `${FENCE}json\n{"ok":true}\n${FENCE}`,
  `${FENCE}\n{"ok":true}\n${FENCE}`,
  `${FENCE}json{"ok":true}${FENCE}`,
  `${FENCE}json\n{"ok":true}`,
  `{"ok":true}\n${FENCE}`,
  `${FENCE}JSON\n{"ok":true}\n${FENCE}`,
  `${FENCE}js\n{"ok":true}\n${FENCE}`,
  `Here:\n${FENCE}json\n{"ok":true}\n${FENCE}`,
  `${FENCE}json\n{"ok":true}\n${FENCE}\nDone`,
];

const object = (properties: Record<string, unknown>, rest = {}) => ({
  type: "object",
  properties,
  ...rest,
});

/** Every row. */
export const RESULT_ROWS: readonly ResultRow[] = [
  { name: "no constraints", exit: undefined, results: TEXTS },
  { name: "null", exit: null, results: TEXTS.slice(0, 4) },
  { name: "nothing asked for", exit: {}, results: TEXTS.slice(0, 4) },
  { name: "a blank hint", exit: { hint: " \n" }, results: TEXTS.slice(0, 4) },
  {
    name: "a hint",
    exit: { hint: "the verdict" },
    results: [...TEXTS.slice(0, 5), "\u00a0", "\u0085", "\ufeff", "\u200b"],
  },
  { name: "JSON", exit: { json_mode: true }, results: TEXTS },
  {
    name: "a hint and JSON",
    exit: { hint: "the verdict", json_mode: true },
    results: TEXTS.slice(0, 8),
  },
  { name: "an empty schema", exit: { schema: {} }, results: TEXTS },
  {
    name: "a schema of true",
    exit: { schema: true },
    results: TEXTS.slice(0, 6),
  },
  { name: "a schema of false", exit: { schema: false }, results: ["1", "{}"] },
  {
    name: "types",
    exit: {
      schema: object({
        a: { type: "integer" },
        b: { type: ["string", "null"] },
        c: { type: "array", items: { type: "boolean" } },
        "d/e~f": { type: "number" },
      }),
    },
    results: [
      '{"a":1,"b":null,"c":[true],"d/e~f":1.5}',
      '{"a":1.0,"b":"x","c":[]}',
      '{"a":1.5,"b":2,"c":[1,true,"x"],"d/e~f":"y"}',
      '{"a":"abc"}',
      '{"c":{"z":1,"a":[null]}}',
      "[]",
      '"text"',
    ],
  },
  {
    name: "required and additional properties",
    exit: {
      schema: object({ name: {}, user: {} }, {
        required: ["name", "user"],
        additionalProperties: false,
      }),
    },
    results: [
      '{"name":1,"user":2}',
      '{"name":1}',
      "{}",
      '{"name":1,"user":2,"extra":3}',
      '{"x":1,"name":1,"y":2}',
    ],
  },
  {
    name: "limits",
    exit: {
      schema: object({
        s: { minLength: 2, maxLength: 3 },
        n: { minimum: 1, maximum: 5 },
        e: { exclusiveMinimum: 1, exclusiveMaximum: 5 },
        m: { multipleOf: 0.5 },
        l: { minItems: 1, maxItems: 2, uniqueItems: true },
        o: { minProperties: 1, maxProperties: 1 },
      }),
    },
    results: [
      '{"s":"ab","n":1,"e":2,"m":1.5,"l":[1],"o":{"a":1}}',
      '{"s":"a","n":0,"e":1,"m":0.3,"l":[],"o":{}}',
      '{"s":"abcd","n":6,"e":5,"m":7.1,"l":[1,2,3],"o":{"a":1,"b":2}}',
      '{"l":[1,1.0]}',
      '{"s":"\u{1f916}\u{1f916}\u{1f916}"}',
    ],
  },
  {
    name: "enum, const and pattern",
    exit: {
      schema: object({
        e: { enum: ["a", 1, null] },
        c: { const: { b: 1, a: 2 } },
        p: { pattern: "^[a-z]+-\\d+$" },
      }),
    },
    results: [
      '{"e":"a","c":{"a":2,"b":1},"p":"ab-12"}',
      '{"e":"b","c":{"a":1},"p":"AB"}',
      '{"e":1.0}',
    ],
  },
  {
    name: "combinations",
    exit: {
      schema: object({
        any: { anyOf: [{ type: "string" }, { type: "null" }] },
        one: { oneOf: [{ type: "integer" }, { minimum: 2 }] },
        all: { allOf: [{ minimum: 1 }, { maximum: 2 }] },
        not: { not: { type: "string" } },
        con: { contains: { const: 1 } },
        ref: { $ref: "#/$defs/positive" },
      }, { $defs: { positive: { exclusiveMinimum: 0 } } }),
    },
    results: [
      '{"any":"x","one":1,"all":1,"not":1,"con":[1],"ref":1}',
      '{"any":1}',
      '{"one":3}',
      '{"one":1.5}',
      '{"all":3}',
      '{"not":"x"}',
      '{"con":[2]}',
      '{"ref":0}',
    ],
  },
  {
    name: "a draft 7 schema with a format",
    exit: {
      schema: {
        $schema: "http://json-schema.org/draft-07/schema#",
        type: "string",
        format: "email",
      },
    },
    results: ['"a@b.example"', '"nobody"', "1"],
  },
  {
    name: "a format as an annotation",
    exit: { schema: { type: "string", format: "email" } },
    results: ['"nobody"', "1"],
  },
  {
    name: "a hint and a schema",
    exit: { hint: "the verdict", schema: { type: "array" } },
    results: [undefined, "", "[]", "{}", "x"],
  },
];
