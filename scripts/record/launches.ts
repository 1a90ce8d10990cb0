/**
 * How the agents are started.
 *
 * @module
 */

/** One start of an agent. */
export interface Launch {
  /** The package that is recorded. */
  readonly package: string;
  /** Program and arguments; `<lib>` is where npm keeps what it installed. */
  readonly command: readonly string[];
  /** Whether it gets a terminal; otherwise a pipe that stays open. */
  readonly terminal?: boolean;
  /**
   * `Node 20` cannot replace itself by a program. `Python` is for a command
   * that a package of npm has, too.
   */
  readonly variant?: "Node 20" | "Python";
  /** How long it may run. */
  readonly seconds?: number;
}

const claude = "@anthropic-ai/claude-code";
const codex = "@openai/codex";
const gemini = "@google/gemini-cli";
const copilot = "@github/copilot";
const opencode = "opencode-ai";
const amp = "@ampcode/cli";
const qwen = "@qwen-code/qwen-code";
const auggie = "@augmentcode/auggie";
const kimi = "@moonshot-ai/kimi-code";

/** The starts, each of which is recorded by itself. */
export const LAUNCHES: readonly Launch[] = [
  { package: claude, command: ["claude"], terminal: true },
  { package: claude, command: ["claude", "-p", "hello"] },
  { package: claude, command: ["claude", "mcp", "serve"] },
  { package: claude, command: ["claude", "mcp", "list"], seconds: 12 },
  { package: claude, command: ["claude", "--chrome-native-host"] },
  { package: claude, command: ["claude", "daemon", "run"], seconds: 10 },
  { package: claude, command: ["claude", "--bg", "hello"], terminal: true },
  {
    package: claude,
    command: ["node", "<lib>/@anthropic-ai/claude-code/cli-wrapper.cjs"],
    terminal: true,
  },
  { package: codex, command: ["codex"], terminal: true },
  { package: codex, command: ["codex", "exec", "hello"], seconds: 10 },
  { package: codex, command: ["codex"], terminal: true, variant: "Node 20" },
  { package: codex, command: ["codex", "exec", "hello"], variant: "Node 20" },
  { package: codex, command: ["codex", "app-server"] },
  { package: codex, command: ["codex", "app-server"], variant: "Node 20" },
  { package: codex, command: ["codex", "mcp-server"] },
  { package: gemini, command: ["gemini"], terminal: true, seconds: 12 },
  { package: gemini, command: ["gemini", "-p", "hello"], seconds: 12 },
  { package: gemini, command: ["gemini", "-p", "hello"], variant: "Node 20" },
  { package: gemini, command: ["gemini", "--acp"], seconds: 10 },
  { package: gemini, command: ["gemini", "mcp", "list"], seconds: 12 },
  { package: copilot, command: ["copilot"], terminal: true, seconds: 10 },
  { package: copilot, command: ["copilot", "-p", "hello"], seconds: 10 },
  { package: copilot, command: ["copilot", "--acp"], seconds: 10 },
  {
    package: copilot,
    command: ["copilot", "--headless", "--stdio"],
    variant: "Node 20",
  },
  { package: opencode, command: ["opencode"], terminal: true, seconds: 10 },
  { package: opencode, command: ["opencode", "run", "hello"], seconds: 10 },
  { package: opencode, command: ["opencode", "serve"], seconds: 10 },
  { package: opencode, command: ["opencode", "acp"], seconds: 10 },
  { package: opencode, command: ["opencode", "mcp", "list"], seconds: 10 },
  { package: amp, command: ["amp"], terminal: true },
  { package: amp, command: ["amp", "-x", "hello"] },
  { package: qwen, command: ["qwen"], terminal: true, seconds: 12 },
  { package: qwen, command: ["qwen", "-p", "hello"], seconds: 10 },
  { package: qwen, command: ["qwen", "--acp"], seconds: 10 },
  { package: qwen, command: ["qwen", "serve"], seconds: 10 },
  { package: auggie, command: ["auggie"], terminal: true, seconds: 10 },
  { package: auggie, command: ["auggie", "--print", "hello"], seconds: 10 },
  { package: auggie, command: ["auggie", "--mcp"], seconds: 10 },
  { package: auggie, command: ["auggie", "--acp"], seconds: 10 },
  { package: "@charmland/crush", command: ["crush", "run", "hello"] },
  { package: "droid", command: ["droid"], terminal: true, seconds: 10 },
  { package: "droid", command: ["droid", "exec", "hello"], seconds: 10 },
  { package: "droid", command: ["droid", "daemon"], seconds: 10 },
  { package: kimi, command: ["kimi"], terminal: true, seconds: 10 },
  { package: kimi, command: ["kimi", "-p", "hello"], seconds: 10 },
  { package: kimi, command: ["kimi", "acp"], seconds: 10 },
  {
    package: "kimi-cli",
    command: ["kimi"],
    variant: "Python",
    terminal: true,
    seconds: 10,
  },
  {
    package: "kimi-cli",
    command: ["kimi", "acp"],
    variant: "Python",
    seconds: 10,
  },
  { package: "aider-chat", command: ["aider"], terminal: true, seconds: 15 },
  {
    package: "aider-chat",
    command: ["aider", "--message", "hello"],
    seconds: 15,
  },
  {
    package: "@modelcontextprotocol/server-filesystem",
    command: ["mcp-server-filesystem", "."],
  },
];
