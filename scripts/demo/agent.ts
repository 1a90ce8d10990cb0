/**
 * Stands in for an AI agent: it waits for work and answers whoever asks. It
 * ends with the program that started it, however that one ends.
 *
 * @module
 */

import process from "node:process";

process.stdin.on("data", () => process.stdout.write("at work\n"));
process.stdin.on("end", () => process.exit(0));
process.stdout.write("ready\n");
