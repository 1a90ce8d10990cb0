/**
 * The home on which the forms of the command line are compared.
 *
 * @module
 */

import { Buffer } from "node:buffer";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { makeEntry, makeSession } from "./records.ts";
import type { World } from "./world.ts";

/** An agent that ignores signals. */
export const A = "aaaaaaaa-1111-4111-8111-111111111111";
/** An agent whose result must be a list of integers. */
export const B = "bbbbbbbb-2222-4222-8222-222222222222";
/** A process that has ended. */
export const C = "cccccccc-3333-4333-8333-333333333333";
/** An entry with pid 0. */
export const D = "dddddddd-4444-4444-8444-444444444444";

/** An agent that a home of its own is about. */
export const E = "99999999-5555-4555-8555-555555555555";

/** In seconds. */
const DAY = 86_400;

/** Agents whose process ids are masked, by their label. */
export type Labels = Map<string, number>;

/** Fills a home for the rows, with real agents. */
export async function prepareHome(
  world: World,
  started: number,
): Promise<Labels> {
  const a = await world.startAgent(["stubborn"], { ZAG_PROCESS_ID: A });
  const b = world.startSleeper({ ZAG_PROCESS_ID: B });
  const e = world.startSleeper({ ZAG_PROCESS_ID: E });
  const dead = world.startSleeper();
  dead.child.kill("SIGKILL");
  await dead.waitForEnd();
  const stamp = (seconds: number) =>
    new Date(started - 60_000 + seconds * 1000).toISOString()
      .replace("Z", "+00:00");
  const entries = [
    { id: A, pid: a.pid, session_id: "free", started_at: stamp(0) },
    { id: B, pid: b.pid, session_id: "bound", parent_process_id: "parent" },
    { id: C, pid: dead.pid, prompt: "a\x1b[2J\n\u202e\u{1f916}", model: "" },
    { id: D, pid: 0, status: "running", provider: "日本\u{1f916}" },
    { id: "ffff1", pid: dead.pid, status: "exited", exit_code: 3 },
    { id: "ffff2", pid: dead.pid, status: "paused", started_at: "never" },
  ].map((entry, i) => makeEntry({ started_at: stamp(i), ...entry }));
  world.writeProcesses(entries.toSpliced(4, 0, { id: "bad" } as never));
  world.writeSessions([
    makeSession({ session_id: "free", provider_session_id: "native" }),
    makeSession({
      session_id: "bound",
      exit: {
        hint: "a list",
        schema: { type: "array", items: { type: "integer" } },
      },
    }),
  ]);
  writeFileSync(join(world.home, "result.txt"), "from a file\n");
  const commented = `// by hand\n{"processes": [${
    JSON.stringify(
      makeEntry({ id: "eeeeeeee", pid: dead.pid, started_at: stamp(0) }),
    )
  },], /* more */}`;
  const text = (path: string, content: string | Uint8Array) =>
    world.writeText(`../${path}/processes.json`, content);
  text("commented", commented);
  text("broken", '{"processes": [\n{"id": }]}');
  const store = (path: string, ...entries: unknown[]) =>
    text(path, JSON.stringify({ processes: entries }, null, 2));
  store("stale", makeEntry({ id: E, pid: e.pid, started_at: stamp(0) }));
  // In days ages stay the same while the rows run.
  const old = { pid: dead.pid, started_at: stamp(-40 * DAY) };
  const ended = { ...old, status: "exited", exit_code: 0 };
  store(
    "ended",
    makeEntry({ ...ended, id: "old", exited_at: stamp(-30 * DAY) }),
    makeEntry({ ...ended, id: "young", exited_at: stamp(-3 * DAY) }),
    makeEntry({ ...ended, id: "dateless" }),
    makeEntry({ ...old, id: "dead" }),
  );
  world.writeText("../folder/processes.json/x", "");
  text("latin", Buffer.from('{"processes": [], "é": 1}', "latin1"));
  return new Map([["A", a.pid], ["B", b.pid], ["E", e.pid], [
    "dead",
    dead.pid,
  ]]);
}
