import type { System } from "../../system/system.ts";

/** The name of a process's owner, or its number where none is known. */
export function nameOwner(
  system: System,
  uid: number,
  owner: string | undefined,
): string {
  return owner ?? system.userName(uid) ?? `uid ${uid}`;
}
