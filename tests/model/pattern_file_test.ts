import assert from "node:assert/strict";
import { test } from "node:test";
import { AGENT_PATTERNS } from "../../src/model/agent_patterns.ts";
import type { AgentPatterns } from "../../src/model/pattern_types.ts";
import { ZagPsError } from "../../src/model/errors.ts";
import {
  applyPatternFile,
  parsePatternFile,
} from "../../src/model/pattern_file.ts";
import type { ProcessFacts } from "../../src/model/process_facts.ts";
import { examineProcess } from "../../src/model/recognize_process.ts";

const PATH = "/home/ada/.zag/ps.jsonc";

function apply(text: string): AgentPatterns {
  return applyPatternFile(AGENT_PATTERNS, parsePatternFile(text, PATH));
}

function run(line: string, facts: Partial<ProcessFacts> = {}): ProcessFacts {
  return { pid: 2, ppid: 3, zombie: false, args: line.split(" "), ...facts };
}

function recognize(line: string, patterns: AgentPatterns): string | undefined {
  const { recognition } = examineProcess(run(line), patterns);
  return recognition && `${recognition.provider} ${recognition.role}`;
}

const OWN = `// An agent of our own.
{
  "agents": [
    {
      "provider": "acme",
      "names": ["acme", "acme-*"],
      "shared": ["ac"],
      "signs": ["--agent", "work"],
      "paths": ["acme/tools/helper.py"],
      "packages": ["@acme/agent"],
      "modules": ["acme_agent"],
      "launchers": ["@acme/agent/start.js"],
      "tools": ["acme-index"],
      "called": { "acme-hub": "server" },
      "words": { "serve": "server", "update": "none" },
      "flags": { "--watch": "supervisor" },
      "values": ["--model"],
    },
  ],
}
`;

const ADDED: [line: string, expected: string | undefined][] = [
  ["acme", "acme agent"],
  ["acme-1", "acme agent"],
  ["acmes", undefined],
  ["ac", undefined],
  ["ac work", "acme agent"],
  ["ac --agent", "acme agent"],
  ["ac --model work", undefined],
  ["python3 /opt/acme/tools/helper.py", "acme agent"],
  ["python3 /opt/other/tools/helper.py", undefined],
  ["node /opt/@acme/agent/index.js serve", "acme server"],
  ["python3 -m acme_agent", "acme agent"],
  ["acme-hub", "acme server"],
  ["acme update", undefined],
  ["acme --watch", "acme supervisor"],
  ["acme --model update", "acme agent"],
  ["vim acme", undefined],
  ["claude", "claude agent"],
];

for (const [line, expected] of ADDED) {
  test(`applyPatternFile adds patterns: "${line}" is ${expected ?? "none"}`, () => {
    assert.equal(recognize(line, apply(OWN)), expected);
  });
}

test("applyPatternFile leaves the built-in patterns as they are", () => {
  const before = JSON.stringify(AGENT_PATTERNS);
  apply(OWN);
  apply('{"agents": [{"provider": "claude", "names": ["cc"]}]}');
  assert.equal(JSON.stringify(AGENT_PATTERNS), before);
  assert.equal(recognize("cc", AGENT_PATTERNS), undefined);
});

test("applyPatternFile adds to an agent that is known", () => {
  const patterns = apply(`{"agents": [{
    "provider": "claude", "names": ["cc"], "words": {"nightly": "supervisor"}
  }]}`);
  assert.equal(recognize("cc", patterns), "claude agent");
  assert.equal(recognize("cc nightly", patterns), "claude supervisor");
  assert.equal(recognize("claude mcp serve", patterns), "claude server");
  assert.equal(patterns.agents.length, AGENT_PATTERNS.agents.length);
});

test("applyPatternFile adds helpers and desktop applications", () => {
  const patterns = apply(`{
    "helpers": { "names": ["acme-tools"], "packages": ["acme/servers"] },
    "desktops": ["acme/claude"],
  }`);
  const marked = (line: string) =>
    examineProcess(run(line, { markers: { CLAUDECODE: "1" } }), patterns)
      .recognition?.role;
  assert.equal(marked("acme-tools"), "helper");
  assert.equal(marked("node /x/acme/servers/a.js"), "helper");
  assert.equal(marked("node /x/acme/clients/a.js"), undefined);
  assert.equal(marked("foo-mcp"), "helper");
  assert.equal(recognize("/opt/acme/claude", patterns), undefined);
  assert.equal(recognize("/opt/other/claude", patterns), "claude agent");
});

test("applyPatternFile takes away agents, patterns and helpers", () => {
  const patterns = apply(`{
    "remove": {
      "agents": ["goose"],
      "patterns": { "codex": ["codex"], "kimi": ["kimi-code-worker"] },
      "helpers": ["*-mcp"],
    },
  }`);
  assert.equal(recognize("goose session", patterns), undefined);
  assert.equal(recognize("codex", patterns), undefined);
  assert.equal(recognize("codex-x86_64-linux", patterns), "codex agent");
  assert.equal(recognize("kimi-code-worker", patterns), undefined);
  const helper = run("foo-mcp", { markers: { CLAUDECODE: "1" } });
  assert.equal(examineProcess(helper, patterns).recognition, undefined);
});

test("applyPatternFile takes away before it adds", () => {
  const patterns = apply(`{
    "remove": { "agents": ["amp"] },
    "agents": [{ "provider": "amp", "names": ["amp"] }],
  }`);
  assert.equal(recognize("amp", patterns), "amp agent");
  assert.equal(recognize("amp login", patterns), "amp agent");
});

test("applyPatternFile takes an empty file's object for no change", () => {
  assert.deepEqual(apply("{}"), AGENT_PATTERNS);
});

/** Texts, and the place and the fault that the error names. */
const ERRORS: [text: string, message: string][] = [
  ["", "line 1, column 1: unexpected end of JSONC input"],
  ["{", "line 1, column 2: unexpected end of JSONC input"],
  ['{\n  "agents": x}', 'line 2, column 13: unexpected token "x"'],
  ["null", "line 1, column 1: it should be an object"],
  ["[]", "line 1, column 1: it should be an object"],
  ['{"agnets": []}', 'column 2: agnets: there is no key "agnets" here'],
  ['{"agents": {}}', "column 12: agents: it should be an array"],
  ['{"agents": [3]}', "column 13: agents[0]: it should be an object"],
  ['{"agents": [[]]}', "column 13: agents[0]: it should be an object"],
  [
    '// é\n{"agents": [\n  {"names": ["a-b"]},\n]}',
    'line 3, column 3: agents[0].provider: the key "provider" is missing',
  ],
  [
    '{"agents": [{"provider": "é 😀"}]}',
    "column 26: agents[0].provider: it should be of a-z, 0-9",
  ],
  [
    '{"é😀": 1}',
    'column 2: é😀: there is no key "é😀" here',
  ],
  [
    '{"agents": [{"provider": "a"}, {"provider": "b",\n"naems": []}]}',
    'line 2, column 1: agents[1].naems: there is no key "naems" here',
  ],
  [
    '{"agents": [{"provider": "a", "names": ["ab", 3]}]}',
    "column 47: agents[0].names[1]: it should be a text",
  ],
  [
    '{"agents": [{"provider": "a", "names": [""]}]}',
    "column 41: agents[0].names[0]: it should not be empty",
  ],
  [
    '{"agents": [{"provider": "a", "names": ["**a"]}]}',
    'agents[0].names[0]: it should hold 2 characters beside "*"',
  ],
  [
    '{"agents": [{"provider": "a", "names": ["bin/a"]}]}',
    "agents[0].names[0]: it should be a name without a folder",
  ],
  [
    '{"agents": [{"provider": "a", "paths": ["/bin/a"]}]}',
    "agents[0].paths[0]: it should be a part of a path, without a slash",
  ],
  [
    '{"agents": [{"provider": "a", "paths": ["acme"]}]}',
    "agents[0].paths[0]: it should be a folder and a file",
  ],
  [
    '{"agents": [{"provider": "a", "packages": ["~/acme"]}]}',
    "agents[0].packages[0]: it should be a part of a path",
  ],
  [
    '{"agents": [{"provider": "a", "shared": ["ab"]}]}',
    'column 13: agents[0]: names under "shared" need "signs"',
  ],
  [
    '{"agents": [{"provider": "a", "words": {"x": "boss"}}]}',
    "column 46: agents[0].words.x: it should be one of agent, worker",
  ],
  [
    '{"agents": [{"provider": "a", "words": {"": "agent"}}]}',
    "column 41: agents[0].words.: it should not be empty",
  ],
  [
    '{"agents": [{"provider": "a", "relaunches": false}]}',
    "column 45: agents[0].relaunches: it should be true",
  ],
  ['{"helpers": []}', "column 13: helpers: it should be an object"],
  [
    '{"remove": {"agents": ["amp", "gose"]}}',
    'column 31: remove.agents[1]: there is no agent "gose"; known are claude',
  ],
  [
    '{"remove": {"patterns": {"gose": []}}}',
    'column 26: remove.patterns.gose: there is no agent "gose"',
  ],
  [
    '{"remove": {"patterns": {"goose": ["gose"]}}}',
    'column 36: remove.patterns.goose[0]: there is no pattern "gose"',
  ],
  [
    '{"remove": {"helpers": ["x"]}}',
    'column 25: remove.helpers[0]: there is no pattern "x"',
  ],
];

for (const [text, message] of ERRORS) {
  test(`parsePatternFile refuses ${JSON.stringify(text)}`, () => {
    assert.throws(() => apply(text), (error) => {
      assert.ok(error instanceof ZagPsError);
      assert.equal(error.kind, "store");
      assert.ok(error.message.includes(message), error.message);
      assert.ok(error.message.includes(`"${PATH}" at line `), error.message);
      assert.match(error.message, /\nMend the file or move it away; .+$/);
      return true;
    });
  });
}

test("parsePatternFile refuses control characters and shows none", () => {
  const text = JSON.stringify({
    agents: [{ provider: "a", names: ["ab\u001b[31m"] }],
    "\u001b[31m": 1,
  });
  assert.throws(() => apply(text), (error) => {
    assert.ok(error instanceof ZagPsError);
    assert.ok(!error.message.includes("\u001b"));
    return true;
  });
});

test("parsePatternFile takes a byte order mark and counts columns behind it", () => {
  assert.deepEqual(apply("\ufeff{}"), AGENT_PATTERNS);
  assert.throws(() => apply('\ufeff{"x": 1}'), /line 1, column 2: x: /);
});
