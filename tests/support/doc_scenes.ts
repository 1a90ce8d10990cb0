/**
 * What the transcripts of docs/commands.md play on: for each a home with
 * agents in it.
 *
 * @module
 */

import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { CLEANUP_SCENES } from "./doc_cleanup_scenes.ts";
import { formatEvent } from "./doc_examples.ts";
import { makeDeadPid, type Scene, start, startTree } from "./doc_scene.ts";
import { before, DAY_MS, HOUR_MS, MINUTE_MS } from "./doc_world.ts";
import { makeEntry, makeSession } from "./records.ts";

const PAGE = "docs/commands.md";

const SHOP: Scene = {
  page: PAGE,
  starts: [
    "zag-ps list -f tag=shop",
    "zag-ps list\n",
    "zag-ps show incident",
  ],
  async prepare(world) {
    const port = start(world, "f3fcff10");
    const incident = start(world, "f19c6c9a");
    const move = start(world, "a62af120");
    world.writeProcesses([
      makeEntry({
        id: "36bf961b",
        pid: await makeDeadPid(world),
        provider: "gemini",
        model: "pro",
        prompt: "Translate the manual",
        started_at: before(5 * MINUTE_MS),
      }),
      makeEntry({
        ...port,
        provider: "codex",
        model: "gpt-5",
        command: "exec",
        prompt: "Port the cart endpoints",
        root: "/srv/shop",
        parent_process_id: move.id,
        started_at: before(10 * MINUTE_MS),
      }),
      makeEntry({
        ...incident,
        model: "sonnet",
        command: "exec",
        prompt: "Summarise the incident",
        session_id: "afb1f48a",
        started_at: before(90 * MINUTE_MS),
      }),
      makeEntry({
        ...move,
        prompt: "Move the shop to the new API",
        root: "/srv/shop",
        session_id: "3f273e10",
        started_at: before(2 * HOUR_MS),
      }),
    ]);
    world.writeSessions([
      makeSession({ session_id: "afb1f48a", name: "incident" }),
      makeSession({
        session_id: "3f273e10",
        name: "migration",
        tags: ["shop"],
      }),
    ]);
    world.writeText(
      "logs/sessions/afb1f48a.jsonl",
      formatEvent("afb1f48a", "session_result", { result: "done" }),
    );
  },
};

const EXPLAIN: Scene = {
  page: PAGE,
  starts: ["zag-ps explain 2222"],
  prepare(world) {
    const other = world.startSleeper();
    world.writeProcesses([
      makeEntry({
        id: "22222222-aaaa-4bbb-8ccc-000000000002",
        pid: other.pid,
        started_at: before(14 * HOUR_MS),
      }),
    ]);
    return Promise.resolve();
  },
};

const STOP: Scene = {
  page: PAGE,
  starts: ["zag-ps stop 3ff126a4"],
  async prepare(world) {
    const agent = await startTree(world, "3ff126a4");
    world.writeProcesses([makeEntry({ ...agent })]);
  },
};

const KILL: Scene = {
  page: PAGE,
  starts: ["zag-ps kill -f provider=claude"],
  async prepare(world) {
    const polite = start(world, "c5b2a9d0");
    const stubborn = await startTree(world, "81c0de77", "trap '' TERM;");
    world.writeProcesses([
      makeEntry({
        ...polite,
        started_at: before(MINUTE_MS),
      }),
      makeEntry({
        ...stubborn,
        provider: "codex",
        session_id: "b0a1c2d3",
        started_at: before(2 * MINUTE_MS),
      }),
    ]);
    world.writeSessions([
      makeSession({
        session_id: "b0a1c2d3",
        exit: { hint: "the name of the branch" },
      }),
    ]);
  },
};

const RUN: Scene = {
  page: PAGE,
  starts: [
    "zag-ps run --name sum",
    "zag-ps wait review --timeout 2s",
    "zag-ps output review",
    "zag-ps instructions review",
  ],
  prepare(world) {
    // `sum` ends itself twice, anything else once it is allowed to.
    world.addProgram(
      "claude",
      `if [ "$1" = sum ]; then
  zag-ps kill self 'the sum is 7'
  zag-ps kill self '[3, 4]'
else
  until [ -e "$HOME/go" ]; do sleep 0.1; done
  # Who waits has to have begun.
  sleep 4
  zag-ps kill self 7 >"$HOME/out" 2>&1
fi
`,
    );
    return Promise.resolve((line) => {
      if (line.startsWith("zag-ps wait -f")) {
        writeFileSync(join(world.home, "go"), "");
      }
    });
  },
};

const COMPLETION: Scene = {
  page: PAGE,
  starts: ["zag-ps completion running"],
  prepare(world) {
    const agent = start(world, "3ff126a4");
    world.writeProcesses([
      makeEntry({
        ...agent,
        prompt: "Find the rounding error in the invoices",
        started_at: before(12 * MINUTE_MS),
      }),
      makeEntry({
        id: "one",
        pid: 0,
        status: "exited",
        started_at: before(HOUR_MS),
      }),
      makeEntry({
        id: "two",
        pid: 0,
        status: "exited",
        provider: "codex",
        started_at: before(DAY_MS),
      }),
    ]);
    return Promise.resolve();
  },
};

/** Every scene. */
export const SCENES: readonly Scene[] = [
  SHOP,
  EXPLAIN,
  STOP,
  KILL,
  ...CLEANUP_SCENES,
  RUN,
  COMPLETION,
];
