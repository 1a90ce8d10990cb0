import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { mkdirSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { makeEntry, makeSession } from "../support/records.ts";
import { withWorld, type World } from "../support/world.ts";

// Of its own: what looks for the agents of an id finds no other test's.
const LEAD: string = randomUUID();
const HAND: string = randomUUID();
const IDLE: string = randomUUID();
const GONE: string = randomUUID();

/** A date as zag writes it. */
function stamp(secondsAgo: number): string {
  const date = new Date(Date.now() - secondsAgo * 1000);
  return date.toISOString().replace("Z", "+00:00");
}

/** A log of these events. */
function formatLog(...events: [type: string, secondsAgo: number][]): string {
  return events.map(([type, ago], seq) =>
    `${JSON.stringify({ seq, ts: stamp(ago), type })}\n`
  ).join("");
}

/**
 * An agent that has started another one, one that has given its result and
 * goes on living, and one that is gone.
 */
async function prepare(world: World): Promise<void> {
  const [lead, hand, idle, gone] = [LEAD, HAND, IDLE, GONE]
    .map((id) => world.startSleeper({ ZAG_PROCESS_ID: id }));
  assert.ok(lead && hand && idle && gone);
  gone.child.kill("SIGKILL");
  await gone.waitForEnd();
  const shop = join(world.home, "shop");
  mkdirSync(join(shop, "api"), { recursive: true });
  symlinkSync(shop, join(world.home, "link"));
  world.writeProcesses([
    makeEntry({
      id: LEAD,
      pid: lead.pid,
      session_id: "session-lead",
      root: shop,
      started_at: stamp(7200),
    }),
    makeEntry({
      id: HAND,
      pid: hand.pid,
      session_id: "session-hand",
      provider: "codex",
      root: join(shop, "api"),
      parent_process_id: LEAD,
      started_at: stamp(600),
    }),
    makeEntry({
      id: IDLE,
      pid: idle.pid,
      session_id: "provider-idle",
      started_at: stamp(5400),
    }),
    makeEntry({ id: GONE, pid: gone.pid, started_at: stamp(90) }),
  ]);
  const slug = (path: string) => path.replace(/^\//, "").replaceAll("/", "-");
  world.writeSessions([
    makeSession({ session_id: "session-lead", name: "lead", tags: ["ci"] }),
  ], slug(shop));
  world.writeSessions([
    makeSession({
      session_id: "session-hand",
      tags: ["CI", "keep"],
    }),
  ], slug(join(shop, "api")));
  world.writeSessions([
    makeSession({
      session_id: "session-idle",
      provider_session_id: "provider-idle",
      name: "idle",
    }),
  ]);
  world.writeText(
    "logs/sessions/session-idle.jsonl",
    formatLog(
      ["session_started", 5400],
      ["assistant_message", 4000],
      ["session_result", 3600],
      ["heartbeat", 2],
    ),
  );
  world.writeText(
    `projects/${slug(shop)}/logs/sessions/session-lead.jsonl`,
    formatLog(
      ["session_started", 7200],
      ["session_ended", 3600],
      ["session_started", 3500],
    ),
  );
}

const ROWS: [words: string[], labels: string][] = [
  [["-f", "status=running"], "hand idle lead"],
  [["--running", "-f", "provider!=codex"], "idle lead"],
  [["-f", "status=dead"], "gone"],
  [["-f", "tag=ci"], "hand lead"],
  [["-f", "tag=ci", "-f", "tag!=keep"], "lead"],
  [["-f", "name=idle", "-f", "name=lead"], "idle lead"],
  [["-f", "session=provider-idle"], "idle"],
  [["-f", "session=session-idle"], "idle"],
  [["-f", "root={home}/shop"], "hand lead"],
  [["-f", "root={home}/link"], "hand lead"],
  [["-f", "root=shop/api"], "hand"],
  [["-f", "root=~/shop", "-f", "status!=dead"], "hand lead"],
  [["-f", "parent=self"], "hand"],
  [["-f", `ancestor=${LEAD.slice(0, 8)}`], "hand"],
  [["-f", "id!=self", "--running"], "hand idle"],
  [["-f", "age>1h"], "idle lead"],
  [["-f", "age>5m", "--filter=age<1h45m"], "hand idle"],
  [["--older-than", "1h45m"], "lead"],
  [["-f", "finished=true"], "idle"],
  [["-f", "finished=false"], "gone lead"],
  [["-f", "identity=verified", "-n", "2"], "hand"],
  [["-f", "identity=dead"], "gone"],
  [["-f", "model=none"], ""],
];

test("list gives what filters mean on real processes", () =>
  withWorld(async (world) => {
    await prepare(world);
    const labels = new Map([[LEAD, "lead"], [HAND, "hand"], [IDLE, "idle"]]);
    labels.set(GONE, "gone");
    for (const [words, expected] of ROWS) {
      const args = words.map((word) => word.replace("{home}", world.home));
      const { status, stdout, stderr } = await world.run(
        ["list", "--json", ...args],
        { env: { ZAG_PROCESS_ID: LEAD } },
      );
      assert.deepEqual([status, stderr], [0, ""], words.join(" "));
      const given = JSON.parse(stdout).map((entry: { id: string }) =>
        labels.get(entry.id)
      );
      assert.equal(given.sort().join(" "), expected, words.join(" "));
    }
  }));

test("show takes several ids, sessions and names", () =>
  withWorld(async (world) => {
    await prepare(world);
    const { status, stdout, stderr } = await world.run(
      ["show", "idle", "session-hand", GONE, HAND.slice(0, 13)],
    );
    assert.deepEqual([status, stderr], [0, ""]);
    assert.deepEqual(
      [...stdout.matchAll(/^Process ID: {2}(.*)$/gm)].map(([, id]) => id),
      [IDLE, HAND, GONE],
    );
    const json = await world.run(["show", "--json", "lead"]);
    assert.equal(JSON.parse(json.stdout).id, LEAD);
    const unknown = await world.run(["show", LEAD, "nobody"]);
    assert.deepEqual(unknown, {
      status: 3,
      stdout: "",
      stderr: "Error: Process not found: nobody\n",
    });
  }));
