/** What `--help-agent` prints: half a page for the agent that reads it. */
export const AGENT_HELP = `\
You are a program that runs in a process that zag-ps knows: "self" is you.

End yourself, with your final result:
  zag-ps kill self '{"answer": 42}'   or   zag-ps kill self --file result.json
The result is checked against what your launch asked for before anything ends.
Exit status 4 means that it was rejected and you still run: read the message,
mend the result, and call again. A result that begins with a dash goes after --.

See what runs, and what you started:
  zag-ps list --running               everything
  zag-ps list --children self         what you started
  zag-ps show ID                      one process in full; --json for programs

End what you started, and look that it is gone:
  zag-ps stop ID -t 10s               asks, then insists; waits for the end
  zag-ps stop ID -t 10s --tree        with its children, wherever they went
  zag-ps stop -f parent=self -t 10s --dry-run   then again with --yes
Exit status 0: nothing is left; 1: something survived; 3: nothing was running.

Never tidy up with pkill, killall or kill by name or pattern. Your own process,
the shell you run in, other people's agents and your tools have the same names:
"pkill node" ends you in the middle of your work, and the agents of others.
zag-ps signals only the process that was recorded, checks its start right
before each signal, and never the process it runs in unless you name it.
`;
