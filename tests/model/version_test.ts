import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { test } from "node:test";
import { VERSION } from "../../src/model/version.ts";

test("VERSION is the version of deno.json", () => {
  const text = readFileSync(join(process.cwd(), "deno.json"), "utf8");
  assert.equal(VERSION, JSON.parse(text).version);
});
