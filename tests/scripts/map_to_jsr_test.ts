import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { mapToJsr } from "../../scripts/map_to_jsr.ts";

test("mapToJsr takes the standard library from JSR, and changes nothing else", () => {
  assert.deepEqual(
    mapToJsr({
      "@std/cli/parse-args": "npm:deno-std@1.4.0/cli/parse_args.js",
      "@std/text/closest-string": "npm:deno-std@1.4.0/text/closest_string.js",
      "ajv": "npm:ajv@8.20.0",
      "@arethetypeswrong/core": "npm:@arethetypeswrong/core@0.18.5",
    }),
    {
      "@std/cli/parse-args": "jsr:@std/cli@^1/parse-args",
      "@std/text/closest-string": "jsr:@std/text@^1/closest-string",
      "ajv": "npm:ajv@8.20.0",
      "@arethetypeswrong/core": "npm:@arethetypeswrong/core@0.18.5",
    },
  );
});

test("mapToJsr leaves nothing of the copy on npm", () => {
  const { imports } = JSON.parse(readFileSync("deno.json", "utf8"));
  const text = JSON.stringify(mapToJsr(imports));
  assert.match(text, /"jsr:@std\//);
  assert.doesNotMatch(text, /deno-std/);
});
