import assert from "node:assert/strict";
import { test } from "node:test";
import type { Console } from "../../src/cli/verb.ts";
import { capture, type Captured } from "../support/capture.ts";
import {
  addProcess,
  createEndingMachine,
  dies,
  type EndingMachine,
  resists,
  stays,
} from "../support/ending_machine.ts";
import { splitWords } from "../support/readme.ts";
import { systemError } from "../support/memory_system.ts";
import {
  BASE_SESSIONS,
  formatSessions,
  formatStore,
  HOME,
  makeEntry,
  makeSession,
  STORE,
} from "../support/zag_files.ts";

const IDS = ["aaaa0001", "bbbb0002", "cccc0003"] as const;
const [A, B] = IDS;
const PIDS = [5001, 5002, 5003] as const;
const [PID_A, PID_B] = PIDS;

/** Three agents, two of claude and one of codex, and an ended one. */
function prepare(): EndingMachine {
  const machine = createEndingMachine();
  const entries = IDS.map((id, i) => {
    const pid = PIDS[i] as number;
    addProcess(machine, pid, dies, { markers: { ZAG_PROCESS_ID: id } });
    const provider = i < 2 ? "claude" : "codex";
    return makeEntry({ id, pid, provider, session_id: id });
  });
  const ended = makeEntry({ id: "dddd0004", pid: 5004, status: "exited" });
  machine.put(STORE, formatStore(...entries, ended));
  return machine;
}

async function run(
  machine: EndingMachine,
  argv: string[],
  more: Partial<Console> = {},
): Promise<Captured> {
  return await capture(argv, machine.system, undefined, more);
}

function readStatuses(machine: EndingMachine): string[] {
  const { processes } = JSON.parse(machine.text(STORE) ?? "");
  return processes.map(({ status }: { status: string }) => status);
}

test("stop with a timeout announces each step on stderr and the outcome on stdout", async () => {
  const machine = prepare();
  machine.answers.set(PID_A, resists);
  assert.deepEqual(await run(machine, ["stop", A, "-t", "2s"]), {
    status: 0,
    stdout: `✓ Process ${PID_A} (${A}) was killed\n`,
    stderr: `> SIGHUP to process ${PID_A} (${A})\n` +
      `> SIGTERM to process ${PID_A} (${A})\n` +
      `> SIGKILL to process ${PID_A} (${A})\n`,
  });
  assert.deepEqual(readStatuses(machine).slice(0, 1), ["running"]);
});

test("stop says what survived, with status 1", async () => {
  const machine = prepare();
  machine.answers.set(PID_A, stays);
  const ran = await run(machine, ["stop", A, "--now"]);
  assert.equal(ran.status, 1);
  assert.equal(ran.stdout, `✗ Process ${PID_A} (${A}) survived\n`);
});

test("stop counts down on a terminal", async () => {
  const machine = prepare();
  machine.answers.set(PID_A, stays);
  const isErrTerminal = () => Promise.resolve(true);
  const ran = await run(machine, ["stop", A, "-t", "2s"], { isErrTerminal });
  assert.ok(
    ran.stderr.startsWith(
      `> SIGHUP to process ${PID_A} (${A})\n` +
        "\r  waiting, 2s left\x1b[K\r  waiting, 1s left\x1b[K\r\x1b[K" +
        `> SIGTERM to process ${PID_A} (${A})\n`,
    ),
    JSON.stringify(ran.stderr),
  );
  assert.ok(ran.stderr.endsWith("\r\x1b[K"));
});

test("stop takes several ids, each once, with --yes", async () => {
  const machine = prepare();
  const ran = await run(machine, ["stop", B, A, B, "-y"]);
  assert.equal(ran.status, 0, ran.stderr);
  assert.deepEqual(machine.signals, [[PID_B, "SIGHUP"], [PID_A, "SIGHUP"]]);
  assert.equal(
    ran.stdout,
    `✓ Process ${PID_B} (${B}) was signalled\n` +
      `✓ Process ${PID_A} (${A}) was signalled\n`,
  );
});

test("stop with the name of a session means its living processes", async () => {
  const prepareSession = () => {
    const machine = prepare();
    const session = { session_id: "session-x", name: "roof" };
    machine.put(BASE_SESSIONS, formatSessions(makeSession(session)));
    const { processes } = JSON.parse(machine.text(STORE) ?? "");
    for (const entry of processes) {
      if (entry.id !== "cccc0003") entry.session_id = session.session_id;
    }
    machine.put(STORE, formatStore(...processes));
    return machine;
  };
  let machine = prepareSession();
  const unasked = await run(machine, ["stop", "roof"]);
  assert.equal(unasked.status, 2);
  assert.match(unasked.stderr, /^Error: 2 agents are selected[^]*--yes\n$/);
  const limited = await run(machine, ["stop", "roof", "-y", "--max", "1"]);
  assert.match(limited.stderr, /no more than 1 may be ended/);
  assert.deepEqual(machine.signals, []);
  const ran = await run(machine, ["stop", "roof", "-y"]);
  assert.deepEqual([ran.status, ran.stderr], [
    0,
    `> SIGHUP to process ${PID_B} (${B})\n> SIGHUP to process ${PID_A} (${A})\n`,
  ]);
  assert.deepEqual(machine.signals, [[PID_B, "SIGHUP"], [PID_A, "SIGHUP"]]);

  machine = prepareSession();
  machine.processes.delete(PID_A);
  const one = await run(machine, ["stop", "roof"]);
  assert.equal(one.status, 0, one.stderr);
  assert.match(one.stdout, /Stop signal sent/);
  assert.deepEqual(machine.signals, [[PID_B, "SIGHUP"]]);
});

test("stop refuses the beginning of several ids, also with --yes", async () => {
  const machine = prepare();
  const { processes } = JSON.parse(machine.text(STORE) ?? "");
  processes[1].id = "aaaa0002";
  machine.put(STORE, formatStore(...processes));
  const ran = await run(machine, ["stop", "aaaa", "--yes"]);
  assert.equal(ran.status, 2);
  assert.match(ran.stderr, /"aaaa" is ambiguous/);
  assert.deepEqual(machine.signals, []);
});

for (const verb of ["stop", "kill"]) {
  test(`${verb} wants a yes for more than one agent`, async () => {
    const machine = prepare();
    const before = machine.text(STORE);
    const refused = await run(machine, [verb, "-f", "provider=claude"]);
    assert.equal(refused.status, 2);
    assert.equal(
      refused.stderr,
      "Error: 2 agents are selected, and there is no terminal to ask on\n" +
        "Look with --dry-run, then add --yes\n",
    );
    const asked: string[] = [];
    const answer = (yes: boolean) => ({
      confirm: (question: string) => {
        asked.push(question);
        return Promise.resolve(yes);
      },
    });
    const no = await run(machine, [verb, "--all"], answer(false));
    assert.deepEqual([no.status, no.stdout, no.stderr], [
      1,
      "",
      "Nothing was signalled\n",
    ]);
    assert.deepEqual([machine.signals, machine.text(STORE)], [[], before]);
    assert.match(
      asked[0] ?? "",
      /cccc0003 {2}5003 {2}codex[^]*these 3 agents\?$/,
    );
    const yes = await run(machine, [verb, "--all"], answer(true));
    assert.equal(yes.status, 0, yes.stderr);
    assert.equal(machine.signals.length, 3);
  });

  test(`${verb} does not ask for one agent, or its tree`, async () => {
    const machine = prepare();
    addProcess(machine, 6000, dies, { ppid: 5003 });
    const ran = await run(machine, [verb, "-f", "provider=codex", "--tree"]);
    assert.equal(ran.status, 0, ran.stderr);
    assert.deepEqual(machine.signals.map(([pid]) => pid), [5003, 6000]);
  });

  test(`${verb} refuses more agents than --max`, async () => {
    const machine = prepare();
    const ran = await run(machine, [verb, "--all", "-y", "--max", "2"]);
    assert.deepEqual(ran, {
      status: 1,
      stdout: "",
      stderr:
        "Error: Nothing was signalled: 3 agents are selected, and no more than 2 may be ended at once\n" +
        "Select fewer, or allow it with --max 3\n",
    });
    assert.deepEqual(machine.signals, []);
    const allowed = await run(machine, [verb, "--all", "-y", "--max", "3"]);
    assert.equal(allowed.status, 0);
  });

  test(`${verb} that selects nothing is status 3`, async () => {
    const machine = prepare();
    for (const filter of ["provider=gemini", "id=dddd0004"]) {
      const ran = await run(machine, [verb, "-f", filter]);
      assert.deepEqual(ran, {
        status: 3,
        stdout: "",
        stderr: "Error: No running process is selected\n",
      });
    }
  });

  test(`${verb} --dry-run shows the plan and does nothing`, async () => {
    const machine = prepare();
    addProcess(machine, 6000, dies, {
      ppid: PID_A,
      args: ["node", "/x/mcp.js", "--secret"],
    });
    addProcess(machine, 6001, dies, { ppid: PID_A, args: ["ssh-agent"] });
    const before = machine.text(STORE);
    const argv = [verb, "-f", "provider=claude", "--tree", "--dry-run"];
    const ran = await run(machine, argv);
    assert.deepEqual(ran, {
      status: 0,
      stdout: `> Would end process ${PID_B} (${B})\n` +
        `> Would end process ${PID_A} (${A})\n` +
        "  > 6000 node mcp.js\n" +
        "  - 6001 ssh-agent is left alone: it is a ssh-agent: it holds keys that other programs of the user need\n",
      stderr: "",
    });
    const json = await run(machine, [...argv, "--json"]);
    assert.deepEqual(
      JSON.parse(json.stdout).map((
        { id, outcome, members }: Record<string, unknown>,
      ) => [id, outcome, members]),
      [[B, "planned", []], [A, "planned", [{
        command: "node mcp.js",
        pid: 6000,
      }]]],
    );
    assert.deepEqual([machine.signals, machine.text(STORE)], [[], before]);
  });

  test(`${verb} refuses a selection with zag-ps in it, but not by name`, async () => {
    const machine = prepare();
    addProcess(machine, machine.system.pid, dies, { ppid: PID_A });
    machine.env.ZAG_PROCESS_ID = A;
    const before = machine.text(STORE);
    const ran = await run(machine, [verb, "--all", "-y", "-t", "1s"]);
    assert.equal(ran.status, 1);
    assert.match(
      ran.stderr,
      /^Error: Nothing was signalled: zag-ps itself runs/,
    );
    assert.deepEqual([machine.signals, machine.text(STORE)], [[], before]);
    const self = await run(machine, [verb, "self", "-t", "1s", "--tree"]);
    assert.equal(self.status, 0, self.stderr);
    assert.deepEqual(machine.signals.map(([pid]) => pid), [PID_A]);
  });
}

test("stop of several goes on where one is not running, with status 1", async () => {
  const machine = prepare();
  const ran = await run(machine, ["stop", A, "dddd0004", "-y", "--json"]);
  assert.equal(ran.status, 1);
  assert.match(
    ran.stderr,
    /Error: Process dddd0004 is not running \(status: exited\)\n$/,
  );
  assert.deepEqual(JSON.parse(ran.stdout), [
    {
      id: A,
      members: [],
      outcome: "signalled",
      pid: PID_A,
      reason: null,
      signals: ["SIGHUP"],
      spared: [],
    },
    {
      id: "dddd0004",
      members: [],
      outcome: "not-running",
      pid: 5004,
      reason: "Process dddd0004 is not running (status: exited)",
      signals: [],
      spared: [],
    },
  ]);
});

test("stop of an id that is not there signals nothing", async () => {
  const machine = prepare();
  const ran = await run(machine, ["stop", A, "nobody", "-y"]);
  assert.equal(ran.status, 3);
  assert.deepEqual(machine.signals, []);
});

test("stop of one that is not running is status 3 with a timeout, too", async () => {
  const ran = await run(prepare(), ["stop", "dddd0004", "-t", "1s"]);
  assert.deepEqual([ran.status, ran.stdout], [3, ""]);
});

test("kill with a timeout records the result, marks the entry and looks after the end", async () => {
  const machine = prepare();
  machine.put(BASE_SESSIONS, formatSessions(makeSession({ session_id: A })));
  const ran = await run(machine, ["kill", A, "done", "-t", "1s", "--json"]);
  assert.equal(ran.status, 0, ran.stderr);
  const log = `${HOME}/logs/sessions/${A}.jsonl`;
  assert.match(machine.text(log) ?? "", /"result":"done"/);
  const [row] = JSON.parse(ran.stdout);
  assert.deepEqual(
    [row.outcome, row.result_recorded, row.log_path, row.signals],
    ["exited", true, log, ["SIGTERM"]],
  );
  assert.equal(readStatuses(machine)[0], "killed");
});

test("kill puts back the entry of what survives", async () => {
  const machine = prepare();
  machine.answers.set(PID_A, stays);
  const before = machine.text(STORE);
  const ran = await run(machine, ["kill", A, "-t", "1s"]);
  assert.deepEqual([ran.status, ran.stdout], [
    1,
    `✗ Process ${PID_A} (${A}) survived\n`,
  ]);
  assert.match(ran.stderr, /survived\nIts entry was put back as it was\n$/);
  assert.equal(machine.text(STORE), before);
});

test("kill of several marks those that end and puts back the others", async () => {
  const machine = prepare();
  machine.onCall = (name, [pid]) => {
    if (name === "signal" && pid === PID_B) throw systemError("EPERM");
  };
  const ran = await run(machine, ["kill", "--all", "-y", "-t", "1s"]);
  assert.equal(ran.status, 1);
  assert.deepEqual(readStatuses(machine), [
    "killed",
    "running",
    "killed",
    "exited",
  ]);
  assert.match(
    ran.stdout,
    /✗ Process 5002 \(bbbb0002\) was not signalled: operation not permitted/,
  );
});

/** B has to give a result. */
function demand(machine: EndingMachine): void {
  const exit = { hint: "the answer" };
  const session = makeSession({ session_id: B, exit });
  machine.put(BASE_SESSIONS, formatSessions(session));
}

test("kill of a selection leaves alone who owes a result", async () => {
  const machine = prepare();
  demand(machine);
  const ran = await run(machine, ["kill", "-f", "provider=claude", "-y"]);
  assert.equal(ran.status, 1);
  assert.equal(
    ran.stdout,
    `✗ Process ${PID_B} (${B}) was left alone: its launch asks for a result\n` +
      `✓ Process ${PID_A} (${A}) was signalled\n`,
  );
  assert.match(ran.stderr, /Expected: the answer\n[^]*zag-ps kill bbbb0002 '/);
  assert.deepEqual(machine.signals, [[PID_A, "SIGTERM"]]);
  assert.deepEqual(readStatuses(machine).slice(0, 2), ["killed", "running"]);
});

test("kill --dry-run names who owes a result, and reads nothing into the log", async () => {
  const machine = prepare();
  demand(machine);
  const argv = ["kill", "-f", "provider=claude", "--dry-run"];
  assert.deepEqual(await run(machine, argv), {
    status: 0,
    stdout:
      `> Would leave process ${PID_B} (${B}) alone: Cannot terminate: a non-empty result is required\n` +
      `> Would end process ${PID_A} (${A})\n`,
    stderr: "",
  });
  const one = await run(machine, ["kill", B, "--dry-run"]);
  assert.equal(one.status, 4);
  assert.deepEqual(machine.signals, []);
});

test("kill of the only selected one that owes a result is status 4", async () => {
  for (const whom of [["-f", `id=${B}`], [B, "-t", "1s"], [B, "--now"]]) {
    const machine = prepare();
    demand(machine);
    const ran = await run(machine, ["kill", ...whom]);
    assert.deepEqual([ran.status, machine.signals], [4, []], ran.stderr);
  }
});

const USAGE: [name: string, argv: string[], message: RegExp][] = [
  [
    "a result with a filter",
    ["kill", A, "-f", "id=x"],
    /^Error: A selector ta/,
  ],
  ["--file with --all", ["kill", "--all", "--file", "x"], /^Error: A selector/],
  ["kill of nothing", ["kill", "-t", "1s"], /"kill" needs ID \[RESULT\]/],
  ["kill -y alone", ["kill", "-y"], /"kill" needs ID \[RESULT\]/],
  ["stop of nothing", ["stop", "--tree"], /"stop" needs ID/],
  ["an ID with --all", ["stop", A, "--all"], /An ID and "--all" exclude/],
  ["-s with --now", ["stop", A, "-s", "1", "--now"], /exclude each other/],
  ["a signal that ends nothing", ["stop", A, "-s", "STOP"], /signal "STOP"/],
  ["a timeout without a unit", ["stop", A, "-t", "10"], /duration "10"/],
  ["--max 0", ["stop", A, "--max", "0"], /"--max" takes a whole number from 1/],
  ["-9", ["kill", A, "-9"], /Unknown option "-9"\n--now ends a process at/],
  ["-KILL", ["stop", A, "-KILL"], /Unknown option "-KILL"\n--now ends/],
  ["-TERM", ["stop", A, "-TERM"], /A signal is named with -s: -s TERM/],
  ["an unknown key", ["stop", "-f", "x=y"], /"x"/],
];

for (const [name, argv, message] of USAGE) {
  test(`run refuses ${name}`, async () => {
    const machine = prepare();
    const ran = await run(machine, argv);
    assert.deepEqual([ran.status, ran.stdout], [2, ""]);
    assert.match(ran.stderr, message);
    assert.deepEqual(machine.signals, []);
  });
}

test("run prints the help for an agent, whatever else is asked for", async () => {
  for (const argv of [["--help-agent"], ["kill", "self", "--help-agent"]]) {
    const ran = await run(prepare(), argv);
    assert.deepEqual([ran.status, ran.stderr], [0, ""]);
    for (const text of ["kill self", "--tree", "pkill", "--children self"]) {
      assert.ok(ran.stdout.includes(text), text);
    }
    assert.ok(ran.stdout.split("\n").length < 35);
    for (const line of ran.stdout.split("\n")) assert.ok(line.length <= 80);
  }
});

test("the help for an agent names nothing that zag-ps does not take", async () => {
  const { stdout } = await run(prepare(), ["--help-agent"]);
  const machine = prepare();
  machine.env.ZAG_PROCESS_ID = A;
  for (
    const [, line = ""] of stdout.matchAll(/^ {2}zag-ps (.*?)(?: {2}|$)/gm)
  ) {
    const argv = splitWords(line.replace("ID", A));
    const ran = await run(machine, argv);
    assert.notEqual(ran.status, 2, `${line}: ${ran.stderr}`);
  }
});
