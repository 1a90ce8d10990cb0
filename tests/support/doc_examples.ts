/**
 * A home in which every command of the pages' lists of examples has something
 * to act on.
 *
 * @module
 */

import { copyFileSync, mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import {
  before,
  DAY_MS,
  type DocWorld,
  HOUR_MS,
  makeId,
  MINUTE_MS,
} from "./doc_world.ts";
import { makeEntry, makeSession } from "./records.ts";

/** The agent that the pages name by its beginning. */
const AGENT = makeId("3ff126a4");
const OLD = makeId("187d38d8");
const DONE = makeId("e74cd3fa");
/** The agent that `self` is. */
const SUM = makeId("81c0de77");

/** An event of a session log. */
export function formatEvent(
  session: string,
  type: string,
  fields: Record<string, unknown>,
  ts = before(HOUR_MS),
): string {
  return `${
    JSON.stringify({
      seq: 1,
      ts,
      provider: "claude",
      wrapper_session_id: session,
      provider_session_id: null,
      source_kind: "wrapper",
      completeness: "full",
      type,
      ...fields,
    })
  }\n`;
}

/** Starts what stands in for an agent that nobody recorded. */
export function startClaude(world: DocWorld) {
  const folder = join(world.home, "agents");
  mkdirSync(folder, { recursive: true });
  symlinkSync("/bin/sleep", join(folder, "claude"));
  return world.start(join(folder, "claude"), ["120"], {});
}

/**
 * Prepares the home.
 *
 * @returns the variables of an agent, and a line with the pids of the pages
 * replaced by those of the processes here
 */
export function prepareExamples(world: DocWorld) {
  const [agent, old, sum] = [AGENT, OLD, SUM].map((id) =>
    world.startSleeper({ ZAG_PROCESS_ID: id })
  );
  const unrecorded = startClaude(world);
  world.writeProcesses([
    makeEntry({
      id: OLD,
      pid: old?.pid ?? 0,
      started_at: before(2 * DAY_MS),
      session_id: "session-ci",
    }),
    makeEntry({
      id: DONE,
      pid: 0,
      started_at: before(40 * DAY_MS),
      exited_at: before(39 * DAY_MS),
      status: "exited",
      exit_code: 0,
      session_id: "session-done",
    }),
    makeEntry({
      id: SUM,
      pid: sum?.pid ?? 0,
      session_id: "session-sum",
      started_at: before(2 * MINUTE_MS),
    }),
    makeEntry({ id: AGENT, pid: agent?.pid ?? 0, session_id: "session-own" }),
  ]);
  world.writeSessions([
    makeSession({ session_id: "session-ci", tags: ["ci"] }),
    makeSession({ session_id: "session-own", name: "invoices" }),
    makeSession({ session_id: "session-done", name: "review" }),
    makeSession({ session_id: "session-sum", name: "sum", exit: {} }),
  ]);
  world.writeText(
    "logs/sessions/session-done.jsonl",
    formatEvent("session-done", "session_result", { result: "7" }) +
      formatEvent("session-done", "assistant_message", { content: "Seven." }),
  );
  world.writeText("logs/sessions/session-own.jsonl", "");
  writeFileSync(join(world.home, "result.json"), "{}");
  mkdirSync(join(world.home, ".config", "fish", "completions"), {
    recursive: true,
  });
  copyFileSync(
    resolve("dist", "zag-ps.js"),
    join(world.home, "zag-ps.js"),
  );
  world.addProgram("claude", "echo Hello.\n");
  return {
    env: { ZAG_PROCESS_ID: SUM },
    place: (line: string) =>
      line.replace(/\b25011\b/, String(agent?.pid))
        .replace(/\b14301\b/, String(unrecorded.pid)),
  };
}
