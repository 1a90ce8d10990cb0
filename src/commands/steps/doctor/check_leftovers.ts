import { type Finding, readTemporaryPid } from "../../../model/diagnosis.ts";
import { reasonOf } from "../../../model/errors.ts";
import { say } from "../../../model/escape.ts";
import { joinPath } from "../../../model/paths.ts";
import { isSignallablePid } from "../../../model/process_facts.ts";
import { isComparable, isGone, look } from "../../../system/lock_holder.ts";
import type { Context } from "../../context.ts";

/** A file that may have been left by a crash. */
interface Leftover {
  readonly folder: string;
  readonly name: string;
}

/** Finds the locks that nobody can release any more. */
export async function checkLocks(
  { system }: Context,
  folders: readonly string[],
): Promise<Finding[]> {
  const findings: Finding[] = [];
  const self = { ...await system.describeSelf(), token: "" };
  for (const { folder, name } of listNames({ system }, folders)) {
    if (!/\.lock(?:\.break)?$/.test(name)) continue;
    const path = joinPath(folder, name);
    const state = look(system, path);
    if (state.kind === "free") continue;
    const add = (what: string, remedy: string, fix?: Finding["fix"]) =>
      findings.push({ check: "locks", level: "problem", what, remedy, fix });
    if (state.kind === "unreadable") {
      add(
        say`The lock "${path}" cannot be read: ` + state.reason,
        "If no zag-ps is running, remove it",
      );
      continue;
    }
    const { holder } = state;
    if (!isComparable(self, holder)) {
      add(
        say`The lock "${path}" is held by process ${holder.pid} of host "${holder.host}", which cannot be looked at from here (another host, boot or PID namespace)`,
        "If that process is certainly gone, remove the lock",
      );
    } else if (await isGone(system, self, holder)) {
      const own = name.endsWith(".lock");
      add(
        say`The lock "${path}" was left by process ${holder.pid}, which is gone`,
        own
          ? "The next zag-ps that needs it breaks it; zag-ps doctor --fix does so now"
          : "It is broken when it is in the way",
        own
          ? { kind: "break-lock", path: path.replace(/\.lock$/, "") }
          : undefined,
      );
    }
  }
  return findings;
}

/**
 * So old a temporary file has to be: its writer may be in another PID
 * namespace, where its pid is another one's, or nobody's, from here. A writer
 * that is at work takes milliseconds.
 */
const QUIET_MS = 60 * 1000;

/** Whether a file was written to so lately that somebody may be at it. */
export function isFresh({ system }: Context, path: string): boolean {
  try {
    const status = system.status(path);
    return status !== undefined && system.now() - status.modifiedAt < QUIET_MS;
  } catch {
    // What cannot be looked at may be anything.
    return true;
  }
}

/** Finds the temporary files whose writers are gone. */
export async function checkTemporaries(
  context: Context,
  folders: readonly string[],
): Promise<Finding[]> {
  const { system } = context;
  const files = listNames({ system }, folders).flatMap(({ folder, name }) => {
    const pid = readTemporaryPid(name);
    return pid === undefined ? [] : [{ path: joinPath(folder, name), pid }];
  });
  const pids = files.map(({ pid }) => pid).filter(isSignallablePid);
  const { processes, complete } = await system.observe(new Set(pids));
  return files.map(({ path, pid }): Finding => {
    const facts = processes.get(pid);
    const gone = complete && isSignallablePid(pid) &&
      (facts === undefined || facts.zombie);
    if (gone && isFresh(context, path)) {
      return {
        check: "temporary files",
        level: "note",
        what:
          say`"${path}" was written less than a minute ago, or cannot be looked at`,
        remedy: "Its writer may be at work where it cannot be seen from here",
      };
    }
    return gone
      ? {
        check: "temporary files",
        level: "problem",
        what: say`"${path}" was left by process ${pid}, which is gone`,
        remedy: "zag-ps doctor --fix removes it",
        fix: { kind: "remove-temporary", path, pid },
      }
      : {
        check: "temporary files",
        level: "note",
        what: say`"${path}" is named after process ${pid}, which ${
          complete ? "is there" : "cannot be looked at"
        }`,
        remedy:
          "It may be at work on it. If the file stays, another program has the pid by now: remove it by hand",
      };
  });
}

function listNames(
  { system }: Pick<Context, "system">,
  folders: readonly string[],
): Leftover[] {
  return folders.flatMap((folder) => {
    try {
      return [...system.listFolder(folder) ?? []].sort()
        .map((name) => ({ folder, name }));
    } catch {
      // What cannot be listed is found by the check of permissions.
      return [];
    }
  });
}

/** The folders in which zag keeps stores. */
export function listFolders({ system, paths }: Context): {
  readonly folders: readonly string[];
  readonly findings: readonly Finding[];
} {
  try {
    const projects = [...system.listFolder(paths.projects) ?? []].sort()
      .map((name) => joinPath(paths.projects, name))
      .filter((path) => system.status(path)?.kind === "folder");
    return { folders: [paths.home, ...projects], findings: [] };
  } catch (error) {
    return {
      folders: [paths.home],
      findings: [{
        check: "home",
        level: "problem",
        what: say`Failed to list "${paths.projects}": ` + reasonOf(error),
        remedy: "Make it a folder that you can read",
      }],
    };
  }
}
