import assert from "node:assert/strict";
import { test } from "node:test";
import { findVerb, GLOBAL_OPTIONS, VERBS } from "../../src/cli/spec.ts";
import { FILTER_KEYS } from "../../src/model/filter_keys.ts";
import { renderHelp } from "../../src/cli/usage.ts";

const PROGRAM = `\
zag-ps: see and safely end the AI coding agents of this machine

Usage: zag-ps [OPTIONS] [COMMAND] [ARGUMENTS]

Commands:
  list, ls             List processes, newest first (the default)
  show, inspect ID...  Show processes in full
  explain ID|PID       Tell why a process is, or is not, the one that was
                       recorded
  stop ID...           Ask running processes to stop (SIGHUP)
  kill ID [RESULT]     End a running process (SIGTERM), with its final result
  reap [ID...]         End stale agents (a dry run without --apply)
  prune [ID...]        Remove ended processes from the store (a dry run
                       without --apply)
  doctor               Check the zag home, and mend what can be mended safely
                       (--fix)
  run -- COMMAND...    Start a command as an agent that is recorded
  wait [ID...]         Wait until processes have ended
  output ID            Print the last recorded result of a process, as it is
  instructions ID      Print how an agent ends itself with its result
  hook EVENT           Clean up before or after each job of a GitHub runner
  completion SHELL     Print the completions for bash, zsh, fish or powershell

Options:
  --json          Print JSON on one line
  --zag-home DIR  Folder in place of ~/.zag (or set ZAG_HOME)
  --color WHEN    auto, always or never; NO_COLOR is honoured
  --help-agent    Tell an agent how to end itself, and what it started
  -h, --help      Show this help
  -V, --version   Show the version

Exit status:
  0    done
  1    failed; the message says what was left as it was
  2    wrong usage
  3    no such process, or it is not running
  4    the result was rejected; the process is still running
  124  the time of wait or run was up

zag-ps COMMAND --help tells more of a command.
`;

test("renderHelp shows the commands, global options and exit statuses", () => {
  assert.equal(renderHelp(undefined), PROGRAM);
});

const LIST_OPTIONS = `
Options:
  -a, --include-untracked  Also the agents that nobody recorded
  --untracked              Those alone
  --running                Only running processes
  -n, --limit N            Only the N newest, taken before the other filters
  -p, --provider NAME      Only processes of this provider
  --children ID            Only what this process or session id, or "self",
                           started
  -f, --filter KEY=VALUE   Only entries of which this holds; can be given
                           several times
  --older-than DURATION    Only entries started longer ago, such as 90s, 2h or
                           1d12h
  --json                   Print JSON on one line
`;

test("renderHelp shows a verb's own options before the global ones", () => {
  const help = renderHelp(findVerb("ls"));
  assert.ok(help.includes(LIST_OPTIONS), help);
  assert.ok(help.startsWith(
    "List processes, newest first (the default)\n\n" +
      "Usage: zag-ps list [OPTIONS]\nAlias: ls\n",
  ));
});

test("renderHelp says that -n is taken first", () => {
  const help = renderHelp(findVerb("list"));
  assert.match(help, /-n is taken first/);
});

for (const verb of VERBS) {
  const takes = verb.options.some(({ name }) => name === "filter");
  test(`renderHelp of ${verb.name} ${takes ? "has" : "lacks"} the keys of filters`, () => {
    const help = renderHelp(verb);
    assert.equal(/^Filter keys:$/m.test(help), takes);
    if (!takes) return;
    const text = help.replace(/\s+/g, " ");
    for (const { key, help: line, values = [] } of FILTER_KEYS) {
      assert.match(help, new RegExp(`^  ${key}\\b`, "m"));
      assert.ok(text.includes(line), line);
      assert.ok(text.includes(values.join(", ")), key);
    }
    assert.match(text, /= of the same key are alternatives/);
  });
}

test("renderHelp of kill names --, --file and where the result goes", () => {
  const help = renderHelp(findVerb("kill")).replace(/\s+/g, " ");
  assert.match(help, /begins with a dash goes after --/);
  assert.match(help, /--file PATH .*"-" is standard input/);
  assert.match(help, /written to the session log before anything is signalled/);
  assert.match(help, /never past a rejection/);
});

for (const verb of ["stop", "kill"]) {
  test(`renderHelp of ${verb} says which process is signalled, and where at once`, () => {
    const help = renderHelp(findVerb(verb)).replace(/\s+/g, " ");
    assert.match(help, /Only the process that was recorded is signalled/);
    assert.match(help, /--unverified .*never implied by another option/);
    assert.match(help, /Windows has no graceful signal/);
  });
}

for (const verb of VERBS) {
  test(`renderHelp of ${verb.name} names each of its options and aliases`, () => {
    const help = renderHelp(verb);
    for (const { name, short, help: text } of verb.options) {
      assert.ok(help.includes(short ? `-${short}, --${name}` : `--${name}`));
      assert.ok(help.replace(/\s+/g, " ").includes(text), text);
    }
    for (const { name } of GLOBAL_OPTIONS) {
      assert.ok(help.includes(`--${name}`), name);
    }
    for (const alias of verb.aliases) {
      assert.match(help, new RegExp(`^Alias: .*${alias}`, "m"));
    }
    assert.ok(help.includes(`zag-ps ${verb.name} [OPTIONS]`));
  });
}

for (const topic of [undefined, ...VERBS]) {
  const name = topic?.name ?? "the program";
  test(`renderHelp of ${name} fits a terminal of 80 columns`, () => {
    const help = renderHelp(topic);
    assert.ok(help.endsWith("\n"));
    for (const line of help.split("\n")) {
      assert.ok(line.length <= 80, line);
      assert.equal(line, line.trimEnd());
    }
  });
}
