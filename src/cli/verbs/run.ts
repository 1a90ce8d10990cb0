import type { ConstraintSource } from "../../commands/steps/read_constraints.ts";
import { formatDuration, parseDuration } from "../../model/duration.ts";
import { escapeMessage, toSafeJson } from "../../model/escape.ts";
import { INSTRUCTIONS_PLACEHOLDER } from "../../model/exit_instructions.ts";
import type { LaunchOptions } from "../../model/launch.ts";
import { usage } from "../usage_error.ts";
import type { Invocation, Verb } from "../verb.ts";
import { AGES } from "./selection_options.ts";

/** A `run` that was asked for. */
export interface RunCommand {
  readonly verb: "run";
  readonly launch: Omit<LaunchOptions, "exit">;
  /** What is asked of the result; `undefined` without any `--exit`. */
  readonly exit: ConstraintSource | undefined;
  readonly timeoutMs: number | undefined;
  readonly detach: boolean;
}

/** The verb `run`. */
export const RUN: Verb<RunCommand> = {
  name: "run",
  aliases: [],
  positionals: "-- COMMAND...",
  arity: [1, Infinity],
  offers: "command",
  summary: "Start a command as an agent that is recorded",
  notes: [
    "COMMAND has the terminal and gets the signals that are sent to zag-ps. It is recorded the way zag records an agent: list, show, stop and kill know it, and zag does. Inside, self is its id.",
    `${INSTRUCTIONS_PLACEHOLDER} in a word of COMMAND is replaced by the text that tells an agent how to end itself with its result (see zag-ps instructions). Each --exit option says what the result has to be: kill checks it.`,
    "The exit status is that of COMMAND; 127 if there is no such program, 126 if it cannot be run, 128 and the signal's number if a signal ended it, 124 if the time was up, 0 if it ended itself with an accepted result. Nothing is printed besides what COMMAND prints, save for errors and warnings.",
    "With --detach the id is printed and COMMAND goes on in the background, its outputs in a file beside its session log.",
  ],
  options: [
    {
      name: "provider",
      short: "p",
      value: "NAME",
      offers: { list: "provider" },
      help: "The agent's provider; the program's name unless given",
    },
    {
      name: "model",
      short: "m",
      value: "NAME",
      offers: { list: "model" },
      help: "The agent's model",
    },
    { name: "name", value: "NAME", help: "A name for the session" },
    {
      name: "tag",
      value: "TAG",
      offers: { list: "tag" },
      help: "A tag for the session; can be given several times",
      repeatable: true,
    },
    { name: "exit", help: "The agent ends itself with kill self RESULT" },
    {
      name: "exit-hint",
      value: "TEXT",
      help: "What the result is to be, in words; it must not be empty then",
    },
    { name: "exit-json", help: "The result must be JSON" },
    {
      name: "exit-schema",
      value: "FILE|JSON",
      offers: "files",
      help: "The JSON Schema that the result must meet",
    },
    {
      name: "timeout",
      short: "t",
      value: "DURATION",
      offers: AGES,
      help:
        "End COMMAND after so long (90s, 2h): SIGTERM, and SIGKILL 10 seconds later",
    },
    {
      name: "detach",
      short: "d",
      help: "Run COMMAND in the background and print its id",
    },
  ],
  read({ given, typed, flags, values, lists }) {
    if (typed > 0) {
      throw usage(
        'The command that "run" starts goes after --',
        "For example: zag-ps run --name review -- claude",
      );
    }
    if (given[0] === "") throw usage('"run" needs a command that is not empty');
    const hint = values.get("exit-hint");
    const schema = values.get("exit-schema");
    const json = flags.has("exit-json");
    const wantsExit = flags.has("exit") || json || hint !== undefined ||
      schema !== undefined;
    const timeout = values.get("timeout");
    return {
      verb: "run",
      launch: {
        command: given,
        provider: values.get("provider"),
        model: values.get("model"),
        name: values.get("name"),
        tags: lists.get("tag") ?? [],
      },
      exit: wantsExit ? { hint, json, schema } : undefined,
      timeoutMs: timeout === undefined ? undefined : parseDuration(timeout),
      detach: flags.has("detach"),
    };
  },
  async perform(command, invocation) {
    const { run } = await import("../../commands/run.ts");
    const { readDetachedIds } = await import("../../commands/run_detached.ts");
    const { readConstraints } = await import(
      "../../commands/steps/read_constraints.ts"
    );
    const { context, screen } = invocation;
    const { launch, exit, timeoutMs, detach } = command;
    const options = {
      ...launch,
      exit: exit && await readConstraints(context.system, exit),
    };
    if (detach) return await startDetached(command, options, invocation);
    const ids = readDetachedIds(context.system.env);
    const { exitStatus, failure } = await run(context, {
      ...options,
      timeoutMs,
      ids,
    });
    if (failure !== undefined) screen.err(`Error: ${escapeMessage(failure)}\n`);
    return exitStatus;
  },
};

async function startDetached(
  command: RunCommand,
  options: LaunchOptions,
  { context, screen, json, zagHome }: Invocation,
): Promise<number> {
  const { runDetached } = await import("../../commands/run_detached.ts");
  const argv = formatArguments(command, options, zagHome);
  const started = await runDetached(context, options, argv);
  if ("failure" in started) {
    screen.err(`Error: ${escapeMessage(started.failure)}\n`);
    return started.exitStatus;
  }
  const { id, sessionId, entry, log, output } = started;
  screen.out(
    json
      ? `${
        toSafeJson({
          id,
          log_path: log,
          output_path: output,
          pid: entry.pid,
          session_id: sessionId,
        })
      }\n`
      : `${id}\n`,
  );
  return 0;
}

/** The arguments that say the same without `--detach`. */
export function formatArguments(
  { launch, timeoutMs }: RunCommand,
  { exit }: LaunchOptions,
  zagHome: string | undefined,
): string[] {
  const { provider, model, name, tags = [], command } = launch;
  const values: [string, string | undefined][] = [
    ["zag-home", zagHome],
    ["provider", provider],
    ["model", model],
    ["name", name],
    ...tags.map((tag): [string, string] => ["tag", tag]),
    ["exit-hint", exit?.hint || undefined],
    // Read by now: the file may be gone when the other one looks for it.
    ["exit-schema", formatSchema(exit?.schema)],
    ["timeout", timeoutMs === undefined ? undefined : formatExactly(timeoutMs)],
  ];
  return [
    "run",
    ...values.flatMap(([option, value]) =>
      value === undefined ? [] : [`--${option}=${value}`]
    ),
    ...(exit === undefined ? [] : ["--exit"]),
    ...(exit?.json_mode ? ["--exit-json"] : []),
    "--",
    ...command,
  ];
}

/** A duration in one unit: the usual form leaves small parts out. */
function formatExactly(milliseconds: number): string {
  return milliseconds === 0 ? formatDuration(0) : `${milliseconds}ms`;
}

function formatSchema(schema: unknown): string | undefined {
  return schema === undefined ? undefined : JSON.stringify(schema);
}
