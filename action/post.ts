import { limitTime } from "../src/commands/steps/limit_time.ts";
import { divideTime } from "../src/model/clean_up_time.ts";
import { readInputs } from "./inputs.ts";
import { CHECKED_STATE } from "./main.ts";
import { perform, type Step } from "./perform.ts";

/** What was begun comes to its end in order in this time. */
const LIMIT_MS = 110_000;
/** Whatever is on, and whatever it waits for, is cut off after this. */
export const CUT_OFF_MS = 115_000;

/**
 * The post step: does what the input `post` says with the agents that this job
 * has started, in less than 2 minutes.
 *
 * @returns the exit status
 */
export async function runPost(step: Step): Promise<number> {
  const { runner, system } = step;
  if (runner.getState(CHECKED_STATE) !== "true") {
    runner.log("The main step did not get to its work: there is nothing to do");
    return 0;
  }
  const inputs = readInputs(runner.env);
  if (inputs.post === "none") return 0;
  const { workMs, stepMs } = divideTime(LIMIT_MS, inputs.timeout);
  const disarm = await system.armCutOff(CUT_OFF_MS);
  try {
    return await perform(
      { ...step, system: limitTime(system, system.now() + workMs) },
      // These are for the main step alone: its own agents are young.
      {
        ...inputs,
        ...{ "include-detached": false, id: undefined, result: undefined },
        "older-than": undefined,
      },
      {
        command: inputs.post,
        scope: "job",
        timeoutMs: stepMs,
        title: `zag-ps ${inputs.post}, after the job`,
        setsOutputs: false,
      },
    );
  } finally {
    disarm();
  }
}
