/** The verbs and options of the command line: one table for all readers. */

/** One option. */
export interface OptionSpec {
  /** Its long name, without the dashes. */
  readonly name: string;
  /** Its one-letter name. */
  readonly short?: string;
  /** What its value stands for in the help; without it, it is a flag. */
  readonly value?: string;
  /** One line of help. */
  readonly help: string;
}

/** One verb. */
export interface VerbSpec {
  /** Its name. */
  readonly name: "list" | "show" | "explain" | "stop" | "kill";
  readonly aliases: readonly string[];
  /** Its positional arguments, as the help shows them. */
  readonly positionals: string;
  /** How many positional arguments it takes. */
  readonly arity: readonly [min: number, max: number];
  readonly summary: string;
  /** What the help says below the options. */
  readonly notes: readonly string[];
  /** Its own options; the global ones come on top. */
  readonly options: readonly OptionSpec[];
}

/** Options that every verb takes, before or after it. */
export const GLOBAL_OPTIONS: readonly OptionSpec[] = [
  { name: "json", help: "Print JSON on one line" },
  {
    name: "zag-home",
    value: "DIR",
    help: "Folder in place of ~/.zag (or set ZAG_HOME)",
  },
  {
    name: "color",
    value: "WHEN",
    help: "auto, always or never; NO_COLOR is honoured",
  },
  { name: "help", short: "h", help: "Show this help" },
  { name: "version", short: "V", help: "Show the version" },
];

const ID_NOTE =
  'ID is a process id as list shows it, a unique prefix of at least 4 characters, or "self" (ZAG_PROCESS_ID).';

const IDENTITY_NOTE =
  "Only the process that was recorded is signalled: its environment or its start time tells, and the start is compared again right before the signal. See zag-ps explain.";

const WINDOWS_NOTE =
  "Windows has no graceful signal: there the process is ended at once.";

/** Shared by the verbs that signal. */
const UNVERIFIED: OptionSpec = {
  name: "unverified",
  help:
    "Signal a process of which nothing proves that it is the recorded one; never implied by another option, and never past proof that it is another one",
};

/** The verbs. */
export const VERBS: readonly VerbSpec[] = [
  {
    name: "list",
    aliases: ["ls"],
    positionals: "",
    arity: [0, 0],
    summary: "List recorded processes, newest first (the default)",
    notes: [
      "-n is taken first: the other filters choose among the N newest entries.",
    ],
    options: [
      { name: "running", help: "Only running processes" },
      {
        name: "limit",
        short: "n",
        value: "N",
        help: "Only the N newest, taken before the other filters",
      },
      {
        name: "provider",
        short: "p",
        value: "NAME",
        help: "Only processes of this provider",
      },
      {
        name: "children",
        value: "ID",
        help: 'Only what this process or session id, or "self", started',
      },
    ],
  },
  {
    name: "show",
    aliases: ["inspect"],
    positionals: "ID",
    arity: [1, 1],
    summary: "Show one process in full",
    notes: [ID_NOTE],
    options: [],
  },
  {
    name: "explain",
    aliases: [],
    positionals: "ID|PID",
    arity: [1, 1],
    summary: "Tell why a process is, or is not, the one that was recorded",
    notes: [
      ID_NOTE,
      "With a PID every entry that names it is explained. Nothing is changed or signalled.",
    ],
    options: [],
  },
  {
    name: "stop",
    aliases: [],
    positionals: "ID",
    arity: [1, 1],
    summary: "Ask a running process to stop (SIGHUP)",
    notes: [ID_NOTE, IDENTITY_NOTE, WINDOWS_NOTE],
    options: [UNVERIFIED],
  },
  {
    name: "kill",
    aliases: [],
    positionals: "ID [RESULT]",
    arity: [1, 2],
    summary: "End a running process (SIGTERM), with its final result",
    notes: [
      ID_NOTE,
      "RESULT is checked against what the launch asked for (a hint, JSON, a JSON Schema) and written to the session log before anything is signalled. A result that begins with a dash goes after --.",
      IDENTITY_NOTE,
      WINDOWS_NOTE,
    ],
    options: [
      {
        name: "file",
        value: "PATH",
        help: 'Read the result from a file, "-" is standard input',
      },
      {
        name: "skip-validation",
        help:
          "Go on where the constraints cannot be read or evaluated; never past a rejection",
      },
      UNVERIFIED,
    ],
  },
];

/** The verb of a word, by name or alias. */
export function findVerb(word: string): VerbSpec | undefined {
  return VERBS.find(({ name, aliases }) =>
    name === word || aliases.includes(word)
  );
}
