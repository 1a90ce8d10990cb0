import assert from "node:assert/strict";
import { test } from "node:test";
import {
  findOwnJob,
  type JobQuestion,
  judgeOwnership,
} from "../../src/model/ownership.ts";
import type { ProcessFacts } from "../../src/model/process_facts.ts";
import type { OwnershipKind } from "../../src/model/seen_agent.ts";
import {
  BOOT_MS,
  byPid,
  makeFacts,
  makeInit,
  makeJobMarkers,
  makeRunner,
} from "../support/ci_facts.ts";

const TEMP = "/srv/one/_work/_temp";
const OURS = "github_5dc2d972-730c-4ade-8393-0e717efef1f4";
const THEIRS = "github_6bb42cb6-6393-4b22-af90-fe8c01b4debf";
const FIRST = 500;
const WORKER = FIRST + 3;
const OWN = 900;

/** `/mnt/disk/_temp` is where TEMP leads to; `/gone/...` is not there. */
const LINKS: Record<string, string> = {
  [TEMP]: "/mnt/disk/_temp",
  "/home/ci/link/_temp": "/mnt/disk/_temp",
};

function realPath(path: string): string | undefined {
  if (path.startsWith("/gone")) return undefined;
  const plain = path.replace(/\/+$/, "");
  return LINKS[plain] ?? plain;
}

interface Case {
  /** What `RUNNER_TRACKING_ID` is in the environment of zag-ps. */
  own?: string | undefined;
  /** What it is in the shell of the step. */
  step?: string | undefined;
  temp?: string | undefined;
  worker?: Partial<ProcessFacts>;
  self?: Partial<ProcessFacts>;
  question?: Partial<JobQuestion>;
}

function ask(
  facts: Partial<ProcessFacts>,
  here: Case = {},
): ReturnType<typeof judgeOwnership> {
  const { temp = TEMP } = here;
  const own = "own" in here ? here.own : OURS;
  const runner = makeRunner(FIRST, {
    temp,
    tracking: "step" in here ? here.step : OURS,
  });
  const environment = { RUNNER_TEMP: temp, RUNNER_TRACKING_ID: own };
  const self = makeFacts(OWN, FIRST + 4, "node main.mjs", here.self);
  const worker = { ...runner.worker, ...here.worker };
  const job = findOwnJob({
    processes: byPid([makeInit(), ...runner.all, worker, self]),
    ownPid: OWN,
    environment,
    realPath,
    windows: false,
    ...here.question,
  });
  return judgeOwnership(makeFacts(950, 1, "claude -p", facts), job);
}

/** A process that started before the worker of our job, or after it. */
const BEFORE = { startedAt: BOOT_MS + (WORKER - 1) * 1000 };
const AFTER = { startedAt: BOOT_MS + (WORKER + 1) * 1000 };

function marked(tracking?: string, temp = TEMP) {
  return { markers: makeJobMarkers({ temp, tracking }) };
}

const ROWS: [
  name: string,
  kind: OwnershipKind,
  facts: Partial<ProcessFacts>,
  here?: Case,
][] = [
  // The environment.
  ["an unreadable environment", "unknown", { markers: undefined }],
  ["an empty environment", "person", { markers: {} }],
  [
    "an environment with marks of agents alone",
    "person",
    { markers: { CLAUDECODE: "1", TMUX_PANE: "%3" } },
  ],
  ["CI set to nothing", "person", { markers: { CI: "" } }],
  ["another CI system", "unknown", { markers: { CI: "1", GITLAB_CI: "true" } }],
  ["CI=true alone", "unknown", { markers: { CI: "true" } }],
  ["Buildkite", "unknown", { markers: { BUILDKITE: "true" } }],
  [
    "a job without RUNNER_TEMP",
    "unknown",
    { markers: { GITHUB_ACTIONS: "true", RUNNER_TRACKING_ID: THEIRS } },
  ],
  [
    "an emptied tracking id without RUNNER_TEMP",
    "unknown",
    { markers: { RUNNER_TRACKING_ID: "" } },
  ],
  [
    "an empty RUNNER_TEMP",
    "unknown",
    { markers: { CI: "true", RUNNER_TEMP: "" } },
  ],

  // The tracking id.
  ["our tracking id", "this-job", { ...marked(OURS), ...AFTER }],
  ["our tracking id, and an old start", "this-job", {
    ...marked(OURS),
    ...BEFORE,
  }],
  [
    "our tracking id, and another RUNNER_TEMP",
    "this-job",
    marked(OURS, "/tmp/mine"),
  ],
  [
    "our tracking id alone",
    "this-job",
    { markers: { RUNNER_TRACKING_ID: OURS } },
  ],
  ["another tracking id", "leftover", { ...marked(THEIRS), ...BEFORE }],
  [
    "another tracking id, and a young start",
    "leftover",
    { ...marked(THEIRS), ...AFTER },
  ],
  [
    "another tracking id, and an unknown start",
    "leftover",
    { ...marked(THEIRS), startedAt: undefined },
  ],
  ["an emptied tracking id", "detached", { ...marked(""), ...AFTER }],
  ["an emptied tracking id of old", "detached", { ...marked(""), ...BEFORE }],
  ["the tracking id 0", "detached", marked("0")],
  ["no tracking id, before our worker", "leftover", { ...marked(), ...BEFORE }],
  ["no tracking id, after our worker", "this-job", { ...marked(), ...AFTER }],
  ["no tracking id, in the same tick", "this-job", {
    ...marked(),
    startedAt: BOOT_MS + WORKER * 1000,
  }],
  [
    "no tracking id and an unknown start",
    "this-job",
    { ...marked(), startedAt: undefined },
  ],
  [
    "no tracking id, a second before by ps",
    "this-job",
    { ...marked(), ...BEFORE, startTicks: "ps:1" },
  ],
  [
    "no tracking id, an hour before by ps",
    "leftover",
    { ...marked(), startedAt: BOOT_MS - 3_600_000, startTicks: "ps:1" },
  ],
  [
    "no tracking id, under a worker of unknown start",
    "this-job",
    { ...marked(), ...BEFORE },
    { worker: { startedAt: undefined } },
  ],
  [
    "no tracking id, when we have no worker",
    "this-job",
    { ...marked(), ...BEFORE },
    { worker: { args: ["bash"], name: "bash" } },
  ],
  [
    "no tracking id, where our parent is younger than we are",
    "this-job",
    { ...marked(), ...BEFORE },
    { self: { startedAt: BOOT_MS } },
  ],

  // RUNNER_TEMP.
  [
    "another runner",
    "other-runner",
    marked(THEIRS, "/srv/two/_work/_temp"),
  ],
  [
    "another runner, without a tracking id",
    "other-runner",
    marked(undefined, "/srv/two/_work/_temp"),
  ],
  [
    "another runner, detached",
    "other-runner",
    marked("", "/srv/two/_work/_temp"),
  ],
  [
    "another runner in a folder below ours",
    "other-runner",
    marked(THEIRS, `${TEMP}/two/_temp`),
  ],
  ["a container job", "other-runner", marked(undefined, "/__w/_temp")],
  [
    "a link to our RUNNER_TEMP",
    "leftover",
    marked(THEIRS, "/home/ci/link/_temp"),
  ],
  ["our RUNNER_TEMP with a slash", "leftover", marked(THEIRS, `${TEMP}/`)],
  ["our RUNNER_TEMP in capitals", "other-runner", {
    ...marked(THEIRS, TEMP.toUpperCase()),
  }],
  [
    "a RUNNER_TEMP that is gone, as ours",
    "leftover",
    marked(THEIRS, "/gone/_temp//"),
    { temp: "/gone/_temp" },
  ],
  [
    "a RUNNER_TEMP that is gone",
    "other-runner",
    marked(THEIRS, "/gone/_temp"),
  ],
  [
    "a relative RUNNER_TEMP",
    "other-runner",
    marked(THEIRS, "_temp"),
    { question: { realPath: () => "/mnt/disk/_temp" } },
  ],
  [
    "any job, when we are in none",
    "other-runner",
    marked(THEIRS),
    { question: { environment: {}, ownPid: 1 } },
  ],
  [
    "our RUNNER_TEMP in a container of its own",
    "unknown",
    { ...marked(THEIRS), cgroup: `/docker/${"a".repeat(64)}` },
  ],
  [
    "our RUNNER_TEMP in a container, as we are",
    "leftover",
    { ...marked(THEIRS), cgroup: `/docker/${"a".repeat(64)}` },
    { self: { cgroup: `/docker/${"a".repeat(64)}` } },
  ],

  // Our own tracking id was taken away.
  [
    "the tracking id of our step, when ours is emptied",
    "this-job",
    { ...marked(OURS), ...BEFORE },
    { own: "" },
  ],
  [
    "another tracking id, when ours is emptied",
    "leftover",
    { ...marked(THEIRS), ...AFTER },
    { own: "" },
  ],
  [
    "another tracking id, when ours is missing",
    "leftover",
    { ...marked(THEIRS), ...AFTER },
    { own: undefined },
  ],
  [
    "another tracking id, when ours is 0",
    "leftover",
    { ...marked(THEIRS), ...AFTER },
    { own: "0" },
  ],
  [
    "the tracking id 0, when ours is 0, too",
    "detached",
    marked("0"),
    { own: "0", step: "0" },
  ],
  [
    "any tracking id before our worker, when ours is unknown",
    "leftover",
    { ...marked(THEIRS), ...BEFORE },
    { own: undefined, step: undefined },
  ],
  [
    "any tracking id after our worker, when ours is unknown",
    "this-job",
    { ...marked(THEIRS), ...AFTER },
    { own: undefined, step: undefined },
  ],
  [
    "any tracking id and an unknown start, when ours is unknown",
    "this-job",
    { ...marked(THEIRS), startedAt: undefined },
    { own: undefined, step: "" },
  ],
  [
    "the RUNNER_TEMP of our step, when ours is missing",
    "leftover",
    { ...marked(THEIRS), ...AFTER },
    { question: { environment: {} } },
  ],
];

for (const [name, kind, facts, here] of ROWS) {
  test(`judgeOwnership takes ${name} for ${kind}`, () => {
    const ownership = ask(facts, here);
    assert.equal(ownership.kind, kind, ownership.reason);
    assert.match(ownership.reason, /^[a-z].{10,}[^.]$/s);
  });
}

test("judgeOwnership does not look beyond our own worker", () => {
  // The listener was started by a job of another runner.
  const outer = makeFacts(400, 1, "bash", {
    markers: makeJobMarkers({ temp: "/srv/two/_temp", tracking: THEIRS }),
  });
  const runner = makeRunner(FIRST, { temp: TEMP });
  const [service, ...others] = runner.all;
  const processes = byPid([
    makeInit(),
    outer,
    { ...service as ProcessFacts, ppid: 400 },
    ...others,
    makeFacts(OWN, FIRST + 4, "node main.mjs"),
  ]);
  const job = findOwnJob({
    processes,
    ownPid: OWN,
    environment: { RUNNER_TEMP: TEMP },
    realPath,
    windows: false,
  });
  assert.equal(job.trackingId, undefined);
});

test("judgeOwnership compares folders of Windows in any case", () => {
  const job = findOwnJob({
    processes: new Map(),
    ownPid: OWN,
    environment: {
      RUNNER_TEMP: "C:\\Runner\\_work\\_temp",
      RUNNER_TRACKING_ID: OURS,
    },
    realPath: () => undefined,
    windows: true,
  });
  const facts = makeFacts(950, 1, "claude", {
    ...marked(THEIRS, "c:/runner/_WORK/_temp/"),
  });
  assert.equal(judgeOwnership(facts, job).kind, "leftover");
});

test("judgeOwnership follows the links of a folder once", () => {
  const asked: string[] = [];
  const job = findOwnJob({
    processes: new Map(),
    ownPid: OWN,
    environment: { RUNNER_TEMP: TEMP },
    realPath: (path) => (asked.push(path), path),
    windows: false,
  });
  for (let pid = 2; pid < 50; pid++) {
    judgeOwnership(makeFacts(pid, 1, "claude", marked(THEIRS, "/other")), job);
  }
  assert.deepEqual(asked.sort(), ["/other", TEMP].sort());
});

test("judgeOwnership says what the job says of itself", () => {
  const { runner, run, job, runUrl } = ask(marked(THEIRS));
  assert.deepEqual({ runner, run, job, runUrl }, {
    runner: "one",
    run: "4711",
    job: "test",
    runUrl: "https://github.com/acme/shop/actions/runs/4711/attempts/1",
  });
});
