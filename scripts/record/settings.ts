/**
 * The settings by which the agents know one MCP server, and no more.
 *
 * @module
 */

import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { Places } from "./packages.ts";

const SERVER = { command: "mcp-server-filesystem", args: ["."] };

/** Writes them into the throw-away home. */
export function writeSettings({ home }: Places): void {
  const files: Record<string, string> = {
    ".claude.json": JSON.stringify({ mcpServers: { files: SERVER } }),
    ".gemini/settings.json": JSON.stringify({ mcpServers: { files: SERVER } }),
    ".qwen/settings.json": JSON.stringify({ mcpServers: { files: SERVER } }),
    ".codex/config.toml": [
      "[mcp_servers.files]",
      `command = ${JSON.stringify(SERVER.command)}`,
      `args = ${JSON.stringify(SERVER.args)}`,
      "",
    ].join("\n"),
    ".config/opencode/opencode.json": JSON.stringify({
      mcp: {
        files: { type: "local", command: [SERVER.command, ...SERVER.args] },
      },
    }),
  };
  for (const [name, text] of Object.entries(files)) {
    const path = join(home, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
  }
}
