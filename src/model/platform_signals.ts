/**
 * Whether a platform can ask a process to end. Windows cannot: what is called
 * a signal there ends the process at once, and it can neither clean up nor
 * refuse.
 *
 * @param platform as Node names it, `win32` for Windows
 */
export function hasGracefulSignals(platform: string): boolean {
  return platform !== "win32";
}

/** What a signal that was sent did: it arrived, or it ended the process. */
export type SignalOutcome = "signalled" | "ended";

/** What a signal that was sent did on a platform. */
export function outcomeOfSignal(platform: string): SignalOutcome {
  return hasGracefulSignals(platform) ? "signalled" : "ended";
}
