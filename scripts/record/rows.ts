/**
 * Makes rows of a fixture out of what was seen.
 *
 * @module
 */

import { basename } from "node:path";
import process from "node:process";
import type {
  ProcessFactRow,
  RowFacts,
} from "../../tests/support/process_fact_rows.ts";
import type { Launch } from "./launches.ts";
import type { Look, Sighting } from "./watch.ts";

/** A look that is rarer was caught between fork and exec. */
const MIN_TIMES = 3;

const FIRST_PID = 5001;
/** Stands for what started the launch. */
const STARTER_PID = 1200;

/** What the names on this machine are turned into. */
export interface Names {
  /** The throw-away home. */
  readonly home: string;
  /** The folder that Python is installed in. */
  readonly python: string | undefined;
  readonly source: string;
}

/** A row, perhaps without a verdict. */
export type RecordedRow =
  & Omit<ProcessFactRow, "expect">
  & Partial<Pick<ProcessFactRow, "expect">>;

/** How a launch is called. */
export function nameLaunch({ command, terminal, variant }: Launch): string {
  const words = command.map((word) =>
    word.includes("/") ? basename(word) : word
  );
  return `${words.join(" ")}, ${terminal ? "terminal" : "pipe"}${
    variant ? `, ${variant}` : ""
  }`;
}

/**
 * Makes the rows of one launch. Pids are counted from {@linkcode FIRST_PID} in
 * the order of the starts, the throw-away home becomes `/home/ada`, and random
 * ids become zeros; nothing else is changed.
 */
export function makeRows(
  launch: Launch,
  sightings: readonly Sighting[],
  names: Names,
): RecordedRow[] {
  const kept = sightings
    .map(({ pid, looks }) => ({
      pid,
      looks: dropAlike(looks.filter(isSteady)),
    }))
    .filter(({ looks }) => looks.length > 0);
  const pids = new Map(kept.map(({ pid }, i) => [pid, FIRST_PID + i]));
  const mapPid = (pid: number) =>
    pids.get(pid) ?? (pid === 1 ? 1 : STARTER_PID);
  // Some agents name a pid in the arguments of what they start.
  const mapNumbers = (arg: string) =>
    arg.replace(
      /(?<![\w.-])\d{3,}(?![\w.-])/g,
      (digits) => String(pids.get(Number(digits)) ?? digits),
    );
  const tree = nameLaunch(launch);
  const taken = new Map<string, number>();
  return kept.flatMap(({ pid, looks }) =>
    looks.map(({ look }, index): RecordedRow => {
      const early = index < looks.length - 1 ? ", at first" : "";
      const label = `${tree}: ${nameProgram(look)}${early}`;
      const count = (taken.get(label) ?? 0) + 1;
      taken.set(label, count);
      const facts: RowFacts = {
        pid: mapPid(pid),
        ppid: mapPid(look.ppid),
        zombie: false,
        name: look.name,
        ...(look.executable ? { executable: look.executable } : {}),
        args: look.args.map(mapNumbers),
        uid: 1000,
        ...(look.cwd ? { cwd: look.cwd } : {}),
        ...(look.hasTerminal ? { tty: "pts/1" } : {}),
        session: mapPid(look.session),
        markers: look.markers,
      };
      return normalise({
        name: count > 1 ? `${label}, ${count}` : label,
        source: names.source,
        platform: "linux",
        // A process that changed its looks is in its tree as the last one.
        ...(early ? {} : { tree }),
        facts,
      }, names);
    })
  );

  function isSteady({ look, times }: Sighting["looks"][number]): boolean {
    return times >= MIN_TIMES && look.executable !== undefined &&
      !(launch.terminal && look.args[0] === "sh" && look.args[1] === "-c");
  }
}

/** Of looks with the same program and arguments the last. */
function dropAlike(looks: Sighting["looks"]): Sighting["looks"] {
  const key = ({ look }: Sighting["looks"][number]) =>
    JSON.stringify([look.executable, look.args]);
  return looks.filter((look, index) => {
    const next = looks[index + 1];
    return next === undefined || key(next) !== key(look);
  });
}

/** The script of an interpreter, or else the program. */
function nameProgram({ executable = "", args }: Look): string {
  const script = args.find((arg, i) => i > 0 && arg.startsWith("/"));
  const program = basename(executable);
  const interprets = /^(?:node|bun|python[\d.]*)$/.test(program);
  if (!interprets) return program;
  return script ? `${program} ${basename(script)}` : `${program} as ${args[0]}`;
}

function normalise(row: RecordedRow, { home, python }: Names): RecordedRow {
  let text = JSON.stringify(row)
    .replaceAll(home, "/home/ada")
    .replace(
      /\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b/g,
      "00000000-0000-4000-8000-000000000001",
    );
  if (python) text = text.replaceAll(python, "/usr");
  return JSON.parse(text);
}

/** Gives each row the verdict that a person gave the row of its name. */
export function carryVerdicts(
  rows: readonly RecordedRow[],
  judged: readonly ProcessFactRow[],
): RecordedRow[] {
  const verdicts = new Map(judged.map(({ name, expect }) => [name, expect]));
  return rows.map((row) => {
    const expect = verdicts.get(row.name);
    return expect === undefined ? row : { ...row, expect };
  });
}

/** `Linux x64, Node 24` */
export function describeMachine(nodeVersion: string): string {
  return `Linux ${process.arch}, Node ${nodeVersion.split(".")[0]}`;
}
