import { readFileSync } from "node:fs";
import { waitUntil } from "./children.ts";
import type { World } from "./world.ts";

/**
 * Makes a zombie: a child that ended and that its parent never collects.
 * Linux only.
 *
 * @returns its process id; it is gone when the world is
 */
export async function makeZombie(world: World): Promise<number> {
  // The child waits for a line, so that it ends when the shell, which would
  // collect it, has become sleep, which does not.
  const script = "exec 3<&0; (read line <&3) & echo $!; exec /bin/sleep 120";
  const parent = world.start("/bin/sh", ["-c", script]);
  await parent.waitFor("\n");
  const read = (pid: number, name: string) =>
    readFileSync(`/proc/${pid}/${name}`, "utf8");
  await waitUntil(
    () => read(parent.pid, "comm") !== "sh\n",
    "The shell did not turn into another program",
  );
  parent.child.stdin?.write("\n");
  const pid = Number(parent.output());
  await waitUntil(() => isZombie(pid), "The child did not turn into a zombie");
  return pid;
}

/** Whether a process has ended and was not collected. */
export function isZombie(pid: number): boolean {
  return /\) Z [^)]*$/.test(readFileSync(`/proc/${pid}/stat`, "utf8"));
}
