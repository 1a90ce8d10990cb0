import assert from "node:assert/strict";
import { test } from "node:test";
import type { ProcessFacts } from "../../src/model/process_facts.ts";
import { linkProcesses } from "../../src/model/process_links.ts";
import type { Supervision } from "../../src/model/seen_agent.ts";
import { findSupervision } from "../../src/model/supervision.ts";
import { byPid, makeFacts, makeInit } from "../support/ci_facts.ts";

const PID = 600;
const SERVICE = "/system.slice/claude.service";
const USER = "/user.slice/user-1000.slice/user@1000.service";
const ID = "0123456789abcdef".repeat(4);
const MANAGER = makeFacts(50, 1, "/usr/lib/systemd/systemd --user", {
  name: "systemd",
  cgroup: `${USER}/init.scope`,
});
const SHELL = makeFacts(500, 400, "-bash");
const INIT = { pid: 1, ppid: 0 };

interface Row {
  name: string;
  /** What is above it, its parent last. */
  above?: ProcessFacts[];
  /** What else there is. */
  beside?: ProcessFacts[];
  facts?: Partial<ProcessFacts>;
  markers?: Record<string, string>;
  /** Pids of other agents. */
  agents?: number[];
  expected: Supervision | undefined;
}

function ask(row: Row) {
  const { above = [], beside = [], facts, markers = {}, agents = [] } = row;
  const ppid = above.at(-1)?.pid ?? INIT.pid;
  const agent = makeFacts(PID, ppid, "claude", { markers, ...facts });
  const processes = byPid([makeInit(), MANAGER, ...beside, ...above, agent]);
  return findSupervision({
    facts: agent,
    markers: agent.markers,
    links: linkProcesses({ processes, complete: true }),
    isAgent: (pid) => agents.includes(pid),
  });
}

function tmux(line: string): ProcessFacts {
  return makeFacts(400, 1, line, { name: "tmux: server" });
}

const PM2 = makeFacts(400, 1, "", {
  name: "PM2 v5.3.0: God",
  args: ["PM2 v5.3.0: God Daemon (/home/ada/.pm2)"],
});
const SUPERVISORD = makeFacts(
  400,
  1,
  "/usr/bin/python3 /usr/bin/supervisord -n",
);
const CLAUDE = makeFacts(400, 1, "/home/ada/.local/bin/claude daemon run");
const SHIM = makeFacts(400, 1, "/usr/bin/containerd-shim-runc-v2 -id x");
const JOB = "/home/ada/.claude/jobs/7c5dcf5d";

const ROWS: Row[] = [
  {
    name: "a service",
    facts: { cgroup: SERVICE },
    expected: {
      kind: "systemd",
      name: "claude.service",
      endWith: "systemctl stop claude.service",
    },
  },
  {
    name: "a service of a user",
    facts: { ppid: 50, cgroup: `${USER}/app.slice/claude@a.service` },
    above: [MANAGER],
    expected: {
      kind: "systemd",
      name: "claude@a.service",
      endWith: "systemctl --user stop claude@a.service",
    },
  },
  {
    name: "a service with a shell in between",
    facts: { cgroup: SERVICE },
    above: [makeFacts(400, 1, "/bin/sh -c claude", { cgroup: SERVICE })],
    expected: {
      kind: "systemd",
      name: "claude.service",
      endWith: "systemctl stop claude.service",
    },
  },
  {
    name: "a service whose name systemd escaped",
    facts: { cgroup: "/system.slice/my\\x2dagent.service" },
    expected: {
      kind: "systemd",
      name: "my\\x2dagent.service",
      endWith: "systemctl stop 'my\\x2dagent.service'",
    },
  },
  {
    name: "a service with an odd name",
    facts: { cgroup: "/system.slice/$(reboot).service" },
    expected: {
      kind: "systemd",
      name: "$(reboot).service",
      endWith: undefined,
    },
  },
  {
    name: "no service that the agent is only a part of",
    facts: { cgroup: "/system.slice/editor.service" },
    above: [
      makeFacts(300, 1, "node editor.js", {
        cgroup: "/system.slice/editor.service",
      }),
      makeFacts(400, 300, "bash"),
    ],
    expected: undefined,
  },
  {
    name: "no service of a runner",
    facts: { cgroup: "/system.slice/actions.runner.acme.one.service" },
    expected: undefined,
  },
  {
    name: "no login",
    facts: { cgroup: "/user.slice/user-1000.slice/session-3.scope" },
    expected: undefined,
  },
  {
    name: "no service that has another main process",
    facts: { cgroup: SERVICE, sid: 555 },
    beside: [makeFacts(555, 1, "bash loop.sh", { cgroup: SERVICE })],
    expected: undefined,
  },
  {
    name: "a pane of tmux",
    above: [tmux("tmux new -s work"), SHELL],
    markers: { TMUX_PANE: "%3" },
    expected: { kind: "tmux", name: "%3", endWith: "tmux kill-pane -t %3" },
  },
  {
    name: "a pane of tmux behind another program",
    above: [tmux("tmux"), SHELL, makeFacts(550, 500, "make review")],
    markers: { TMUX_PANE: "%12" },
    expected: { kind: "tmux", name: "%12", endWith: "tmux kill-pane -t %12" },
  },
  {
    name: "a pane of a tmux server with a name",
    above: [tmux("tmux -2 -L ci -f /dev/null new -d")],
    markers: { TMUX_PANE: "%0" },
    expected: {
      kind: "tmux",
      name: "%0",
      endWith: "tmux -L ci kill-pane -t %0",
    },
  },
  {
    name: "a pane of a tmux server with a socket",
    above: [tmux("tmux -S/tmp/ci.sock new -d")],
    markers: { TMUX_PANE: "%0" },
    expected: {
      kind: "tmux",
      name: "%0",
      endWith: "tmux -S /tmp/ci.sock kill-pane -t %0",
    },
  },
  {
    name: "a pane of a tmux server with an odd name",
    above: [tmux("tmux -L $(reboot) new -d")],
    markers: { TMUX_PANE: "%0" },
    expected: { kind: "tmux", name: "%0", endWith: undefined },
  },
  {
    name: "no option of tmux in a command that it was given",
    above: [tmux("tmux new -L evil")],
    markers: { TMUX_PANE: "%0" },
    expected: { kind: "tmux", name: "%0", endWith: "tmux kill-pane -t %0" },
  },
  {
    name: "an odd pane of tmux",
    above: [tmux("tmux")],
    markers: { TMUX_PANE: "%3; reboot" },
    expected: { kind: "tmux", name: "?", endWith: undefined },
  },
  {
    name: "no pane without a tmux server above",
    above: [makeFacts(400, 1, "bash")],
    markers: { TMUX_PANE: "%3" },
    expected: undefined,
  },
  {
    name: "no pane of the agent above",
    above: [tmux("tmux"), SHELL, makeFacts(550, 500, "claude")],
    markers: { TMUX_PANE: "%3" },
    agents: [550],
    expected: undefined,
  },
  {
    name: "screen",
    above: [makeFacts(400, 1, "SCREEN -S work", { executable: "/bin/screen" })],
    markers: { STY: "400.work" },
    expected: { kind: "screen", name: "400.work" },
  },
  {
    name: "pm2",
    above: [PM2],
    markers: { pm_id: "7", PM2_HOME: "/home/ada/.pm2" },
    expected: { kind: "pm2", name: "7", endWith: "pm2 stop 7" },
  },
  {
    name: "an odd id of pm2",
    above: [PM2],
    markers: { pm_id: "7 && reboot" },
    expected: { kind: "pm2", name: "?" },
  },
  {
    name: "no program of pm2 that the agent is only a part of",
    above: [PM2, makeFacts(500, 400, "node server.js")],
    markers: { pm_id: "7" },
    expected: undefined,
  },
  {
    name: "supervisord",
    above: [SUPERVISORD],
    markers: {
      SUPERVISOR_PROCESS_NAME: "agent_00",
      SUPERVISOR_GROUP_NAME: "agents",
    },
    expected: {
      kind: "supervisord",
      name: "agent_00",
      endWith: "supervisorctl stop agents:agent_00",
    },
  },
  {
    name: "supervisord, where a name is odd",
    above: [SUPERVISORD],
    markers: { SUPERVISOR_PROCESS_NAME: "a b", SUPERVISOR_GROUP_NAME: "a" },
    expected: { kind: "supervisord", name: "a b", endWith: undefined },
  },
  {
    name: "the daemon of claude",
    above: [CLAUDE, makeFacts(500, 400, "claude --bg-pty-host x")],
    markers: { CLAUDE_JOB_DIR: JOB },
    agents: [400, 500],
    expected: {
      kind: "claude daemon",
      name: "7c5dcf5d",
      endWith: "claude stop 7c5dcf5d",
    },
  },
  {
    name: "the daemon of claude, where the job is unknown",
    above: [CLAUDE],
    agents: [400],
    expected: { kind: "claude daemon", name: "?" },
  },
  {
    name: "the daemon of claude, where the job is odd",
    above: [CLAUDE],
    markers: { CLAUDE_JOB_DIR: "/home/ada/.claude/jobs/a;reboot" },
    expected: { kind: "claude daemon", name: "?" },
  },
  {
    name: "no daemon above the agent that started it",
    above: [CLAUDE, makeFacts(500, 400, "claude")],
    markers: { CLAUDE_JOB_DIR: JOB },
    agents: [400, 500],
    expected: undefined,
  },
  {
    name: "a container of docker",
    above: [SHIM],
    facts: { cgroup: `/system.slice/docker-${ID}.scope` },
    expected: {
      kind: "docker",
      name: "0123456789ab",
      endWith: "docker stop 0123456789ab",
    },
  },
  {
    name: "a container of Kubernetes",
    above: [SHIM],
    facts: { cgroup: `/kubepods/pod1/${ID}` },
    expected: { kind: "container", name: "0123456789ab" },
  },
  { name: "none under a shell", above: [SHELL], expected: undefined },
  {
    name: "none where its parent is younger",
    above: [makeFacts(700, 1, "tmux", { name: "tmux: server" })],
    markers: { TMUX_PANE: "%3" },
    expected: undefined,
  },
];

for (const row of ROWS) {
  test(`findSupervision finds ${row.name}`, () => {
    assert.deepEqual(ask(row), row.expected);
  });
}
