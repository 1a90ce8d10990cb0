import process from "node:process";

/**
 * See `System.armCutOff`. No timer of a thread rings while it waits for a disk
 * that does not answer: another thread has to look at the clock. It can end
 * the program by a signal alone, an exit of its own ends only itself.
 */
export async function armCutOff(milliseconds: number): Promise<() => void> {
  // Loaded only here: most runs have no deadline.
  const { Worker } = await import("node:worker_threads");
  const code = `const { kill } = require("node:process");
    setTimeout(() => kill(${process.pid}, "SIGKILL"), ${milliseconds});`;
  const worker = new Worker(code, { eval: true });
  worker.unref();
  return () => void worker.terminate();
}
