import assert from "node:assert/strict";
import { test } from "node:test";
import { createRunner, type Toolkit } from "../../action/runner.ts";
import { HOSTILE_TEXTS, obeysCommand } from "../support/clean_up.ts";

/** A toolkit that keeps the lines of the log; it escapes like the real one. */
function fakeToolkit(): { toolkit: Toolkit; lines: string[]; html: string[] } {
  const lines: string[] = [];
  const html: string[] = [];
  const issue = (kind: string) => (message: string | Error) => {
    assert.equal(typeof message, "string");
    lines.push(`${kind} ${message}`);
  };
  const summary = {
    addRaw(text: string) {
      html.push(text);
      return summary;
    },
    write: () => Promise.resolve(summary),
  };
  const toolkit = {
    info: (text: string) => void lines.push(...text.split(/\r\n|\r|\n/)),
    startGroup: issue("group"),
    endGroup: () => void lines.push("end"),
    error: issue("error"),
    warning: issue("warning"),
    notice: issue("notice"),
    setOutput: () => {},
    saveState: () => {},
    getState: (name: string) => `state of ${name}`,
    summary,
  };
  return { toolkit: toolkit as unknown as Toolkit, lines, html };
}

for (const [name, text] of HOSTILE_TEXTS) {
  test(`createRunner makes no command of ${name}`, () => {
    const { toolkit, lines } = fakeToolkit();
    const runner = createRunner(toolkit, {});
    runner.log(text);
    runner.logGroup(text, text);
    runner.annotate("error", text);
    assert.ok(lines.length >= 5);
    assert.deepEqual(lines.filter(obeysCommand), []);
  });
}

test("createRunner hands on what it is told", async () => {
  const { toolkit, lines, html } = fakeToolkit();
  const runner = createRunner(toolkit, { A: "b" });
  runner.log("a\nb\n");
  runner.logGroup("title", "row\n");
  runner.annotate("notice", "look");
  await runner.writeSummary("<p>");
  assert.deepEqual(lines, [
    ...["a", "b", "group title", "row", "end", "notice look"],
  ]);
  assert.deepEqual(html, ["<p>"]);
  assert.equal(runner.getState("x"), "state of x");
  assert.deepEqual(runner.env, { A: "b" });
});
