import assert from "node:assert/strict";
import { test } from "node:test";
import { parseSignal } from "../../src/model/signal_names.ts";
import { isError } from "../support/zag_files.ts";

const TAKEN: [text: string, signal: string][] = [
  ["HUP", "SIGHUP"],
  ["1", "SIGHUP"],
  ["int", "SIGINT"],
  ["2", "SIGINT"],
  ["SIGQUIT", "SIGQUIT"],
  ["3", "SIGQUIT"],
  ["sigterm", "SIGTERM"],
  ["15", "SIGTERM"],
  ["Kill", "SIGKILL"],
  ["9", "SIGKILL"],
];

for (const [text, signal] of TAKEN) {
  test(`parseSignal takes "${text}" for ${signal}`, () => {
    assert.equal(parseSignal(text), signal);
  });
}

// The others do not end anything, or are none.
const REFUSED = ["STOP", "CONT", "USR1", "0", "-9", "09", "SIG", "", "TERMS"];

for (const text of REFUSED) {
  test(`parseSignal refuses "${text}" and names those that it takes`, () => {
    assert.throws(
      () => parseSignal(text),
      isError(
        "usage",
        /"\nThese end one: HUP \(1\), INT \(2\), .*TERM \(15\)$/,
      ),
    );
  });
}
