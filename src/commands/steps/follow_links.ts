import type { System } from "../../system/system.ts";

/** A folder that may not be looked at is compared as it is written. */
export function followLinks(
  system: System,
  path: string,
): string | undefined {
  try {
    return system.realPath(path);
  } catch {
    return undefined;
  }
}
