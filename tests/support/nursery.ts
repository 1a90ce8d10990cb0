/**
 * A PID namespace of a test's own, in which a pid can be handed to another
 * process at will: the kernel takes the one after `ns_last_pid` next.
 *
 * @module
 */

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import process from "node:process";
import { quoteForShell } from "../../src/cli/shell.ts";
import { type Ran, waitUntil } from "./children.ts";
import { ownForm, type World } from "./world.ts";

const NURSERY = resolve("tests", "support", "fixtures", "nursery.sh");

/** A namespace with one child in it. */
export interface Nursery {
  /** Starts the child; without a marker it carries none. */
  start(marker?: string): Promise<number>;
  /** Starts a child that is stopped, so that signals stay pending. */
  startFrozen(marker: string): Promise<number>;
  /** Waits until the child was sent SIGHUP. */
  waitForHangup(): Promise<void>;
  /** Ends the child, and starts another one under the same pid. */
  swap(marker?: string): Promise<void>;
  /** Whether there is a process with the child's pid that is no zombie. */
  isRunning(): Promise<boolean>;
  /** Starts a program in the namespace. */
  spawn(command: string[], env?: Record<string, string>): Promise<Program>;
  /** Runs the command line in the namespace. */
  run(args: string[]): Promise<Ran>;
}

/** A program in the namespace, beside the child. */
export interface Program {
  /** Stops it, and waits until it has stopped. */
  halt(): Promise<void>;
  /** Lets it go on. */
  resume(): Promise<void>;
  /** Waits for its end. */
  wait(): Promise<Ran>;
}

/** Ends all that is in the namespace with its first process. */
const UNSHARE = ["--pid", "--fork", "--kill-child", "--mount-proc"];

/** How to make a namespace here, or why that is not possible. */
export const access: { options: string[] } | { reason: string } = findAccess();

function findAccess(): typeof access {
  if (process.platform !== "linux") return { reason: "only Linux has them" };
  const own = process.getuid?.() === 0 ? [] : ["--user", "--map-root-user"];
  const options = [...own, ...UNSHARE];
  const probe = "echo 100 >/proc/sys/kernel/ns_last_pid";
  try {
    execFileSync("unshare", [...options, "/bin/sh", "-c", probe], {
      stdio: ["ignore", "ignore", "pipe"],
      timeout: 10_000,
    });
    return { options };
  } catch (error) {
    const { stderr, message } = error as Error & { stderr?: Uint8Array };
    const text = new TextDecoder().decode(stderr).trim();
    return { reason: text === "" ? message : text };
  }
}

/**
 * Opens a namespace; it is closed with the world.
 *
 * @param program the shell that is its first process, known by its name
 */
export function openNursery(world: World, program = "/bin/sh"): Nursery {
  assert.ok("options" in access);
  const { PATH = "", DENO_DIR } = process.env;
  const { command, env: formEnv } = ownForm();
  const shell = world.start("unshare", [
    ...access.options,
    ...[program, NURSERY, world.home],
  ], {
    PATH,
    HOME: world.home,
    DENO_NO_UPDATE_CHECK: "1",
    ...(DENO_DIR ? { DENO_DIR } : {}),
    ...formEnv,
  });
  let count = 0;

  async function order(word: string, argument = ""): Promise<string> {
    const number = ++count;
    shell.child.stdin?.write(`${number} ${word} ${argument}\n`);
    const answer = new RegExp(`^${number} (.*)\n`, "m");
    await waitUntil(
      () => answer.test(shell.output()),
      `no answer to "${word} ${argument}"`,
    );
    return answer.exec(shell.output())?.[1] ?? "";
  }

  let pid = 0;
  const nursery: Nursery = {
    async start(marker = "-") {
      pid = Number(await order("start", marker));
      assert.ok(pid > 1, `"${pid}" is no pid of a child`);
      return pid;
    },
    async startFrozen(marker) {
      pid = Number(await order("frozen", marker));
      assert.ok(pid > 1, `"${pid}" is no pid of a child`);
      return pid;
    },
    waitForHangup: () =>
      waitUntil(
        async () => await order("pending") === "yes",
        "the child was not sent SIGHUP",
      ),
    async swap(marker = "-") {
      assert.equal(await order("swap", marker), String(pid));
    },
    async isRunning() {
      return await order("state") === "running";
    },
    async spawn(command, env = {}) {
      const name = `run${count}`;
      const path = (suffix: string) => join(world.home, `${name}.${suffix}`);
      const quote = (words: string[]) => words.map(quoteForShell).join(" ");
      const variables = Object.entries(env).map(([key, value]) =>
        `${key}=${value}`
      );
      const line = quote(["env", ...variables, ...command]);
      writeFileSync(
        path("sh"),
        `${line} >${quote([path("out")])} 2>${quote([path("err")])} &\n` +
          `echo $! >${quote([path("pid")])}\n` +
          `wait $!\n` +
          `echo $? >${quote([path("tmp")])}\n` +
          `mv ${quote([path("tmp"), path("status")])}\n`,
      );
      await order("run", name);
      const read = (suffix: string) => readFileSync(path(suffix), "utf8");
      await waitUntil(
        () => existsSync(path("pid")) && read("pid").endsWith("\n"),
        `${line} was not started`,
      );
      const program = read("pid").trim();
      return {
        halt: () =>
          waitUntil(async () => {
            const answer = await order("halt", program);
            assert.notEqual(answer, "gone", `${line} has ended`);
            return answer === "halted";
          }, `${line} was not stopped`),
        resume: async () => void await order("resume", program),
        async wait() {
          await waitUntil(() => existsSync(path("status")), `${line} hangs`);
          return {
            status: Number(read("status")),
            stdout: read("out"),
            stderr: read("err"),
          };
        },
      };
    },
    async run(args) {
      const program = await nursery.spawn([...command, ...args]);
      return await program.wait();
    },
  };
  return nursery;
}
