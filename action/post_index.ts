/** The program of the post step. */

import { runPost } from "./post.ts";
import { start } from "./start.ts";

await start(runPost);
