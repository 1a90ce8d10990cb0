import type { Runner } from "../../action/runner.ts";

/** A runner that only keeps what it is told. */
export interface FakeSteps {
  readonly runner: Runner;
  /** What was told, in order, as `kind: text`. */
  readonly told: string[];
  readonly outputs: Record<string, string>;
  readonly state: Record<string, string>;
  readonly summaries: string[];
}

/** Makes one. */
export function fakeSteps(env: Record<string, string> = {}): FakeSteps {
  const told: string[] = [];
  const outputs: Record<string, string> = {};
  const state: Record<string, string> = {};
  const summaries: string[] = [];
  const runner: Runner = {
    env,
    log: (text) => void told.push(`log: ${text}`),
    logGroup: (title, text) => void told.push(`group: ${title}\n${text}`),
    annotate: (severity, message) => void told.push(`${severity}: ${message}`),
    setOutput: (name, value) => void (outputs[name] = value),
    saveState: (name, value) => void (state[name] = value),
    getState: (name) => state[name] ?? "",
    writeSummary: (html) => {
      summaries.push(html);
      return Promise.resolve();
    },
  };
  return { runner, told, outputs, state, summaries };
}
