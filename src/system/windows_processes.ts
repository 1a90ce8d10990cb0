import { parseMilliseconds } from "../model/instant.ts";
import type { ProcessFacts } from "../model/process_facts.ts";
import { splitCommandLine } from "./windows_command_line.ts";

/** Beyond so many, asking for every process is as cheap. */
const MAX_NAMED_PIDS = 50;

/**
 * The one query that tells what Windows shows of its processes. The start is
 * formatted in it: ConvertTo-Json writes dates differently in Windows
 * PowerShell 5.1 and PowerShell 7.
 *
 * @param pids the ones that matter, or `all`; others may be shown, too
 */
export function cimArguments(
  pids: readonly number[] | "all",
): readonly string[] {
  const which = pids === "all" || pids.length > MAX_NAMED_PIDS
    ? ""
    : ` -Filter '${pids.map((pid) => `ProcessId=${pid}`).join(" OR ")}'`;
  return [
    "-NoProfile",
    "-NonInteractive",
    "-Command",
    "[Console]::OutputEncoding = [Text.Encoding]::UTF8; " +
    `Get-CimInstance Win32_Process${which} | ` +
    "Select-Object ProcessId, ParentProcessId, Name, ExecutablePath, " +
    "CommandLine, WorkingSetSize, KernelModeTime, UserModeTime, " +
    "@{n='Started';e={if ($_.CreationDate) {$_.CreationDate.ToUniversalTime().ToString('o')}}} | " +
    "ConvertTo-Json -Compress",
  ];
}

/** Processor times are counted in 100 nanoseconds. */
const TICKS_PER_MS = 10_000;

/**
 * Parses the JSON of the query: an array, or one object where there is one
 * process. Rows of another shape are passed over; a start that is no date is
 * left out rather than guessed.
 */
export function parseCimOutput(output: string): Map<number, ProcessFacts> {
  const processes = new Map<number, ProcessFacts>();
  let rows: unknown;
  try {
    rows = JSON.parse(output.replace(/^\ufeff/, ""));
  } catch {
    return processes;
  }
  for (const row of Array.isArray(rows) ? rows : [rows]) {
    if (typeof row !== "object" || row === null) continue;
    const { ProcessId, ParentProcessId, Started } = row;
    if (!Number.isInteger(ProcessId)) continue;
    const started = readText(Started);
    const startedAt = started === undefined
      ? undefined
      : parseMilliseconds(started);
    const commandLine = readText(row.CommandLine);
    const kernel = readCount(row.KernelModeTime);
    const user = readCount(row.UserModeTime);
    processes.set(ProcessId, {
      pid: ProcessId,
      ppid: Number.isInteger(ParentProcessId) ? ParentProcessId : undefined,
      zombie: false,
      name: readText(row.Name),
      executable: readText(row.ExecutablePath),
      args: commandLine === undefined
        ? undefined
        : splitCommandLine(commandLine),
      cpuMs: kernel === undefined || user === undefined
        ? undefined
        : (kernel + user) / TICKS_PER_MS,
      memoryBytes: readCount(row.WorkingSetSize),
      startedAt,
      // To the 100 nanoseconds, as the system keeps it.
      startTicks: startedAt === undefined ? undefined : `cim:${Started}`,
    });
  }
  return processes;
}

function readText(value: unknown): string | undefined {
  return typeof value === "string" ? value : undefined;
}

function readCount(value: unknown): number | undefined {
  return typeof value === "number" && value >= 0 ? value : undefined;
}
