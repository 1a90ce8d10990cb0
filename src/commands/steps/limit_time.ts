import type { System } from "../../system/system.ts";

/**
 * The machine for work that has to be over at a time: from then on the work
 * is told that SIGINT has arrived. It takes no further step then, puts back
 * what it marked, and comes to its end in order.
 *
 * @param endAt milliseconds since 1970
 */
export function limitTime(system: System, endAt: number): System {
  return {
    ...system,
    deferSignals: (work) =>
      system.deferSignals((arrived) =>
        work((which) =>
          arrived(which) ||
          (which === undefined || which === "SIGINT") && system.now() >= endAt
        )
      ),
  };
}
