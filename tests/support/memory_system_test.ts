/**
 * What the machine in memory does, the real one must do too: otherwise tests
 * on the one say nothing about the other.
 *
 * @module
 */

import assert from "node:assert/strict";
import { mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { test } from "node:test";
import { errorCode } from "../../src/model/errors.ts";
import { createNodeSystem } from "../../src/system/node_system.ts";
import type { System } from "../../src/system/system.ts";
import { createMemory } from "./memory_system.ts";

/** One machine with an empty folder. */
interface Machine {
  system: System;
  folder: string;
  link(target: string, path: string): void;
}

function onBoth(act: (machine: Machine) => void): void {
  const memory = createMemory();
  memory.folders.add("/box");
  act({
    system: memory.system,
    folder: "/box",
    link: (target, path) => memory.links.set(path, target),
  });
  const folder = mkdtempSync(join(tmpdir(), "zag-ps-memory-"));
  try {
    const system = createNodeSystem();
    // The temporary folder itself may be a link.
    const real = system.realPath(folder) ?? "";
    act({ system, folder: real, link: symlinkSync });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const bytes = (text: string) => new TextEncoder().encode(text);
const read = (system: System, path: string) => {
  const content = system.readFile(path);
  return content && new TextDecoder().decode(content);
};

function getCode(act: () => unknown): string | undefined {
  try {
    act();
  } catch (error) {
    return errorCode(error);
  }
  return undefined;
}

/** Where links and permission bits are not those of POSIX. */
const skip = process.platform === "win32" ? "POSIX only" : false;

test("createMemory: absence is a value", () => {
  onBoth(({ system, folder }) => {
    const path = `${folder}/none/x`;
    assert.equal(system.status(path), undefined);
    assert.equal(system.realPath(path), undefined);
    assert.equal(system.readFile(path), undefined);
    assert.equal(system.listFolder(path), undefined);
    system.remove(path);
    assert.equal(getCode(() => system.readRange(path, 0, 1)), "ENOENT");
    assert.equal(
      getCode(() => system.createFile(path, bytes(""), 0o600, true)),
      "ENOENT",
    );
    assert.equal(getCode(() => system.appendFile(path, bytes(""))), "ENOENT");
    assert.equal(getCode(() => system.rename(path, `${path}y`)), "ENOENT");
  });
});

test("createMemory: a relative path leads nowhere, and to an end", () => {
  onBoth(({ system }) => {
    const path = "zag-ps-no-such-folder/x";
    assert.equal(system.realPath(path), undefined);
    assert.equal(system.status(path), undefined);
    assert.equal(system.readFile(path), undefined);
  });
});

test("createMemory: a new file is there as a whole", { skip }, () => {
  onBoth(({ system, folder }) => {
    const path = `${folder}/a`;
    system.createFile(path, bytes("text"), 0o600, true);
    const { kind, size, mode, modifiedAt = 0 } = system.status(path) ?? {};
    assert.deepEqual([kind, size, mode], ["file", 4, 0o600]);
    // The clock of a file system may be a little behind.
    const age = system.now() - modifiedAt;
    assert.ok(Math.abs(age) < 60_000, `it is ${age} ms old`);
    assert.equal(read(system, path), "text");
    assert.equal(
      getCode(() => system.createFile(path, bytes("x"), 0o600, true)),
      "EEXIST",
    );
    system.changeMode(path, 0o640);
    assert.equal(system.status(path)?.mode, 0o640);
    const { uid = -1, gid = -1 } = system.status(path) ?? {};
    system.changeOwner(path, uid, gid);
    assert.equal(system.status(path)?.uid, uid);
  });
});

test("createMemory: a range ends where the file does", () => {
  onBoth(({ system, folder }) => {
    const path = `${folder}/a`;
    system.createFile(path, bytes("0123456789"), 0o600, true);
    const range = (start: number, end: number) =>
      new TextDecoder().decode(system.readRange(path, start, end));
    assert.equal(range(2, 5), "234");
    assert.equal(range(8, 99), "89");
    assert.equal(range(5, 5), "");
    assert.equal(range(99, 100), "");
  });
});

test("createMemory: appending creates the file", { skip }, () => {
  onBoth(({ system, folder }) => {
    const path = `${folder}/log`;
    system.appendFile(path, bytes("a\n"));
    system.appendFile(path, bytes("b\n"));
    assert.equal(read(system, path), "a\nb\n");
    assert.equal(system.status(path)?.mode, 0o600);
  });
});

test("createMemory: folders", () => {
  onBoth(({ system, folder }) => {
    const deep = `${folder}/a/b/c`;
    system.makeFolder(deep);
    system.makeFolder(deep);
    assert.equal(system.status(deep)?.kind, "folder");
    assert.deepEqual(system.listFolder(deep), []);
    system.createFile(`${deep}/x`, bytes(""), 0o600, true);
    system.createFile(`${folder}/a/y`, bytes(""), 0o600, true);
    assert.deepEqual([...system.listFolder(`${folder}/a`) ?? []].sort(), [
      "b",
      "y",
    ]);
    system.syncFolder(deep);
    assert.equal(getCode(() => system.syncFolder(`${deep}/no`)), "ENOENT");
    assert.equal(getCode(() => system.readFile(deep)), "EISDIR");
    assert.equal(getCode(() => system.appendFile(deep, bytes("x"))), "EISDIR");
    system.makeFolder(`${folder}/d`);
    assert.equal(
      getCode(() => system.rename(`${deep}/x`, `${folder}/d`)),
      "EISDIR",
    );
  });
});

test("createMemory: a file is no folder", () => {
  onBoth(({ system, folder }) => {
    const path = `${folder}/file`;
    system.createFile(path, bytes("x"), 0o600, true);
    assert.equal(getCode(() => system.readFile(`${path}/x`)), "ENOTDIR");
    assert.equal(getCode(() => system.status(`${path}/x`)), "ENOTDIR");
    assert.equal(getCode(() => system.listFolder(path)), "ENOTDIR");
    assert.equal(getCode(() => system.makeFolder(`${path}/x`)), "ENOTDIR");
  });
});

test("createMemory: a rename replaces what is there", () => {
  onBoth(({ system, folder }) => {
    const [from, to] = [`${folder}/from`, `${folder}/to`];
    system.createFile(from, bytes("new"), 0o600, true);
    system.createFile(to, bytes("old"), 0o600, true);
    system.rename(from, to);
    assert.equal(read(system, to), "new");
    assert.deepEqual(system.listFolder(folder), ["to"]);
    system.remove(to);
    assert.deepEqual(system.listFolder(folder), []);
  });
});

test("createMemory: a second name is not put over a file", { skip }, () => {
  onBoth(({ system, folder }) => {
    const [path, name] = [`${folder}/a`, `${folder}/b`];
    assert.equal(getCode(() => system.link(path, name)), "ENOENT");
    system.createFile(path, bytes("x"), 0o600, false);
    system.link(path, name);
    assert.equal(read(system, name), "x");
    assert.equal(getCode(() => system.link(path, name)), "EEXIST");
    system.remove(path);
    assert.equal(read(system, name), "x");
  });
});

test("createMemory: a version changes with the file", () => {
  onBoth(({ system, folder }) => {
    const [path, other] = [`${folder}/a`, `${folder}/b`];
    const look = () => system.status(path)?.version;
    assert.equal(look(), undefined);
    system.createFile(path, bytes("text"), 0o600, false);
    const first = look();
    assert.notEqual(first, undefined);
    assert.equal(look(), first);
    system.appendFile(path, bytes("more"));
    assert.notEqual(look(), first);
    // The same text in another file is another version.
    system.createFile(other, bytes("text"), 0o600, false);
    const second = system.status(other)?.version;
    system.rename(other, path);
    assert.equal(look(), second);
    assert.notEqual(look(), first);
  });
});

test("createMemory: links are followed", { skip }, () => {
  onBoth(({ system, folder, link }) => {
    const [path, target] = [`${folder}/link`, `${folder}/target`];
    link(target, path);
    assert.equal(system.realPath(path), undefined);
    assert.equal(system.readFile(path), undefined);
    system.appendFile(path, bytes("x"));
    assert.equal(read(system, target), "x");
    assert.equal(system.realPath(path), target);
    assert.equal(system.status(path)?.kind, "file");
    // Renaming replaces the link, not what it leads to.
    system.createFile(`${folder}/new`, bytes("new"), 0o600, true);
    system.rename(`${folder}/new`, path);
    assert.equal(read(system, target), "x");
    assert.equal(read(system, path), "new");
    link(`${folder}/b`, `${folder}/a`);
    link(`${folder}/a`, `${folder}/b`);
    assert.equal(getCode(() => system.readFile(`${folder}/a`)), "ELOOP");
  });
});

test("createMemory: texts differ from call to call", () => {
  onBoth(({ system }) => {
    assert.notEqual(system.uniqueText(), system.uniqueText());
    assert.match(system.uniqueText(), /^[\w-]+$/);
  });
});

test("createMemory looks at the processes that it is asked for", async () => {
  const memory = createMemory();
  memory.processes.set(7, { pid: 7, zombie: false });
  memory.processes.set(8, { pid: 8, zombie: true });
  const seen = await memory.system.observe(new Set([8, 9]));
  assert.deepEqual([...seen.processes.keys()], [8]);
  assert.equal(seen.complete, true);
});

test("createMemory records signals and refuses those to nobody", async () => {
  const memory = createMemory();
  const { system } = memory;
  const startTicks = "proc:42";
  memory.processes.set(7, { pid: 7, zombie: false, startTicks });
  memory.processes.set(9, { pid: 9, zombie: true, startTicks });
  await system.signal(7, "SIGHUP", { startTicks });
  const nobodies: [pid: number, startTicks: string | undefined][] = [
    [8, undefined],
    [9, startTicks],
    [7, "proc:43"],
  ];
  for (const [pid, ticks] of nobodies) {
    const expected = { startTicks: ticks };
    assert.equal(
      getCode(() => system.signal(pid, "SIGHUP", expected)),
      "ESRCH",
    );
  }
  for (const pid of [0, 1, -7, 1.5, 2 ** 31]) {
    assert.throws(() =>
      system.signal(pid, "SIGTERM", { startTicks: undefined })
    );
  }
  assert.deepEqual(memory.signals, [[7, "SIGHUP"]]);
});

test("createMemory calls the hook before each call", () => {
  const memory = createMemory();
  memory.put("/box/a", "old");
  memory.onCall = (name, args) => {
    if (name === "readFile") memory.put("/box/a", "new");
    if (args[0] === "/box/b") throw new Error("made by a test");
  };
  assert.equal(read(memory.system, "/box/a"), "new");
  assert.throws(() => memory.system.status("/box/b"), /made by a test/);
  assert.deepEqual(memory.calls, ["readFile /box/a", "status /box/b"]);
});

test("observeAll sees at least what observe sees of one process", async () => {
  const memory = createMemory();
  memory.processes.set(process.pid, {
    pid: process.pid,
    zombie: false,
    startTicks: "proc:42",
    terminal: { name: "/dev/pts/1", deleted: true },
    folder: "/home/ada",
    cgroup: "/",
  });
  for (const system of [memory.system, createNodeSystem()]) {
    const { pid } = process;
    const one = (await system.observe(new Set([pid]))).processes.get(pid);
    const all = (await system.observeAll()).processes.get(pid);
    assert.ok(one && all);
    // They go on while they are looked at.
    const changing = ["cpuMs", "memoryBytes"];
    const told = Object.entries(one)
      .filter(([name, value]) =>
        value !== undefined && !changing.includes(name)
      );
    assert.ok(told.length > 2);
    for (const [name, value] of told) {
      assert.deepEqual(
        (all as unknown as Record<string, unknown>)[name],
        value,
      );
    }
    // Only Linux tells the others.
    for (const name of ["folder", "cgroup"] as const) {
      assert.equal(one[name], undefined);
      if (process.platform === "linux") assert.ok(all[name]);
    }
  }
});
