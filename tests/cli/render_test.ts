import assert from "node:assert/strict";
import { test } from "node:test";
import { renderTable } from "../../src/cli/render.ts";
import { renderDetails } from "../../src/cli/render_details.ts";
import { chooseStyle, PLAIN } from "../../src/cli/style.ts";
import type { JudgedEntry } from "../../src/commands/steps/judge.ts";
import type { LiveStatus } from "../../src/model/liveness.ts";
import { judge } from "../support/judged.ts";

const HEADER = "ID                                     PID     STATUS   " +
  "PROVIDER   MODEL      CMD     STARTED                PROMPT";
const RULE = "-".repeat(130);
const COLOR = chooseStyle("always", () => false, () => undefined);

/** The lines of a table below its header. */
function renderRows(...rows: JudgedEntry[]): string[] {
  const lines = renderTable(rows, PLAIN, undefined).split("\n");
  assert.deepEqual(lines.slice(0, 2), [HEADER, RULE]);
  assert.equal(lines.at(-1), "");
  return lines.slice(2, -1);
}

test("renderTable says that there is nothing", () => {
  assert.equal(renderTable([], PLAIN, undefined), "No processes found.\n");
});

test("renderTable pads to 38, 7, 8, 10, 10, 7 and 22", () => {
  assert.deepEqual(renderRows(judge()), [
    "f47ac10b-58cc-4372-a567-0e02b2c3d479   4321    running  claude     " +
    "opus       run     2026-11-22T10:00:00.   say hello",
  ]);
});

test("renderTable leaves an absent or empty prompt empty", () => {
  const start =
    "f47ac10b-58cc-4372-a567-0e02b2c3d479   4321    running  claude     " +
    "           run     2026-11-22T10:00:00.   ";
  for (const prompt of [undefined, null, ""]) {
    assert.deepEqual(renderRows(judge({ prompt, model: "" })), [start]);
  }
});

test("renderTable cuts the start to 20 and the prompt to 40 characters, nothing else", () => {
  const long = "x".repeat(60);
  const [row] = renderRows(judge({
    id: long,
    pid: 1234567890,
    provider: long,
    model: long,
    command: long,
    started_at: "s".repeat(30),
    prompt: "p".repeat(50),
  }));
  assert.equal(
    row,
    `${long} 1234567890 running  ${long} ${long} ${long} ` +
      `${"s".repeat(20)}   ${"p".repeat(40)}`,
  );
});

test("renderTable counts Unicode scalar values, not UTF-16 units", () => {
  const robot = "\u{1f916}";
  const [row] = renderRows(judge({
    id: robot,
    provider: robot.repeat(3),
    model: "日本",
    started_at: robot.repeat(25),
    prompt: robot.repeat(50),
  }));
  assert.equal(
    row,
    `${robot}${" ".repeat(37)} 4321    running  ${robot.repeat(3)}       ` +
      ` 日本         run     ${robot.repeat(20)}   ${robot.repeat(40)}`,
  );
});

const CONTROLS: [text: string, shown: string][] = [
  ["\n", "\\n"],
  ["\r", "\\r"],
  ["\t", "\\t"],
  ["\0", "\\x00"],
  ["\x1b[2J", "\\x1b[2J"],
  ["\x07", "\\x07"],
  ["\x1f", "\\x1f"],
  ["\x7f", "\\x7f"],
  ["\x80", "\\x80"],
  ["\x9b", "\\x9b"],
  ["\u202e", "\\u{202e}"],
  ["\u200f", "\\u{200f}"],
  ["\u2066", "\\u{2066}"],
  ["\u061c", "\\u{61c}"],
];

for (const [text, shown] of CONTROLS) {
  test(`renderTable and renderDetails show ${shown} in every field`, () => {
    const fields = {
      id: `${text}id`,
      provider: `${text}p`,
      model: `${text}m`,
      command: `${text}c`,
      started_at: `${text}s`,
      prompt: `${text}q`,
    };
    const pad = (field: string, width: number) =>
      `${shown}${field}`.padEnd(width);
    assert.deepEqual(renderRows(judge(fields)), [
      `${pad("id", 38)} 4321    running  ${pad("p", 10)} ${pad("m", 10)} ` +
      `${pad("c", 7)} ${pad("s", 22)} ${shown}q`,
    ]);
    const details = renderDetails({
      ...judge({ ...fields, session_id: `${text}z`, root: `${text}r` }),
      logPath: null,
    });
    assert.equal(details.split("\n").length, 11);
    for (const field of ["id", "p", "m", "c", "s", "q", "z", "r"]) {
      assert.ok(details.includes(`  ${shown}${field}\n`), field);
    }
  });
}

test("renderTable cuts a prompt first and escapes it then", () => {
  const [row] = renderRows(judge({ prompt: "\n".repeat(50) }));
  assert.ok(row?.endsWith(`.   ${"\\n".repeat(40)}`), row);
});

test("renderTable cuts lines to the width of a terminal only", () => {
  const rows = [judge({ prompt: "\u{1f916}".repeat(40) })];
  const lines = renderTable(rows, PLAIN, 120).trimEnd().split("\n");
  assert.deepEqual(lines.map((line) => [...line].length), [115, 120, 120]);
  const wide = renderTable(rows, PLAIN, 500);
  assert.equal(wide, renderTable(rows, PLAIN, undefined));
});

const COLORS: [status: LiveStatus, start: string, end: string][] = [
  ["running", "\x1b[32m", "\x1b[39m"],
  ["dead", "\x1b[31m", "\x1b[39m"],
  ["unknown", "\x1b[31m", "\x1b[39m"],
  ["killed", "\x1b[33m", "\x1b[39m"],
  ["exited", "\x1b[2m", "\x1b[22m"],
];

for (const [liveStatus, start, end] of COLORS) {
  test(`renderTable colours the status ${liveStatus} and nothing else`, () => {
    const rows = [judge({ prompt: ` ${liveStatus} ` }, { liveStatus })];
    const plain = renderTable(rows, PLAIN, undefined);
    assert.equal(
      renderTable(rows, COLOR, undefined),
      plain.replace(` ${liveStatus} `, ` ${start}${liveStatus}${end} `),
    );
  });
}

test("renderTable shows no colour where the terminal is too narrow for the status", () => {
  for (const columns of [20, 46, 47, 50, 54]) {
    assert.equal(
      renderTable([judge()], COLOR, columns),
      renderTable([judge()], PLAIN, columns),
    );
  }
  assert.notEqual(
    renderTable([judge()], COLOR, 56),
    renderTable([judge()], PLAIN, 56),
  );
});
