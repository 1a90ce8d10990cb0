import { AGENT_PATTERNS } from "../../model/agent_patterns.ts";
import type { AgentPatterns } from "../../model/pattern_types.ts";
import { joinPath } from "../../model/paths.ts";
import {
  applyPatternFile,
  parsePatternFile,
} from "../../model/pattern_file.ts";
import type { Context } from "../context.ts";
import { readZagFile } from "./read_store.ts";

/**
 * The patterns by which agents are recognised: the built-in ones, and what
 * the person's own file `ps.jsonc` in the zag home adds and takes away.
 *
 * @throws {ZagPsError} `store` if the file cannot be read
 */
export function readPatterns({ system, paths }: Context): AgentPatterns {
  const path = joinPath(paths.home, "ps.jsonc");
  const text = readZagFile(system, path);
  if (text === undefined) return AGENT_PATTERNS;
  return applyPatternFile(AGENT_PATTERNS, parsePatternFile(text, path));
}
