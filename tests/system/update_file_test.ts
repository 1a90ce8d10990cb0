import assert from "node:assert/strict";
import { test } from "node:test";
import { withLock } from "../../src/system/lock.ts";
import type { System } from "../../src/system/system.ts";
import { updateFile } from "../../src/system/update_file.ts";
import {
  createMemory,
  type Memory,
  systemError,
} from "../support/memory_system.ts";
import { isError } from "../support/zag_files.ts";

const PATH = "/z/store.json";
const LOCK = `${PATH}.lock`;

function makeMachine(text: string | null = "a"): Memory {
  const memory = createMemory();
  memory.folders.add("/z");
  if (text !== null) memory.put(PATH, text);
  return memory;
}

/** A change that adds a text at the end. */
function add(text: string): (content: Uint8Array | undefined) => Uint8Array {
  return (content) =>
    new TextEncoder().encode(new TextDecoder().decode(content) + text);
}

/** Changes the file under its lock, as the commands do. */
function update(
  system: System,
  change: (content: Uint8Array | undefined) => Uint8Array | undefined,
): Promise<string | undefined> {
  return withLock(system, PATH, () => updateFile(system, PATH, change));
}

function listFiles(memory: Memory): string[] {
  return [...memory.files.keys()].sort();
}

test("updateFile changes a file under its lock", async () => {
  const memory = makeMachine();
  const version = await update(memory.system, (content) => {
    assert.ok(memory.files.has(LOCK));
    return add("b")(content);
  });
  assert.equal(memory.text(PATH), "ab");
  assert.equal(version, memory.system.status(PATH)?.version);
  assert.deepEqual(listFiles(memory), [PATH]);
});

test("updateFile creates a file", async () => {
  const memory = makeMachine(null);
  assert.ok(await update(memory.system, add("b")));
  assert.equal(memory.text(PATH), "b");
});

test("updateFile leaves a file alone if the change says so", async () => {
  const memory = makeMachine();
  const before = memory.system.status(PATH)?.version;
  const changed = await update(memory.system, () => undefined);
  assert.equal(changed, undefined);
  assert.equal(memory.system.status(PATH)?.version, before);
  assert.deepEqual(listFiles(memory), [PATH]);
});

test("updateFile releases the lock if the change fails", async () => {
  const memory = makeMachine();
  const failure = new Error("no");
  const change = () => {
    throw failure;
  };
  await assert.rejects(update(memory.system, change), failure);
  assert.deepEqual(listFiles(memory), [PATH]);
  assert.equal(memory.text(PATH), "a");
});

test("updateFile applies the change again to what another program wrote", async () => {
  const memory = makeMachine();
  let foreign = 0;
  memory.onCall = (name) => {
    if (name !== "createFile" || !memory.files.has(LOCK)) return;
    if (foreign < 3) memory.put(PATH, `${memory.text(PATH)}${++foreign}`);
  };
  const seen: string[] = [];
  await update(memory.system, (content) => {
    seen.push(new TextDecoder().decode(content));
    return add("b")(content);
  });
  assert.deepEqual(seen, ["a", "a1", "a12", "a123"]);
  assert.equal(memory.text(PATH), "a123b");
  assert.deepEqual(listFiles(memory), [PATH]);
});

test("updateFile looks again if the file changes while it is read", async () => {
  const memory = makeMachine();
  let reads = 0;
  memory.onCall = (name, [path]) => {
    if (name !== "readFile" || path !== PATH || ++reads > 1) return;
    memory.put(PATH, "A");
  };
  await update(memory.system, add("b"));
  assert.equal(memory.text(PATH), "Ab");
});

test("updateFile gives up a file that never keeps still", async () => {
  for (const busy of ["createFile", "readFile"]) {
    const memory = makeMachine();
    let foreign = 0;
    memory.onCall = (name) => {
      const locked = memory.files.has(LOCK);
      if (name === busy && locked) memory.put(PATH, `${++foreign}`);
    };
    await assert.rejects(
      update(memory.system, add("b")),
      isError(
        "store",
        /other programs changed it 100 times meanwhile\nTry again$/,
      ),
    );
    assert.equal(memory.text(PATH), String(foreign));
    assert.deepEqual(listFiles(memory), [PATH]);
  }
});

test("updateFile loses no change of sixteen at once", async () => {
  const memory = makeMachine("");
  const names = Array.from({ length: 16 }, (_, i) => `<${i}>`);
  await Promise.all(
    names.map((name, i) => {
      const system = { ...memory.system, pid: 5000 + i };
      return update(system, add(name));
    }),
  );
  const text = memory.text(PATH) ?? "";
  assert.deepEqual(text.match(/<\d+>/g)?.sort(), names.sort());
  assert.equal(text.length, names.join("").length);
  assert.deepEqual(listFiles(memory), [PATH]);
});

test("updateFile clears away what died programs left", async () => {
  const memory = makeMachine();
  const left = [
    "/z/.store.json.17.unique-5.tmp",
    "/z/.store.json.lock.18.unique-6.tmp",
    "/z/.store.json.lock.break.19.unique-7.tmp",
  ];
  const others = [
    "/z/.other.json.17.unique-5.tmp",
    "/z/.store.json.backup",
    "/z/.store.json.tmp",
    "/z/store.json.17.unique-5.tmp",
    "/z/.store.json.x.unique-5.tmp",
    "/z/deeper/.store.json.17.unique-5.tmp",
  ];
  for (const path of [...left, ...others]) memory.put(path, "x");
  await update(memory.system, add("b"));
  assert.deepEqual(listFiles(memory), [...others, PATH].sort());
});

test("updateFile clears nothing away before it has the lock", async () => {
  const memory = makeMachine();
  memory.put("/z/.store.json.17.unique-5.tmp", "x");
  memory.put(LOCK, "not ours");
  await assert.rejects(
    update(memory.system, add("b")),
    isError("store"),
  );
  assert.ok(memory.files.has("/z/.store.json.17.unique-5.tmp"));
});

test("updateFile goes on if the folder cannot be listed", async () => {
  const memory = makeMachine();
  memory.onCall = (name) => {
    if (name === "listFolder") throw systemError("EACCES");
  };
  await update(memory.system, add("b"));
  assert.equal(memory.text(PATH), "ab");
});

for (const code of ["EACCES", "EIO"]) {
  test(`updateFile tells if the file cannot be read: ${code}`, async () => {
    const memory = makeMachine();
    memory.onCall = (name, [path]) => {
      if (name === "readFile" && path === PATH) throw systemError(code);
    };
    await assert.rejects(
      update(memory.system, add("b")),
      isError(
        "store",
        new RegExp(`^Failed to read "/z/store.json": .*${code}`),
      ),
    );
    assert.equal(memory.text(PATH), "a");
    assert.deepEqual(listFiles(memory), [PATH]);
  });
}

test("updateFile does not read what is no file", async () => {
  const memory = makeMachine();
  const { status } = memory.system;
  const system = {
    ...memory.system,
    status: (path: string) => {
      const found = status(path);
      return path === PATH && found
        ? { ...found, kind: "other" as const }
        : found;
    },
  };
  await assert.rejects(
    update(system, add("b")),
    isError("store", /it is not a regular file$/),
  );
  assert.ok(!memory.calls.includes(`readFile ${PATH}`));
});
