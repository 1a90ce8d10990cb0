import assert from "node:assert/strict";
import { test } from "node:test";
import {
  errorCode,
  type ErrorKind,
  EXIT_STATUS,
  reasonOf,
  ZagPsError,
} from "../../src/model/errors.ts";

const STATUS: Record<ErrorKind, number> = {
  "usage": 2,
  "not-found": 3,
  "ambiguous": 2,
  "not-running": 3,
  "no-output": 3,
  "invalid-entry": 1,
  "rejected": 4,
  "unevaluable": 1,
  "no-session": 1,
  "input": 1,
  "store": 1,
  "record": 1,
  "signal": 1,
  "refused": 1,
  "unverified": 1,
  "unseen": 1,
};

for (const [kind, status] of Object.entries(STATUS)) {
  test(`ZagPsError "${kind}" gives the exit status ${status}`, () => {
    const cause = new Error("below");
    const error = new ZagPsError(kind as ErrorKind, "Above", { cause });
    assert.equal(error.exitStatus, status);
    assert.equal(error.kind, kind);
    assert.equal(error.name, "ZagPsError");
    assert.equal(error.message, "Above");
    assert.equal(error.cause, cause);
    assert.ok(error instanceof Error);
  });
}

test("EXIT_STATUS holds the documented statuses", () => {
  assert.deepEqual(EXIT_STATUS, {
    done: 0,
    failed: 1,
    usage: 2,
    noProcess: 3,
    rejected: 4,
    timedOut: 124,
  });
});

const CODES: [name: string, error: unknown, code: string | undefined][] = [
  ["an operating system's error", { code: "ENOENT" }, "ENOENT"],
  [
    "a permission that the runtime denies",
    { name: "NotCapable" },
    "NOTCAPABLE",
  ],
  ["an error with a code that is no text", { code: 2 }, undefined],
  ["an error without a code", new Error("x"), undefined],
  ["a text", "ENOENT", undefined],
  ["null", null, undefined],
  ["nothing", undefined, undefined],
];

for (const [name, error, code] of CODES) {
  test(`errorCode of ${name} is ${code}`, () => {
    assert.equal(errorCode(error), code);
  });
}

const REASONS: [name: string, error: unknown, reason: string][] = [
  ["a known code", { code: "ENOSPC" }, "no space left on the device (ENOSPC)"],
  ["EPERM", { code: "EPERM" }, "operation not permitted (EPERM)"],
  [
    "a permission that the runtime denies",
    { name: "NotCapable" },
    "the runtime was not given the permission (see the README on permissions)",
  ],
  [
    "an unknown code",
    Object.assign(new Error("it broke"), { code: "EODD" }),
    "it broke",
  ],
  ["an error of our own", new ZagPsError("store", "No\nway"), "No\nway"],
  ["a foreign text", new Error("open '\x1b\n'"), "open '\\x1b\\n'"],
  ["a text", "odd", "odd"],
];

for (const [name, error, reason] of REASONS) {
  test(`reasonOf ${name} is in words`, () => {
    assert.equal(reasonOf(error), reason);
  });
}
