import assert from "node:assert/strict";
import { test } from "node:test";
import {
  findRefusal,
  findSessionRefusal,
  judgePermissions,
  readTemporaryPid,
} from "../../src/model/diagnosis.ts";
import type { ProcessEntry } from "../../src/model/process_entry.ts";

const TEMPORARIES: [name: string, pid: number | undefined][] = [
  [".processes.json.4711.0.tmp", 4711],
  [".sessions.json.12.37.tmp", 12],
  [".processes.json.4711.0b9a7d34-6c55-4f0e-8e53-5a1f1a2b3c4d.tmp", 4711],
  [".processes.json.lock.4711.unique-1.tmp", 4711],
  ["processes.json.4711.0.tmp", undefined],
  [".processes.json.0.tmp", undefined],
  [".processes.json.x.0.tmp", undefined],
  [".processes.json.4711.0.tmp.bak", undefined],
  [".processes.json.99999999999.0.tmp", undefined],
  ["processes.json", undefined],
];

for (const [name, pid] of TEMPORARIES) {
  test(`readTemporaryPid reads ${name}`, () => {
    assert.equal(readTemporaryPid(name), pid);
  });
}

const MODES: [
  what: string,
  "file" | "folder",
  mode: number,
  faults: string[],
][] = [
  ["zag's own file", "file", 0o644, []],
  ["a private file", "file", 0o600, []],
  ["a file of a group", "file", 0o664, []],
  ["a file of everybody", "file", 0o666, ["others-write"]],
  ["a file that is read-only", "file", 0o444, ["owner-cannot"]],
  ["a folder", "folder", 0o755, []],
  ["a folder of everybody", "folder", 0o777, ["others-write"]],
  ["a folder that cannot be entered", "folder", 0o600, ["owner-cannot"]],
];

for (const [what, kind, mode, faults] of MODES) {
  test(`judgePermissions judges ${what}`, () => {
    const found = judgePermissions({ kind, mode, uid: 7 }, 7);
    assert.deepEqual(found.map(({ kind }) => kind), faults);
  });
}

test("judgePermissions names the mode without the fault, and another owner", () => {
  assert.deepEqual(
    judgePermissions({ kind: "file", mode: 0o1667, uid: 0 }, 7),
    [
      { kind: "others-write", mode: 0o1665 },
      { kind: "other-owner" },
    ],
  );
});

for (const pid of [0, 1, 4711, 2 ** 32 - 1]) {
  test(`findRefusal knows that zag reads pid ${pid}`, () => {
    assert.equal(findRefusal({ pid } as ProcessEntry), undefined);
  });
}

for (const pid of [-1, 1.5, 2 ** 32, NaN]) {
  test(`findRefusal knows that zag refuses pid ${pid}`, () => {
    assert.match(findRefusal({ pid } as ProcessEntry) ?? "", /^pid: /);
  });
}

test("findSessionRefusal knows what zag demands of a session", () => {
  const session = { worktree_path: "", worktree_name: "", created_at: "" };
  assert.equal(findSessionRefusal(session), undefined);
  for (const key of Object.keys(session)) {
    for (const value of [undefined, null, 5]) {
      const reason = findSessionRefusal({ ...session, [key]: value });
      assert.equal(reason, `${key}: it should be a string`);
    }
  }
});
