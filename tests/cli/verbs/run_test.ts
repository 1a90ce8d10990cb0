import assert from "node:assert/strict";
import { test } from "node:test";
import { parseCommandLine } from "../../../src/cli/args.ts";
import {
  formatArguments,
  type RunCommand,
} from "../../../src/cli/verbs/run.ts";
import { capture } from "../../support/capture.ts";
import { createMemory } from "../../support/memory_system.ts";
import { HOME, isError, STORE } from "../../support/zag_files.ts";

function parse(argv: string[]): RunCommand {
  const { command } = parseCommandLine(argv);
  assert.equal(command.verb, "run");
  return command as RunCommand;
}

test("run takes every option and all that follows --", () => {
  const schema = '{"type":"array"}';
  assert.deepEqual(
    parse([
      ...["run", "-p", "claude", "-m", "opus", "--name", "n", "--tag", "a"],
      ...["--tag", "b", "--exit-hint", "a list", "--exit-json"],
      ...["--exit-schema", schema, "--timeout", "1h30m", "--detach"],
      ...["--", "claude", "--name", "x", "--", "-p"],
    ]),
    {
      verb: "run",
      launch: {
        command: ["claude", "--name", "x", "--", "-p"],
        provider: "claude",
        model: "opus",
        name: "n",
        tags: ["a", "b"],
      },
      exit: { hint: "a list", json: true, schema },
      timeoutMs: 5_400_000,
      detach: true,
    },
  );
});

test("run asks nothing of the result without an --exit option", () => {
  assert.equal(parse(["run", "--", "x"]).exit, undefined);
  const none = { hint: undefined, json: false, schema: undefined };
  assert.deepEqual(parse(["run", "--exit", "--", "x"]).exit, none);
  assert.deepEqual(
    parse(["run", "--exit-json", "--", "x"]).exit,
    { ...none, json: true },
  );
});

const REFUSED: [argv: string[], why: RegExp][] = [
  [["run"], /"run" needs -- COMMAND/],
  [["run", "--"], /"run" needs -- COMMAND/],
  [["run", "claude"], /goes after --\nFor example/],
  [["run", "claude", "--", "x"], /goes after --/],
  [["run", "--", ""], /not empty/],
  [["run", "--timeout", "soon", "--", "x"], /duration "soon"/],
  [["run", "--name", "a", "--name", "b", "--", "x"], /given twice/],
  [["run", "--filter", "a=b", "--", "x"], /no option "--filter"/],
];

for (const [argv, why] of REFUSED) {
  test(`run refuses ${argv.join(" ")}`, () => {
    assert.throws(() => parse(argv), isError("usage", why));
  });
}

test("formatArguments says the same again, without --detach", () => {
  const argv = [
    ...["run", "-d", "--name=-n", "--tag=a", "--tag=-b", "--exit-hint=-h"],
    ...["--model=m", "--provider=p", "--timeout=1500ms", "--", "x", "--", "-y"],
  ];
  const command = parse(argv);
  const exit = { hint: "-h", json_mode: true, schema: { type: "array" } };
  const again = parse(
    formatArguments(command, { ...command.launch, exit }, "/z"),
  );
  assert.deepEqual(again, {
    ...command,
    detach: false,
    exit: { hint: "-h", json: true, schema: '{"type":"array"}' },
  });
  assert.deepEqual(
    parse(formatArguments(command, command.launch, undefined)),
    { ...command, detach: false, exit: undefined },
  );
});

test("run prints nothing of its own and gives the command's status", async () => {
  const memory = createMemory();
  memory.onStart = (program) => program.end({ code: 42 });
  const { status, stdout, stderr } = await capture(
    ["run", "--json", "--", "claude"],
    memory.system,
  );
  assert.deepEqual([status, stdout, stderr], [42, "", ""]);
});

test("run says why the command could not be started", async () => {
  const memory = createMemory();
  memory.onStart = () => {
    throw Object.assign(new Error("x"), { code: "ENOENT" });
  };
  const ran = await capture(["run", "--", "a\x1b[2J"], memory.system);
  assert.equal(ran.status, 127);
  assert.equal(ran.stdout, "");
  assert.equal(
    ran.stderr,
    'Error: Failed to start "a\\x1b[2J": no such program\n',
  );
});

test("run takes the ids that it was given in the background", async () => {
  const memory = createMemory();
  memory.env["ZAG_PS_DETACHED"] = "given session";
  await capture(["run", "--", "claude"], memory.system);
  const [entry] = JSON.parse(memory.text(STORE) ?? "").processes;
  assert.deepEqual([entry.id, entry.session_id], ["given", "session"]);
  const { env } = memory.programs[0]?.start ?? assert.fail();
  assert.equal(env["ZAG_PS_DETACHED"], undefined);
});

/** A machine on which a zag-ps in the background starts the command. */
function makeBackground() {
  const memory = createMemory();
  memory.onStart = (program) => {
    const id = program.start.env["ZAG_PS_DETACHED"]?.split(" ")[0];
    const entry = {
      id,
      pid: 77,
      provider: "claude",
      model: "",
      command: "run",
    };
    const rest = { started_at: "2026-11-22T12:00:00+00:00", status: "running" };
    memory.put(STORE, JSON.stringify({ processes: [{ ...entry, ...rest }] }));
  };
  return memory;
}

test("run --detach prints the id", async () => {
  const memory = makeBackground();
  const ran = await capture(["run", "-d", "--", "claude"], memory.system);
  assert.deepEqual(ran, { status: 0, stdout: "unique-1\n", stderr: "" });
  assert.deepEqual(
    memory.programs[0]?.start.command,
    ["/usr/bin/zag-ps", "run", "--", "claude"],
  );
});

test("run --detach --json prints where to look", async () => {
  const memory = makeBackground();
  const { stdout } = await capture(
    ["run", "-d", "--json", "--", "claude"],
    memory.system,
  );
  const logs = `${HOME}/projects/home-ada/logs/sessions`;
  assert.deepEqual(JSON.parse(stdout), {
    id: "unique-1",
    log_path: `${logs}/unique-2.jsonl`,
    output_path: `${logs}/unique-2.out`,
    pid: 77,
    session_id: "unique-2",
  });
});

test("run --detach passes the failure on", async () => {
  const memory = createMemory();
  memory.onStart = (program) => {
    memory.put(program.start.output ?? "", "Error: no luck\n");
    program.end({ code: 126 });
  };
  assert.deepEqual(await capture(["run", "-d", "--", "x"], memory.system), {
    status: 126,
    stdout: "",
    stderr: "Error: no luck\n",
  });
});
