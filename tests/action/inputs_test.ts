import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { parse } from "@std/yaml/parse";
import { INPUT_NAMES, type Inputs, readInputs } from "../../action/inputs.ts";
import { isError } from "../support/zag_files.ts";

const METADATA = parse(readFileSync("action.yml", "utf8"));

/** The environment that the runner makes of inputs. */
function asVariables(inputs: Record<string, string>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(inputs).map(([name, value]) => // As the runner does it: upper case, spaces as underscores.
    [`INPUT_${name.replaceAll(" ", "_").toUpperCase()}`, value]),
  );
}

const read = (inputs: Record<string, string> = {}) =>
  readInputs(asVariables(inputs));

/** What a person gets who sets nothing. */
const DEFAULTS: Inputs = {
  "command": "list",
  "scope": "runner",
  "older-than": undefined,
  "provider": [],
  "filter": [],
  "include-untracked": true,
  "include-detached": false,
  "timeout": 10_000,
  "tree": true,
  "post": "none",
  "dry-run": false,
  "fail-on-found": false,
  "fail-on-survivor": true,
  "max": 50,
  "id": undefined,
  "result": undefined,
  "zag-home": undefined,
  "summary": true,
  "show-prompts": false,
};

test("readInputs has the defaults that the issue and action.yml have", () => {
  assert.deepEqual(read(), DEFAULTS);
  const defaults = Object.fromEntries(
    Object.entries<{ default: string }>(METADATA.inputs)
      .map(([name, input]) => [name, input.default]),
  );
  for (const [name, value] of Object.entries(defaults)) {
    assert.equal(typeof value, "string", name);
  }
  assert.deepEqual(read(defaults), DEFAULTS);
});

test("readInputs knows the inputs of action.yml and no others", () => {
  assert.deepEqual(INPUT_NAMES, Object.keys(METADATA.inputs));
});

test("action.yml describes every input and output", () => {
  const { name, description, inputs, outputs } = METADATA;
  const parts = [...Object.entries(inputs), ...Object.entries(outputs)];
  assert.equal(parts.length, INPUT_NAMES.length + 6);
  for (const [part, value] of [["action", METADATA], ...parts]) {
    assert.match(value.description, /^[A-Z].{15,}[^.]$/s, part);
  }
  assert.ok(name && description);
});

test("action.yml names files that are there, and a known icon", () => {
  const { runs, branding } = METADATA;
  assert.deepEqual(runs, {
    using: "node24",
    main: "action/dist/main.mjs",
    post: "action/dist/post.mjs",
  });
  assert.ok(readFileSync(runs.main).length > 0);
  assert.ok(readFileSync(runs.post).length > 0);
  assert.equal(branding.icon, "stop-circle");
});

const ACCEPTED: [
  name: string,
  inputs: Record<string, string>,
  values: Partial<Inputs>,
][] = [
  ["a command", { command: "reap" }, { command: "reap" }],
  ["white space around a word", { command: " stop\n" }, { command: "stop" }],
  ["a flag as True", { "dry-run": "True" }, { "dry-run": true }],
  ["a flag as FALSE", { tree: "FALSE" }, { tree: false }],
  ["a duration", { timeout: "1m30s" }, { timeout: 90_000 }],
  ["an age", { "older-than": "2h" }, { "older-than": "2h" }],
  [
    "the host with an age",
    { scope: "host", "older-than": "12h" },
    { scope: "host", "older-than": "12h" },
  ],
  [
    "filters on lines, empty ones and a carriage return left out",
    { filter: "age>1h\r\n\n  status=running\n" },
    { filter: ["age>1h", "status=running"] },
  ],
  [
    "a filter on what is in scope anyway",
    { filter: "ownership=leftover" },
    { filter: ["ownership=leftover"] },
  ],
  [
    "providers on lines",
    { provider: "claude\ncodex" },
    { provider: ["claude", "codex"] },
  ],
  [
    "a result with its white space",
    { command: "kill", id: "abcd", result: ' {"a":1}\n' },
    { command: "kill", id: "abcd", result: { text: ' {"a":1}\n' } },
  ],
  [
    "a file with the result",
    { command: "kill", id: "abcd", "result-file": "out/result.json" },
    { command: "kill", id: "abcd", result: { file: "out/result.json" } },
  ],
  ["a zag home", { "zag-home": "/srv/zag" }, { "zag-home": "/srv/zag" }],
  ["a maximum", { max: "200" }, { max: 200 }],
  [
    "an id with the host and an age",
    { id: "pid:9", scope: "host", "older-than": "12h" },
    { id: "pid:9", scope: "host", "older-than": "12h" },
  ],
  [
    "detached ones with the scope of the runner",
    { "include-detached": "true" },
    { "include-detached": true },
  ],
];

for (const [name, inputs, values] of ACCEPTED) {
  test(`readInputs takes ${name}`, () => {
    assert.deepEqual(read(inputs), { ...DEFAULTS, ...values });
  });
}

const REFUSED: [
  name: string,
  input: string,
  inputs: Record<string, string>,
  why: RegExp,
][] = [
  ["an unknown input", "scoep", { scoep: "job" }, /no such input\nKnown inp/],
  ["a name with a space", "dry_run", { "dry run": "true" }, /no such input/],
  ["an unknown command", "command", { command: "nuke" }, /list, .* or prune/],
  ["an empty command", "command", { command: "" }, /, not ""/],
  ["an unknown scope", "scope", { scope: "all" }, /job, runner or host/],
  ["an unknown post", "post", { post: "reap" }, /none, list, stop or kill/],
  ["a flag as yes", "dry-run", { "dry-run": "yes" }, /true or false/],
  ["a flag as 1", "summary", { summary: "1" }, /true or false/],
  ["an empty flag", "dry-run", { "dry-run": "" }, /true or false, not ""/],
  ["a flag with a name of every object", "tree", {
    tree: "constructor",
  }, /true or false/],
  ["a timeout without a unit", "timeout", { timeout: "10" }, /Write its unit/],
  ["an empty timeout", "timeout", { timeout: "" }, /duration/],
  ["an age that is none", "older-than", { "older-than": "old" }, /duration/],
  ["a maximum of 0", "max", { max: "0" }, /from 1 up, not "0"/],
  ["a maximum with a fraction", "max", { max: "1.5" }, /from 1 up/],
  ["a filter with an unknown key", "filter", {
    filter: "age>1h\ncolour=red",
  }, /no key "colour"/],
  ["the host without an age", "older-than", { scope: "host" }, /needed with/],
  ["a result without an id", "id", { command: "kill", result: "done" }, /id/],
  ["a result and a file", "result-file", {
    ...{ command: "kill", id: "abcd", result: "a" },
    "result-file": "b",
  }, /does not go with "result"/],
  ["a result from standard input", "result-file", {
    ...{ command: "kill", id: "abcd" },
    "result-file": "-",
  }, /standard input/],
  ["a result for a stop", "command", {
    ...{ command: "stop", id: "abcd", result: "a" },
  }, /only kill takes a result/],
  ["an id to reap", "id", { command: "reap", id: "abcd" }, /list, stop and k/],
  ["an id and an age", "older-than", { id: "abcd", "older-than": "1h" }, /id/],
  ["an id and a provider", "provider", { id: "abcd", provider: "codex" }, /id/],
  ["an id and a filter", "filter", { id: "abcd", filter: "age>1h" }, /"id"/],
  ["an id and a scope", "scope", { id: "abcd", scope: "job" }, /"id"/],
  ["prune with a scope", "scope", { command: "prune", scope: "job" }, /prune/],
  ["prune with detached ones", "include-detached", {
    ...{ command: "prune", "include-detached": "true" },
  }, /prune/],
  ["detached ones of this job", "include-detached", {
    ...{ scope: "job", "include-detached": "true" },
  }, /cannot be told/],
  ["a provider that a filter has, too", "provider", {
    ...{ provider: "claude", filter: "provider=codex" },
  }, /Give it once/],
];

for (const [name, input, inputs, why] of REFUSED) {
  test(`readInputs refuses ${name} and names the input`, () => {
    assert.throws(() => read(inputs), isError("usage", why));
    assert.throws(() => read(inputs), {
      message: new RegExp(`^Cannot use the input "${input}": `),
    });
  });
}

test("readInputs escapes and shortens what it quotes", () => {
  const command = `\x1b[31m${"x".repeat(500)}`;
  assert.throws(() => read({ command }), (error: Error) => {
    assert.ok(error.message.includes('not "\\x1b[31mxxx'), error.message);
    assert.ok(error.message.length < 200);
    return true;
  });
});

test("readInputs leaves other variables alone", () => {
  assert.deepEqual(readInputs({ PATH: "/bin", input_x: "1" }), DEFAULTS);
});
