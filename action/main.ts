import { readInputs } from "./inputs.ts";
import { perform, type Step } from "./perform.ts";

/** Kept for the post step once the inputs have proved to be right. */
export const CHECKED_STATE = "inputs-checked";

/**
 * The main step: does what the inputs ask for.
 *
 * @returns the exit status
 */
export async function runMain(step: Step): Promise<number> {
  const { runner } = step;
  const inputs = readInputs(runner.env);
  runner.saveState(CHECKED_STATE, "true");
  if (runner.env["RUNNER_ENVIRONMENT"] === "github-hosted") {
    runner.annotate(
      "notice",
      "This runner is GitHub's own and new for each job: no earlier job can have left an agent on it",
    );
  }
  return await perform(step, inputs, {
    command: inputs.command,
    scope: inputs.scope,
    timeoutMs: inputs.timeout,
    title: `zag-ps ${inputs.command}`,
    setsOutputs: true,
  });
}
