/**
 * Looks at a tree of processes every few milliseconds, and ends it.
 *
 * @module
 */

import { readdirSync, readFileSync, readlinkSync } from "node:fs";
import process from "node:process";
import {
  isZombieState,
  parseProcName,
  parseProcStat,
  pickMarkers,
} from "../../src/system/proc.ts";

/** In the environment of all that a recording starts. */
export const RECORDING_MARKER = "ZAG_PS_RECORDING";

/**
 * Variables by which agents mark what they start. Their values are flags and
 * random ids; no other variable is looked at.
 */
const AGENT_MARKERS: readonly string[] = [
  "AGENT",
  "AI_AGENT",
  "AUGMENT_AGENT",
  "CLAUDECODE",
  "CLAUDE_CODE_ENTRYPOINT",
  "CLAUDE_CODE_SESSION_ID",
  "CODEX_SANDBOX",
  "CODEX_THREAD_ID",
  "COPILOT_CLI",
  "CRUSH",
  "CURSOR_AGENT",
  "GEMINI_CLI",
  "GOOSE_TERMINAL",
  "OPENCODE",
  "QWEN_CODE",
];

/** What a process looked like. */
export interface Look {
  readonly name: string;
  readonly executable: string | undefined;
  readonly args: readonly string[];
  readonly cwd: string | undefined;
  readonly hasTerminal: boolean;
  readonly session: number;
  readonly markers: Readonly<Record<string, string>>;
  /** Its first parent. */
  readonly ppid: number;
}

/** A process, and how it looked one after the other. */
export interface Sighting {
  readonly pid: number;
  readonly startTicks: string;
  /** Each with the number of times that it was seen in a row. */
  readonly looks: { look: Look; times: number }[];
}

const PAUSE_MS = 4;

/**
 * Watches the processes that carry the marker, and their descendants.
 *
 * @param id the value of {@linkcode RECORDING_MARKER}
 * @param without a pid that is not of the tree: what starts it
 * @param isOver asked after every look
 * @returns the processes in the order of their start
 */
export async function watchTree(
  id: string,
  without: number | undefined,
  isOver: () => boolean,
): Promise<Sighting[]> {
  const seen = new Map<string, Sighting>();
  do {
    const members = new Set<number>();
    for (const process of readMembers(id, [...seen.values()])) {
      members.add(process.pid);
      if (process.pid === without || process.look === undefined) continue;
      const key = `${process.pid} ${process.startTicks}`;
      const sighting = seen.get(key) ??
        { pid: process.pid, startTicks: process.startTicks, looks: [] };
      seen.set(key, sighting);
      addLook(sighting, process.look);
    }
    if (members.size === 0) break;
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
  } while (!isOver());
  return [...seen.values()]
    .sort((a, b) =>
      Number(a.startTicks) - Number(b.startTicks) || a.pid - b.pid
    );
}

function addLook({ looks }: Sighting, look: Look): void {
  const last = looks.at(-1);
  const ppid = looks[0]?.look.ppid ?? look.ppid;
  const same = { ...look, ppid };
  if (last && JSON.stringify(last.look) === JSON.stringify(same)) last.times++;
  else looks.push({ look: same, times: 1 });
}

/**
 * Ends all processes that carry the marker, and their descendants.
 *
 * @param sightings processes that were seen to be of the tree: one may have
 * lost both its parent and the marker since
 * @throws {Error} if some are left after a while
 */
export async function endTree(
  id: string,
  sightings: readonly Sighting[] = [],
): Promise<void> {
  for (let tries = 0; tries < 200; tries++) {
    const members = readMembers(id, sightings)
      .filter(({ look }) => look !== undefined);
    if (members.length === 0) return;
    for (const { pid } of members) {
      try {
        process.kill(pid, "SIGKILL");
      } catch {
        // It ended meanwhile.
      }
    }
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  throw new Error("Failed to end the processes of a recording");
}

interface Member {
  readonly pid: number;
  readonly startTicks: string;
  /** `undefined` for a zombie. */
  readonly look: Look | undefined;
}

/** The processes that carry the marker or were seen, and what descends from them. */
function readMembers(id: string, sightings: readonly Sighting[]): Member[] {
  const known = new Map(sightings.map((one) => [one.pid, one.startTicks]));
  const children = new Map<number, number[]>();
  const stats = new Map<number, string>();
  for (const name of readdirSync("/proc")) {
    if (!/^\d+$/.test(name)) continue;
    const pid = Number(name);
    const stat = read(pid, "stat");
    const parsed = parseProcStat(stat ?? "");
    if (stat === undefined || parsed === undefined) continue;
    stats.set(pid, stat);
    children.set(parsed.ppid, [...children.get(parsed.ppid) ?? [], pid]);
  }
  const members = new Map<number, Member>();
  const visit = (pid: number) => {
    if (members.has(pid) || pid === process.pid) return;
    const stat = stats.get(pid) ?? "";
    const { startTicks = "", state = "Z" } = parseProcStat(stat) ?? {};
    const look = isZombieState(state) ? undefined : readLook(pid, stat);
    members.set(pid, { pid, startTicks, look });
    for (const child of children.get(pid) ?? []) visit(child);
  };
  for (const [pid, stat] of stats) {
    if (known.has(pid) && known.get(pid) === parseProcStat(stat)?.startTicks) {
      visit(pid);
    }
    const environ = read(pid, "environ");
    if (environ?.split("\0").includes(`${RECORDING_MARKER}=${id}`)) visit(pid);
  }
  return [...members.values()];
}

function readLook(pid: number, stat: string): Look | undefined {
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  const line = read(pid, "cmdline") ?? "";
  if (line === "") return undefined;
  return {
    name: parseProcName(stat) ?? "",
    executable: readLink(pid, "exe"),
    args: parseArguments(line),
    cwd: readLink(pid, "cwd"),
    session: Number(fields[3]),
    hasTerminal: fields[4] !== "0",
    markers: pickMarkers(read(pid, "environ") ?? "", new Set(AGENT_MARKERS)),
    ppid: Number(fields[1]),
  };
}

/**
 * A program that renames itself leaves zeros behind its name: they are many
 * empty arguments, of which one is kept.
 */
function parseArguments(line: string): string[] {
  return line.replace(/\0$/, "").replace(/\0+$/, "\0").split("\0");
}

function read(pid: number, file: string): string | undefined {
  try {
    return readFileSync(`/proc/${pid}/${file}`, "utf8");
  } catch {
    return undefined;
  }
}

function readLink(pid: number, file: string): string | undefined {
  try {
    return readlinkSync(`/proc/${pid}/${file}`);
  } catch {
    return undefined;
  }
}
