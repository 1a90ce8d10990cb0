import assert from "node:assert/strict";
import { test } from "node:test";
import { runConcurrency } from "../../soak/concurrency.ts";
import {
  findSourceRuntime,
  needsSourceRuntime,
} from "../support/source_programs.ts";

const KILLERS = 4;
const KILLS = 5;

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
    const { compared, repeated, foreignInWindow, longestWindowMs, ...rest } =
      counts;
    console.log(
      `${foreign} foreign changes, ${compared} found at the comparison, ` +
        `${foreignInWindow} between it and the rename (${
          longestWindowMs.toFixed(2)
        } ms at most), ${repeated} marks written again, ${reads} reads`,
    );
    assert.deepEqual(rest, {
      kills: KILLERS * KILLS,
      failures: [],
      lostMarks: 0,
      lostResults: 0,
      brokenNumbers: 0,
      lostForeign: 0,
      brokenReads: [],
      leftovers: [],
    });
    assert.ok(foreign > 0 && reads > 0);
  },
);
