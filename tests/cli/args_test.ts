import assert from "node:assert/strict";
import { test } from "node:test";
import {
  type Command,
  parseCommandLine,
  type Request,
} from "../../src/cli/args.ts";
import { ZagPsError } from "../../src/model/errors.ts";

const LIST = {
  running: false,
  limit: undefined,
  provider: undefined,
  children: undefined,
  filters: [],
  olderThan: undefined,
  untracked: undefined,
};

function list(options: Partial<typeof LIST | Record<string, unknown>> = {}) {
  return { verb: "list", options: { ...LIST, ...options } };
}

function show(...handles: string[]) {
  return { verb: "show", handles };
}

function stop(unverified = false) {
  const several = {
    selection: { handles: ["x"], filters: [] },
    max: undefined,
    yes: false,
    dryRun: false,
    end: { unverified },
  };
  return { verb: "stop", handle: "x", unverified, several };
}

function kill(fields: Record<string, unknown> = {}) {
  return {
    verb: "kill",
    handle: "self",
    result: undefined,
    mayBeId: false,
    skipValidation: false,
    unverified: false,
    ...fields,
  };
}

/** A command with its verb's name in place of the table that describes it. */
function simplify(command: Command): unknown {
  if (command.verb !== "help") return command;
  return { verb: "help", topic: command.topic?.name };
}

const UNDERSTOOD: [what: string, argv: string[], command: unknown][] = [
  ["nothing as list", [], list()],
  ["list", ["list"], list()],
  ["its alias ls", ["ls"], list()],
  ["--running", ["list", "--running"], list({ running: true })],
  ["--running without a verb", ["--running"], list({ running: true })],
  ["-n N", ["list", "-n", "5"], list({ limit: 5 })],
  ["-nN", ["list", "-n5"], list({ limit: 5 })],
  ["-n=N", ["list", "-n=5"], list({ limit: 5 })],
  ["--limit N", ["list", "--limit", "5"], list({ limit: 5 })],
  ["--limit=N", ["list", "--limit=0"], list({ limit: 0 })],
  ["-p P", ["-p", "claude"], list({ provider: "claude" })],
  ["-pP", ["-pclaude"], list({ provider: "claude" })],
  ["-p=P", ["-p=a=b"], list({ provider: "a=b" })],
  ["--provider P", ["--provider", "codex"], list({ provider: "codex" })],
  ["--provider=P", ["--provider=a=b"], list({ provider: "a=b" })],
  ["a provider 007", ["-p", "007"], list({ provider: "007" })],
  ["a provider -", ["-p", "-"], list({ provider: "-" })],
  ["--children ID", ["--children", "x"], list({ children: "x" })],
  ["--children self", ["--children=self"], list({ children: "self" })],
  [
    "every option of list",
    ["--running", "list", "-n", "2", "-p", "x", "--children", "y"],
    list({ running: true, limit: 2, provider: "x", children: "y" }),
  ],
  [
    "-f KEY=VALUE",
    ["-f", "status=running"],
    list({ filters: ["status=running"] }),
  ],
  ["-fKEY=VALUE", ["-ftag!=a=b"], list({ filters: ["tag!=a=b"] })],
  ["-f=KEY=VALUE", ["ls", "-f=tag=a"], list({ filters: ["tag=a"] })],
  ["--filter=KEY>VALUE", ["--filter=age>2h"], list({ filters: ["age>2h"] })],
  [
    "several filters, in their order",
    ["-f", "tag=a", "list", "--filter", "age<1d", "-ftag=b", "-f", "tag=a"],
    list({ filters: ["tag=a", "age<1d", "tag=b", "tag=a"] }),
  ],
  [
    "--older-than DURATION",
    ["--older-than", "1h30m"],
    list({ olderThan: "1h30m" }),
  ],
  ["show ID", ["show", "x"], show("x")],
  ["show ID ID", ["show", "x", "y", "x"], show("x", "y", "x")],
  ["its alias inspect", ["inspect", "x"], show("x")],
  ["show self", ["show", "self"], show("self")],
  ["an id 1e3", ["show", "1e3"], show("1e3")],
  ["an id after --", ["show", "a", "--", "-x"], show("a", "-x")],
  ["explain ID", ["explain", "x"], { verb: "explain", handle: "x" }],
  ["explain PID", ["explain", "007"], { verb: "explain", handle: "007" }],
  ["stop ID", ["stop", "x"], stop()],
  ["stop --unverified", ["stop", "--unverified", "x"], stop(true)],
  ["kill ID", ["kill", "self"], kill()],
  [
    "kill --file PATH",
    ["kill", "self", "--file", "007"],
    kill({ result: { file: "007" } }),
  ],
  [
    "kill --file=PATH",
    ["kill", "--file=a=b", "self"],
    kill({ result: { file: "a=b" } }),
  ],
  [
    "kill --file=-PATH",
    ["kill", "--file=-x", "self"],
    kill({ result: { file: "-x" } }),
  ],
  [
    "kill --file -",
    ["kill", "self", "--file", "-"],
    kill({ result: { stdin: true } }),
  ],
  [
    "kill --file - before the id",
    ["kill", "--file", "-", "self"],
    kill({ result: { stdin: true } }),
  ],
  [
    "kill --skip-validation",
    ["kill", "--skip-validation", "self"],
    kill({ skipValidation: true }),
  ],
  [
    "kill --unverified",
    ["kill", "self", "--unverified"],
    kill({ unverified: true }),
  ],
  ["-h", ["-h"], { verb: "help", topic: undefined }],
  ["--help", ["--help"], { verb: "help", topic: undefined }],
  ["help", ["help"], { verb: "help", topic: undefined }],
  ["-h before a verb", ["-h", "kill"], { verb: "help", topic: "kill" }],
  ["-h after a verb", ["kill", "-h"], { verb: "help", topic: "kill" }],
  ["--help after ls", ["ls", "--help"], { verb: "help", topic: "list" }],
  ["--help of show", ["show", "--help"], { verb: "help", topic: "show" }],
  ["--help after an id", ["stop", "x", "-h"], { verb: "help", topic: "stop" }],
  ["help kill", ["help", "kill"], { verb: "help", topic: "kill" }],
  ["help inspect", ["help", "inspect"], { verb: "help", topic: "show" }],
  ["-h beside -V", ["-hV"], { verb: "help", topic: undefined }],
  ["-V", ["-V"], { verb: "version" }],
  ["--version", ["--version"], { verb: "version" }],
  ["--version of a verb", ["kill", "--version"], { verb: "version" }],
];

for (const [what, argv, command] of UNDERSTOOD) {
  test(`parseCommandLine understands ${what}`, () => {
    assert.deepEqual(simplify(parseCommandLine(argv).command), command);
  });
}

for (
  const verb of [[], ["list"], ["show", "x"], ["stop", "x"], ["kill", "x"]]
) {
  const name = verb[0] ?? "no verb";
  test(`parseCommandLine takes the global options before and after ${name}`, () => {
    const options = ["--json", "--zag-home", "/z", "--color", "never"];
    const expected: Omit<Request, "command"> = {
      json: true,
      zagHome: "/z",
      color: "never",
    };
    const plain = parseCommandLine(verb);
    assert.deepEqual(plain, {
      command: plain.command,
      json: false,
      zagHome: undefined,
      color: "auto",
    });
    for (const argv of [[...options, ...verb], [...verb, ...options]]) {
      assert.deepEqual(parseCommandLine(argv), {
        ...expected,
        command: plain.command,
      });
    }
    const tied = parseCommandLine([...verb, "--zag-home=-z", "--color=always"]);
    assert.equal(tied.zagHome, "-z");
    assert.equal(tied.color, "always");
  });
}

const REFUSED: [what: string, argv: string[], message: string][] = [
  ["an unknown verb", ["blah"], 'Unknown command "blah"\nSee zag-ps --help'],
  [
    "a misspelt verb",
    ["kil", "x"],
    'Unknown command "kil"\nDid you mean "kill"?',
  ],
  [
    "a misspelt alias",
    ["inspekt", "x"],
    'Unknown command "inspekt"\nDid you mean "inspect"?',
  ],
  [
    "a misspelt verb after help",
    ["help", "shwo"],
    'Unknown command "shwo"\nDid you mean "show"?',
  ],
  ["an empty verb", [""], 'Unknown command ""\nSee zag-ps --help'],
  [
    "a verb with control characters",
    ["a\x1b[2J\nb"],
    'Unknown command "a\\x1b[2J\\nb"\nSee zag-ps --help',
  ],
  [
    "an argument of list",
    ["list", "x"],
    'Unexpected argument "x" for "list"\nSee zag-ps list --help',
  ],
  [
    "a verb after list",
    ["list", "show"],
    'Unexpected argument "show" for "list"\nDid you mean "show"?',
  ],
  [
    "show without an id",
    ["show"],
    '"show" needs ID...\nSee zag-ps show --help',
  ],
  ["stop without an id", ["stop"], '"stop" needs ID\nSee zag-ps stop --help'],
  [
    "kill without an id",
    ["kill"],
    '"kill" needs ID [RESULT]\nSee zag-ps kill --help',
  ],
  [
    "an empty id",
    ["show", ""],
    '"show" needs an ID that is not empty\nSee zag-ps --help',
  ],
  [
    "an empty id behind another",
    ["show", "a", ""],
    '"show" needs an ID that is not empty\nSee zag-ps --help',
  ],
  [
    "a filter of an unknown key",
    ["-f", "tag=a", "-f", "stat=x"],
    'Cannot read the filter "stat=x": There is no key "stat"\n' +
    "Known keys: id, status, provider, model, command, session, name, tag, " +
    "root, parent, ancestor, age, finished, identity, role, orphan, " +
    "ownership, ci.runner, ci.run, ci.job",
  ],
  [
    "an --older-than that is no duration",
    ["--older-than", "2"],
    'Cannot read the duration "2"\n' +
    "Write its unit, for example 2s for seconds or 2m for minutes",
  ],
  [
    "a result of two words",
    ["kill", "a", "b", "c"],
    'Unexpected argument "c" for "kill"\nA result of several words goes in quotes',
  ],
  [
    "a result and a file",
    ["kill", "a", "b", "--file", "c"],
    'A RESULT and "--file" exclude each other\nGive the result once',
  ],
  [
    "an empty result and standard input",
    ["kill", "a", "", "--file", "-"],
    'A RESULT and "--file" exclude each other\nGive the result once',
  ],
];

for (const [what, argv, message] of REFUSED) {
  test(`parseCommandLine refuses ${what}`, () => {
    assert.throws(() => parseCommandLine(argv), (error) => {
      assert.ok(error instanceof ZagPsError);
      assert.equal(error.kind, "usage");
      assert.equal(error.exitStatus, 2);
      assert.equal(error.message, message);
      return true;
    });
  });
}
