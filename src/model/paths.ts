import { ZagPsError } from "./errors.ts";
import { say } from "./escape.ts";

/**
 * Where zag keeps its files (contract, section 1). All paths use `/`, which
 * every platform's file functions take.
 */
export interface Paths {
  /** The zag home, `~/.zag` unless another is named. */
  readonly home: string;
  /** The process store. */
  readonly processes: string;
  /** The index of sessions that have a log. */
  readonly index: string;
  /** The folder of the projects' folders. */
  readonly projects: string;
  /** `ZAG_USER_LOG_DIR`, where set: all logs go there. */
  readonly userLogs: string | undefined;
}

/**
 * Picks the zag home: the option, then `ZAG_HOME`, then `~/.zag`.
 *
 * @param option the folder that the caller named
 * @param env reads an environment variable
 * @param userHome gives the user's home folder; asked only when needed
 * @throws {ZagPsError} `usage` for a folder that is empty
 */
export function locatePaths(
  option: string | undefined,
  env: (name: string) => string | undefined,
  userHome: () => string,
): Paths {
  if (option === "") {
    throw new ZagPsError(
      "usage",
      "Cannot use an empty zag home\nName a folder, for example --zag-home ~/.zag",
    );
  }
  const home = trimEnd(
    option ?? (env("ZAG_HOME") || joinPath(userHome(), ".zag")),
  );
  return {
    home,
    processes: joinPath(home, "processes.json"),
    index: joinPath(home, "sessions_index.json"),
    projects: joinPath(home, "projects"),
    userLogs: env("ZAG_USER_LOG_DIR") || undefined,
  };
}

function trimEnd(folder: string): string {
  return folder.length > 1 ? folder.replace(/[/\\]+$/, "") || "/" : folder;
}

/** Joins a folder and a name with one `/`. */
export function joinPath(folder: string, name: string): string {
  return folder.endsWith("/") ? folder + name : `${folder}/${name}`;
}

/** The folder part of a path; `.` where it has none. */
export function folderOf(path: string): string {
  const cut = Math.max(path.lastIndexOf("/"), path.lastIndexOf("\\"));
  if (cut < 0) return ".";
  return cut === 0 ? path.slice(0, 1) : path.slice(0, cut);
}

/**
 * The name of a project's folder: the root as stored, leading slashes
 * stripped, every other slash a dash, nothing else normalised.
 */
export function projectSlug(root: string): string {
  return root.replace(/^\/+/, "").replaceAll("/", "-");
}

/** The session store of a project. */
export function projectSessions(paths: Paths, root: string): string {
  return joinPath(joinPath(paths.projects, projectSlug(root)), "sessions.json");
}

/** The session store of sessions without a project. */
export function baseSessions(paths: Paths): string {
  return joinPath(paths.home, "sessions.json");
}

/**
 * The session log of a session.
 *
 * @param sessionStore the path of the store that holds the session
 * @param realPath follows links: the zag home may have been named in another
 * way than zag names it
 * @throws {ZagPsError} `record` if the path would lead outside the zag home
 * and `ZAG_USER_LOG_DIR`, or to another of zag's files than a log
 */
export function locateLog(
  paths: Paths,
  sessionStore: string,
  session: { session_id: string; log_path?: string | null | undefined },
  realPath: (path: string) => string | undefined = () => undefined,
): string {
  const stored = session.log_path;
  if (stored !== undefined && stored !== null) {
    if (!isInsideHome(paths, stored, realPath)) {
      throw new ZagPsError(
        "record",
        say`Cannot use the session log "${stored}": it is outside the zag home "${paths.home}"\nSet ZAG_USER_LOG_DIR to the folder of the logs if zag was started with it`,
      );
    }
    // A line more would spoil the stores, which are there, too.
    if (/\.jsonl$/i.test(stored)) return stored;
    throw new ZagPsError(
      "record",
      say`Cannot use the session log "${stored}": the name of a log ends in .jsonl`,
    );
  }
  if (!isFileName(session.session_id)) {
    throw new ZagPsError(
      "record",
      say`Cannot name a session log after the session id "${session.session_id}": it is not a plain file name`,
    );
  }
  const logs = paths.userLogs ?? joinPath(folderOf(sessionStore), "logs");
  return joinPath(joinPath(logs, "sessions"), `${session.session_id}.jsonl`);
}

/** Whether a log is in the zag home or in the person's own folder of logs. */
function isInsideHome(
  paths: Paths,
  log: string,
  realPath: (path: string) => string | undefined,
): boolean {
  const folders = [paths.home, paths.userLogs]
    .filter((folder) => folder !== undefined);
  if (folders.some((folder) => isInside(log, folder))) return true;
  const real = resolveExisting(log, realPath);
  const isIn = (folder: string) => isInside(real, realPath(folder) ?? folder);
  return isInside(log, "/") && folders.some(isIn);
}

/** Follows the links of as much of a path as is there. */
function resolveExisting(
  path: string,
  realPath: (path: string) => string | undefined,
): string {
  for (let head = path; head !== folderOf(head); head = folderOf(head)) {
    const real = realPath(head);
    if (real !== undefined) return real + path.slice(head.length);
  }
  return path;
}

function isFileName(name: string): boolean {
  // deno-lint-ignore no-control-regex
  return name !== "" && !/[/\\:\u0000]/.test(name) && !/^\.+$/.test(name);
}

/**
 * Whether a path is below a folder, by its text alone: no `..` may be in it,
 * and a relative one never is.
 */
function isInside(path: string, folder: string): boolean {
  const parts = path.split(/[/\\]/);
  if (parts.includes("..") || path.includes("\0")) return false;
  const prefix = folder.replaceAll("\\", "/").replace(/\/*$/, "/");
  return path.replaceAll("\\", "/").startsWith(prefix) &&
    path.length > prefix.length;
}
