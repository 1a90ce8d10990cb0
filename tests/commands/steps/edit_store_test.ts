import assert from "node:assert/strict";
import { test } from "node:test";
import { editText } from "../../../src/commands/steps/edit_store.ts";
import type { ProcessEntry } from "../../../src/model/process_entry.ts";
import { formatStore, makeEntry, STORE } from "../../support/zag_files.ts";

const CHANGES = { status: '"killed"' };

function edit(
  text: string,
  removed: ProcessEntry[],
  changed: ProcessEntry[] = [],
) {
  return editText(text, STORE, {
    removed,
    changed: changed.map((entry) => ({ entry, changes: CHANGES })),
  });
}

const a = makeEntry({ id: "a" });
const b = makeEntry({ id: "b" });

test("editText removes and changes in one go, and counts", () => {
  assert.deepEqual(edit(formatStore(a, b), [a], [b]), {
    text: formatStore({ ...b, status: "killed" }),
    removed: 1,
    changed: 1,
  });
});

test("editText tells entries with one id apart", () => {
  const other = { ...a, pid: 7 };
  const text = formatStore(a, other, b);
  assert.equal(edit(text, [other]).text, formatStore(a, b));
  const { text: both, changed } = edit(text, [], [a, other]);
  assert.equal(changed, 2);
  assert.equal(
    both,
    formatStore(
      { ...a, status: "killed" },
      { ...other, status: "killed" },
      b,
    ),
  );
});

const FIELDS: Partial<ProcessEntry>[] = [
  { pid: 7 },
  { status: "exited" },
  { exit_code: 0 },
  { exited_at: "2026-11-22T12:00:00+00:00" },
  { started_at: "2026-11-22T12:00:00+00:00" },
  { session_id: "other" },
];

for (const fields of FIELDS) {
  test(`editText leaves an entry with another ${Object.keys(fields)}`, () => {
    const text = formatStore({ ...a, ...fields }, b);
    assert.deepEqual(edit(text, [a], [a]), { text, removed: 0, changed: 0 });
  });
}

test("editText takes what is absent for null, as zag writes it", () => {
  const { exit_code: _, exited_at: __, root: ___, ...short } = a;
  assert.equal(edit(formatStore(a, b), [short]).text, formatStore(b));
  assert.equal(edit(formatStore(short, b), [a]).text, formatStore(b));
});
