import { reasonOf, ZagPsError } from "../../model/errors.ts";
import {
  formatInstructions,
  insertInstructions,
} from "../../model/exit_instructions.ts";
import {
  type Launch,
  type LaunchOptions,
  planLaunch,
} from "../../model/launch.ts";
import {
  baseSessions,
  joinPath,
  locateLog,
  locatePaths,
  projectSessions,
  projectSlug,
} from "../../model/paths.ts";
import type { ProgramStart } from "../../system/system.ts";
import type { Context } from "../context.ts";
import { findProject } from "./find_project.ts";

/** The ids of a run: of its process, and of its session. */
export interface RunIds {
  /** Of the entry: the handle on the command line. */
  readonly id: string;
  /** Of the session. */
  readonly sessionId: string;
}

/** All that is decided before anything is written. */
export interface RunPlan extends Launch {
  /** The path of the session store. */
  readonly store: string;
  /** The session log. */
  readonly log: string;
  readonly folder: string;
  readonly start: ProgramStart;
}

/** Decides what is written and started. Changes nothing. */
export function planRun(
  { system, paths }: Context,
  options: LaunchOptions,
  { id, sessionId }: RunIds,
): RunPlan {
  const folder = readCurrentFolder(system);
  const root = findProject(system, folder);
  const store = root === null
    ? baseSessions(paths)
    : projectSessions(paths, root);
  const log = makeAbsolute(
    locateLog(paths, store, { session_id: sessionId }),
    folder,
  );
  const launch = planLaunch(options, {
    id,
    sessionId,
    pid: system.pid,
    now: system.now(),
    folder,
    root,
    log,
    project: root === null
      ? paths.home.split(/[/\\]/).at(-1) ?? ""
      : projectSlug(root),
    env: system.env,
  });
  const usual = locatePaths(undefined, system.env, system.userHome).home;
  const env = usual === paths.home
    ? launch.env
    // So that "self" is found inside.
    : { ...launch.env, ZAG_HOME: makeAbsolute(paths.home, folder) };
  const instructions = formatInstructions(options.exit);
  return {
    ...launch,
    store,
    log,
    folder,
    start: { command: insertInstructions(options.command, instructions), env },
  };
}

function readCurrentFolder(system: Context["system"]): string {
  try {
    return system.currentFolder();
  } catch (cause) {
    throw new ZagPsError(
      "input",
      `Failed to find the current folder: ${reasonOf(cause)}`,
      { cause },
    );
  }
}

/** Other programs read the path from other folders. */
function makeAbsolute(path: string, folder: string): string {
  return /^(?:[/\\]|[A-Za-z]:)/.test(path) ? path : joinPath(folder, path);
}
