import { type CheckName, CHECKS, type Finding } from "../model/diagnosis.ts";
import { reasonOf } from "../model/errors.ts";
import { say } from "../model/escape.ts";
import { baseSessions, joinPath } from "../model/paths.ts";
import type { FileStatus } from "../system/system.ts";
import type { Context } from "./context.ts";
import { applyFixes, type TreatedFinding } from "./steps/doctor/apply_fixes.ts";
import { checkEntries } from "./steps/doctor/check_entries.ts";
import {
  checkLocks,
  checkTemporaries,
  listFolders,
} from "./steps/doctor/check_leftovers.ts";
import { checkPermissions } from "./steps/doctor/check_permissions.ts";
import { checkLogs, checkSessions } from "./steps/doctor/check_sessions.ts";
import { checkIndex, checkStore } from "./steps/doctor/check_store.ts";
import { judgeEntries } from "./steps/judge.ts";
import { readAllSessions } from "./steps/read_sessions.ts";

/** How to examine. */
export interface DoctorOptions {
  /** Also mends what can be mended safely. */
  readonly fix?: boolean | undefined;
}

/** What {@linkcode doctor} found. */
export interface DoctorReport {
  /** What was looked at, in words, by check. */
  readonly looked: Readonly<Partial<Record<CheckName, string>>>;
  /** In the order of the checks. */
  readonly findings: readonly TreatedFinding[];
  /** The copies of files as they were before they were mended. */
  readonly backups: readonly string[];
  /** Whether nothing is wrong, or nothing any more. */
  readonly ok: boolean;
}

/**
 * Examines the zag home and what is in it: store, entries, sessions, logs,
 * permissions, locks and temporary files. Changes nothing unless told to.
 */
export async function doctor(
  context: Context,
  options: DoctorOptions = {},
): Promise<DoctorReport> {
  const { findings, looked } = await examine(context);
  const sorted = CHECKS.flatMap((name) =>
    findings.filter(({ check }) => check === name)
  );
  const treated = options.fix === true ? await applyFixes(context, sorted) : {
    findings: sorted.map((finding) => ({ ...finding, fixed: false })),
    backups: [],
  };
  return {
    looked,
    ...treated,
    ok: treated.findings.every(({ level, fixed }) => level === "note" || fixed),
  };
}

type Examination = {
  findings: Finding[];
  looked: Partial<Record<CheckName, string>>;
};

async function examine(context: Context): Promise<Examination> {
  const { system, paths } = context;
  const home = lookAtHome(context);
  if ("what" in home) return { findings: [home], looked: {} };

  const { findings: storeFindings, store } = checkStore(context);
  const judged = await judgeEntries(
    context,
    store?.entries.map(({ entry }) => entry) ?? [],
  );
  const sessions = readAllSessions(context);
  const { findings: logFindings, logs } = checkLogs(context, sessions, judged);
  const { folders, findings: folderFindings } = listFolders(context);
  const files = [
    ...[...folders, paths.processes, paths.index, baseSessions(paths)],
    ...folders.map((folder) => joinPath(folder, "sessions.json")),
    ...logs,
  ];
  const findings = [
    ...folderFindings,
    ...storeFindings,
    ...checkEntries(context, judged),
    ...checkSessions(sessions),
    ...checkIndex(context),
    ...logFindings,
    ...checkPermissions(context, home, files),
    ...await checkLocks(context, folders),
    ...await checkTemporaries(context, folders),
  ];
  const count = sessions.stores.reduce(
    (sum, { store }) => sum + store.sessions.length,
    0,
  );
  return {
    findings,
    looked: {
      home: say`"${paths.home}"`,
      store: store === undefined && storeFindings.length === 0
        ? "there is none, nothing was recorded yet"
        : say`"${paths.processes}"`,
      entries: `${judged.length} looked at`,
      sessions: `${count} in ${sessions.stores.length} ${
        sessions.stores.length === 1 ? "store" : "stores"
      }`,
      logs: `${logs.length} looked at`,
      ...(system.platform === "win32"
        ? { permissions: "not looked at on Windows" }
        : {}),
    },
  };
}

/** The status of the home, or what is wrong with it. */
function lookAtHome({ system, paths }: Context): FileStatus | Finding {
  try {
    const status = system.status(paths.home);
    if (status?.kind === "folder") return status;
    return status === undefined
      ? {
        check: "home",
        level: "note",
        what:
          say`There is no zag home "${paths.home}": nothing was recorded yet`,
        remedy: "zag makes it. If it is elsewhere, name it with --zag-home",
      }
      : {
        check: "home",
        level: "problem",
        what: say`The zag home "${paths.home}" is not a folder`,
        remedy: "Move it away, or name another one with --zag-home",
      };
  } catch (error) {
    return {
      check: "home",
      level: "problem",
      what: say`The zag home "${paths.home}" cannot be looked at: ` +
        reasonOf(error),
      remedy: "Give yourself access to it, or name another one with --zag-home",
    };
  }
}
