import type { ProcessEntry } from "./process_entry.ts";

/** One of the things that doctor looks at. */
export type CheckName =
  | "home"
  | "store"
  | "entries"
  | "sessions"
  | "logs"
  | "permissions"
  | "locks"
  | "temporary files";

/** All of them, in the order of the report. */
export const CHECKS: readonly CheckName[] = [
  "home",
  "store",
  "entries",
  "sessions",
  "logs",
  "permissions",
  "locks",
  "temporary files",
];

/** What doctor does about a finding where that is safe. */
export type Fix =
  | { readonly kind: "mark-killed"; readonly entry: ProcessEntry }
  | { readonly kind: "end-line"; readonly path: string }
  | {
    readonly kind: "change-mode";
    readonly path: string;
    readonly mode: number;
  }
  | { readonly kind: "break-lock"; readonly path: string }
  | {
    readonly kind: "remove-temporary";
    readonly path: string;
    readonly pid: number;
  };

/** One thing that doctor noticed. */
export interface Finding {
  /** Where it belongs. */
  readonly check: CheckName;
  /** A `note` is worth knowing and nothing wrong. */
  readonly level: "problem" | "note";
  /** What is the matter, in words. */
  readonly what: string;
  /** What to do about it. */
  readonly remedy: string;
  /** What `--fix` does about it; `undefined` where nothing is safe. */
  readonly fix?: Fix | undefined;
}

/** The write permission of everybody. */
const OTHERS_WRITE = 0o002;

const OWNER_FILE = 0o600;
const OWNER_FOLDER = 0o700;

/** What is known of a file whose permissions are looked at. */
export interface Permissions {
  readonly kind: "file" | "folder" | "other";
  /** Permission bits. */
  readonly mode: number;
  /** The owner's numeric id. */
  readonly uid: number;
}

/** What may be wrong with the permissions of one of zag's files. */
export type PermissionFault =
  | { readonly kind: "others-write"; readonly mode: number }
  | { readonly kind: "owner-cannot" }
  | { readonly kind: "other-owner" };

/**
 * Judges the permissions of one of zag's files. That others may read it is
 * how zag makes it; that they may write it lets them choose what is signalled.
 *
 * @param owner the owner of the zag home
 */
export function judgePermissions(
  { kind, mode, uid }: Permissions,
  owner: number,
): PermissionFault[] {
  const faults: PermissionFault[] = [];
  if ((mode & OTHERS_WRITE) !== 0) {
    faults.push({ kind: "others-write", mode: mode & ~OTHERS_WRITE });
  }
  const needed = kind === "folder" ? OWNER_FOLDER : OWNER_FILE;
  if ((mode & needed) !== needed) faults.push({ kind: "owner-cannot" });
  if (uid !== owner) faults.push({ kind: "other-owner" });
  return faults;
}

/**
 * The process that a temporary file is named after: zag writes
 * `.<file>.<pid>.<n>.tmp`, zag-ps a longer text in place of the number.
 */
export function readTemporaryPid(name: string): number | undefined {
  const [, digits] = /^\.[^/]+\.(\d{1,10})\.[^./]+\.tmp$/.exec(name) ?? [];
  return digits === undefined ? undefined : Number(digits);
}

const MAX_U32 = 2 ** 32 - 1;

/**
 * What keeps zag from reading an entry, though zag-ps can: zag takes a store
 * that it cannot read for an empty one, and then writes it.
 *
 * @returns `undefined` if nothing does
 */
export function findRefusal({ pid }: ProcessEntry): string | undefined {
  if (Number.isInteger(pid) && pid >= 0 && pid <= MAX_U32) return undefined;
  return `pid: ${pid} is not a whole number from 0 to ${MAX_U32}`;
}

/** What zag demands of a session, though zag-ps does not. */
const SESSION_TEXTS = ["worktree_path", "worktree_name", "created_at"] as const;

/** What keeps zag from reading a session; see {@linkcode findRefusal}. */
export function findSessionRefusal(session: object): string | undefined {
  const texts = session as Record<string, unknown>;
  const missing = SESSION_TEXTS.find((key) => typeof texts[key] !== "string");
  return missing && `${missing}: it should be a string`;
}
