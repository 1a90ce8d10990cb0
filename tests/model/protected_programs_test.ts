import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { test } from "node:test";
import type { ProcessFacts } from "../../src/model/process_facts.ts";
import {
  describeProgram,
  findProtection,
  PROTECTIONS,
} from "../../src/model/protected_programs.ts";

function run(line: string, facts: Partial<ProcessFacts> = {}): ProcessFacts {
  return { pid: 2, ppid: 3, zombie: false, args: line.split(" "), ...facts };
}

const RUNNERS: [string, ProcessFacts][] = [
  ["the listener", run("/srv/runner/bin/Runner.Listener run --startuptype s")],
  ["the worker", run("/srv/runner/bin/Runner.Worker spawnclient 118 121")],
  [
    "the worker of dotnet",
    run("dotnet /srv/bin/Runner.Worker.dll spawnclient"),
  ],
  [
    "the worker on Windows",
    run("C:\\actions\\bin\\Runner.Worker.exe spawnclient"),
  ],
];

for (const [name, facts] of RUNNERS) {
  test(`findProtection knows ${name} of the runner`, () => {
    assert.equal(findProtection(facts)?.kind, "runner");
  });
}

const DAEMONS: [name: string, facts: ProcessFacts][] = [
  ["tmux server", run("tmux new -d", { name: "tmux: server" })],
  ["tmux server", run("/usr/bin/tmux new -d", { ppid: 1 })],
  ["screen server", run("SCREEN -dmS x", { executable: "/usr/bin/screen" })],
  ["zellij server", run("/usr/bin/zellij --server /run/zellij")],
  ["emacs server", run("/usr/bin/emacs --bg-daemon=work")],
  ["ssh-agent", run("/usr/bin/ssh-agent -s")],
  ["gpg-agent", run("gpg-agent --homedir /home/ada/.gnupg --daemon")],
  ["claude daemon", run("claude daemon run")],
  ["claude daemon", run("/home/ada/.local/share/claude/versions/2.1.0 daemon")],
  ["claude daemon", run("claude --bg-pty-host")],
  ["opencode server", run("opencode serve --port 4096")],
  ["opencode server", run("node /opt/lib/bin/opencode serve")],
  ["codex app server", run("codex app-server")],
  ["codex app server", run("/opt/codex-x86_64-unknown-linux-musl app-server")],
  ["ollama server", run("ollama serve")],
  [
    "Gradle daemon",
    run(
      "/usr/bin/java -Xmx1g -cp g.jar org.gradle.launcher.daemon.bootstrap.GradleDaemon 8.5",
    ),
  ],
  ["Bazel server", run("bazel(shop) --max_idle_secs=10800 -Djava=1")],
  ["Watchman", run("watchman --foreground")],
  ["adb server", run("adb -L tcp:5037 fork-server server --reply-fd 4")],
  ["Turborepo daemon", run("turbo daemon")],
  ["Nx daemon", run("node /w/node_modules/nx/src/daemon/server/start.js")],
  [".NET build server", run("dotnet /usr/lib/VBCSCompiler.dll -pipename:x")],
];

for (const [name, facts] of DAEMONS) {
  test(`findProtection takes "${facts.args?.join(" ")}" for the ${name}`, () => {
    const found = findProtection(facts);
    assert.equal(found?.kind, "daemon");
    assert.equal(found?.name, name);
    assert.ok((found?.reason ?? "").length > 10);
  });
}

// They have the names, and are what an agent started for itself.
const OWN = [
  "claude -p fix the daemon",
  "claude --model opus",
  "codex exec serve the app-server",
  "opencode run serve",
  "ollama run llama3",
  "tmux attach",
  "tail -f codex.log app-server",
  "vim Runner.Worker",
  "node server.js serve",
  "java -jar build.jar",
  "emacs notes.txt",
  "git commit -m tmux",
  "bash -c ssh-agent",
  "adb shell",
];

for (const line of OWN) {
  test(`findProtection does not protect "${line}"`, () => {
    assert.equal(findProtection(run(line)), undefined);
  });
}

test("findProtection says nothing of a process without arguments", () => {
  assert.equal(findProtection({ pid: 2, zombie: false }), undefined);
});

const NAMES: [facts: Partial<ProcessFacts>, text: string][] = [
  [{ args: ["/usr/bin/sleep", "120"] }, "sleep"],
  [{ args: ["node", "/opt/mcp.js", "--token=secret"] }, "node mcp.js"],
  [{ args: ["sh", "-c", "secret prompt"] }, "sh"],
  [{ executable: "/usr/bin/claude" }, "claude"],
  [{ name: "kworker" }, "kworker"],
  [{}, "?"],
];

for (const [facts, text] of NAMES) {
  test(`describeProgram shows ${JSON.stringify(facts)} as "${text}"`, () => {
    assert.equal(describeProgram({ pid: 2, zombie: false, ...facts }), text);
  });
}

test("docs/commands.md lists every protected program with its reason", () => {
  const text = readFileSync(resolve("docs", "commands.md"), "utf8");
  const rows = text.split("\n").map((line) =>
    line.split("|").map((cell) => cell.trim()).join("|")
  );
  for (const { name, reason } of PROTECTIONS) {
    assert.ok(rows.includes(`|${name}|${reason}|`), name);
  }
});
