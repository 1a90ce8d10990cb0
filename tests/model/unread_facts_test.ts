import assert from "node:assert/strict";
import { test } from "node:test";
import { describeUnread } from "../../src/model/unread_facts.ts";

const make = (pid: number, markers?: Record<string, string>) => ({
  pid,
  zombie: false,
  markers,
});

test("describeUnread says nothing where all could be read", () => {
  assert.equal(describeUnread([]), undefined);
  assert.equal(describeUnread([make(7, {}), make(8, { CI: "1" })]), undefined);
  // Nobody can read that of a zombie.
  assert.equal(describeUnread([{ pid: 9, zombie: true }]), undefined);
});

test("describeUnread names the process, and the remedy", () => {
  assert.equal(
    describeUnread([make(7, {}), make(8)]),
    "The environment of process 8 cannot be read: what only it would tell is unknown (to see it, run zag-ps as root or as the owner)",
  );
});

test("describeUnread counts those that it does not name", () => {
  const processes = [8, 3, 5, 9, 4, 7, 6].map((pid) => make(pid));
  assert.match(
    describeUnread(processes) ?? "",
    / of processes 3, 4, 5, 6, 7 and 2 more cannot /,
  );
  assert.match(
    describeUnread(processes.slice(0, 5)) ?? "",
    / of processes 3, 4, 5, 8, 9 cannot /,
  );
});
