import assert from "node:assert/strict";
import { test } from "node:test";
import { capture } from "../support/capture.ts";
import { ID, makeEntry, OTHER_ID } from "../support/records.ts";
import { PID, prepare, refuse } from "../support/refusals.ts";

const STORE = "/home/ada/.zag/processes.json";
const SESSIONS = "/home/ada/.zag/sessions.json";
const LOG = "/home/ada/.zag/logs/sessions/session-1.jsonl";

for (const second of [OTHER_ID, OTHER_ID.slice(0, 8), ID]) {
  test(`run refuses the known id ${second} as the result of kill`, async () => {
    const memory = prepare();
    const stderr = await refuse(memory, ["kill", ID, second], 2);
    assert.equal(
      stderr,
      `Error: The second argument of kill is the final result, and "${second}" is the id of another process: kill ends one process at a time\n` +
        "Call kill once for each id, or write -- before a result that looks like an id\n",
    );
    const ran = await capture(["kill", ID, "--", second], memory.system);
    assert.equal(ran.status, 0, ran.stderr);
    assert.equal(JSON.parse(memory.text(LOG) ?? "").result, second);
    assert.deepEqual(memory.signals, [[PID, "SIGTERM"]]);
  });
}

for (const text of ["2222222", "1", "22222222x", "self"]) {
  test(`run takes "${text}", which is no id, for the result of kill`, async () => {
    const memory = prepare();
    const ran = await capture(["kill", ID, text], memory.system);
    assert.equal(ran.status, 0, ran.stderr);
    assert.equal(JSON.parse(memory.text(LOG) ?? "").result, text);
  });
}

test("run lists the candidates of an ambiguous prefix", async () => {
  const memory = prepare();
  const ids = ["abcd-1", "abcd-2"];
  const processes = ids.map((id) => makeEntry({ id, pid: PID }));
  memory.put(STORE, JSON.stringify({ processes }));
  for (const verb of ["show", "stop", "kill"]) {
    const stderr = await refuse(memory, [verb, "abcd"], 2);
    assert.match(stderr, /^Error: Process id "abcd" is ambiguous/);
    for (const id of ids) assert.match(stderr, new RegExp(`^  ${id} `, "m"));
  }
  const shown = await capture(["show", "abcd-2"], memory.system);
  assert.match(shown.stdout, /^Process ID: {2}abcd-2$/m);
});

const RETRIES: [what: string, argv: string[], env: string, command: string][] =
  [
    ["the id", ["kill", ID], "", `zag-ps kill ${ID}`],
    ["self", ["kill", "self"], ID, "zag-ps kill self"],
    [
      "another home",
      ["--zag-home", "/home/ada/.zag", "kill", ID],
      "",
      `zag-ps --zag-home /home/ada/.zag kill ${ID}`,
    ],
  ];

for (const [what, argv, id, command] of RETRIES) {
  test(`run tells how to kill again after a rejection: ${what}`, async () => {
    const memory = prepare({
      hint: "a \x1b[1mverdict",
      schema: { type: "array" },
    });
    memory.env["ZAG_PROCESS_ID"] = id;
    const schema = await refuse(memory, [...argv, '{"a":1}'], 4);
    assert.match(schema, /^Error: Result failed JSON-schema validation/);
    assert.match(schema, /^ {2}- \{"a":1\} is not of type "array"$/m);
    assert.match(schema, /^Expected: a \\x1b\[1mverdict$/m);
    assert.match(schema, /\n {2}zag-ps .*'<result>'\n {2}zag-ps .*<path>\n$/);
    assert.ok(schema.includes(`\n  ${command} '<result>'\n`), schema);
    const empty = await refuse(memory, argv, 4);
    assert.match(empty, /^Error: .*non-empty result/);
    assert.ok(empty.includes(`\n  ${command} --file <path>\n`), empty);
  });
}

test("run rejects what is no JSON where JSON was asked for", async () => {
  const memory = prepare({ json_mode: true });
  const stderr = await refuse(memory, ["kill", ID, "plain"], 4);
  assert.match(stderr, /^Error: Result is not valid JSON/);
});

test("run refuses constraints that cannot be evaluated unless told to skip", async () => {
  const memory = prepare({ schema: { type: "no such type" } });
  const stderr = await refuse(memory, ["kill", ID, "{}"], 1);
  assert.match(stderr, /^Error: Cannot check the result/);
  assert.match(stderr, /--skip-validation\n$/);
  const skip = ["kill", ID, "{}", "--skip-validation"];
  const ran = await capture(skip, memory.system);
  assert.equal(ran.status, 0, ran.stderr);
  assert.match(ran.stderr, /^Warning: Validation of the result was skipped/);
  assert.deepEqual(memory.signals, [[PID, "SIGTERM"]]);
});

test("run refuses a result whose session store cannot be read", async () => {
  const memory = prepare();
  memory.put(SESSIONS, "{");
  const stderr = await refuse(memory, ["kill", ID, "x"], 1);
  assert.match(stderr, /sessions\.json" at line 1, column \d+/);
  const skip = ["kill", ID, "x", "--skip-validation"];
  assert.equal((await capture(skip, memory.system)).status, 0);
});

for (const home of ["/other", "/other/"]) {
  test(`run reads ${home} in place of ~/.zag`, async () => {
    const memory = prepare(undefined, "/other");
    const named = await capture(
      ["--zag-home", home, "show", ID],
      memory.system,
    );
    assert.equal(named.status, 0, named.stderr);
    assert.equal((await capture(["show", ID], memory.system)).status, 3);
    memory.env["ZAG_HOME"] = home;
    assert.deepEqual(await capture(["show", ID], memory.system), named);
    const option = ["--zag-home=/home/ada/.zag", "show", ID];
    assert.equal((await capture(option, memory.system)).status, 3);
  });
}

test("run colours on a terminal only, and as it is told", async () => {
  const colored = async (
    argv: string[],
    terminal?: { columns: number },
    env: Record<string, string> = {},
  ) => {
    const memory = prepare();
    Object.assign(memory.env, env);
    const { stdout, stderr } = await capture(argv, memory.system, terminal);
    return `${stdout}${stderr}`.includes("\x1b[");
  };
  const terminal = { columns: 200 };
  for (const argv of [["list"], ["stop", ID], ["kill", ID, "x"]]) {
    assert.equal(await colored(argv), false);
    assert.equal(await colored(argv, terminal), true);
    assert.equal(await colored([...argv, "--json"], terminal), false);
    assert.equal(await colored([...argv, "--color=never"], terminal), false);
    assert.equal(await colored([...argv, "--color=always"]), true);
    assert.equal(await colored(argv, terminal, { NO_COLOR: "1" }), false);
    assert.equal(
      await colored([...argv, "--color=always"], undefined, { NO_COLOR: "1" }),
      true,
    );
  }
});

test("run cuts the table to a terminal's width", async () => {
  const { stdout } = await capture(["list"], prepare().system, { columns: 60 });
  for (const line of stdout.trimEnd().split("\n")) {
    const visible = line.replaceAll("\x1b[32m", "").replaceAll("\x1b[39m", "");
    assert.ok(visible.length <= 60, line);
  }
});
