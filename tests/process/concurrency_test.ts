import assert from "node:assert/strict";
import { test } from "node:test";
import { runConcurrency } from "../../soak/concurrency.ts";
import {
  findSourceRuntime,
  needsSourceRuntime,
} from "../support/source_programs.ts";

const KILLERS = 4;
const KILLS = 5;
/** So long after its own change zag-ps looks at the store again. */
const SETTLE_MS = 100;

// The soak has sixteen, and many more kills.
test(
  "kill loses nothing among other zag-ps processes and a writer without a lock",
  {
    skip: needsSourceRuntime,
  },
  async () => {
    const runtime = findSourceRuntime();
    assert.ok(runtime);
    const { foreign, reads, ...counts } = await runConcurrency({
      runtime,
      killers: KILLERS,
      kills: KILLS,
      pauseMs: 20,
    });
    const { compared, repeated, foreignInWindow, ...others } = counts;
    const { longestWindowMs, longestForeignMs, lostMarks, ...rest } = others;
    console.log(
      `${foreign} foreign changes, ${compared} found at the comparison, ` +
        `${foreignInWindow} between it and the rename (${
          longestWindowMs.toFixed(2)
        } ms at most), ${repeated} marks written again, ${reads} reads, foreign changes took ${
          longestForeignMs.toFixed(0)
        } ms at most`,
    );
    assert.deepEqual(rest, {
      kills: KILLERS * KILLS,
      failures: [],
      refused: 0,
      warned: 0,
      lostResults: 0,
      brokenNumbers: 0,
      lostForeign: 0,
      brokenReads: [],
      leftovers: [],
    });
    // A writer that a busy machine stopped for longer than zag-ps waits can
    // overwrite a mark that nobody looks at again (docs/reliability.md).
    if (longestForeignMs < SETTLE_MS) assert.equal(lostMarks, 0);
    assert.ok(foreign > 0 && reads > 0);
  },
);
