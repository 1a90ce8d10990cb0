/**
 * What a scene is on which transcripts are played, and the agents of scenes.
 *
 * @module
 */

import { symlinkSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import type { DocBlock } from "./doc_blocks.ts";
import { type DocWorld, makeId } from "./doc_world.ts";

/** Transcripts that are played one after the other in one home. */
export interface Scene {
  readonly page: string;
  /** How the first commands of its transcripts begin. */
  readonly starts: readonly string[];
  /**
   * Makes what is acted on.
   *
   * @returns what has to happen before a command
   */
  prepare(
    world: DocWorld,
  ): Promise<void | ((line: string) => void | Promise<void>)>;
}

/** Whether a block is one of the transcripts of a scene. */
export function isTold(
  { page, starts }: Pick<Scene, "page" | "starts">,
  block: DocBlock,
): boolean {
  return block.page === page &&
    starts.some((start) => block.text.startsWith(`$ ${start}`));
}

/** A process, and the id that it carries. */
export interface Marked {
  readonly id: string;
  readonly pid: number;
}

/** Starts an agent that carries an id which begins like that. */
export function start(world: DocWorld, idStart: string): Marked {
  const id = makeId(idStart);
  return { id, pid: world.startSleeper({ ZAG_PROCESS_ID: id }).pid };
}

/** The pid of a process that has ended. */
export async function makeDeadPid(world: DocWorld): Promise<number> {
  const child = world.start("/bin/true", []);
  await child.waitForEnd();
  return child.pid;
}

/**
 * Starts an agent with children of several names, which carries such an id.
 *
 * @param trap What the agent and its children do with signals.
 */
export async function startTree(
  world: DocWorld,
  idStart: string,
  trap = "",
): Promise<Marked> {
  const id = makeId(idStart);
  for (const name of ["mcp-server", "esbuild"]) {
    const path = join(world.bin, name);
    try {
      symlinkSync("/bin/sleep", path);
    } catch {
      // It is there already.
    }
  }
  const script = `${trap}
    mcp-server 119 & mcp-server 119 &
    sh -c '${trap} esbuild 119 & esbuild 119 & echo READY; wait' & wait`;
  const { PATH = "" } = process.env;
  const agent = world.start("/bin/sh", ["-c", script], {
    PATH: `${world.bin}:${PATH}`,
    ZAG_PROCESS_ID: id,
  });
  await agent.waitFor("READY\n");
  return { id, pid: agent.pid };
}
