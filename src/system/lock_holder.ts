import { errorCode, reasonOf, ZagPsError } from "../model/errors.ts";
import { say } from "../model/escape.ts";
import { isSameStart } from "../model/process_facts.ts";
import type { SelfDescription, System } from "./system.ts";

/** Who holds a lock: enough to tell, on that machine alone, that it is gone. */
export interface Holder extends SelfDescription {
  /** Tells two locks of the same process apart. */
  readonly token: string;
}

/** What stands where a lock would be. */
export type LockState =
  | { readonly kind: "free" }
  | { readonly kind: "held"; readonly holder: Holder }
  | { readonly kind: "unreadable"; readonly reason: string };

/** Reads what stands where a lock would be. */
export function look(system: System, lock: string): LockState {
  try {
    const status = system.status(lock);
    if (status === undefined) return { kind: "free" };
    if (status.kind !== "file") {
      return { kind: "unreadable", reason: "it is not a regular file" };
    }
    const bytes = system.readFile(lock);
    if (bytes === undefined) return { kind: "free" };
    const value: unknown = JSON.parse(new TextDecoder().decode(bytes));
    if (isHolder(value)) return { kind: "held", holder: value };
  } catch (error) {
    const code = errorCode(error);
    if (code !== undefined) {
      return { kind: "unreadable", reason: reasonOf(error) };
    }
    // Not JSON, see below.
  }
  return { kind: "unreadable", reason: "it is no lock of zag-ps" };
}

function isHolder(value: unknown): value is Holder {
  if (typeof value !== "object" || value === null) return false;
  const holder = value as Record<string, unknown>;
  const texts = [
    "start_ticks",
    "boot_id",
    "pid_namespace",
    "time_namespace",
    "host",
    "token",
  ];
  // The only program of a container is process 1 there.
  return Number.isInteger(holder.pid) && Number(holder.pid) >= 1 &&
    Number(holder.pid) < 2 ** 31 &&
    texts.every((key) => typeof holder[key] === "string");
}

/** Whether two descriptions speak of the same numbers. */
export function isComparable(self: Holder, holder: Holder): boolean {
  return self.host === holder.host && self.host !== "" &&
    self.boot_id === holder.boot_id && self.boot_id !== "" &&
    self.pid_namespace === holder.pid_namespace &&
    self.time_namespace === holder.time_namespace;
}

/**
 * Whether a holder is provably gone. Its pid is looked at only where it means
 * the same here as there, and one that is in use must have the holder's start.
 */
export async function isGone(
  system: System,
  self: Holder,
  holder: Holder,
): Promise<boolean> {
  if (!isComparable(self, holder)) return false;
  const { processes, complete } = await system.observe(new Set([holder.pid]));
  if (!complete) return false;
  const facts = processes.get(holder.pid);
  if (facts === undefined || facts.zombie) return true;
  return isSameStart(facts.startTicks, holder.start_ticks) === false;
}

/** Whether the lock there is this very one. */
export function isOwn(system: System, lock: string, token: string): boolean {
  const state = look(system, lock);
  return state.kind === "held" && state.holder.token === token;
}

/** The error of who has waited in vain. */
export function heldBy(
  lock: string,
  state: LockState,
  self: Holder,
): ZagPsError {
  if (state.kind === "unreadable") {
    return new ZagPsError(
      "store",
      say`Failed to lock the store: "${lock}" is in the way and cannot be read: ${state.reason}` +
        "\nIf no zag-ps is running, remove it",
    );
  }
  if (state.kind === "free") {
    return new ZagPsError(
      "store",
      say`Failed to lock the store: others were quicker to take "${lock}" each time, or it is a broken link` +
        "\nTry again; remove a broken link",
    );
  }
  const { holder } = state;
  const host = holder.host === "" ? "" : say` on host "${holder.host}"`;
  const who = say`"${lock}" is held by process ${holder.pid}` + host;
  return new ZagPsError(
    "store",
    `Failed to lock the store: ${who}` +
      (isComparable(self, holder)
        ? "\nTry again when it has finished"
        : ", which cannot be looked at from here (another host, boot or PID namespace)" +
          "\nTry again; if that process is certainly gone, remove the lock file"),
  );
}
