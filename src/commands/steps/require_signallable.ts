import { ZagPsError } from "../../model/errors.ts";
import { say } from "../../model/escape.ts";
import { isMarkedKilled, type Verdict } from "../../model/liveness.ts";
import { findProtection } from "../../model/protected_programs.ts";
import type { Context } from "../context.ts";
import type { JudgedEntry } from "./judge.ts";

/**
 * Checks one judged entry that is about to be signalled.
 *
 * @param unverified the caller takes it upon itself that the process is the
 * one that was recorded, where nothing proves it
 * @throws {ZagPsError} `not-running`, `invalid-entry`, `unverified`, `unseen`,
 * or `refused` for the runner of a CI job
 */
export function requireSignallable(
  context: Context,
  { entry, verdict }: JudgedEntry,
  unverified: boolean,
): void {
  // A kill that was tried in doubt, and ended nothing, can be tried again.
  const alive = verdict.alive ||
    verdict.identity === "unverified" && isMarkedKilled(entry);
  if (alive && entry.pid === context.system.pid) {
    throw new ZagPsError(
      "invalid-entry",
      say`Process ${entry.id} cannot be signalled: pid ${entry.pid} is zag-ps itself`,
    );
  }
  const protection = alive && verdict.facts !== undefined
    ? findProtection(verdict.facts)
    : undefined;
  if (protection?.kind === "runner") {
    throw new ZagPsError(
      "refused",
      say`Process ${entry.id} is not signalled: pid ${entry.pid} is the ${protection.name}, ${protection.reason}`,
    );
  }
  const doubt = alive ? findDoubt(verdict) : undefined;
  if (doubt !== undefined && !unverified) {
    throw new ZagPsError(
      "unverified",
      say`Process ${entry.pid} may not be the one that was recorded as ${entry.id}: ${doubt}` +
        say`\nLook at it with "zag-ps explain ${entry.id}"; --unverified signals it all the same`,
    );
  }
  if (alive) return;
  if (verdict.identity === "recycled") {
    throw new ZagPsError(
      "not-running",
      say`Process ${entry.id} is not running (status: ${verdict.liveStatus})` +
        say`\nAnother program has its pid ${entry.pid} now: ${verdict.reason}`,
    );
  }
  if (verdict.identity === "invalid") {
    throw new ZagPsError(
      "invalid-entry",
      say`Process ${entry.id} cannot be signalled: ${verdict.reason}`,
    );
  }
  if (verdict.identity === "unseen") {
    throw new ZagPsError(
      "unseen",
      say`Cannot tell whether process ${entry.pid} (${entry.id}) is running: ${verdict.reason}\nWith Deno, grant --allow-run`,
    );
  }
  throw new ZagPsError(
    "not-running",
    say`Process ${entry.id} is not running (status: ${verdict.liveStatus})`,
  );
}

/** What keeps a process that is there from being signalled unasked. */
function findDoubt(verdict: Verdict): string | undefined {
  if (verdict.identity === "unverified") return verdict.reason;
  return verdict.facts?.startTicks === undefined
    ? "its start time cannot be read, so it could not be told from another one right before the signal"
    : undefined;
}
