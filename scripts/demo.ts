/**
 * Shows zag-ps at work on real processes, in a zag home of its own that is
 * gone in the end. Every command that it prints is run as a program of its
 * own, and what follows is what that program printed.
 *
 *     deno task demo
 *
 * The exit status is not 0 if a step did not do what it should.
 *
 * @module
 */

import { dirname } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { Children, type Ran } from "./demo/children.ts";
import { RIGHT_RESULT, setScene, WRONG_RESULT } from "./demo/scene.ts";
import { ZagHome } from "./demo/zag_home.ts";

const PROJECT = dirname(dirname(fileURLToPath(import.meta.url)));

/** What interrupts the demo, and the exit status that a shell expects. */
const INTERRUPTS: Partial<Record<NodeJS.Signals, number>> = {
  SIGHUP: 129,
  SIGINT: 130,
  SIGTERM: 143,
};

const colored = process.stdout.isTTY && !process.env["NO_COLOR"];
const bold = (text: string) => colored ? `\x1b[1m${text}\x1b[22m` : text;
const faint = (text: string) => colored ? `\x1b[2m${text}\x1b[22m` : text;

async function play(children: Children, home: ZagHome): Promise<void> {
  // An empty cache is filled before anything is shown.
  await children.runDeno(["cache", "--quiet", "cli.ts"], {}, "hide");
  const runZagPs = (args: string[], output: "show" | "read") =>
    children.runDeno(
      ["run", "--cached-only", "-A", "cli.ts", ...args],
      { ZAG_HOME: home.path },
      output,
    );
  const show = async (args: string[], wanted: number) => {
    console.log(`\n${bold(`$ zag-ps ${args.map(quote).join(" ")}`)}`);
    const { status } = await runZagPs(args, "show");
    if (status === null) throw new Error("zag-ps was ended by a signal");
    if (status !== 0) console.log(faint(`(exit status ${status})`));
    expect(status === wanted, `the exit status is ${wanted}`);
  };
  const readStatuses = async () =>
    parseStatuses(await runZagPs(["list", "--json"], "read"));

  const { agent, id, log, bystander } = await setScene(children, home);
  const shortId = id.slice(0, 8);
  tell(
    "Three agents were recorded. The newest was launched with a hint and a",
    "JSON Schema for its final result; the oldest is gone, and nobody noted it.",
  );
  await show(["list"], 0);
  expect(await readStatuses() === "running,running,dead", "two are running");

  tell("The newest wants to end, with a result that breaks the schema.");
  await show(["kill", shortId, WRONG_RESULT], 4);
  expect(home.readLog(log).length === 1, "nothing was recorded");
  const answer = await agent.ask();
  tell(
    `Process ${agent.pid} lives on: asked what it does, it answers "${answer}".`,
    "Nothing was added to its session log.",
    "",
    "It reads what was wrong, and tries again.",
  );

  await show(["kill", shortId, RIGHT_RESULT], 0);
  const end = await agent.waitForEnd();
  expect(end === "SIGTERM", "the process was ended by SIGTERM");
  const event = home.readLog(log).at(-1);
  expect(event?.["result"] === RIGHT_RESULT, "the result was recorded");
  tell(
    `Process ${agent.pid} was ended by ${end}. Before that, its result was`,
    "written to its session log. The last line of the log, spread out:",
  );
  console.log(`\n${JSON.stringify(event, null, 2)}`);

  tell("The store has it as killed, and the other agent was left alone.");
  await show(["list"], 0);
  expect(await readStatuses() === "killed,running,dead", "one was killed");
  expect(await bystander.ask() === answer, "the other one works on");
}

function tell(...lines: string[]): void {
  const comments = lines.map((line) => faint(`# ${line}`.trimEnd()));
  console.log(`\n${comments.join("\n")}`);
}

function expect(condition: boolean, what: string): void {
  if (!condition) throw new Error(`Expected that ${what}`);
}

function quote(word: string): string {
  return /^[\w-]+$/.test(word) ? word : `'${word}'`;
}

function parseStatuses({ stdout }: Ran): string {
  const rows: { live_status: string }[] = JSON.parse(stdout);
  return rows.map(({ live_status }) => live_status).join();
}

async function main(): Promise<number> {
  const children = new Children(PROJECT);
  let interrupted: number | undefined;
  const interrupt = (signal: NodeJS.Signals) => {
    interrupted ??= INTERRUPTS[signal];
    void children.close();
  };
  const signals = Object.keys(INTERRUPTS) as NodeJS.Signals[];
  for (const signal of signals) process.on(signal, interrupt);
  let home: ZagHome | undefined;
  let failure: unknown;
  try {
    home = new ZagHome();
    await play(children, home);
  } catch (error) {
    failure = error;
  } finally {
    await children.close();
    home?.remove();
    for (const signal of signals) process.off(signal, interrupt);
  }
  // A terminal interrupts the children too: their end may be noticed first.
  if (interrupted !== undefined) console.error("Interrupted");
  else if (failure !== undefined) throw failure;
  tell("All processes of the demo are ended, and its zag home is removed.");
  return interrupted ?? 0;
}

try {
  process.exitCode = await main();
} catch (error) {
  const why = error instanceof Error ? error.message : error;
  console.error(`Error: The demo failed: ${why}`);
  process.exitCode = 1;
}
