import type { Context } from "../commands/context.ts";
import { EXIT_STATUS, ZagPsError } from "../model/errors.ts";
import { escapeMessage } from "../model/escape.ts";
import { locatePaths } from "../model/paths.ts";
import { escapeForRunner } from "../model/runner_text.ts";
import { VERSION } from "../model/version.ts";
import type { System } from "../system/system.ts";
import { AGENT_HELP } from "./agent_help.ts";
import { parseCommandLine, type Request } from "./args.ts";
import { findVerb, GLOBAL_OPTIONS } from "./spec.ts";
import { chooseStyle, PLAIN, type Style } from "./style.ts";
import { renderHelp } from "./usage.ts";
import type { Console } from "./verb.ts";

/**
 * Runs one command line on a machine.
 *
 * @param argv the arguments, without the program
 * @returns the exit status (see `EXIT_STATUS`)
 */
export async function run(
  argv: readonly string[],
  system: System,
  screen: Console,
): Promise<number> {
  if (neverFails(argv)) {
    await runAll(argv, system, guardLog(screen));
    return EXIT_STATUS.done;
  }
  return await runAll(argv, system, screen);
}

/** Whether the exit status of a command line is 0 whatever happens. */
export function neverFails(argv: readonly string[]): boolean {
  return findFirstVerb(argv)?.neverFails === true;
}

/** The verb of a command line that may be wrong behind it. */
function findFirstVerb(
  argv: readonly string[],
): ReturnType<typeof findVerb> {
  const values = GLOBAL_OPTIONS.filter(({ value }) => value !== undefined)
    .map(({ name }) => `--${name}`);
  const first = argv.find((word, i) =>
    !word.startsWith("-") && !values.includes(argv[i - 1] ?? "")
  );
  return first === undefined ? undefined : findVerb(first);
}

/** What goes to the log of a CI job is text, and never a command. */
function guardLog(screen: Console): Console {
  return { ...screen, err: (text) => screen.err(escapeForRunner(text)) };
}

async function runAll(
  argv: readonly string[],
  system: System,
  screen: Console,
): Promise<number> {
  try {
    const request = parseCommandLine(argv);
    const style = chooseStyle(request.color, screen.isTerminal, system.env);
    return await perform(request, system, screen, style);
  } catch (error) {
    const known = error instanceof ZagPsError;
    const message = error instanceof Error ? error.message : String(error);
    screen.err(
      `Error: ${known ? "" : "Unexpected failure: "}${
        escapeMessage(message)
      }\n`,
    );
    return known ? error.exitStatus : EXIT_STATUS.failed;
  }
}

async function perform(
  request: Request,
  system: System,
  screen: Console,
  style: Style,
): Promise<number> {
  const { command, json, zagHome } = request;
  if (command.verb === "help-agent") {
    screen.out(AGENT_HELP);
    return EXIT_STATUS.done;
  }
  if (command.verb === "help" || command.verb === "version") {
    screen.out(
      command.verb === "help"
        ? renderHelp(command.topic)
        : `zag-ps ${VERSION}\n`,
    );
    return EXIT_STATUS.done;
  }
  const warned = new Set<string>();
  const context: Context = {
    system,
    paths: locatePaths(zagHome, system.env, system.userHome),
    warn: (message) => {
      if (warned.has(message)) return;
      warned.add(message);
      screen.err(`Warning: ${escapeMessage(message)}\n`);
    },
  };
  const status = await findVerb(command.verb)?.perform(command, {
    context,
    screen,
    json,
    zagHome,
    style,
    // With --json stdout holds one value; the lines for a person go to stderr.
    progress: json ? screen.err : screen.out,
    lineStyle: json ? PLAIN : style,
  });
  return status ?? EXIT_STATUS.done;
}
