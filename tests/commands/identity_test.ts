import assert from "node:assert/strict";
import { test } from "node:test";
import type { Context } from "../../src/commands/context.ts";
import { kill } from "../../src/commands/kill.ts";
import { stop } from "../../src/commands/stop.ts";
import type { ErrorKind } from "../../src/model/errors.ts";
import type { ProcessEntry } from "../../src/model/process_entry.ts";
import type { ProcessFacts } from "../../src/model/process_facts.ts";
import {
  createMemory,
  type Memory,
  systemError,
} from "../support/memory_system.ts";
import {
  createContext,
  formatStore,
  ID,
  isError,
  makeEntry,
  PID,
  STORE,
} from "../support/zag_files.ts";

/** When the entry of `makeEntry` was written. */
const RECORDED_MS = Date.UTC(2026, 10, 22, 11, 59);
const HOUR = 3_600_000;
const STRANGER_ID = "77777777-0d0a-4a88-b1f4-9c4a1f2f8e21";

function makeMachine(
  facts: Partial<ProcessFacts>,
  entry: Partial<ProcessEntry> = {},
): Memory {
  const memory = createMemory();
  memory.put(STORE, formatStore(makeEntry({ session_id: null, ...entry })));
  memory.processes.set(PID, {
    pid: PID,
    zombie: false,
    startTicks: "proc:42",
    startedAt: RECORDED_MS,
    uid: 1000,
    ...facts,
  });
  return memory;
}

/** The two verbs that signal, called alike. */
const VERBS: [
  verb: string,
  signal: string,
  run: (
    context: Context,
    options: { unverified?: boolean; skipValidation?: boolean },
  ) => Promise<{ outcome: string }>,
][] = [
  ["stop", "SIGHUP", (context, options) => stop(context, ID, options)],
  ["kill", "SIGTERM", (context, options) => kill(context, ID, options)],
];

/** The process must not be signalled, and the store must stay as it is. */
async function assertRefused(
  memory: Memory,
  run: () => Promise<unknown>,
  kind: ErrorKind,
  message: RegExp,
): Promise<void> {
  const before = memory.text(STORE);
  await assert.rejects(run(), isError(kind, message));
  assert.deepEqual(memory.signals, []);
  assert.equal(memory.text(STORE), before);
  assert.ok(!memory.calls.some((call) => call.startsWith("signal")));
}

const STRANGERS: [name: string, facts: Partial<ProcessFacts>][] = [
  ["another agent", { markers: { ZAG_PROCESS_ID: STRANGER_ID } }],
  ["a later program", { startedAt: RECORDED_MS + HOUR, markers: {} }],
  [
    "another program, a minute later",
    { startedAt: RECORDED_MS + 60_000, markers: {}, executable: "/bin/bash" },
  ],
];

const DOUBTFUL: [name: string, facts: Partial<ProcessFacts>][] = [
  ["an older program", { startedAt: RECORDED_MS - HOUR }],
  ["a later program of another user", { startedAt: RECORDED_MS + HOUR }],
  ["a program whose start is not known", { startedAt: undefined }],
  [
    "an agent whose start cannot be compared later",
    { startTicks: undefined, markers: { ZAG_PROCESS_ID: ID } },
  ],
];

for (const [verb, signal, run] of VERBS) {
  for (const [name, facts] of STRANGERS) {
    for (const unverified of [false, true]) {
      test(`${verb} refuses ${name}, unverified: ${unverified}`, async () => {
        const memory = makeMachine(facts);
        const context = createContext(memory);
        await assertRefused(
          memory,
          () => run(context, { unverified }),
          "not-running",
          new RegExp(
            `^Process ${ID} is not running \\(status: dead\\)\n` +
              `Another program has its pid ${PID} now: .*ZAG_PROCESS_ID`,
          ),
        );
      });
    }
  }

  for (const [name, facts] of DOUBTFUL) {
    test(`${verb} refuses ${name} unless it is told otherwise`, async () => {
      const memory = makeMachine(facts);
      await assertRefused(
        memory,
        () => run(createContext(memory), {}),
        "unverified",
        new RegExp(
          `^Process ${PID} may not be the one that was recorded as ${ID}: .+\n` +
            `Look at it with "zag-ps explain ${ID}"; --unverified `,
        ),
      );
    });

    test(`${verb} signals ${name} if it is told to`, async () => {
      const memory = makeMachine(facts);
      await run(createContext(memory), { unverified: true });
      assert.deepEqual(memory.signals, [[PID, signal]]);
    });
  }

  test(`${verb} is not told so by any other option`, async () => {
    const memory = makeMachine({ startedAt: RECORDED_MS - HOUR });
    await assertRefused(
      memory,
      () => run(createContext(memory), { skipValidation: true }),
      "unverified",
      /--unverified/,
    );
  });

  for (const pid of [0, 1, -1, 1.5, 2 ** 31, 2 ** 53]) {
    test(`${verb} refuses pid ${pid}, whatever it is told`, async () => {
      const memory = makeMachine({}, { pid });
      await assertRefused(
        memory,
        () => run(createContext(memory), { unverified: true }),
        "invalid-entry",
        new RegExp(`^Process ${ID} cannot be signalled: pid ${pid} is not an`),
      );
    });
  }

  test(`${verb} refuses itself, whatever it is told`, async () => {
    const memory = makeMachine({}, { pid: 4242 });
    assert.equal(memory.system.pid, 4242);
    memory.processes.set(4242, {
      pid: 4242,
      zombie: false,
      startTicks: "proc:1",
      startedAt: RECORDED_MS,
      markers: { ZAG_PROCESS_ID: ID },
    });
    await assertRefused(
      memory,
      () => run(createContext(memory), { unverified: true }),
      "invalid-entry",
      new RegExp(
        `^Process ${ID} cannot be signalled: pid 4242 is zag-ps itself$`,
      ),
    );
  });

  test(`${verb} signals nothing if the pid changes hands meanwhile`, async () => {
    for (const unverified of [false, true]) {
      const memory = makeMachine({ markers: { ZAG_PROCESS_ID: ID } });
      memory.onCall = (name) => {
        if (name !== "signal") return;
        memory.processes.set(PID, {
          pid: PID,
          zombie: false,
          startTicks: "proc:43",
        });
      };
      const report = run(createContext(memory), { unverified });
      if (verb === "kill") {
        assert.equal((await report).outcome, "already-ended");
      } else {await assert.rejects(
          report,
          isError("not-running", /status: dead/),
        );}
      assert.deepEqual(memory.signals, []);
    }
  });

  test(`${verb} names the owner of a process that it may not signal`, async () => {
    const owners: [facts: Partial<ProcessFacts>, name: string][] = [
      [{ uid: 1000 }, "ada"],
      [{ uid: 65534, owner: "nobody" }, "nobody"],
      [{ uid: 65534 }, "uid 65534"],
    ];
    for (const [facts, name] of owners) {
      const memory = makeMachine(facts);
      const before = memory.text(STORE);
      memory.onCall = (name) => {
        if (name === "signal") throw systemError("EPERM");
      };
      await assert.rejects(
        run(createContext(memory), {}),
        isError(
          "signal",
          new RegExp(
            `^Failed to signal process: operation not permitted \\(EPERM\\): it belongs to ${name}(?:\n|$)`,
          ),
        ),
      );
      assert.deepEqual(
        JSON.parse(memory.text(STORE) ?? ""),
        JSON.parse(before ?? "x"),
      );
    }
  });

  for (
    const [platform, outcome] of [
      ["linux", "signalled"],
      ["darwin", "signalled"],
      ["win32", "ended"],
    ] as const
  ) {
    test(`${verb} reports on ${platform} that it ${outcome}`, async () => {
      const memory = makeMachine({});
      memory.platform = platform;
      const report = await run(createContext(memory), {});
      assert.equal(report.outcome, outcome);
      assert.deepEqual(memory.signals, [[PID, signal]]);
    });
  }
}
