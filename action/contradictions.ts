/** Inputs that are right one by one, and do not go together. */

import { parseFilter } from "../src/model/filters.ts";
import type { Values } from "./inputs.ts";

/** One of them. */
export interface Contradiction {
  /** The input that is to be changed. */
  readonly input: keyof Values;
  readonly holds: (values: Values) => boolean;
  /** Why they do not go together; the remedy on the second line. */
  readonly why: string;
}

/** All of them; the first that holds is told. */
export const CONTRADICTIONS: readonly Contradiction[] = [
  {
    input: "result-file",
    holds: (values) => hasResult(values) && values["result-file"] === "-",
    why: "a step has no standard input\nName a file",
  },
  {
    input: "result-file",
    holds: (values) =>
      values.result !== "" && values["result-file"] !== undefined,
    why: 'it does not go with "result"\nGive the result once',
  },
  {
    input: "id",
    holds: (values) => values.id === undefined && hasResult(values),
    why: "a result belongs to one agent\nGive the id of the agent",
  },
  {
    input: "command",
    holds: (values) => hasResult(values) && values.command !== "kill",
    why: 'only kill takes a result\nWrite "command: kill"',
  },
  {
    input: "id",
    holds: ({ id, command }) =>
      id !== undefined && (command === "reap" || command === "prune"),
    why: "it goes with list, stop and kill\nSelect agents by filters",
  },
  ...(["provider", "filter"] as const).map((input) => ({
    input,
    holds: (values: Values) =>
      values.id !== undefined && (values[input]?.length ?? 0) > 0,
    why: 'it does not go with "id", which names the agent\nGive one of the two',
  })),
  {
    input: "scope",
    holds: ({ id, scope }) => id !== undefined && scope === "job",
    why: 'it does not go with "id", which names the agent\nLeave it out',
  },
  {
    input: "older-than",
    holds: (values) =>
      values.id !== undefined && values.scope !== "host" &&
      values["older-than"] !== undefined,
    why:
      'it goes with "id" only where that names a person\'s agent\nWrite "scope: host", or leave it out',
  },
  {
    input: "scope",
    holds: ({ command, scope }) => command === "prune" && scope !== "runner",
    why: "prune looks at all entries that have ended\nLeave it out",
  },
  {
    input: "include-detached",
    holds: (values) => values.command === "prune" && values["include-detached"],
    why: "prune removes entries of what has ended\nLeave it out",
  },
  {
    input: "include-detached",
    holds: (values) => values.scope === "job" && values["include-detached"],
    why:
      'what is detached cannot be told to be of this job\nWrite "scope: runner" or leave it out',
  },
  {
    input: "older-than",
    holds: (values) =>
      values.scope === "host" && values["older-than"] === undefined,
    why:
      'it is needed with "scope: host", which means the agents of persons, too\nGive one, such as 12h',
  },
  {
    input: "provider",
    holds: ({ provider, filter }) =>
      provider.length > 0 &&
      filter.some((line) => parseFilter(line).key.key === "provider"),
    why: "a filter asks for the provider already\nGive it once",
  },
];

function hasResult(values: Values): boolean {
  return values.result !== "" || values["result-file"] !== undefined;
}
