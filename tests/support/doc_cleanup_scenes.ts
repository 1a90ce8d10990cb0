/**
 * What the transcripts of reap, prune and doctor play on.
 *
 * @module
 */

import { chmodSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { formatEvent } from "./doc_examples.ts";
import { makeDeadPid, type Scene, start } from "./doc_scene.ts";
import { before, DAY_MS, HOUR_MS, makeId } from "./doc_world.ts";
import { makeEntry, makeSession } from "./records.ts";

const PAGE = "docs/commands.md";

const REAP: Scene = {
  page: PAGE,
  starts: ["zag-ps reap --older-than 12h"],
  async prepare(world) {
    const polite = start(world, "21708908");
    const id = makeId("2678d3f3");
    const stubborn = world.start(
      "/bin/sh",
      ["-c", "trap '' TERM; echo READY; exec sleep 119"],
      { ZAG_PROCESS_ID: id },
    );
    await stubborn.waitFor("READY\n");
    world.writeProcesses([
      makeEntry({
        ...polite,
        session_id: "0c1d2e3f",
        started_at: before(14 * HOUR_MS),
      }),
      makeEntry({
        id,
        pid: stubborn.pid,
        provider: "codex",
        session_id: "4a5b6c7d",
        started_at: before(13 * HOUR_MS),
      }),
    ]);
    world.writeSessions([
      makeSession({ session_id: "0c1d2e3f", exit: { hint: "a summary" } }),
      makeSession({ session_id: "4a5b6c7d" }),
    ]);
    world.writeText(
      "logs/sessions/0c1d2e3f.jsonl",
      formatEvent("0c1d2e3f", "heartbeat", {}, before(14 * HOUR_MS)),
    );
    world.writeText(
      "logs/sessions/4a5b6c7d.jsonl",
      formatEvent(
        "4a5b6c7d",
        "session_result",
        { result: "done" },
        before(12 * HOUR_MS),
      ),
    );
  },
};

const PRUNE: Scene = {
  page: PAGE,
  starts: ["zag-ps prune\n"],
  async prepare(world) {
    const pid = await makeDeadPid(world);
    world.writeProcesses([
      makeEntry({
        id: "27c9420d",
        pid,
        status: "exited",
        exit_code: 0,
        started_at: before(12 * DAY_MS),
        exited_at: before(11 * DAY_MS),
      }),
      makeEntry({
        id: "50fb1283",
        pid,
        provider: "gemini",
        started_at: before(9 * DAY_MS),
      }),
    ]);
  },
};

const DOCTOR: Scene = {
  page: PAGE,
  starts: ["zag-ps doctor\n"],
  async prepare(world) {
    const pid = await makeDeadPid(world);
    world.writeProcesses([
      makeEntry({
        id: "21708908",
        pid,
        session_id: "0c1d2e3f",
        started_at: before(14 * HOUR_MS),
      }),
      makeEntry({
        id: "50fb1283",
        pid,
        provider: "gemini",
        started_at: before(9 * DAY_MS),
      }),
      makeEntry({
        id: "27c9420d",
        pid,
        session_id: "4a5b6c7d",
        status: "exited",
        exit_code: 0,
        exited_at: before(DAY_MS),
      }),
      makeEntry({ id: "2678d3f3", pid, status: "killed" }),
    ]);
    world.writeSessions([
      makeSession({ session_id: "0c1d2e3f" }),
      makeSession({ session_id: "4a5b6c7d" }),
    ]);
    for (const id of ["0c1d2e3f", "4a5b6c7d"]) {
      world.writeText(
        `logs/sessions/${id}.jsonl`,
        formatEvent(id, "heartbeat", {}, before(DAY_MS)),
      );
    }
    chmodSync(join(world.zag, "sessions.json"), 0o666);
    const temporary = join(world.zag, `.processes.json.${pid}.0.tmp`);
    writeFileSync(temporary, "{");
    utimesSync(temporary, new Date(0), new Date(0));
  },
};

/** The scenes. */
export const CLEANUP_SCENES: readonly Scene[] = [REAP, PRUNE, DOCTOR];
