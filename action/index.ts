/** The program of the main step. */

import { runMain } from "./main.ts";
import { start } from "./start.ts";

await start(runMain);
