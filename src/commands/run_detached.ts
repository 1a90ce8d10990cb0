import { decodeUtf8 } from "../model/decode.ts";
import { ZagPsError } from "../model/errors.ts";
import { say } from "../model/escape.ts";
import { DETACHED_VARIABLE, type LaunchOptions } from "../model/launch.ts";
import { folderOf } from "../model/paths.ts";
import {
  decodeProcessStore,
  type ProcessEntry,
} from "../model/process_entry.ts";
import type { StartedProgram } from "../system/system.ts";
import type { Context } from "./context.ts";
import { planRun, type RunIds } from "./steps/plan_run.ts";

/** How often the store is looked at for the new entry. */
const POLL_MS = 20;

/** A command is started in milliseconds; a lock may be waited for meanwhile. */
const START_TIMEOUT_MS = 60_000;

/** What {@linkcode runDetached} started. */
export interface DetachedRun extends RunIds {
  /** The entry, with the pid of the command. */
  readonly entry: ProcessEntry;
  /** The session log. */
  readonly log: string;
  /** The file that takes what the command prints. */
  readonly output: string;
}

/** A command that could not be started in the background. */
export interface FailedStart {
  /** What zag-ps in the background said of it. */
  readonly failure: string;
  readonly exitStatus: number;
}

/**
 * Starts a command in the background: another zag-ps, in a session of its own,
 * runs it and records its end. Waits until the command is started.
 *
 * @param argv the arguments with which that zag-ps runs the same command
 */
export async function runDetached(
  context: Context,
  options: LaunchOptions,
  argv: readonly string[],
): Promise<DetachedRun | FailedStart> {
  const { system } = context;
  const ids = { id: system.uniqueText(), sessionId: system.uniqueText() };
  const { log } = planRun(context, options, ids);
  const output = log.replace(/\.jsonl$/, ".out");
  system.makeFolder(folderOf(output));
  const program = await system.startProgram({
    command: [...system.ownCommand(), ...argv],
    env: { [DETACHED_VARIABLE]: `${ids.id} ${ids.sessionId}` },
    output,
  });
  program.release();
  const entry = await waitForStart(context, ids.id, program);
  if (entry !== undefined) return { ...ids, entry, log, output };
  const end = await program.ended;
  const text = new TextDecoder().decode(system.readFile(output)).trim();
  return {
    failure: text.replace(/^Error: /, "") ||
      say`Failed to start the command in the background: see "${output}"`,
    exitStatus: "code" in end ? end.code || 1 : 128 + end.number,
  };
}

/** @returns `undefined` if zag-ps ended before the command was started */
async function waitForStart(
  { system, paths }: Context,
  id: string,
  program: StartedProgram,
): Promise<ProcessEntry | undefined> {
  let isOver = false;
  const ended = program.ended.finally(() => isOver = true);
  for (let waited = 0; waited < START_TIMEOUT_MS; waited += POLL_MS) {
    const wasOver = isOver;
    const content = system.readFile(paths.processes);
    if (content !== undefined) {
      const text = decodeUtf8(content, paths.processes);
      const entry = decodeProcessStore(text, paths.processes).entries
        .find(({ entry }) => entry.id === id)?.entry;
      // Until then it is the pid of the zag-ps that starts it.
      if (entry !== undefined && entry.pid !== program.pid) return entry;
    }
    if (wasOver) return undefined;
    await system.sleep(POLL_MS, ended);
  }
  throw new ZagPsError(
    "store",
    say`Failed to tell whether the command was started: "${paths.processes}" has no entry ${id} after ${
      START_TIMEOUT_MS / 1000
    } seconds`,
  );
}

/** The ids that a zag-ps in the background was given. */
export function readDetachedIds(
  env: (name: string) => string | undefined,
): RunIds | undefined {
  const [id, sessionId] = env(DETACHED_VARIABLE)?.split(" ") ?? [];
  return id && sessionId ? { id, sessionId } : undefined;
}
