import type { Context } from "../commands/context.ts";
import { EXIT_STATUS, ZagPsError } from "../model/errors.ts";
import { escapeMessage } from "../model/escape.ts";
import { locatePaths } from "../model/paths.ts";
import { VERSION } from "../model/version.ts";
import type { System } from "../system/system.ts";
import { AGENT_HELP } from "./agent_help.ts";
import { parseCommandLine, type Request } from "./args.ts";
import { findVerb } from "./spec.ts";
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
