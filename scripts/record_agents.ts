/**
 * Records what the processes of real agents look like, for
 * `tests/support/fixtures/process_facts/recorded.json`: installs the agents in
 * a throw-away home, starts each in its usual ways with an environment of
 * `PATH` and `HOME` alone, looks at its processes until it ends or its time is
 * over, and ends and removes all of it. `docs/recording.md` tells more.
 *
 * Words on the command line choose the launches whose name holds one of them.
 *
 * @module
 */

import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import process from "node:process";
import { type Launch, LAUNCHES } from "./record/launches.ts";
import {
  AGENT_PACKAGES,
  getPlaces,
  installAgents,
  NODE_VERSION,
  OLD_NODE_VERSION,
  type Places,
} from "./record/packages.ts";
import {
  carryVerdicts,
  describeMachine,
  makeRows,
  nameLaunch,
  type RecordedRow,
} from "./record/rows.ts";
import {
  endTree,
  RECORDING_MARKER,
  type Sighting,
  watchTree,
} from "./record/watch.ts";
import { readProcessFactRows } from "../tests/support/process_fact_rows.ts";
import { writeSettings } from "./record/settings.ts";

const FIXTURE = "tests/support/fixtures/process_facts/recorded.json";
const DEFAULT_SECONDS = 6;

if (process.platform !== "linux") {
  console.error("Cannot record here: it needs /proc");
  process.exitCode = 1;
} else {
  await main(process.argv.slice(2));
}

async function main(words: readonly string[]): Promise<void> {
  const id = randomUUID();
  const folder = realpathSync(mkdtempSync(join(tmpdir(), "zag-ps-record-")));
  try {
    const places = getPlaces(join(folder, "home"));
    console.log("Installing the agents");
    const missing = installAgents(places);
    for (const [name, reason] of missing) {
      console.log(`Left out ${name}: ${reason}`);
    }
    writeSettings(places);
    const rows: RecordedRow[] = [];
    for (const launch of LAUNCHES) {
      const name = nameLaunch(launch);
      if (missing.has(launch.package)) continue;
      if (words.length && !words.some((word) => name.includes(word))) continue;
      const found = await record(launch, places, id);
      console.log(`${name}: ${found.length} rows`);
      rows.push(...found);
    }
    save(rows, words.length > 0);
  } finally {
    await endTree(id);
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

async function record(
  launch: Launch,
  places: Places,
  id: string,
): Promise<RecordedRow[]> {
  const version = AGENT_PACKAGES
    .find(({ name }) => name === launch.package)?.version;
  const child = start(launch, places, id);
  let sightings: readonly Sighting[] = [];
  try {
    const end = Date.now() + 1000 * (launch.seconds ?? DEFAULT_SECONDS);
    sightings = await watchTree(
      id,
      launch.terminal ? child.pid : undefined,
      () => Date.now() > end,
    );
    return makeRows(launch, sightings, {
      home: places.home,
      python: findPython(places, launch.package),
      source:
        `recorded: ${launch.package}@${version}, ${nameLaunch(launch)}, ` +
        describeMachine(
          launch.variant === "Node 20" ? OLD_NODE_VERSION : NODE_VERSION,
        ),
    });
  } finally {
    await endTree(id, sightings);
  }
}

/** `script` of util-linux gives the terminal. */
function start(launch: Launch, places: Places, id: string): ChildProcess {
  const command = launch.command
    .map((word) =>
      word.replace("<lib>", join(places.node, "lib/node_modules"))
    );
  const line = command.map((word) => `'${word}'`).join(" ");
  const [program = "", ...args] = launch.terminal
    ? ["script", "-qfc", `exec ${line}`, "/dev/null"]
    : command;
  const bins = [
    ...(launch.variant === "Node 20" ? [join(places.oldNode, "bin")] : []),
    ...(launch.variant === "Python" ? [join(places.home, ".local/bin")] : []),
    join(places.node, "bin"),
    join(places.home, ".local/bin"),
  ];
  const child = spawn(program, args, {
    cwd: places.project,
    env: {
      HOME: places.home,
      PATH: [...bins, "/usr/bin", "/bin"].join(":"),
      [RECORDING_MARKER]: id,
    },
    stdio: ["pipe", "ignore", "ignore"],
    detached: true,
  });
  child.on("error", (error) => console.error(error.message));
  child.stdin?.on("error", () => {});
  return child;
}

/** Where the Python of an agent's own environment comes from. */
function findPython({ home }: Places, name: string): string | undefined {
  if (!AGENT_PACKAGES.find((one) => one.name === name)?.pythons) return;
  const python = join(home, ".local/share/pipx/venvs", name, "bin/python");
  return dirname(dirname(realpathSync(python)));
}

/** Rows that were not recorded anew are kept where only some were asked for. */
function save(found: readonly RecordedRow[], some: boolean): void {
  const judged = readProcessFactRows("recorded");
  const rows = carryVerdicts(found, judged);
  const kept = some
    ? judged.filter(({ source }) => !rows.some((row) => row.source === source))
    : [];
  const all = [...kept, ...rows].map((row) => ({ ...row }));
  writeFileSync(FIXTURE, JSON.stringify(all, undefined, 2));
  execFileSync(process.execPath, ["fmt", "--quiet", FIXTURE]);
  for (const row of rows.filter(({ expect }) => expect === undefined)) {
    console.log(`Judge ${row.name}: ${JSON.stringify(row.facts.args)}`);
  }
}
