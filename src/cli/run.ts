import { kill, type KillReport } from "../commands/kill.ts";
import type { Context } from "../commands/context.ts";
import { explain } from "../commands/explain.ts";
import { list } from "../commands/list.ts";
import { show } from "../commands/show.ts";
import { refuseSecondId } from "../commands/steps/refuse_second_id.ts";
import { stop, type StopReport } from "../commands/stop.ts";
import { EXIT_STATUS, ZagPsError } from "../model/errors.ts";
import { escapeMessage, say, toSafeJson } from "../model/escape.ts";
import { locatePaths } from "../model/paths.ts";
import { hasGracefulSignals } from "../model/platform_signals.ts";
import type { ProcessEntry } from "../model/process_entry.ts";
import { VERSION } from "../model/version.ts";
import type { System } from "../system/system.ts";
import { type Command, parseCommandLine, type Request } from "./args.ts";
import {
  renderDetails,
  renderJsonEntry,
  renderJsonList,
  renderTable,
} from "./render.ts";
import {
  renderExplanation,
  renderJsonExplanation,
} from "./render_explanation.ts";
import { quoteForShell } from "./shell.ts";
import { chooseStyle, PLAIN, type Style } from "./style.ts";
import { renderHelp } from "./usage.ts";

/** Where the command line prints. */
export interface Console {
  /** Writes data. */
  readonly out: (text: string) => void;
  /** Writes errors, warnings and progress. */
  readonly err: (text: string) => void;
  /** Whether `out` goes to a terminal. */
  readonly isTerminal: () => boolean;
  /** The terminal's width in columns, where it is known. */
  readonly columns: () => number | undefined;
}

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
    await perform(request, system, screen, style);
    return EXIT_STATUS.done;
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
): Promise<void> {
  const { command, json } = request;
  if (command.verb === "help") return screen.out(renderHelp(command.topic));
  if (command.verb === "version") return screen.out(`zag-ps ${VERSION}\n`);
  const warned = new Set<string>();
  const context: Context = {
    system,
    paths: locatePaths(request.zagHome, system.env, system.userHome),
    warn: (message) => {
      if (warned.has(message)) return;
      warned.add(message);
      screen.err(`Warning: ${escapeMessage(message)}\n`);
    },
  };
  // With --json stdout holds one value; the lines for a person go to stderr.
  const progress = json ? screen.err : screen.out;
  const lineStyle = json ? PLAIN : style;
  switch (command.verb) {
    case "list": {
      const rows = await list(context, command.options);
      const columns = screen.isTerminal() ? screen.columns() : undefined;
      return screen.out(
        json ? renderJsonList(rows) : renderTable(rows, style, columns),
      );
    }
    case "show": {
      const shown = await show(context, command.handle);
      return screen.out(json ? renderJsonEntry(shown) : renderDetails(shown));
    }
    case "explain": {
      const explanation = await explain(context, command.handle);
      return screen.out(
        json
          ? renderJsonExplanation(explanation)
          : renderExplanation(explanation),
      );
    }
    case "stop": {
      const { entry, outcome, signal } = await stop(context, command.handle, {
        unverified: command.unverified,
        announce: (entry) =>
          progress(announce("stop", entry, system.platform, lineStyle)),
      });
      progress(conclude("Stop signal sent", outcome, lineStyle));
      if (!json) return;
      const { id, pid } = entry;
      return screen.out(
        `${
          toSafeJson({
            id,
            outcome,
            pid,
            result_recorded: false,
            signal,
          })
        }\n`,
      );
    }
    case "kill":
      return await performKill(request, command, context, screen, {
        progress,
        lineStyle,
      });
  }
}

async function performKill(
  request: Request,
  command: Extract<Command, { verb: "kill" }>,
  context: Context,
  screen: Console,
  { progress, lineStyle }: {
    progress: (text: string) => void;
    lineStyle: Style;
  },
): Promise<void> {
  const { handle, result, mayBeId, skipValidation, unverified } = command;
  if (mayBeId && result !== undefined && "text" in result) {
    refuseSecondId(context, result.text);
  }
  const report = await kill(context, handle, {
    result,
    skipValidation,
    unverified,
    retry: `zag-ps${
      request.zagHome === undefined
        ? ""
        : ` --zag-home ${quoteForShell(request.zagHome)}`
    } kill ${quoteForShell(handle)}`,
    announce: (entry) =>
      progress(announce("kill", entry, context.system.platform, lineStyle)),
  });
  progress(conclude("Process killed", report.outcome, lineStyle));
  if (!request.json) return;
  const { entry: { id, pid }, log, outcome, resultRecorded, signal } = report;
  screen.out(`${
    toSafeJson({
      id,
      log_path: log,
      outcome,
      pid,
      result_recorded: resultRecorded,
      signal,
    })
  }\n`);
}

/** What is about to be done. */
function announce(
  verb: string,
  entry: ProcessEntry,
  platform: string,
  style: Style,
): string {
  const { pid, id } = entry;
  const what = hasGracefulSignals(platform)
    ? say`Sending ${verb} signal to process ${pid} (${id})`
    : say`Ending process ${pid} (${id})`;
  return `${style.doing(">")} ${what}\n`;
}

/** What was done. */
function conclude(
  signalled: string,
  outcome: (StopReport | KillReport)["outcome"],
  style: Style,
): string {
  const what = {
    signalled,
    ended: "Process ended (Windows has no graceful signal)",
    "already-ended": "Process had already ended",
  }[outcome];
  return `${style.good("✓")} ${what}\n`;
}
