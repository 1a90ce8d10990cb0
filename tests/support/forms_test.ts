import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import process from "node:process";
import { test } from "node:test";
import { forms, getPinnedVersion } from "./forms.ts";

const inTask = process.env["ZAG_PS_NODE24"] !== undefined;

test("forms finds all four in the test task", {
  skip: inTask ? false : "only the test task names all runtimes",
}, () => {
  const names = forms().map(({ name }) => name);
  assert.deepEqual(names, ["deno", "bun", "node20", "node24"]);
});

test("forms finds runtimes of the pinned versions", () => {
  const found = forms();
  assert.notEqual(found.length, 0);
  for (const { name, command: [runtime = ""], env } of found) {
    const { status, stdout } = spawnSync(runtime, ["--version"], {
      encoding: "utf8",
      env: { ...process.env, ...env },
    });
    assert.equal(status, 0, name);
    const version = getPinnedVersion(name);
    if (version === undefined) assert.match(stdout, /^deno 2\./);
    else assert.equal(stdout.trim().replace(/^v/, ""), version, name);
  }
});

test("forms refuses to drop a form that the environment names", () => {
  const before = process.env["ZAG_PS_NODE20"];
  process.env["ZAG_PS_NODE20"] = "/nonexistent/node";
  try {
    assert.throws(() => forms(), /Cannot start node20: .*does not exist/);
  } finally {
    if (before === undefined) delete process.env["ZAG_PS_NODE20"];
    else process.env["ZAG_PS_NODE20"] = before;
  }
});
