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

const { env, userHome, readText, observe } = createListSystem();

/** Lets a test use a file of a folder that is removed afterwards. */
function withFile(use: (file: string, folder: string) => void): void {
  const folder = mkdtempSync(join(tmpdir(), "zag-ps-list-"));
  try {
    use(join(folder, "processes.json"), folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

test("readText gives one character for each byte", () =>
  withFile((file) => {
    const bytes = Uint8Array.from({ length: 256 }, (_, i) => i);
    writeFileSync(file, bytes);
    assert.equal(readText(file)?.bytes, String.fromCharCode(...bytes));
    writeFileSync(file, "");
    assert.equal(readText(file)?.bytes, "");
  }));

test("readText decodes what is UTF-8, and nothing else", () =>
  withFile((file) => {
    for (const text of ["", "a", "é🙂\u2028\0", "\ufeffa\ufeff"]) {
      writeFileSync(file, text);
      assert.equal(readText(file)?.decode(), text);
    }
    for (const bytes of [[0xe9], [0xc0, 0x80], [0xed, 0xa0, 0x80], [0xf0]]) {
      writeFileSync(file, Uint8Array.from([0x61, ...bytes]));
      assert.equal(readText(file)?.decode(), undefined);
    }
  }));

test("readText decodes what it has read, whatever the file holds by now", () =>
  withFile((file) => {
    writeFileSync(file, "é1");
    const read = readText(file);
    writeFileSync(file, "é2");
    assert.equal(read?.decode(), "é1");
  }));

test("readText reads no folder, and nothing that is not there", () =>
  withFile((file, folder) => {
    assert.equal(readText(folder), undefined);
    assert.equal(readText(file), undefined);
    assert.equal(readText(join(folder, "none", "processes.json")), undefined);
  }));

test("readText reads nothing that is larger than a text can be", () =>
  withFile((file) => {
    writeFileSync(file, "");
    truncateSync(file, MAX_TEXT_BYTES + 1);
    assert.equal(readText(file), undefined);
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
