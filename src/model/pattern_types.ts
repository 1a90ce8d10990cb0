/**
 * What programs of agents can be known by: the words in which
 * agent_patterns.ts and a file of a person's own say it.
 *
 * @module
 */

import type { AgentRole } from "./seen_agent.ts";

/**
 * What a process does that was started with a word or a flag; `none` for what
 * manages the agent or shows something of it, and is no agent.
 */
export type WordRole = AgentRole | "none";

/** What one agent is known by. */
export interface AgentPattern {
  /** How the agent is called in lists and filters. */
  readonly provider: string;
  /** Names of its programs, and of its scripts in a folder `bin`. */
  readonly names?: readonly string[];
  /** Names of its scripts in a folder `bin`; other programs have them, too. */
  readonly scripts?: readonly string[];
  /** Names that other programs have, too: they need a second sign. */
  readonly shared?: readonly string[];
  /** First words and leading flags that are such a sign. */
  readonly signs?: readonly string[];
  /** Names of its own that say the role, whatever the words. */
  readonly called?: Readonly<Record<string, AgentRole>>;
  /** Names its program is called by where it does a part of its work. */
  readonly tools?: readonly string[];
  /** Ends of paths, with the file: `.factory/bin/droid`. */
  readonly paths?: readonly string[];
  /** Folders of its packages: the scripts below them are the agent's. */
  readonly packages?: readonly string[];
  /** Python modules, as `-m` starts them. */
  readonly modules?: readonly string[];
  /** Ends of the paths of scripts that only start the real process. */
  readonly launchers?: readonly string[];
  /** Ends of the paths of executables that only start the real process. */
  readonly starters?: readonly string[];
  /**
   * It starts itself anew, with more memory for instance, and waits for that:
   * of two processes alike, of which one is the parent, it is a launcher.
   */
  readonly relaunches?: true;
  /** What a first word, or the first two, say of the role. */
  readonly words?: Readonly<Record<string, WordRole>>;
  /** What a flag before the first word says of the role. */
  readonly flags?: Readonly<Record<string, WordRole>>;
  /** The role without such a word or flag; `agent` unless given. */
  readonly role?: WordRole;
  /** Flags that are followed by a value, which is no word. */
  readonly values?: readonly string[];
  /** A server of it that all of the user's agents share. */
  readonly daemon?: AgentDaemon;
  /** Variables that it sets for what it starts. */
  readonly markers?: readonly string[];
}

/** A server that one agent starts by chance and all others then share. */
export interface AgentDaemon {
  /** How it is called in messages. */
  readonly name: string;
  /** The first words and leading flags that make it one. */
  readonly by: readonly string[];
}

/** What helpers of agents are known by, such as MCP servers. */
export interface HelperPattern {
  /** Names of programs, of scripts and of packages. */
  readonly names?: readonly string[];
  /** Folders of packages: the scripts below them are helpers. */
  readonly packages?: readonly string[];
  /** Python modules. */
  readonly modules?: readonly string[];
}

/** All that the rules look for. */
export interface AgentPatterns {
  readonly agents: readonly AgentPattern[];
  readonly helpers: HelperPattern;
  /** Ends of the paths of desktop applications that have an agent's name. */
  readonly desktops: readonly string[];
}
