import { type EndOutcome, isLeft, type Ladder } from "../../model/ladder.ts";
import type { ProcessEntry } from "../../model/process_entry.ts";
import { describeProgram } from "../../model/protected_programs.ts";
import type { Signal } from "../../system/system.ts";
import type { Pursuit } from "./pursue.ts";
import type { Hunt } from "./scan_trees.ts";

/** What became of one process of an agent's tree. */
export interface MemberReport {
  /** Process id. */
  readonly pid: number;
  /** How it ended, or that it did not. */
  readonly outcome: EndOutcome;
  /** The program, without its arguments. */
  readonly command: string;
  /** Why it is denied, in words. */
  readonly reason?: string | undefined;
}

/** What became of one agent. */
export interface EndReport {
  /** The entry as it was before. */
  readonly entry: ProcessEntry;
  /** How the agent itself ended, or that it did not. */
  readonly outcome: EndOutcome;
  /** What the agent was sent, in order. */
  readonly signals: readonly Signal[];
  /**
   * The others that are the agent itself, such as its launcher; and those of
   * its tree, if the tree was asked for.
   */
  readonly members: readonly MemberReport[];
  /** What is tied to the agent and was left alone, and why. */
  readonly spared: readonly {
    readonly pid: number;
    readonly command: string;
    readonly reason: string;
  }[];
  /** Why it is denied, or was not there, in words. */
  readonly reason?: string | undefined;
}

/** Tells what became of one agent. */
export function reportEnd(hunt: Hunt, { verified }: Ladder): EndReport {
  const { entry, agent, own, members, spared } = hunt;
  const judge = (pursuit: Pursuit): EndOutcome =>
    pursuit.outcome ??
      (verified || pursuit.signals.length === 0 ? "survived" : "signalled");
  // An agent of which the real process is left has not ended.
  const left = own.find((pursuit) => isLeft(judge(pursuit))) ?? agent;
  const others = own.filter((pursuit) => pursuit !== agent);
  return {
    entry,
    outcome: judge(left),
    signals: agent.signals,
    ...(left.reason === undefined ? {} : { reason: left.reason }),
    members: [...others, ...members.values()].map((member) => ({
      pid: member.facts.pid,
      // What ended before its turn was ended by the agent, or with it.
      outcome: member.outcome === "gone" ? "exited" : judge(member),
      command: describeProgram(member.facts),
      ...(member.reason === undefined ? {} : { reason: member.reason }),
    })),
    spared: [...spared.values()].map(({ facts, reason }) => ({
      pid: facts.pid,
      command: describeProgram(facts),
      reason,
    })),
  };
}
