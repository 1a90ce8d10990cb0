import { Worker } from "node:worker_threads";

/**
 * Ends this program by force after some time, unless what it returns is called
 * before. The work may wait for a disk that does not answer, and then no timer
 * of its thread rings: another thread has to look at the clock. Every file is
 * written in one step, so what is cut off is whole.
 */
export function armCutOff(milliseconds: number): () => void {
  const code =
    `setTimeout(() => process.kill(process.pid, "SIGKILL"), ${milliseconds})`;
  const worker = new Worker(code, { eval: true });
  worker.unref();
  return () => void worker.terminate();
}
