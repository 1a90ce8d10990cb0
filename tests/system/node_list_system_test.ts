import assert from "node:assert/strict";
import {
  existsSync,
  mkdtempSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { test } from "node:test";
import { MAX_TEXT_BYTES } from "../../src/model/max_text.ts";
import { createListSystem } from "../../src/system/node_list_system.ts";
import { createNodeSystem } from "../../src/system/node_system.ts";

const { env, userHome, readLatin1, observe } = createListSystem();

/** Lets a test use a file of a folder that is removed afterwards. */
function withFile(use: (file: string, folder: string) => void): void {
  const folder = mkdtempSync(join(tmpdir(), "zag-ps-list-"));
  try {
    use(join(folder, "processes.json"), folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

test("readLatin1 gives one character for each byte", () =>
  withFile((file) => {
    const bytes = Uint8Array.from({ length: 256 }, (_, i) => i);
    writeFileSync(file, bytes);
    assert.equal(readLatin1(file), String.fromCharCode(...bytes));
    writeFileSync(file, "");
    assert.equal(readLatin1(file), "");
  }));

test("readLatin1 reads no folder, and nothing that is not there", () =>
  withFile((file, folder) => {
    assert.equal(readLatin1(folder), undefined);
    assert.equal(readLatin1(file), undefined);
    assert.equal(readLatin1(join(folder, "none", "processes.json")), undefined);
  }));

test("readLatin1 reads nothing that is larger than a text can be", () =>
  withFile((file) => {
    writeFileSync(file, "");
    truncateSync(file, MAX_TEXT_BYTES + 1);
    assert.equal(readLatin1(file), undefined);
  }));

test("a plain list reads the variables that it is given", () => {
  const given = createListSystem({ HOME: "/home/ada", ZAG_HOME: "/srv" });
  assert.equal(given.env("ZAG_HOME"), "/srv");
  assert.equal(given.env("PATH"), undefined);
  assert.equal(given.userHome(), "/home/ada");
  assert.equal(env("PATH"), process.env["PATH"]);
  assert.equal(createListSystem({}).userHome(), homedir());
  assert.equal(userHome(), process.env["HOME"] || homedir());
});

test("a plain list sees of a process what everything else sees", async () => {
  const pids = new Set([process.pid, 2 ** 22 + 7]);
  const { processes, complete, limit } = await observe(pids);
  if (!existsSync("/proc/self/stat")) {
    assert.deepEqual([processes.size, complete], [0, false]);
    return;
  }
  assert.deepEqual([complete, limit], [true, undefined]);
  const all = await createNodeSystem().observe(pids);
  const describe = ({ startTicks, executable, args, markers }: {
    startTicks?: string | undefined;
    executable?: string | undefined;
    args?: readonly string[] | undefined;
    markers?: unknown;
  }) => ({ startTicks, executable, args, markers });
  assert.deepEqual(
    [...processes].map(([pid, facts]) => [pid, describe(facts)]),
    [...all.processes].map(([pid, facts]) => [pid, describe(facts)]),
  );
  assert.deepEqual([...processes.keys()], [process.pid]);
});
