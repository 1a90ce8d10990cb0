/**
 * One step of the Action: what the runner gives it, and what it reads of it.
 *
 * @module
 */

import assert from "node:assert/strict";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { parse } from "@std/yaml/parse";
import { findNode24 } from "./runner_node.ts";

/** What stands below `with` in a workflow. */
export type Inputs = Readonly<Record<string, string | number | boolean>>;

/** What a step did, as the runner sees it. */
export interface StepRun {
  readonly status: number;
  /** All that it printed, standard error behind standard output. */
  readonly log: string;
  readonly outputs: Readonly<Record<string, string>>;
  /** What it keeps for the post step. */
  readonly state: Readonly<Record<string, string>>;
  readonly summary: string;
  /** Such as `error: Agent claude ... survived`. */
  readonly annotations: readonly string[];
  /** The agents of the output `processes`. */
  readonly processes: readonly Readonly<Record<string, unknown>>[];
}

interface PreparedStep {
  readonly command: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  finish(status: number, out: string, err: string): StepRun;
}

/** The files that a step may write to, by the variables that name them. */
const FILES = [
  "GITHUB_OUTPUT",
  "GITHUB_STATE",
  "GITHUB_STEP_SUMMARY",
  "GITHUB_ENV",
  "GITHUB_PATH",
] as const;

/** Prepares a step as action.yml describes it. */
export function readStep(
  which: "main" | "post",
  folder: string,
  options: {
    readonly with?: Inputs;
    readonly state?: Readonly<Record<string, string>>;
    readonly env?: Readonly<Record<string, string>>;
  },
): PreparedStep {
  const { inputs, runs } = parse(readFileSync("action.yml", "utf8"));
  mkdirSync(folder);
  const path = (name: string) => join(folder, name);
  for (const name of FILES) writeFileSync(path(name), "");
  const given: Record<string, unknown> = {
    ...Object.fromEntries(
      Object.entries<{ default: string }>(inputs)
        .map(([name, input]) => [name, input.default]),
    ),
    ...options.with,
  };
  const env: Record<string, string> = {
    GITHUB_ACTION: "__zag-ps",
    ...Object.fromEntries(FILES.map((name) => [name, path(name)])),
  };
  for (const [name, value] of Object.entries(given)) {
    env[`INPUT_${name.replaceAll(" ", "_").toUpperCase()}`] = String(value);
  }
  for (const [name, value] of Object.entries(options.state ?? {})) {
    env[`STATE_${name}`] = value;
  }
  return {
    command: [findNode24() ?? "", resolve(runs[which])],
    env: { ...env, ...options.env },
    finish(status, out, err) {
      const [output, state, summary, ...others] = FILES.map((name) =>
        readFileSync(path(name), "utf8")
      );
      assert.deepEqual(others, ["", ""], "it set a variable of other steps");
      const outputs = readFileCommands(output ?? "");
      return {
        status,
        log: out + err,
        outputs,
        state: readFileCommands(state ?? ""),
        summary: summary ?? "",
        annotations: readAnnotations(out),
        processes: JSON.parse(outputs["processes"] || "[]"),
      };
    },
  };
}

/** `name<<DELIMITER`, the value on lines of its own, `DELIMITER`. */
function readFileCommands(text: string): Record<string, string> {
  const values: Record<string, string> = {};
  for (
    const [, name = "", , value = ""] of text.matchAll(
      /^([^\n<]+)<<([^\n]+)\n(.*?)\n\2$/gms,
    )
  ) values[name] = value;
  return values;
}

function readAnnotations(out: string): string[] {
  return [...out.matchAll(/^::(error|warning|notice) title=zag-ps::(.*)$/gm)]
    .map(([, kind, text = ""]) =>
      `${kind}: ${
        text.replaceAll("%0D", "\r").replaceAll("%0A", "\n")
          .replaceAll("%25", "%")
      }`
    );
}
