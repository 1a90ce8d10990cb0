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
  /** Starts a child that ignores SIGHUP. */
  startStubborn(marker: string): Promise<number>;
  /** Ends the child, and starts another one under the same pid. */
  swap(marker?: string): Promise<void>;
  /** Whether there is a process with the child's pid that is no zombie. */
  isRunning(): Promise<boolean>;
  /** Starts a program in the namespace; its result can be waited for. */
  spawn(
    command: string[],
    env?: Record<string, string>,
  ): Promise<() => Promise<Ran>>;
  /** Runs the command line in the namespace. */
  run(args: string[]): Promise<Ran>;
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

/** Opens a namespace; it is closed with the world. */
export function openNursery(world: World): Nursery {
  assert.ok("options" in access);
  const { PATH = "", DENO_DIR } = process.env;
  const { command, env: formEnv } = ownForm();
  const shell = world.start("unshare", [
    ...access.options,
    ...["/bin/sh", NURSERY, world.home],
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
    async startStubborn(marker) {
      pid = Number(await order("stubborn", marker));
      assert.ok(pid > 1, `"${pid}" is no pid of a child`);
      return pid;
    },
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
        `${line} >${quote([path("out")])} 2>${quote([path("err")])}\n` +
          `echo $? >${quote([path("tmp")])}\n` +
          `mv ${quote([path("tmp"), path("status")])}\n`,
      );
      await order("run", name);
      return async () => {
        await waitUntil(() => existsSync(path("status")), `${line} hangs`);
        const read = (suffix: string) => readFileSync(path(suffix), "utf8");
        return {
          status: Number(read("status")),
          stdout: read("out"),
          stderr: read("err"),
        };
      };
    },
    run: async (args) => await (await nursery.spawn([...command, ...args]))(),
  };
  return nursery;
}
