import type * as core from "@actions/core";
import { escapeForRunner } from "../src/model/runner_text.ts";
import type { Variables } from "./inputs.ts";

/** How an annotation is shown. */
export type Severity = "error" | "warning" | "notice";

/**
 * The GitHub runner, as far as the Action talks to it. Whatever it is told is
 * text: nothing in it becomes a command.
 */
export interface Runner {
  /** The environment: inputs, and what the runner says of the job. */
  readonly env: Variables;
  /** Writes lines to the log. */
  log(text: string): void;
  /** Writes lines to the log that are folded below a title. */
  logGroup(title: string, text: string): void;
  /** Marks the job with a message. */
  annotate(severity: Severity, message: string): void;
  /** Sets an output of the step. */
  setOutput(name: string, value: string): void;
  /** Keeps a text for the post step. */
  saveState(name: string, value: string): void;
  /** A text that the main step kept; empty if it did not. */
  getState(name: string): string;
  /** Adds HTML to the summary of the job. */
  writeSummary(html: string): Promise<void>;
}

/** The parts of the toolkit that are used. */
export type Toolkit = Pick<
  typeof core,
  | "info"
  | "startGroup"
  | "endGroup"
  | Severity
  | "setOutput"
  | "saveState"
  | "getState"
  | "summary"
>;

/** The real runner, by its toolkit. */
export function createRunner(toolkit: Toolkit, env: Variables): Runner {
  const log = (text: string) =>
    toolkit.info(escapeForRunner(text.replace(/\n$/, "")));
  return {
    env,
    log,
    logGroup(title, text) {
      toolkit.startGroup(escapeForRunner(title));
      log(text);
      toolkit.endGroup();
    },
    annotate: (severity, message) =>
      toolkit[severity](escapeForRunner(message), { title: "zag-ps" }),
    setOutput: (name, value) => toolkit.setOutput(name, value),
    saveState: (name, value) => toolkit.saveState(name, value),
    getState: (name) => toolkit.getState(name),
    writeSummary: async (html) => {
      await toolkit.summary.addRaw(html).write();
    },
  };
}
