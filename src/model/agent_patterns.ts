/**
 * What the programs of agents are known by: the data of the rules in
 * recognize_process.ts. docs/recognition.md says how to add one.
 *
 * In names and paths `*` stands for any characters within one name. Names are
 * written without `.exe`, `.cmd` and `.js`; their case counts, but not on
 * Windows. The case of paths does not count.
 *
 * @module
 */

import type { AgentPattern, AgentPatterns, WordRole } from "./pattern_types.ts";

let agents: AgentPattern[] | undefined;

/** The patterns that zag-ps comes with. */
export const AGENT_PATTERNS: AgentPatterns = {
  /** Made when they are first asked for, which in most lists nobody does. */
  get agents() {
    return agents ??= describeAgents();
  },
  helpers: {
    names: [
      "mcp-*",
      "mcp_*",
      "*-mcp",
      "*_mcp",
      "*-mcp-*",
      "@modelcontextprotocol/server-*",
      "@*/mcp",
      "@*/mcp-*",
      "@*/*-mcp",
      "@*/*-mcp-*",
    ],
    packages: [
      "@modelcontextprotocol/server-*",
      "@*/mcp",
      "mcp",
      "mcp-*",
      "*-mcp",
      "*-mcp-server",
    ],
    modules: ["mcp_*", "*_mcp", "*_mcp_server"],
  },
  desktops: [
    "claude-desktop/*",
    "opt/claude/claude",
    "programs/claude/claude.exe",
    "anthropicclaude/claude.exe",
    "anthropicclaude/app-*/claude.exe",
    "windowsapps/*/app/*.exe",
    "codex-desktop/*",
  ],
};

/** What each agent is known by. */
function describeAgents(): AgentPattern[] {
  return [
    {
      provider: "claude",
      names: ["claude"],
      paths: [
        "claude/versions/*.*.*",
        ".claude/remote/ccd-cli/*.*.*",
        "claude/claude-code/*/claude",
        "claude/claude-code/*/claude.app/contents/macos/claude",
      ],
      packages: [
        "@anthropic-ai/claude-code",
        "@anthropic-ai/claude-code-*",
        "@anthropic-ai/claude-agent-sdk",
        "@anthropic-ai/claude-agent-sdk-*",
        "anthropic.claude-code-*",
      ],
      launchers: ["@anthropic-ai/claude-code/cli-wrapper.*"],
      tools: ["rg", "ugrep", "bfs"],
      words: {
        "daemon": "supervisor",
        "mcp serve": "server",
        "remote-control": "server",
        ...none(
          "agents attach auth auto-mode config doctor install kill logs mcp",
          "migrate-installer plugin plugins rm setup-token stop update upgrade",
        ),
      },
      flags: {
        "--bg-spare": "supervisor",
        "--bg-pty-host": "supervisor",
        "--claude-in-chrome-mcp": "helper",
        "--computer-use-mcp": "helper",
        "--chrome-native-host": "none",
        ...none("--version -v --help -h"),
      },
      values: list(
        "--add-dir --agent --agents --allowedTools --allowed-tools",
        "--append-system-prompt --betas --disallowedTools --disallowed-tools",
        "--effort --fallback-model --file --input-format --json-schema",
        "--max-budget-usd --max-turns --mcp-config --model --name -n",
        "--output-format --permission-mode --permission-prompt-tool",
        "--plugin-dir --session-id --setting-sources --settings",
        "--system-prompt --tools",
      ),
      markers: [
        "CLAUDECODE",
        "CLAUDE_CODE_SESSION_ID",
        "CLAUDE_CODE_ENTRYPOINT",
      ],
      daemon: {
        name: "claude daemon",
        by: list("daemon --bg-spare --bg-pty-host"),
      },
    },
    {
      provider: "codex",
      names: ["codex", "codex-x86_64-*", "codex-aarch64-*"],
      packages: ["@openai/codex", "@openai/codex-*"],
      launchers: ["@openai/codex/bin/codex.js", "bin/codex"],
      tools: [
        "rg",
        "apply_patch",
        "applypatch",
        "codex-linux-sandbox",
        "codex-execve-wrapper",
      ],
      words: {
        // It keeps the server that all share up to date, and running.
        "app-server daemon": "supervisor",
        "app-server": "server",
        "mcp-server": "server",
        "exec-server": "server",
        "mcp serve": "server",
        "proto": "server",
        "sandbox": "worker",
        "debug": "worker",
        "exec": "agent",
        "e": "agent",
        "review": "agent",
        "resume": "agent",
        "fork": "agent",
        ...none(
          "app apply a cloud completion doctor features help login logout mcp",
          "plugin update",
        ),
      },
      flags: none("--version -V --help -h"),
      values: list(
        "-c --config -m --model -p --profile -s --sandbox -C --cd -i --image",
        "-a --ask-for-approval --enable --disable --add-dir --local-provider",
        "--color --output-schema -o --output-last-message",
      ),
      markers: ["CODEX_THREAD_ID", "CODEX_SANDBOX"],
      daemon: { name: "codex app server", by: list("app-server") },
    },
    {
      // A test tool for databases and a controller have the name.
      provider: "gemini",
      scripts: ["gemini"],
      shared: ["gemini"],
      signs: list(
        "-p --prompt -i --prompt-interactive -m --model -y --yolo --acp",
        "--experimental-acp --approval-mode -r --resume --output-format",
      ),
      packages: ["@google/gemini-cli"],
      relaunches: true,
      paths: ["gemini-cli/dist/*/gemini", "gemini-cli/bundle/gemini.js"],
      words: none("mcp extensions skills hooks"),
      flags: none("--version -v --help -h"),
      values: list("-m --model -p --prompt -i --prompt-interactive -o"),
      markers: ["GEMINI_CLI"],
    },
    {
      // AWS has a copilot, too.
      provider: "copilot",
      shared: ["copilot"],
      signs: list(
        "-p --prompt -i --interactive --acp --add-dir --allow-all",
        "--allow-all-paths --allow-all-tools --allow-tool --deny-tool",
        "--autopilot --banner --continue --headless --resume --server --yolo",
      ),
      packages: ["@github/copilot", "@github/copilot-*"],
      launchers: ["@github/copilot/npm-loader.js", "bin/copilot"],
      flags: {
        "--headless": "server",
        "--server": "server",
        ...none("--version -v --binary-version --help -h"),
      },
      words: none("help login logout mcp plugin update version"),
      values: list("--model --agent --add-dir --allow-tool --deny-tool"),
    },
    {
      provider: "cursor",
      names: ["cursor-agent"],
      shared: ["agent"],
      packages: ["cursor-agent/versions"],
      tools: ["rg"],
      words: {
        "worker-server": "worker",
        "worker": "worker",
        ...none(
          "about completion create-chat generate-rule help",
          "install-shell-integration login logout ls mcp models rule status",
          "uninstall-shell-integration update upgrade whoami",
        ),
      },
      flags: none("--version -v --help -h"),
      values: list("-m --model --output-format -a --api-key --resume"),
      markers: ["CURSOR_AGENT"],
    },
    {
      provider: "opencode",
      names: ["opencode", ".opencode", "opencode-cli"],
      packages: [
        "opencode-ai",
        "opencode-linux-*",
        "opencode-darwin-*",
        "opencode-windows-*",
      ],
      paths: [".opencode/bin/opencode"],
      launchers: ["bin/opencode"],
      tools: ["rg"],
      words: {
        "serve": "server",
        "web": "server",
        "run": "agent",
        "acp": "agent",
        "attach": "agent",
        ...none(
          "agent auth completion db debug export github import mcp models",
          "session stats uninstall upgrade",
        ),
      },
      flags: none("--version -v --help -h"),
      values: list(
        "-m --model -s --session --agent --prompt --port --hostname",
        "--log-level",
      ),
      markers: ["OPENCODE"],
      daemon: { name: "opencode server", by: list("serve") },
    },
    {
      provider: "aider",
      names: ["aider"],
      paths: ["aider-chat/bin/aider"],
      modules: ["aider", "aider.main"],
      // It is written in Python: a program of that name starts the real one.
      starters: ["aider.exe"],
      flags: none("--version --help -h"),
    },
    {
      // A tool for migrations of databases and a desktop have the name.
      provider: "goose",
      names: ["goose-cli"],
      shared: ["goose"],
      signs: list("session s run acp web mcp"),
      called: { "goosed": "server" },
      words: {
        "session": "agent",
        "s": "agent",
        "run": "agent",
        "acp": "agent",
        "web": "server",
        "mcp": "helper",
        ...none("completion configure doctor info project projects update"),
      },
    },
    {
      // A text editor has the name.
      provider: "amp",
      shared: ["amp"],
      signs: list(
        "threads thread t -x --execute --dangerously-allow-all --stream-json",
      ),
      packages: ["@sourcegraph/amp", "@ampcode/cli", "@ampcode/cli-*"],
      paths: [".amp/bin/amp"],
      words: {
        "threads": "agent",
        "thread": "agent",
        "t": "agent",
        ...none("doctor login logout mcp permissions tools update usage"),
      },
      flags: none("--version -V --help -h"),
    },
    {
      provider: "qwen",
      names: ["qwen", "qwen-code"],
      packages: ["@qwen-code/qwen-code", "qwenlm.qwen-code-*"],
      relaunches: true,
      words: { "serve": "server", ...none("mcp extensions") },
      flags: none("--version -v --help -h"),
      values: list("-m --model -p --prompt -i --prompt-interactive -o"),
      markers: ["QWEN_CODE"],
    },
    {
      provider: "kimi",
      // Its title is cut short where the space for it is.
      names: ["kimi", "kimi-cli", "kimi-code", "kimi-co", "Kimi Code"],
      packages: ["@moonshot-ai/kimi-code"],
      paths: [".kimi-code/bin/kimi"],
      modules: ["kimi_cli"],
      called: { "kimi-code-worker": "worker" },
      words: {
        "acp": "agent",
        "term": "agent",
        "web": "server",
        ...none("export info login logout mcp plugin"),
      },
      flags: none("--version -V --help -h"),
    },
    {
      provider: "droid",
      shared: ["droid"],
      signs: list("exec daemon"),
      packages: ["@factory/cli", "@factory/cli-*"],
      paths: [".factory/bin/droid", "node_modules/droid/bin/droid"],
      launchers: ["bin/droid"],
      words: {
        "exec": "agent",
        "daemon": "server",
        ...none("mcp update"),
      },
      flags: none("--version -v --help -h"),
    },
    {
      provider: "crush",
      shared: ["crush"],
      signs: list("run -y --yolo"),
      packages: ["@charmland/crush", "@charmland/crush-*"],
      launchers: ["@charmland/crush/run-crush.js", "bin/crush"],
      words: {
        "run": "agent",
        ...none("dirs logs login models projects schema update-providers"),
      },
      flags: none("--version -v --help -h"),
      values: list("-c --cwd -D --data-dir"),
    },
    {
      provider: "auggie",
      names: ["auggie"],
      packages: ["@augmentcode/auggie"],
      words: none("login logout mcp session token tools"),
      flags: { "--mcp": "server", ...none("--version -v --help -h") },
      values: list(
        "-p --print -i --instruction --instruction-file --model -m",
        "--workspace-root --mcp-config",
      ),
      markers: ["AUGMENT_AGENT"],
    },
    {
      provider: "ollama",
      names: ["ollama"],
      words: { "run": "agent", "serve": "server", "runner": "server" },
      role: "none",
      daemon: { name: "ollama server", by: list("serve runner") },
    },
  ];
}

/** The words of some lines. */
function list(...lines: readonly string[]): readonly string[] {
  return lines.flatMap((line) => line.split(" "));
}

/** Words of which each makes a process no agent. */
function none(...lines: readonly string[]): Record<string, WordRole> {
  return Object.fromEntries(list(...lines).map((word) => [word, "none"]));
}
