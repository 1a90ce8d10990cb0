import process from "node:process";
import {
  KNOWN_MARKERS,
  type Observation,
  type ProcessFacts,
} from "../model/process_facts.ts";
import {
  parsePsCommands,
  parsePsEnvironment,
  PS_ALL_COMMANDS,
  psCommandArguments,
} from "./mac_environment.ts";
import { exists } from "./probe.ts";
import {
  parsePsOutput,
  PS_CALL_ALL,
  PS_ENVIRONMENT,
  psCalls,
} from "./ps_output.ts";
import { splitCommand } from "./ps_command.ts";
import { cimArguments, parseCimOutput } from "./windows_processes.ts";

/** A query of a loaded machine may take a while; it never takes this long. */
const QUERY_TIMEOUT_MS = 20_000;

const MARKERS = new Set(KNOWN_MARKERS);

const MAX_QUERY_BYTES = 64 * 1024 * 1024;

/** Init is asked for, too: it shows whether others' processes are hidden. */
const INIT_PID = 1;

/** Looks at processes with `ps`; `undefined` where that is of no use. */
export async function observePs(
  pids: ReadonlySet<number>,
): Promise<Observation | undefined> {
  let processes: Map<number, ProcessFacts> | undefined;
  for (const args of psCalls([INIT_PID, process.pid, ...pids])) {
    const answer = parsePsOutput(await queryPs(args) ?? "");
    if (!showsSelf(answer)) continue;
    processes = answer;
    break;
  }
  if (processes === undefined) return undefined;
  const complete = processes.has(INIT_PID) || addHidden(processes, pids);
  if (process.platform === "darwin") {
    await addMacCommands(processes, pids);
    return { processes, complete };
  }
  return {
    processes,
    complete,
    limit:
      "Only ps can be asked about processes here: environments cannot be read, verdicts rest on start times, and an agent that outlived its recorded end may not be noticed (with Deno, grant -A to read /proc)",
  };
}

/**
 * Whether an answer shows this process, and when it started: else it is no
 * list of processes, or one of a shape that was not understood. With another
 * parent it is somebody else's number, in another PID namespace.
 */
function showsSelf(answer: ReadonlyMap<number, ProcessFacts>): boolean {
  const self = answer.get(process.pid);
  return self?.startTicks !== undefined && self.ppid === process.ppid;
}

/** Looks at every process with `ps`; `undefined` where that is of no use. */
export async function observeAllPs(): Promise<Observation | undefined> {
  const processes = parsePsOutput(await queryPs(PS_CALL_ALL) ?? "");
  if (!showsSelf(processes)) return undefined;
  const complete = processes.has(INIT_PID);
  const [plain, withEnvironment] = PS_ALL_COMMANDS;
  const commands = parsePsCommands(await queryPs(plain) ?? "");
  const environments = process.platform === "darwin"
    ? parsePsCommands(await queryPs(withEnvironment) ?? "")
    : undefined;
  for (const [pid, facts] of processes) {
    const command = commands.get(pid);
    if (command === undefined || facts.zombie) continue;
    const args = splitCommand(command, facts);
    const seen = environments?.get(pid) ?? "";
    const markers = parsePsEnvironment(command, seen, MARKERS);
    processes.set(pid, { ...facts, args, markers });
  }
  if (environments !== undefined) return { processes, complete };
  return {
    processes,
    complete,
    limit:
      "Only ps can be asked about processes here: environments and folders cannot be read, so what left an agent's tree is not found, and whose a process is is unknown (with Deno, grant -A to read /proc)",
  };
}

/** Looks at every process of Windows; as {@linkcode observeCim}. */
export async function observeAllCim(): Promise<Observation | undefined> {
  const args = cimArguments("all");
  const output = await query("powershell.exe", args, process.env);
  const processes = parseCimOutput(output ?? "");
  if (!processes.has(process.pid)) return undefined;
  return {
    processes,
    complete: true,
    limit:
      "Windows shows no environments: what left an agent's tree is not found, and whose a process is is unknown",
  };
}

/** Adds processes that `ps` may not show; `false` if that cannot be told. */
function addHidden(
  processes: Map<number, ProcessFacts>,
  pids: ReadonlySet<number>,
): boolean {
  let complete = true;
  for (const pid of pids) {
    if (processes.has(pid)) continue;
    const there = exists(pid);
    if (there === undefined) complete = false;
    if (there) processes.set(pid, { pid, zombie: false });
  }
  return complete;
}

async function addMacCommands(
  processes: Map<number, ProcessFacts>,
  pids: ReadonlySet<number>,
): Promise<void> {
  for (const pid of pids) {
    const facts = processes.get(pid);
    if (facts === undefined || facts.zombie) continue;
    const [plain, withEnvironment] = psCommandArguments(pid);
    const command = await queryPs(plain) ?? "";
    const markers = parsePsEnvironment(
      command,
      await queryPs(withEnvironment) ?? "",
      MARKERS,
    );
    const args = command === "" ? undefined : splitCommand(command, facts);
    processes.set(pid, { ...facts, args, markers });
  }
}

/** Looks at processes of Windows; `undefined` where PowerShell is of no use. */
export async function observeCim(
  pids: ReadonlySet<number>,
): Promise<Observation | undefined> {
  const args = cimArguments([process.pid, ...pids]);
  const output = await query("powershell.exe", args, process.env);
  const processes = parseCimOutput(output ?? "");
  return processes.has(process.pid) ? { processes, complete: true } : undefined;
}

async function queryPs(args: readonly string[]): Promise<string | undefined> {
  return await query("ps", args, { PATH: readPath(), ...PS_ENVIRONMENT });
}

/** Without it ps is looked for where it always is. */
function readPath(): string | undefined {
  try {
    return process.env.PATH;
  } catch {
    // With Deno, and without --allow-env.
    return undefined;
  }
}

async function query(
  program: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv,
): Promise<string | undefined> {
  // Loaded only here: most runs ask no other program.
  const { spawnSync } = await import("node:child_process");
  try {
    const ran = spawnSync(program, args, {
      encoding: "utf8",
      env,
      maxBuffer: MAX_QUERY_BYTES,
      stdio: ["ignore", "pipe", "ignore"],
      timeout: QUERY_TIMEOUT_MS,
      windowsHide: true,
    });
    return ran.status === 0 ? ran.stdout : undefined;
  } catch {
    return undefined;
  }
}
