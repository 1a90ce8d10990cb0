import {
  endGroup,
  error,
  getState,
  info,
  notice,
  saveState,
  setOutput,
  startGroup,
  summary,
  warning,
} from "@actions/core";
import process from "node:process";
import { ZagPsError } from "../src/model/errors.ts";
import { createNodeSystem } from "../src/system/node_system.ts";
import type { Step } from "./perform.ts";
import { createRunner, type Toolkit } from "./runner.ts";
import { handleCancellation } from "./signals.ts";

/** What is not named here is left out of the bundle. */
const TOOLKIT: Toolkit = {
  info,
  startGroup,
  endGroup,
  error,
  warning,
  notice,
  setOutput,
  saveState,
  getState,
  summary,
};

/** Runs a step on the real machine: the only catch. */
export async function start(
  run: (step: Step) => Promise<number>,
): Promise<void> {
  const runner = createRunner(TOOLKIT, process.env);
  const { system, status } = handleCancellation(
    createNodeSystem(),
    (message) => runner.annotate("warning", message),
  );
  try {
    process.exitCode = await run({ runner, system });
  } catch (failure) {
    const known = failure instanceof ZagPsError;
    const message = failure instanceof Error
      ? failure.message
      : String(failure);
    runner.annotate(
      "error",
      known ? message : `Unexpected failure: ${message}`,
    );
    process.exitCode = 1;
  }
  process.exitCode = status() ?? process.exitCode;
}
