import assert from "node:assert/strict";
import { test } from "node:test";
import { findOrphanReason } from "../../src/model/orphan.ts";
import type { ProcessFacts } from "../../src/model/process_facts.ts";
import { linkProcesses } from "../../src/model/process_links.ts";
import {
  BOOT_MS,
  byPid,
  makeFacts,
  makeInit,
  makeRunner,
  RUNNER_UID,
} from "../support/ci_facts.ts";

const PID = 600;
const SESSION = "/user.slice/user-1000.slice/session-3.scope";
const MANAGER = "/user.slice/user-1000.slice/user@1000.service";
const SERVICE = "/system.slice/claude.service";
const RUNNER = makeRunner(300, { temp: "/srv/one/_work/_temp" });
const USER_MANAGER = makeFacts(50, 1, "/usr/lib/systemd/systemd --user", {
  name: "systemd",
  cgroup: `${MANAGER}/init.scope`,
});

interface Look {
  /** pid 1. */
  init?: ProcessFacts;
  others?: ProcessFacts[];
  complete?: boolean;
}

/** An agent that leads no session, as one that a script started. */
function look(
  facts: Partial<ProcessFacts>,
  { init = makeInit(), others = [], complete = true }: Look = {},
): string | undefined {
  const agent = makeFacts(PID, 1, "claude -p fix", {
    sid: 555,
    pgid: 555,
    cgroup: SESSION,
    ...facts,
  });
  const processes = byPid([init, USER_MANAGER, ...others, agent]);
  return findOrphanReason(agent, linkProcesses({ processes, complete }));
}

const main = (pid: number) => ({ markers: { SYSTEMD_EXEC_PID: String(pid) } });
const CONTAINER = makeInit("node", { args: ["node", "server.js"] });
const LAUNCHD = makeInit("launchd", { args: ["/sbin/launchd"] });
const MAC = { sid: undefined, cgroup: undefined };

const ORPHANS: [
  name: string,
  reason: RegExp,
  facts: Partial<ProcessFacts>,
  look?: Look,
][] = [
  [
    "what systemd took over from a login",
    /^its parent is systemd \(pid 1\), so what started it is gone$/,
    {},
  ],
  [
    "what left its session by setsid",
    /systemd \(pid 1\)/,
    { sid: PID, pgid: PID },
  ],
  [
    "what sysvinit took over",
    /its parent is init \(pid 1\)/,
    { cgroup: "/" },
    { init: makeInit("init") },
  ],
  [
    "what init took over, where control groups cannot be read",
    /init \(pid 1\)/,
    { cgroup: undefined },
    { init: makeInit("init") },
  ],
  [
    "what the user's own systemd took over",
    /its parent is systemd --user \(pid 50\)/,
    {
      ppid: 50,
      cgroup: `${MANAGER}/app.slice/vte-spawn-1f0c.scope`,
    },
  ],
  [
    "what is left in the service of a runner",
    /and it is not the main process of actions\.runner\.acme\.one\.service$/,
    { cgroup: "/system.slice/actions.runner.acme.one.service" },
    { others: [...RUNNER.all] },
  ],
  [
    "what left its session in the service of a runner",
    /not the main process of actions/,
    {
      sid: PID,
      cgroup: "/system.slice/actions.runner.acme.one.service",
    },
    { others: [...RUNNER.all] },
  ],
  [
    "what outlived the service of a runner",
    /not the main process of actions/,
    { cgroup: "/system.slice/actions.runner.acme.one.service" },
  ],
  [
    "what a cron job left behind",
    /not the main process of cron\.service/,
    { cgroup: "/system.slice/cron.service" },
  ],
  [
    "what is left directly in a user's manager",
    /not the main process of user@1000\.service/,
    { ppid: 50, cgroup: MANAGER },
  ],
  [
    "what is beside the main process of a service, by its pid",
    /not the main process of claude\.service/,
    { sid: PID, cgroup: SERVICE },
    {
      others: [
        makeFacts(700, 1, "claude -p loop", { cgroup: SERVICE, ...main(700) }),
      ],
    },
  ],
  [
    "what is beside the main process of a service, by its session",
    /not the main process of claude\.service/,
    { cgroup: SERVICE },
    { others: [makeFacts(555, 1, "bash loop.sh", { cgroup: SERVICE })] },
  ],
  [
    "what a younger process of its service started",
    /not the main process of claude\.service/,
    { sid: PID, cgroup: SERVICE, ...main(555) },
    {
      others: [
        makeFacts(555, 1, "bash", { cgroup: SERVICE, markers: undefined }),
      ],
    },
  ],
  [
    "what launchd took over",
    /its parent is launchd \(pid 1\)/,
    MAC,
    { init: LAUNCHD },
  ],
  [
    "what lost its session leader in a container",
    /^its parent is pid 1 and the leader of its session \(pid 555\) is gone$/,
    {},
    { init: CONTAINER },
  ],
  [
    "what has a zombie for a session leader in a container",
    /leader of its session/,
    {},
    {
      init: CONTAINER,
      others: [makeFacts(555, 1, "bash", { zombie: true })],
    },
  ],
  [
    "what a subreaper took over",
    /^its parent \(pid 400\) is of another session/,
    { ppid: 400 },
    { others: [makeFacts(400, 1, "/init", { name: "Relay(401)" })] },
  ],
  [
    "what lost its terminal",
    /^its terminal \/dev\/pts\/4 is gone$/,
    { ppid: 400, terminal: { name: "/dev/pts/4", deleted: true } },
    { others: [makeFacts(400, 1, "bash", { sid: 555 })] },
  ],
  [
    "what lost a terminal without a name",
    /^its terminal is gone$/,
    { terminal: { deleted: true } },
  ],
];

for (const [name, reason, facts, seen] of ORPHANS) {
  test(`findOrphanReason knows ${name}`, () => {
    assert.match(look(facts, seen) ?? "", reason);
  });
}

const OTHERS: [name: string, facts: Partial<ProcessFacts>, look?: Look][] = [
  ["a zombie", { zombie: true, terminal: { deleted: true } }],
  ["what has a shell for a parent", { ppid: 400 }, {
    others: [makeFacts(400, 1, "bash", { sid: 555 })],
  }],
  ["what leads a session under its parent", { ppid: 400, sid: PID }, {
    others: [makeFacts(400, 1, "node harness.js")],
  }],
  ["what has a terminal", { ppid: 400, terminal: { deleted: false } }, {
    others: [makeFacts(400, 1, "bash", { sid: 555 })],
  }],
  ["what init may have started, the sessions of both unknown", {
    sid: undefined,
    cgroup: "/",
  }, { init: makeInit("init", { sid: undefined }) }],
  ["what has an unknown parent", { ppid: undefined }],
  ["what has a parent that is not seen", { ppid: 400 }],
  ["what has a parent outside of the container", { ppid: 0 }],
  [
    "what has a parent younger than itself",
    { ppid: 400, startedAt: BOOT_MS + 399_000 },
    { others: [makeFacts(400, 1, "/init")] },
  ],
  ["what started at an unknown time", { startedAt: undefined }],
  ["the main process of a service", { sid: PID, cgroup: SERVICE }],
  ["the main process of a service, by its pid", {
    sid: PID,
    cgroup: SERVICE,
    ...main(PID),
  }, {
    others: [
      makeFacts(555, 1, "npm run dev", { cgroup: SERVICE, ...main(540) }),
    ],
  }],
  ["the main process of a user's service", {
    ppid: 50,
    sid: PID,
    cgroup: `${MANAGER}/app.slice/claude.service`,
  }],
  ["the main process of a service that only sounds like a runner", {
    sid: PID,
    cgroup: "/system.slice/jenkins-claude.service",
  }],
  ["the main process of a runner's service, by its pid", {
    sid: PID,
    cgroup: "/system.slice/actions.runner.acme.one.service",
    ...main(PID),
  }],
  ["a service that became a daemon", { cgroup: SERVICE, ...main(540) }],
  [
    "the new main process of a service that left another behind",
    { sid: PID, cgroup: SERVICE, markers: undefined },
    { others: [makeFacts(555, 1, "npm run dev", { cgroup: SERVICE })] },
  ],
  [
    "a service beside that of another",
    { sid: PID, cgroup: SERVICE },
    {
      others: [
        makeFacts(555, 1, "x", { cgroup: `${SERVICE}d`, ...main(555) }),
      ],
    },
  ],
  [
    "what leads its session, where control groups cannot be read",
    { sid: PID, cgroup: undefined },
  ],
  [
    "the one program of docker's init",
    { cgroup: "/", sid: 1 },
    { init: makeInit("init") },
  ],
  ["a process of another user's manager", { ppid: 50, uid: RUNNER_UID + 1 }],
  ["a process of an unknown user's manager", { ppid: 50, uid: undefined }],
  ["what launchd may have started", { ...MAC, pgid: PID }, { init: LAUNCHD }],
  ["what launchd may have started, unseen", { ...MAC, pgid: undefined }, {
    init: LAUNCHD,
  }],
  ["what pid 1 of a container started", { sid: 1 }, { init: CONTAINER }],
  ["what leads its session in a container", { sid: PID }, { init: CONTAINER }],
  ["what is in a session from outside", { sid: 0 }, { init: CONTAINER }],
  ["what is in an unknown session", { sid: undefined }, { init: CONTAINER }],
  ["what lives beside its session leader", {}, {
    init: CONTAINER,
    others: [makeFacts(555, 1, "bash")],
  }],
  ["what may have a leader that is not seen", {}, {
    init: CONTAINER,
    complete: false,
  }],
  ["what tini runs in a container", { sid: 1 }, {
    init: makeInit("docker-init", { args: ["/sbin/docker-init", "--", "x"] }),
  }],
  ["the main process of a container", { ppid: 400, sid: PID }, {
    others: [makeFacts(400, 1, "/usr/bin/containerd-shim-runc-v2 -id x")],
  }],
  ["what has a parent of an unknown session", { ppid: 400 }, {
    others: [makeFacts(400, 1, "/init", { sid: undefined })],
  }],
];

for (const [name, facts, seen] of OTHERS) {
  test(`findOrphanReason leaves ${name}`, () => {
    assert.equal(look(facts, seen), undefined);
  });
}
