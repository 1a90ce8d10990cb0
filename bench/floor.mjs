/**
 * The floor of the benchmark: what a runtime needs to start, to read a file
 * and to parse it. Plain JavaScript, because Node 20 runs no TypeScript.
 */
import { readFileSync } from "node:fs";
import process from "node:process";

const store = JSON.parse(readFileSync(process.argv[2] ?? "", "utf8"));
console.log(store.processes.length);
