import { type Choice, chooseAgents } from "../../commands/choose_agents.ts";
import type { KilledAgent } from "../../commands/kill_agents.ts";
import { previewAgents } from "../../commands/steps/end_agents.ts";
import type { EndOptions } from "../../commands/steps/end_options.ts";
import type { EndReport } from "../../commands/steps/report_end.ts";
import { EXIT_STATUS } from "../../model/errors.ts";
import type { Invocation } from "../verb.ts";
import {
  renderEnds,
  renderJsonEnds,
  renderMissed,
  renderPlan,
  renderReasons,
  statusOfEnds,
  watchSteps,
} from "./ending_lines.ts";
import { confirmMany, type Ending } from "./ending_options.ts";

/** What stop and kill have in common beyond one plain signal. */
export async function performEnding(
  ending: Ending,
  invocation: Invocation,
  how: {
    readonly verb: string;
    readonly first: EndOptions["first"];
    /** What would be done, where that is not all that is chosen. */
    readonly preview?: typeof previewAgents;
    readonly act: (
      choice: Choice,
      end: Omit<EndOptions, "first" | "named">,
    ) => Promise<(EndReport | KilledAgent)[]>;
  },
): Promise<number> {
  const { selection, end, dryRun, yes, max } = ending;
  const { context, screen, json, progress, lineStyle } = invocation;
  const { unverified } = end;
  const choice = await chooseAgents(context, selection, { max, unverified });
  if (dryRun) {
    const { first } = how;
    const { agents, named } = choice;
    const options = { ...end, first, named };
    const plan = await (how.preview ?? previewAgents)(context, agents, options);
    progress(renderPlan(plan, lineStyle));
    screen.err(renderMissed(choice));
    if (json) screen.out(renderJsonEnds(plan, choice, true));
    return statusOfEnds([], choice);
  }
  if (!await confirmMany(how.verb, choice, yes, invocation)) {
    screen.err("Nothing was signalled\n");
    return EXIT_STATUS.failed;
  }
  const { watch, done } = await watchSteps(invocation);
  // Whoever ends the agent that it runs in wants to read the report, too.
  return await context.system.deferSignals(async () => {
    const ends = await how.act(choice, { ...end, ...watch }).finally(done);
    progress(renderEnds(ends, lineStyle));
    screen.err(renderReasons(ends) + renderMissed(choice));
    if (json) screen.out(renderJsonEnds(ends, choice, false));
    return statusOfEnds(ends, choice);
  });
}
