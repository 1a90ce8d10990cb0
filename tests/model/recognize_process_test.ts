import assert from "node:assert/strict";
import { test } from "node:test";
import { AGENT_PATTERNS } from "../../src/model/agent_patterns.ts";
import {
  AGENT_MARKERS,
  type ProcessFacts,
} from "../../src/model/process_facts.ts";
import {
  examineProcess,
  findDaemon,
} from "../../src/model/recognize_process.ts";
import type { Examination, Recognition } from "../../src/model/seen_agent.ts";
import {
  findLaunch,
  type ProcessFactRow,
  readProcessFactRows,
  ROW_FILES,
} from "../support/process_fact_rows.ts";

/** What a row is, with what the nearest agent above it in its tree is. */
function examineRow(
  row: ProcessFactRow,
  rows: readonly ProcessFactRow[],
): Examination {
  const launch = findLaunch(row, rows);
  const findAbove = (at: ProcessFactRow): Recognition | undefined => {
    const parent = launch.find((one) =>
      one !== at && one.facts.pid === at.facts.ppid
    );
    if (parent === undefined) return undefined;
    return examineRow(parent, rows).recognition ?? findAbove(parent);
  };
  return examineProcess(row.facts, AGENT_PATTERNS, findAbove(row));
}

for (const file of ROW_FILES) {
  const rows = readProcessFactRows(file);
  for (const row of rows) {
    const { name, expect } = row;
    const what = expect === null
      ? "no agent"
      : `${expect.provider} ${expect.role}`;
    test(`examineProcess takes ${name} for ${what}`, () => {
      const { recognition, starting } = examineRow(row, rows);
      if (expect === null) {
        assert.equal(recognition, undefined);
        return;
      }
      if (expect.role !== "launcher") {
        assert.equal(recognition?.provider, expect.provider);
        assert.equal(recognition.role, expect.role);
        assert.ok(!recognition.launcher || findLaunch(row, rows).length === 1);
        return;
      }
      // What only starts the real one may be known by that, and of two alike
      // the parent is the launcher: tests/model/recorded_trees_test.ts.
      const found = recognition ?? starting;
      assert.equal(found?.provider, expect.provider);
      assert.ok(found.launcher || found.relaunches);
    });
  }
}

test("examineProcess is tried on enough rows that name their source", () => {
  const [agents, bystanders] = [
    readProcessFactRows("agents"),
    readProcessFactRows("bystanders"),
  ];
  assert.ok(agents.filter(({ expect }) => expect !== null).length >= 80);
  assert.ok(bystanders.filter(({ expect }) => expect === null).length >= 80);
  const providers = new Set(agents.map(({ expect }) => expect?.provider));
  for (const { provider } of AGENT_PATTERNS.agents) {
    assert.ok(providers.has(provider), provider);
  }
});

function run(line: string, facts: Partial<ProcessFacts> = {}): ProcessFacts {
  return { pid: 2, ppid: 3, zombie: false, args: line.split(" "), ...facts };
}

const MARK = { markers: { ZAG_PROCESS_ID: "some-id" } };

const CONFIDENCES: [facts: ProcessFacts, confidence: string | undefined][] = [
  [run("claude"), "medium"],
  [run("claude", MARK), "high"],
  [run("claude", { executable: "/x/claude/versions/2.1.34" }), "high"],
  [run("node /x/@openai/codex/bin/codex.js"), "high"],
  [run("node /usr/bin/codex"), "medium"],
  [run("goose session"), "high"],
  [run("goose"), undefined],
  [run("goose", MARK), undefined],
  [run("goose up", MARK), undefined],
  [run("python3 -m aider"), "medium"],
  // What carries the mark was started by zag, or by an agent of zag's.
  [run("/usr/bin/sleep 60", MARK), undefined],
  [run("vim claude.md", MARK), undefined],
];

for (const [facts, confidence] of CONFIDENCES) {
  const mark = facts.markers === undefined ? "" : " with the mark of zag";
  const line = facts.args?.join(" ");
  test(
    `examineProcess is ${confidence ?? "never"} sure of ${line}${mark}, ${
      facts.executable ?? "no path"
    }`,
    () => {
      assert.equal(examineProcess(facts).recognition?.confidence, confidence);
    },
  );
}

/** Lines that say the role, and what they come to. */
const ROLES: [line: string, role: string | undefined][] = [
  ["claude", "agent"],
  ["claude fix the daemon", "agent"],
  ["claude -p daemon", "supervisor"],
  ["claude --model daemon", "agent"],
  ["claude --append-system-prompt daemon -p x", "agent"],
  ["claude -- daemon", "agent"],
  ["claude mcp serve", "server"],
  ["claude mcp add x", undefined],
  ["claude update", undefined],
  ["claude --version", undefined],
  ["claude --claude-in-chrome-mcp", "helper"],
  ["claude --chrome-native-host", undefined],
  ["claude chrome-extension://abc/", undefined],
  ["claude --type=renderer", undefined],
  ["codex", "agent"],
  ["codex exec app-server", "agent"],
  ["codex -s read-only -a untrusted app-server", "server"],
  ["codex --sandbox=read-only mcp-server", "server"],
  ["codex --disable plugins exec x", "agent"],
  ["codex -c sandbox exec x", "agent"],
  ["codex sandbox linux ls", "worker"],
  ["codex login", undefined],
  ["codex app-server daemon pid-update-loop", "supervisor"],
  ["codex app-server --listen unix:// daemon", "server"],
  ["qwen serve", "server"],
  ["opencode", "agent"],
  ["opencode run serve", "agent"],
  ["opencode web", "server"],
  ["ollama run llama3", "agent"],
  ["ollama", undefined],
  ["ollama list", undefined],
  ["gemini mcp list", undefined],
  ["/x/claude/versions/2.1.34 --bg-spare s", "supervisor"],
  ["rg --files", undefined],
];

for (const [line, role] of ROLES) {
  test(`examineProcess takes "${line}" for ${role ?? "no agent"}`, () => {
    assert.equal(examineProcess(run(line)).recognition?.role, role);
  });
}

/** Facts that the traps of other rows do not have, and what they come to. */
const TRAPS: [
  name: string,
  facts: Partial<ProcessFacts>,
  provider: string | undefined,
  role?: string,
][] = [
  ["a zombie", { name: "claude", zombie: true, args: [] }, undefined],
  [
    "a zombie whose path is known",
    { executable: "/x/claude/versions/2.1.34", zombie: true },
    undefined,
  ],
  ["nothing", {}, undefined],
  ["empty facts", { executable: "", name: "", args: [""] }, undefined],
  ["a name, the arguments unreadable", { name: "claude" }, "claude"],
  // Kernel threads have no arguments and no path.
  ["a name without arguments", { name: "claude", args: [] }, undefined],
  [
    "a name with a path and without arguments",
    { name: "codex", args: [], executable: "/memfd:x" },
    "codex",
  ],
  ["a name of a script", { name: "claude", args: ["node", "x.js"] }, undefined],
  ["a title of one text", { args: ["codex exec fix it"] }, "codex"],
  [
    "a title over longer arguments",
    { executable: "/usr/bin/node", args: ["claude", "", "", ""] },
    "claude",
  ],
  [
    "a title with a role",
    { executable: "/usr/bin/node", args: ["codex app-server", ""] },
    "codex",
    "server",
  ],
  ["a title of another", { args: ["postgres: claude db"] }, undefined],
  [
    "a title of two words over as many arguments",
    { executable: "/usr/bin/python3.13", args: ["Kimi Code", ""] },
    "kimi",
  ],
  ["a path with spaces", { args: ["/home/ada/my tools/claude"] }, "claude"],
  [
    "a native gemini's title",
    { executable: "/usr/bin/node", args: ["gemini"] },
    "gemini",
  ],
  ["a program called gemini", { args: ["gemini"] }, undefined],
  [
    "a deleted executable",
    { executable: "/x/claude/versions/2.1.34 (deleted)" },
    "claude",
  ],
  [
    "claude's search",
    { executable: "/x/claude/versions/2.1.34", args: ["rg", "--files"] },
    "claude",
    "worker",
  ],
  [
    "the search in its package",
    { executable: "/x/@openai/codex/vendor/x/path/rg", args: ["rg", "claude"] },
    "codex",
    "worker",
  ],
  [
    "another program in a package",
    { executable: "/x/@openai/codex/vendor/x/tool", args: ["tool"] },
    undefined,
  ],
  [
    "a program below a folder named after a user",
    { executable: "/home/claude/versions/new/tool", args: ["tool"] },
    undefined,
  ],
  [
    "the script of a part of a package",
    { args: ["node", "/x/@google/gemini-cli/node_modules/pty/worker.js"] },
    "gemini",
    "worker",
  ],
  [
    "npm that installs a package",
    { args: ["node", "/x/@anthropic-ai/claude-code/install.cjs"] },
    undefined,
  ],
  [
    "a wrapper of Nix",
    { executable: "/nix/store/x/bin/.codex-wrapped", args: ["x"] },
    "codex",
  ],
  [
    "a wrapper of Nix by its other name",
    { executable: "/nix/store/x/bin/.claude-unwrapped" },
    "claude",
  ],
  ["a script of a shell", { args: ["sh", "/usr/bin/claude"] }, "claude"],
  ["a script beside bin", { args: ["node", "/home/ada/claude"] }, undefined],
  ["a script of that name", { args: ["node", "/x/bin/claude.js"] }, undefined],
  [
    "python's flags",
    { args: ["/usr/bin/python3", "-sP", "/usr/bin/aider"] },
    "aider",
  ],
  ["a module in one word", { args: ["python3", "-Imaider"] }, "aider"],
  ["another module", { args: ["python3", "-m", "aiders"] }, undefined],
  [
    "a script that deno runs",
    { args: ["deno", "run", "-A", "/usr/bin/gemini"] },
    "gemini",
  ],
  [
    "a file of an agent in an editor",
    { args: ["/usr/share/code/code", "/x/@openai/codex/bin/codex.js"] },
    undefined,
  ],
  [
    "an agent that an editor's extension runs",
    {
      args: [
        "/usr/share/code/code",
        "/home/ada/.vscode/extensions/anthropic.claude-code-1.0.0/cli.js",
      ],
    },
    "claude",
  ],
  [
    "an MCP server that codex left",
    { args: ["uvx", "mcp-server-git"], markers: { CODEX_THREAD_ID: "1" } },
    "codex",
    "helper",
  ],
  [
    "an MCP server of npx that claude left",
    {
      executable: "/usr/bin/node",
      args: ["npm exec @modelcontextprotocol/server-filesystem@2 /tmp"],
      markers: { CLAUDECODE: "1" },
    },
    "claude",
    "helper",
  ],
  ["an MCP server of its own", { args: ["uvx", "mcp-server-git"] }, undefined],
  [
    "a child of claude",
    { args: ["sleep", "60"], markers: { CLAUDECODE: "1" } },
    undefined,
  ],
];

for (const [name, facts, provider, role = "agent"] of TRAPS) {
  test(`examineProcess takes ${name} for ${provider ?? "no agent"}`, () => {
    const all = { pid: 2, ppid: 3, zombie: false, ...facts };
    const { recognition } = examineProcess(all);
    assert.equal(recognition?.provider, provider);
    if (provider !== undefined) assert.equal(recognition?.role, role);
  });
}

const LAUNCHERS: [line: string, launcher: boolean | undefined][] = [
  // Nothing but its child tells that it is one.
  ["node /usr/bin/copilot", undefined],
  ["sh /usr/bin/droid", undefined],
  ["node /usr/bin/droid exec", true],
  ["node /usr/bin/codex exec", true],
  ["node /x/@openai/codex/bin/codex.js", true],
  ["node /x/bin/opencode", true],
  ["node /x/@github/copilot/npm-loader.js", true],
  ["sh /usr/local/bin/claude", true],
  ["codex exec", false],
  ["node /x/@github/copilot/index.js", false],
  ["node /usr/bin/gemini", false],
];

for (const [line, launcher] of LAUNCHERS) {
  test(
    `examineProcess takes "${line}" for ${
      launcher === undefined
        ? "what may start one"
        : launcher
        ? "a launcher"
        : "the real one"
    }`,
    () => {
      const { recognition, starting } = examineProcess(run(line));
      assert.equal(recognition?.launcher, launcher);
      assert.equal(
        starting?.launcher,
        launcher === undefined ? true : undefined,
      );
    },
  );
}

test("examineProcess names a helper after the agent above it", () => {
  const above = examineProcess(run("codex exec")).recognition;
  const facts = run("node /x/tools/dist/mcp/state-server.js", {
    markers: { CLAUDECODE: "1" },
  });
  const { recognition } = examineProcess(facts, AGENT_PATTERNS, above);
  assert.deepEqual(recognition, {
    provider: "codex",
    role: "helper",
    launcher: false,
    confidence: "high",
    evidence: [
      "its script is /x/tools/dist/mcp/state-server.js",
      "it runs below codex",
    ],
  });
  const shell = examineProcess(run("bash -c ls"), AGENT_PATTERNS, above);
  assert.equal(shell.recognition, undefined);
});

test("examineProcess lists the rules that it tried, in order", () => {
  const facts = run(
    "node --no-warnings /usr/bin/codex exec secret words",
    MARK,
  );
  const { recognition, trials } = examineProcess(facts);
  assert.deepEqual(trials.map(({ rule, fits }) => [rule, fits]), [
    ["zombie", false],
    ["mark of zag", true],
    ["folder of the program", false],
    ["name of the program", false],
    ["script", true],
    ["other program of that name", false],
    ["role", true],
    ["launcher", true],
  ]);
  assert.deepEqual(recognition?.evidence, [
    "its script is /usr/bin/codex",
    "it carries ZAG_PROCESS_ID: zag started it, or what started it",
    "it was started with exec",
    "it only starts the real process",
  ]);
  for (const { why } of trials) assert.ok(!why.includes("secret"), why);
});

test("examineProcess tells why a shared name is not enough", () => {
  const { trials } = examineProcess(run("goose up"));
  assert.deepEqual(trials.at(-1), {
    rule: "second sign",
    fits: false,
    why: "other programs have the name, and no first word or flag is goose's",
  });
});

test("examineProcess tries every rule on what is no agent", () => {
  const { recognition, trials } = examineProcess(run("vim claude.md"));
  assert.equal(recognition, undefined);
  assert.deepEqual(trials.map(({ rule, fits }) => [rule, fits]), [
    ["zombie", false],
    ["mark of zag", false],
    ["folder of the program", false],
    ["name of the program", false],
    ["script", false],
    ["module", false],
    ["helper", false],
  ]);
});

/** Programs that work on other things; `_` is where a word is put. */
const BYSTANDERS = [
  "vim _ _",
  "/usr/bin/less +G _",
  "tail -f _",
  "grep -r _ _ _",
  "git commit -m _",
  "git _ _",
  "ssh host _ _",
  "sudo -u ada _ _",
  "timeout 60 _ _",
  "tmux new -s _ _",
  "docker run _ _",
  "bash -c _ _",
  "bash -lc _",
  "sh /x/run.sh _ _",
  "node server.js _ _",
  "node -e 1 _",
  "node -p _ _",
  "node --require _ server.js _",
  "node --import _ server.js",
  "node -r ./x.js server.js _",
  "deno run -A server.ts _",
  "python3 -c _ _",
  "python3 -W _ train.py _",
  "python3 train.py -m _",
  "python3 -m http.server _",
  "npm exec _ _",
  "npx -y _",
  "code _ _",
];

test("examineProcess takes no word behind the program for an agent", () => {
  const words = AGENT_PATTERNS.agents.flatMap((pattern) => {
    const { provider, names, scripts, shared, called, paths, packages } =
      pattern;
    return [
      provider,
      ...[names, scripts, shared, Object.keys(called ?? {})]
        .flatMap((list) => list ?? [])
        .flatMap((name) => [name, `/usr/bin/${name}`, `${name} -p x`]),
      ...(paths ?? []).map((path) => `/opt/${path.replaceAll("*", "1")}`),
      ...(packages ?? []).map((path) => `/opt/${path}/bin/${provider}`),
    ];
  });
  assert.ok(words.length > 100);
  let tried = 0;
  for (const word of words) {
    for (const line of BYSTANDERS) {
      const places = line.split("_").length - 1;
      for (let place = 0; place < places; place++) {
        let at = -1;
        const args = line.split(" ").map((arg) =>
          arg === "_" ? (++at === place ? word : "other") : arg
        );
        const { recognition } = examineProcess({ ...run(""), args });
        assert.equal(recognition, undefined, JSON.stringify(args));
        tried++;
      }
    }
  }
  assert.ok(tried > 4000);
});

test("examineProcess knows no marker that is not read", () => {
  for (const { markers = [] } of AGENT_PATTERNS.agents) {
    for (const marker of markers) {
      assert.ok(AGENT_MARKERS.some((known) => known === marker), marker);
    }
  }
});

test("examineProcess ends on hostile arguments", () => {
  const long = "c".repeat(1_000_000);
  for (const program of ["node", "sh", "python3", "claude", "codex"]) {
    for (const arg of [`-${long}!`, `--${long}`, long, `${"/a".repeat(9e5)}`]) {
      const { trials } = examineProcess({
        ...run(""),
        args: [program, arg, long],
      });
      assert.notEqual(trials.length, 0);
    }
  }
});

test("findDaemon finds the servers that all agents of a user share", () => {
  const name = (line: string) => findDaemon(run(line))?.name;
  assert.equal(name("codex -s read-only app-server"), "codex app server");
  assert.equal(name("/x/claude/versions/2.1.34 daemon run"), "claude daemon");
  assert.equal(name("codex mcp-server"), undefined);
  assert.equal(name("codex exec app-server"), undefined);
  assert.equal(name("gemini --acp"), undefined);
});
