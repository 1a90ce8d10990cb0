import process from "node:process";
import { errorCode } from "../model/errors.ts";

/** Existence by signal 0; `undefined` if this program may not ask. */
export function exists(pid: number): boolean | undefined {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    const code = errorCode(error);
    if (code === "ESRCH") return false;
    // It is there and belongs to somebody else.
    if (code === "EPERM") return true;
    return undefined;
  }
}
