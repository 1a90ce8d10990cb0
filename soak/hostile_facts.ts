/**
 * Machines whose processes look hostile: what a process is called, what it was
 * given and where it is are texts that anybody chooses.
 *
 * @module
 */

import {
  KNOWN_MARKERS,
  type ProcessFacts,
} from "../src/model/process_facts.ts";
import type { FuzzCase } from "./fuzz_cases.ts";
import { makeTexts, PROCESSES } from "./hostile_cases.ts";
import { ID, LIVE_PIDS, TEXTS } from "./fuzz_values.ts";
import { createRandom, type Random } from "./random.ts";

/** The process in question; its parent is {@linkcode SHELL}. */
const PID = 5000;
const SHELL = 4000;
const STARTED_AT = Date.UTC(2026, 10, 22, 11, 58);

const CLAUDE = "/home/ada/.local/share/claude/versions/2.1.34";
const CODEX = "/usr/lib/node_modules/@openai/codex/bin/codex.js";

/** What is tried on each of them. */
const COMMANDS: readonly (readonly string[])[] = [
  ["list", "-a"],
  ["list", "-a", "--json"],
  ["list", "--untracked", "-f", "role!=server"],
  ["show", `pid:${PID}`],
  ["show", `pid:${PID}`, "--json"],
  ["explain", String(PID)],
  ["explain", String(PID), "--json"],
  ["stop", `pid:${PID}`],
  ["kill", `pid:${PID}`, "--dry-run"],
  ["reap", "-f", "orphan=true", "--include-untracked"],
];

/** A process that a shell started. */
function makeProcess(facts: Partial<ProcessFacts>): ProcessFacts {
  return {
    pid: PID,
    ppid: SHELL,
    zombie: false,
    startTicks: "proc:9",
    startedAt: STARTED_AT,
    uid: 1000,
    ...facts,
  };
}

/** pid 1, a shell below it, and what is below that. */
function makeMachine(...others: readonly ProcessFacts[]): ProcessFacts[] {
  const parent = { ppid: 1, args: ["-bash"], sid: SHELL, name: "bash" };
  const init = { ppid: 0, args: ["/sbin/init"], name: "systemd", sid: 1 };
  const started = { startedAt: STARTED_AT - 60_000, startTicks: "proc:1" };
  return [
    makeProcess({ pid: 1, ...init, ...started }),
    makeProcess({ pid: SHELL, ...parent, ...started }),
    ...others,
  ];
}

/** Facts in which a text stands where somebody may write what he likes. */
const PLACES: Record<string, (text: string) => Partial<ProcessFacts>> = {
  name: (text) => ({ name: text }),
  executable: (text) => ({ executable: text }),
  "the only argument": (text) => ({ args: [text] }),
  "a prompt": (text) => ({ args: ["claude", text] }),
  "a script": (text) => ({ args: ["node", text] }),
  "a flag's value": (text) => ({ args: ["node", "--require", text, CODEX] }),
  "a module": (text) => ({ args: ["python3", "-m", text] }),
  "a package": (text) => ({ args: ["npx", text, text] }),
  "a title": (text) => ({ args: [text, "", ""], executable: CLAUDE }),
  "what is deleted": (text) => ({ executable: `${text} (deleted)` }),
  "a folder": (text) => ({ folder: text, executable: CLAUDE }),
  "a path": (text) => ({ executable: `/${text}/claude/versions/2.1.34` }),
  owner: (text) => ({ owner: text, executable: CLAUDE }),
  terminal: (text) => ({
    terminal: { name: text, deleted: true },
    executable: CLAUDE,
  }),
  "a control group": (text) => ({
    cgroup: `/system.slice/${text}.service`,
    executable: CLAUDE,
    ppid: 1,
  }),
  "every mark": (text) => ({
    executable: CLAUDE,
    markers: Object.fromEntries(KNOWN_MARKERS.map((name) => [name, text])),
  }),
};

const MEGABYTE = 1_000_000;

/** Facts of a shape that no text has. */
const SHAPES: Record<string, Partial<ProcessFacts>> = {
  "no arguments": { args: [], name: "claude" },
  "arguments that cannot be read": { name: "claude" },
  "an empty argument": { args: [""] },
  "empty arguments": { args: Array(100_000).fill("") },
  "many arguments": { args: ["claude", ...Array(100_000).fill("-p")] },
  "many flags": { args: ["codex", ...Array(100_000).fill("-c")] },
  "a long program": { args: ["c".repeat(MEGABYTE)] },
  "a long title": { args: ["claude ".repeat(MEGABYTE / 8), ""] },
  "a long script": { args: ["node", `/${"bin/".repeat(MEGABYTE / 4)}codex`] },
  "a long flag": { args: ["node", `-${"p".repeat(MEGABYTE)}!`, CODEX] },
  "a long flag of a shell": { args: ["sh", "-c".repeat(MEGABYTE / 2)] },
  "a long prompt": { args: ["claude", "-p", "x\n".repeat(MEGABYTE / 2)] },
  "a long prompt of spaces": { args: [" ".repeat(MEGABYTE)], name: "claude" },
  "a long path": { executable: "/@openai/codex".repeat(MEGABYTE / 14) },
  "a long name of a package": { args: ["npx", "@".repeat(MEGABYTE)] },
  "long marks": {
    executable: CLAUDE,
    markers: { TMUX_PANE: "%".repeat(MEGABYTE), ZAG_PROCESS_ID: ID },
  },
  "marks by the names of prototypes": {
    executable: CLAUDE,
    markers: JSON.parse('{"__proto__": "x", "constructor": "y"}'),
  },
  "itself as its parent": { args: ["claude"], ppid: PID },
  "no parent": { args: ["claude"], ppid: undefined },
  "a parent that is no pid": { args: ["claude"], ppid: -1 },
  "a parent with a fraction": { args: ["claude"], ppid: 0.5 },
  "a start that is no number": { args: ["claude"], startedAt: NaN },
  "a start without end": { args: ["claude"], startedAt: Infinity },
  "a start before all": { args: ["claude"], startedAt: -8.64e15 - 1 },
  "a start in the future": { args: ["claude"], startedAt: 1e15 },
  "figures that are none": {
    args: ["claude"],
    cpuMs: NaN,
    memoryBytes: Infinity,
    uid: -1,
    sid: NaN,
    pgid: -5,
  },
  "figures beyond all": {
    args: ["claude"],
    cpuMs: 1e300,
    memoryBytes: 1e300,
    uid: 2 ** 32 - 1,
  },
  "a zombie": { args: ["claude"], zombie: true },
};

/** A person's own patterns. */
const PATTERNS = `{
  // More of them.
  "agents": [{ "provider": "acme", "names": ["acme-*"], "words": { "x": "server" } }],
  "helpers": { "names": ["acme-tools"] },
  "desktops": ["acme-desktop/claude"],
  "remove": { "agents": ["goose"], "helpers": ["*-mcp-*"] }
}`;

/** Patterns that would make something slow, or take a name for a member. */
const PATTERN_TEXTS: readonly string[] = [
  `{"agents": [{"provider": "x", "names": ["${"a*".repeat(50_000)}b"]}]}`,
  `{"agents": [{"provider": "x", "paths": ["${"*/".repeat(50_000)}b"]}]}`,
  `{"agents": [{"provider": "x", "packages": ["${"a/".repeat(50_000)}b"]}]}`,
  `{"agents": [${
    Array.from({ length: 5000 }, (_, i) =>
      `{"provider": "p${i}", "names": ["n${i}-*"]}`).join()
  }]}`,
  '{"agents": [{"provider": "__proto__", "names": ["constructor"]}]}',
  '{"agents": [{"provider": "x", "words": {"__proto__": "none"}}]}',
  '{"agents": [{"provider": "x", "called": {"toString": "server"}}]}',
  '{"agents": [{"provider": "\\u001b[31m", "names": ["claude"]}]}',
  '{"agents": [{"provider": "x\\ny", "names": ["claude"]}]}',
  '{"remove": {"agents": ["__proto__"], "patterns": {"constructor": ["x"]}}}',
];

/** Every hostile machine that has a name. */
export function makeHostileFacts(): FuzzCase[] {
  const cases: FuzzCase[] = [];
  const add = (
    name: string,
    facts: Partial<ProcessFacts>,
    files: FuzzCase["files"] = {},
  ) => {
    const processes = makeMachine(makeProcess(facts));
    for (const argv of COMMANDS) {
      cases.push(makeFactCase(`${name}: ${argv.join(" ")}`, {
        argv,
        files,
        processes,
      }));
    }
  };
  for (const [place, make] of Object.entries(PLACES)) {
    for (const text of TEXTS) {
      add(`${place} ${JSON.stringify(text).slice(0, 30)}`, make(text));
    }
  }
  for (const [name, facts] of Object.entries(SHAPES)) add(name, facts);
  const names: [string, string | Uint8Array][] = [
    ...makeTexts(PATTERNS),
    ...PATTERN_TEXTS.map((text): [string, string] => [text.slice(0, 40), text]),
  ];
  for (const [name, text] of names) {
    add(`patterns, ${name}`, { args: ["claude"] }, { "ps.jsonc": text });
  }
  return cases;
}

/** The machine of a seed: the same one each time. */
export function makeRandomFacts(seed: number): FuzzCase {
  const random = createRandom(seed);
  const pids = Array.from({ length: 1 + random.below(12) }, (_, i) => PID + i);
  const processes = makeMachine(
    ...pids.map((pid) => makeRandomProcess(random, pid, [1, SHELL, ...pids])),
  );
  return makeFactCase(`facts of seed ${seed}`, {
    argv: random.pick(COMMANDS),
    files: random.oneIn(2) ? {} : { "processes.json": PROCESSES },
    processes,
  });
}

/** Programs that come close to something, to be put together at random. */
const PARTS: readonly string[] = [
  ...["node", "sh", "-c", "python3", "-m", "claude", "codex", "gemini", "qwen"],
  ...["droid", "copilot", "npx", "mcp-server-x", "ollama", "serve", "mcp"],
  ...[CLAUDE, CODEX, "/usr/bin/gemini", "/usr/bin/droid", "--acp", "exec", ""],
];

function makeRandomProcess(
  random: Random,
  pid: number,
  parents: readonly number[],
): ProcessFacts {
  const facts: Partial<Record<keyof ProcessFacts, unknown>> = {
    pid,
    // Circles, too: a look takes time.
    ppid: random.pick(parents),
    startedAt: STARTED_AT + random.below(3),
    sid: random.pick(parents),
    zombie: random.oneIn(12),
    args: Array.from(
      { length: random.below(5) },
      () => random.oneIn(6) ? random.pick(TEXTS) : random.pick(PARTS),
    ),
    memoryBytes: random.below(2 ** 30),
  };
  if (random.oneIn(3)) facts.executable = random.pick(PARTS);
  if (random.oneIn(2)) {
    facts.markers = Object.fromEntries(
      KNOWN_MARKERS.filter(() => random.oneIn(6))
        .map((name) => [name, random.pick(TEXTS)]),
    );
  }
  const place = Object.values(PLACES)[random.below(40)];
  return makeProcess({
    ...facts as Partial<ProcessFacts>,
    ...place?.(random.pick(TEXTS)),
    pid,
  });
}

function makeFactCase(
  name: string,
  parts: Pick<FuzzCase, "argv" | "files" | "processes">,
): FuzzCase {
  const markers = new Map(LIVE_PIDS.map((pid) => [pid, undefined]));
  const meant = parts.argv[0] === "stop"
    ? parts.processes?.map(({ pid }) => pid).filter((pid) => pid >= PID) ?? []
    : [];
  return { name, stdin: "", self: undefined, markers, meant, ...parts };
}
