import assert from "node:assert/strict";
import { test } from "node:test";
import { limitTime } from "../../../src/commands/steps/limit_time.ts";
import { createMemory } from "../../support/memory_system.ts";

test("limitTime tells work of SIGINT once the time is up", async () => {
  const memory = createMemory();
  const system = limitTime(memory.system, memory.clock + 1000);
  const told = await system.deferSignals(async (arrived) => {
    const ask = () =>
      (["SIGINT", "SIGTERM", undefined] as const).map((which) =>
        arrived(which)
      );
    const before = ask();
    await system.sleep(1000);
    return [before, ask()];
  });
  assert.deepEqual(told, [[false, false, false], [true, false, true]]);
});

test("limitTime hands on the signals that arrive before", async () => {
  const memory = createMemory();
  const { system } = memory;
  const interrupted = {
    ...system,
    deferSignals: <T>(
      work: (arrived: (which?: string) => boolean) => Promise<T>,
    ) => work((which) => which === "SIGTERM"),
  };
  const limited = limitTime(interrupted, memory.clock + 1000);
  const told = await limited.deferSignals((arrived) =>
    Promise.resolve([arrived("SIGTERM"), arrived("SIGINT")])
  );
  assert.deepEqual(told, [true, false]);
  assert.equal(limited.pid, system.pid);
});
