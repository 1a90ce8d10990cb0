import { errorCode, reasonOf, ZagPsError } from "../model/errors.ts";
import { say } from "../model/escape.ts";
import { heldBy, type Holder, isGone, isOwn, look } from "./lock_holder.ts";
import type { System } from "./system.ts";
import {
  nameTemporary,
  removeLeftovers,
  removeQuietly,
} from "./temporary_files.ts";

/**
 * A writer holds the lock for milliseconds; a slow disk gets this long. The
 * pauses are added up, so that a clock that is set does not matter.
 */
export const LOCK_TIMEOUT_MS = 10_000;

/** Between two tries; a little different each time, so that waiters spread. */
const RETRY_MS = 10;

/** Looking at processes costs more than looking at a file. */
const TRIES_BETWEEN_LOOKS = 20;

/** It holds no secret, and every waiter must be able to tell who has it. */
const LOCK_MODE = 0o644;

/** A breaker that died while it broke a breaker's lock is nobody's guess. */
const MAX_BREAK_DEPTH = 3;

/**
 * Runs one read-modify-write of a file while no other zag-ps does.
 *
 * The lock is a file beside the locked one (beside a link's target). It
 * appears complete (written under another name, then linked), so a reader
 * never sees half of it. It is stale only if its holder is provably gone: the
 * same host, boot and PID namespace, and no such process, or one that started
 * at another time. One that was left by another host, boot or namespace is
 * never broken: the error names it.
 *
 * Breaking is exclusive, too: it is done under a lock of its own, and the
 * stale lock is looked at again there, so two waiters cannot both break it
 * and the second one cannot take away the first one's new lock.
 *
 * Signals that end a program from outside are put off while the lock is held;
 * while it is waited for they end the wait.
 *
 * @throws {ZagPsError} `store` after {@linkcode LOCK_TIMEOUT_MS}, naming the
 * holder
 */
export async function withLock<T>(
  system: System,
  path: string,
  work: () => T,
): Promise<T> {
  const target = resolve(system, path);
  const lock = `${target}.lock`;
  return await system.deferSignals(async (arrived) => {
    const token = await acquire(system, lock, arrived, 0);
    try {
      removeLeftovers(system, target);
      return work();
    } finally {
      release(system, lock, token);
    }
  });
}

function resolve(system: System, path: string): string {
  try {
    return system.realPath(path) ?? path;
  } catch (cause) {
    throw cannotLock(path, reasonOf(cause), cause);
  }
}

async function acquire(
  system: System,
  lock: string,
  interrupted: () => boolean,
  depth: number,
): Promise<string> {
  const token = system.uniqueText();
  const self: Holder = { ...await system.describeSelf(), token };
  let waited = 0;
  for (let tries = 0;; tries++) {
    const state = look(system, lock);
    if (state.kind === "free") {
      if (take(system, lock, self)) return token;
    } else if (state.kind === "held") {
      const { holder } = state;
      // A file server may have linked it and lost the answer.
      if (holder.token === token) return token;
      const due = tries % TRIES_BETWEEN_LOOKS === 0;
      if (
        due && depth < MAX_BREAK_DEPTH && await isGone(system, self, holder)
      ) {
        await breakLock(system, lock, holder, interrupted, depth);
      }
    }
    if (interrupted()) throw cannotLock(lock, "interrupted");
    if (waited >= LOCK_TIMEOUT_MS) throw heldBy(lock, state, self);
    const pause = RETRY_MS * (0.5 + system.random());
    await system.sleep(pause);
    waited += pause;
  }
}

/** Puts the lock there, complete; `false` if somebody else was quicker. */
function take(system: System, lock: string, self: Holder): boolean {
  const content = new TextEncoder().encode(JSON.stringify(self));
  const temporary = nameTemporary(system, lock);
  try {
    system.createFile(temporary, content, LOCK_MODE, false);
    try {
      makeReadable(system, temporary);
      return link(system, temporary, lock, content);
    } finally {
      removeQuietly(system, temporary);
    }
  } catch (cause) {
    throw cannotLock(lock, reasonOf(cause), cause);
  }
}

/** Gives back what the umask took, where the file system knows modes. */
function makeReadable(system: System, path: string): void {
  try {
    system.changeMode(path, LOCK_MODE);
  } catch {
    // Other users are told then that there is a lock, and not whose.
  }
}

function link(
  system: System,
  temporary: string,
  lock: string,
  content: Uint8Array,
): boolean {
  try {
    system.link(temporary, lock);
    return true;
  } catch (error) {
    const code = errorCode(error);
    // ENOENT: the holder has cleared the temporary file away.
    if (code === "EEXIST" || code === "ENOENT") return false;
  }
  try {
    // A file system without hard links. The lock is incomplete for a moment,
    // in which others take it for one that cannot be read, and wait.
    system.createFile(lock, content, LOCK_MODE, false);
    return true;
  } catch (error) {
    if (errorCode(error) === "EEXIST") return false;
    throw error;
  }
}

async function breakLock(
  system: System,
  lock: string,
  stale: Holder,
  interrupted: () => boolean,
  depth: number,
): Promise<void> {
  const breaker = `${lock}.break`;
  const token = await acquire(system, breaker, interrupted, depth + 1);
  try {
    // Only its holder, which is gone, and whoever holds the breaker's lock
    // ever take a lock away: it cannot change between this look and that.
    if (isOwn(system, lock, stale.token)) system.remove(lock);
  } catch (cause) {
    throw new ZagPsError(
      "store",
      say`Failed to remove the lock "${lock}" of process ${stale.pid}, which is gone: ${
        reasonOf(cause)
      }`,
      { cause },
    );
  } finally {
    release(system, breaker, token);
  }
}

/** What cannot be removed is stale, and broken as such, when this one ends. */
function release(system: System, lock: string, token: string): void {
  if (isOwn(system, lock, token)) removeQuietly(system, lock);
}

function cannotLock(path: string, reason: string, cause?: unknown): ZagPsError {
  return new ZagPsError("store", say`Failed to lock "${path}": ${reason}`, {
    cause,
  });
}
