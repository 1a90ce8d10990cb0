import assert from "node:assert/strict";
import { test } from "node:test";
import {
  endMembers,
  judgeEnd,
  type LaunchOptions,
  nameProvider,
  planLaunch,
  type Surroundings,
} from "../../src/model/launch.ts";
import { decodeProcessStore } from "../../src/model/process_entry.ts";
import { decodeSessionStore } from "../../src/model/session_entry.ts";

const AROUND: Surroundings = {
  id: "the-id",
  sessionId: "the-session",
  pid: 4242,
  now: Date.UTC(2026, 10, 22, 12),
  folder: "/srv/shop/src",
  root: "/srv/shop",
  log: "/home/ada/.zag/log.jsonl",
  project: "srv-shop",
  env: () => undefined,
};

function plan(
  options: Partial<LaunchOptions> = {},
  around: Partial<Surroundings> = {},
) {
  return planLaunch({ command: ["claude", "hi"], ...options }, {
    ...AROUND,
    ...around,
  });
}

test("planLaunch makes an entry that zag reads", () => {
  const { entry } = plan({ model: "opus" });
  assert.deepEqual(entry, {
    id: "the-id",
    pid: 4242,
    session_id: "the-session",
    provider: "claude",
    model: "opus",
    command: "run",
    prompt: "claude hi",
    started_at: "2026-11-22T12:00:00.000+00:00",
    status: "running",
    exit_code: null,
    exited_at: null,
    root: "/srv/shop",
    parent_process_id: null,
    parent_session_id: null,
  });
  const text = JSON.stringify({ processes: [entry] });
  assert.equal(decodeProcessStore(text, "x").bad.length, 0);
});

test("planLaunch makes a session with the fields that zag requires", () => {
  const exit = { hint: "a list", json_mode: true, schema: { type: "array" } };
  const { session, indexed } = plan({ name: "n", tags: ["a", "b"], exit });
  const fields = session as unknown as Record<string, unknown>;
  const required = [
    "session_id",
    "provider",
    "worktree_path",
    "worktree_name",
    "created_at",
  ];
  for (const name of required) assert.equal(typeof fields[name], "string");
  assert.equal(fields["worktree_path"], "/srv/shop/src");
  assert.deepEqual([fields["name"], fields["tags"]], ["n", ["a", "b"]]);
  assert.deepEqual(session.exit, exit);
  const text = JSON.stringify({ sessions: [session] });
  assert.equal(decodeSessionStore(text, "x").bad.length, 0);
  assert.deepEqual(indexed, {
    session_id: "the-session",
    project: "srv-shop",
    log_path: AROUND.log,
    provider: "claude",
    started_at: "2026-11-22T12:00:00.000+00:00",
  });
  assert.equal(Object.hasOwn(plan().session, "exit"), false);
});

test("planLaunch marks the child, and takes an outer agent's marks away", () => {
  const { env } = plan({ model: "opus" }, { root: null });
  assert.deepEqual(env, {
    ZAG_PROCESS_ID: "the-id",
    ZAG_PROVIDER: "claude",
    ZAG_MODEL: "opus",
    ZAG_SESSION_ID: "the-session",
    ZAG_ROOT: undefined,
    ZAG_SESSION_NAME: undefined,
    ZAG_PS_DETACHED: undefined,
  });
  const named = plan({ name: "n" }).env;
  assert.equal(named["ZAG_SESSION_NAME"], "n");
  assert.equal(named["ZAG_ROOT"], "/srv/shop");
});

test("planLaunch names the agent that it was started from", () => {
  const outer: Record<string, string> = {
    ZAG_PROCESS_ID: "outer",
    ZAG_SESSION_ID: "outer-session",
  };
  const { entry } = plan({}, { env: (name) => outer[name] });
  assert.equal(entry.parent_process_id, "outer");
  assert.equal(entry.parent_session_id, "outer-session");
  const { entry: orphan } = plan({}, { env: () => "" });
  assert.equal(orphan.parent_process_id, null);
});

test("planLaunch keeps the first 100 characters of the command as prompt", () => {
  const { entry } = plan({ command: ["claude", "it's \u{1f916}".repeat(50)] });
  assert.equal([...entry.prompt ?? ""].length, 100);
  assert.ok(entry.prompt?.startsWith("claude 'it'\\''s \u{1f916}"));
});

const PROVIDERS: [command: string[], provider: string][] = [
  [["claude", "x"], "claude"],
  [["/opt/Agents/Aider", "x"], "aider"],
  [["C:\\bin\\codex.cmd"], "codex"],
  [["node", "/x/@google/gemini-cli/bundle/gemini.js", "hi"], "gemini"],
  [["sh", "-c", "claude"], "sh"],
  [["docker", "run", "claude"], "docker"],
  [["zag", "run"], "zag"],
  [["/"], "unknown"],
];

for (const [command, provider] of PROVIDERS) {
  test(`nameProvider takes ${command.join(" ")} for ${provider}`, () => {
    assert.equal(nameProvider(command), provider);
  });
}

const ENDS: [
  name: string,
  ...parameters: Parameters<typeof judgeEnd>,
  success: boolean,
  exitCode: number,
  error: RegExp | null,
][] = [
  ["status 0", { code: 0 }, { hasResult: false }, true, 0, null],
  ["another status", { code: 3 }, { hasResult: false }, false, 3, /status 3$/],
  [
    "a signal",
    { signal: "SIGTERM", number: 15 },
    { hasResult: false },
    false,
    143,
    /by SIGTERM$/,
  ],
  [
    "the signal of an accepted result",
    { signal: "SIGTERM", number: 15 },
    { hasResult: true },
    true,
    0,
    null,
  ],
  [
    "its time was up",
    { code: 0 },
    { hasResult: false, timeLimit: "2h" },
    false,
    124,
    /after 2h$/,
  ],
  [
    "its time was up with a result",
    { code: 1 },
    { hasResult: true, timeLimit: "2h" },
    true,
    0,
    null,
  ],
];

for (const [name, end, around, success, exitCode, error] of ENDS) {
  test(`judgeEnd judges ${name}`, () => {
    const ending = judgeEnd(end, around);
    assert.deepEqual([ending.success, ending.exitCode], [success, exitCode]);
    if (error === null) assert.equal(ending.error, null);
    else assert.match(ending.error ?? "", error);
    const members = endMembers(ending, AROUND.now);
    assert.deepEqual(members, {
      status: success ? "exited" : "killed",
      exit_code: exitCode,
      exited_at: "2026-11-22T12:00:00.000+00:00",
    });
  });
}
