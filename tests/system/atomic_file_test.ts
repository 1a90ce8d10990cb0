import assert from "node:assert/strict";
import { test } from "node:test";
import { replaceFile, type Snapshot } from "../../src/system/atomic_file.ts";
import {
  createMemory,
  type Memory,
  OWN_UID,
  systemError,
} from "../support/memory_system.ts";
import { isError } from "../support/zag_files.ts";

const PATH = "/z/store.json";
const NEW = new TextEncoder().encode('{"new": "é"}\n');
const NEW_TEXT = '{"new": "é"}\n';

/** A machine with a store of some content, mode and owner. */
function makeMachine(status = {}): Memory {
  const memory = createMemory();
  memory.folders.add("/z");
  memory.put(PATH, "old", status);
  return memory;
}

/** Replaces the file as it is now, unless it was seen otherwise. */
function replace(memory: Memory, seen = look(memory)): string | undefined {
  memory.calls.length = 0;
  return replaceFile(memory.system, PATH, NEW, seen);
}

function look({ system }: Memory): Snapshot {
  const content = system.readFile(PATH);
  return { content, version: system.status(PATH)?.version };
}

function readStatus(memory: Memory, path = PATH) {
  const { mode, uid, gid } = memory.files.get(path) ?? {};
  return { mode, uid, gid };
}

test("replaceFile writes a synced sibling and renames it", () => {
  const memory = makeMachine();
  replace(memory);
  assert.equal(memory.text(PATH), NEW_TEXT);
  assert.deepEqual([...memory.files.keys()], [PATH]);
  const temporary = "/z/.store.json.4242.unique-1.tmp";
  const acts = memory.calls.filter((call) => !call.startsWith("status"));
  assert.deepEqual(acts, [
    `realPath ${PATH}`,
    `createFile ${temporary}`,
    `readRange ${PATH}`,
    `rename ${temporary}`,
    "syncFolder /z",
  ]);
});

for (const mode of [0o600, 0o640, 0o644, 0o400, 0o777]) {
  test(`replaceFile keeps the mode ${mode.toString(8)}`, () => {
    const memory = makeMachine({ mode });
    replace(memory);
    assert.equal(memory.text(PATH), NEW_TEXT);
    assert.deepEqual(readStatus(memory), { mode, uid: OWN_UID, gid: OWN_UID });
  });
}

test("replaceFile is private until owner and mode are set", () => {
  const memory = makeMachine({ mode: 0o644, uid: 7, gid: 8 });
  memory.onCall = (name, [path]) => {
    if (name !== "changeOwner") return;
    assert.equal(memory.files.get(String(path))?.mode, 0o600);
  };
  replace(memory);
  assert.ok(memory.calls.some((call) => call.startsWith("changeOwner")));
});

for (const owner of [{ uid: 7, gid: 8 }, { uid: 7 }, { gid: 8 }]) {
  const name = JSON.stringify(owner);
  test(`replaceFile keeps the owner ${name}`, () => {
    const memory = makeMachine({ mode: 0o660, ...owner });
    replace(memory);
    assert.equal(memory.text(PATH), NEW_TEXT);
    const own = { uid: OWN_UID, gid: OWN_UID };
    assert.deepEqual(readStatus(memory), { mode: 0o660, ...own, ...owner });
  });

  test(`replaceFile refuses if the owner ${name} cannot be kept`, () => {
    const memory = makeMachine({ mode: 0o660, ...owner });
    memory.onCall = (name) => {
      if (name === "changeOwner") throw systemError("EPERM");
    };
    assert.throws(
      () => replace(memory),
      isError(
        "store",
        /^Failed to write "\/z\/store\.json": its owner \((ada|uid 7)\) and group cannot be kept\nRun zag-ps as that user$/,
      ),
    );
    assert.equal(memory.text(PATH), "old");
    assert.deepEqual([...memory.files.keys()], [PATH]);
  });
}

test("replaceFile refuses if the mode cannot be kept", () => {
  const memory = makeMachine({ mode: 0o640 });
  memory.onCall = (name) => {
    if (name === "changeMode") throw systemError("EPERM");
  };
  assert.throws(() => replace(memory), isError("store"));
  assert.equal(memory.text(PATH), "old");
  assert.deepEqual([...memory.files.keys()], [PATH]);
});

test("replaceFile makes a new file private", () => {
  const memory = createMemory();
  memory.folders.add("/z");
  replace(memory);
  assert.equal(memory.text(PATH), NEW_TEXT);
  assert.equal(memory.files.get(PATH)?.mode, 0o600);
});

test("replaceFile keeps a link and replaces its target", () => {
  const memory = createMemory();
  memory.put("/data/real.json", "old", { mode: 0o644 });
  memory.links.set(PATH, "/z/second");
  memory.links.set("/z/second", "/data/real.json");
  replace(memory);
  assert.equal(memory.text("/data/real.json"), NEW_TEXT);
  assert.equal(readStatus(memory, "/data/real.json").mode, 0o644);
  assert.deepEqual([...memory.files.keys()], ["/data/real.json"]);
  assert.deepEqual([...memory.links.keys()], [PATH, "/z/second"]);
  // A rename does not work from one file system to another.
  const created = memory.calls.find((call) => call.startsWith("createFile"));
  assert.match(created ?? "", /^createFile \/data\//);
});

test("replaceFile refuses a folder", () => {
  const memory = createMemory();
  memory.put(`${PATH}/inner`, "x");
  assert.throws(
    () => replace(memory, { content: undefined, version: "folder" }),
    isError(
      "store",
      /^Failed to write "\/z\/store\.json": it is not a regular file$/,
    ),
  );
  assert.deepEqual([...memory.files.keys()], [`${PATH}/inner`]);
});

test("replaceFile refuses a folder that is not there", () => {
  const memory = createMemory();
  assert.throws(
    () => replace(memory),
    isError("store", /no such file or folder \(ENOENT\)/),
  );
  assert.equal(memory.files.size, 0);
});

/** How many calls a replacement with owner and mode takes. */
const STEPS = (() => {
  const memory = makeMachine({ mode: 0o640, uid: 7 });
  replace(memory);
  return memory.calls.map((call) => call.split(" ")[0] ?? "");
})();

test("replaceFile takes the steps that are made to fail below", () => {
  assert.deepEqual(STEPS, [
    "realPath",
    "status",
    "createFile",
    "status",
    "changeOwner",
    "changeMode",
    "status",
    "status",
    "readRange",
    "status",
    "rename",
    "syncFolder",
  ]);
});

for (const [step, name] of STEPS.entries()) {
  test(`replaceFile leaves nothing behind if ${name}, step ${step}, fails`, () => {
    const memory = makeMachine({ mode: 0o640, uid: 7 });
    const seen = look(memory);
    let calls = 0;
    memory.onCall = () => {
      if (calls++ === step) throw systemError("EIO");
    };
    const act = () => replace(memory, seen);
    if (name === "syncFolder") {
      // The file is replaced by then: to deny it would be a lie.
      act();
      assert.equal(memory.text(PATH), NEW_TEXT);
    } else {
      assert.throws(
        act,
        isError(
          "store",
          /^Failed to write "\/z\/store\.json": input\/output error \(EIO\)/,
        ),
      );
      assert.equal(memory.text(PATH), "old");
    }
    assert.deepEqual([...memory.files.keys()], [PATH]);
    assert.deepEqual(readStatus(memory), { mode: 0o640, uid: 7, gid: OWN_UID });
  });
}

test("replaceFile removes what a full disk left of the temporary file", () => {
  const memory = makeMachine();
  memory.onCall = (name, [path]) => {
    if (name !== "createFile") return;
    memory.put(String(path), '{"ne');
    throw systemError("ENOSPC");
  };
  assert.throws(
    () => replace(memory),
    isError("store", /no space left on the device \(ENOSPC\)/),
  );
  assert.deepEqual([...memory.files.keys()], [PATH]);
  assert.equal(memory.text(PATH), "old");
});

test("replaceFile tells the first error if the cleaning fails as well", () => {
  const memory = makeMachine();
  memory.onCall = (name) => {
    if (name === "rename") throw systemError("EROFS");
    if (name === "remove") throw systemError("EIO");
  };
  assert.throws(
    () => replace(memory),
    isError("store", /the file system is read-only \(EROFS\)/),
  );
  assert.equal(memory.text(PATH), "old");
});

test("replaceFile returns the version that the new file has", () => {
  const memory = makeMachine();
  const version = replace(memory);
  assert.notEqual(version, undefined);
  assert.equal(memory.system.status(PATH)?.version, version);
});

const CHANGES: [name: string, change: (memory: Memory) => void][] = [
  ["replaced", (memory) => memory.put(PATH, "zag's own")],
  ["replaced by one of the same size", (memory) => memory.put(PATH, "OLD")],
  ["replaced by one with the same text", (memory) => memory.put(PATH, "old")],
  ["removed", (memory) => memory.files.delete(PATH)],
];

for (const [name, change] of CHANGES) {
  for (const call of ["createFile", "changeMode", "readRange"]) {
    test(`replaceFile leaves a file alone that is ${name} before ${call}`, () => {
      const memory = makeMachine({ mode: 0o640 });
      const seen = look(memory);
      let left: string | undefined;
      memory.onCall = (name) => {
        if (name !== call) return;
        change(memory);
        left = memory.text(PATH);
      };
      assert.equal(replace(memory, seen), undefined);
      assert.equal(memory.text(PATH), left);
      assert.ok([...memory.files.keys()].every((path) => path === PATH));
    });
  }
}

test("replaceFile notices another content under the same version", () => {
  // As after two replacements within one tick of the file system's clock.
  const memory = makeMachine();
  const seen = { ...look(memory), content: new TextEncoder().encode("OLD") };
  assert.equal(replace(memory, seen), undefined);
  assert.equal(memory.text(PATH), "old");
});

test("replaceFile does not create a file that appeared meanwhile anew", () => {
  const memory = makeMachine();
  const seen = { content: undefined, version: undefined };
  assert.equal(replace(memory, seen), undefined);
  assert.equal(memory.text(PATH), "old");
  assert.deepEqual([...memory.files.keys()], [PATH]);
});
