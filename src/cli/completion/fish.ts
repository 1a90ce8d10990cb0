import { VERSION } from "../../model/version.ts";
import type { Offer } from "../verb.ts";
import { GLOBAL_OPTIONS } from "../spec.ts";
import {
  DEFAULT_VERB,
  type Flag,
  getKeys,
  getList,
  getValueWords,
  getVerbs,
  getWords,
  type VerbWords,
} from "./model.ts";

/** The script for fish: one `complete` for each word. */
export function renderFish(): string {
  const globals = GLOBAL_OPTIONS.map(({ name }) => name);
  const lines = getVerbs().flatMap((words) => renderVerb(words, globals));
  const [first] = getVerbs();
  const common =
    first?.flags.filter(({ option }) => globals.includes(option.name)) ?? [];
  return `# Completes zag-ps ${VERSION} in fish. Made by: zag-ps completion fish

# The words before the cursor that are no options, -- and nothing behind it.
function __zag_ps_words
    set -l is_value 0
    for word in (commandline -opc)[2..-1]
        if test $is_value = 1
            set is_value 0
            continue
        end
        switch $word
            case --
                printf '%s\\n' --
                return
            case ${getValueWords().join(" ")}
                set is_value 1
            case '-*'
            case '*'
                printf '%s\\n' $word
        end
    end
end

# Whether the verb is one of these words.
function __zag_ps_verb
    set -l words (__zag_ps_words)
    not contains -- -- $words; and contains -- "$words[1]" $argv
end

# Likewise, and whether an argument can follow: a first one, or any.
function __zag_ps_first
    set -l words (__zag_ps_words)
    test (count $words) = 1; and contains -- "$words[1]" $argv
end

function __zag_ps_any
    set -l words (__zag_ps_words)
    contains -- "$words[1]" $argv
end

function __zag_ps_after_dashes
    set -l words (__zag_ps_words)
    contains -- -- $words; and contains -- "$words[1]" $argv
end

# The word at the cursor, without quotes and without an option before it.
function __zag_ps_token
    commandline -ct | string replace -ra '[\\\\\\\\\\'"]' '' | string replace -r '^-[^=]*=?' ''
end

# What zag-ps knows now: of a list, what begins with what was typed.
function __zag_ps_ask
    set -l tokens (commandline -opc)
    set -l program (string replace -r '^~/' "$HOME/" -- $tokens[1])
    set -l home
    set -l is_home 0
    for word in $tokens[2..-1]
        if test $is_home = 1
            set home $word
            set is_home 0
            continue
        end
        switch $word
            case --
                break
            case --zag-home
                set is_home 1
            case '--zag-home=*'
                set home (string replace -- --zag-home= '' $word)
        end
    end
    set home (string replace -r '^~/' "$HOME/" -- $home)
    set -l options
    test -n "$home"; and set options --zag-home=$home
    $program $options completion $argv[1] -- "$argv[2]" </dev/null 2>/dev/null
end

function __zag_ps_list
    __zag_ps_ask $argv[1] (__zag_ps_token)
end

function __zag_ps_filters
    set -l token (__zag_ps_token)
    set -l lead (string match -r '^[a-z.]+(?:!=|=|<|>)' -- "$token")
    if test -z "$lead"
        printf '%s\\t%s\\n' ${
    getKeys().flatMap(({ starts }) =>
      starts.flatMap(({ text, help }) => [quote(text), quote(help)])
    ).join(" ")
  }
        return
    end
    set -l key (string match -r '^[a-z.]+' -- $lead)
    set -l rest (string sub -s (math (string length -- $lead) + 1) -- $token)
    switch $key
${
    getKeys().map(({ key, values }) =>
      values === undefined ? "" : `        case ${key}
            printf "$lead%s\\n" ${values.join(" ")}
`
    ).join("")
  }        case '*'
            for line in (__zag_ps_ask $key "$rest")
                printf '%s%s\\n' $lead $line
            end
    end
end

# Another command, behind --.
function __zag_ps_command
    set -l tokens (commandline -opc)
    set -l at (contains -i -- -- $tokens)
    set -l words
    test (count $tokens) -gt $at; and set words (string escape -- $tokens[(math $at + 1)..-1])
    complete -C "$words "(commandline -ct)
end

complete -c zag-ps -f
${
    getVerbs().flatMap(({ verb, words }) =>
      words.map((word) =>
        `complete -c zag-ps -n '__zag_ps_verb ""' -a ${word} -d ${
          quote(verb.summary)
        }\n`
      )
    ).join("")
  }complete -c zag-ps -n '__zag_ps_verb ""' -a help -d 'Show the help of a command'
complete -c zag-ps -n '__zag_ps_first help' -a '${
    getVerbs().flatMap(({ words }) => words).join(" ")
  }'
${common.map((flag) => renderFlag(undefined, flag)).join("\n")}
${lines.join("\n")}
`;
}

function renderVerb(
  { verb, words, flags, many }: VerbWords,
  globals: readonly string[],
): string[] {
  const own = flags.filter(({ option }) => !globals.includes(option.name));
  const meant = verb.name === DEFAULT_VERB ? [...words, '""'] : words;
  const lines = own.map((flag) =>
    renderFlag(`__zag_ps_verb ${meant.join(" ")}`, flag)
  );
  const names = words.join(" ");
  if (verb.offers === "command") {
    return [
      ...lines,
      `complete -c zag-ps -n '__zag_ps_verb ${names}' -a -- -d 'The command follows'`,
      `complete -c zag-ps -n '__zag_ps_after_dashes ${names}' -x -a '(__zag_ps_command)'`,
    ];
  }
  const offered = offer(verb.offers);
  if (offered === "") return lines;
  const when = many ? "__zag_ps_any" : "__zag_ps_first";
  return [
    ...lines,
    `complete -c zag-ps -n '${when} ${names}' ${offered.replace("-x ", "")}`,
  ];
}

function renderFlag(condition: string | undefined, { option }: Flag): string {
  const { name, short, value, help, offers } = option;
  return [
    "complete -c zag-ps",
    ...(condition === undefined ? [] : [`-n ${quote(condition)}`]),
    ...(short ? [`-s ${short}`] : []),
    `-l ${name}`,
    ...(value === undefined ? [] : [offer(offers) || "-x"]),
    `-d ${quote(help)}`,
  ].join(" ");
}

/** `-x`: the value is needed, and no file. `-k` keeps the order. */
function offer(offers: Offer | undefined): string {
  const list = getList(offers);
  if (list !== undefined) return `-x -k -a '(__zag_ps_list ${list})'`;
  if (offers === "files") return "-r -F";
  if (offers === "folders") return "-x -a '(__fish_complete_directories)'";
  if (offers === "filters") return "-x -k -a '(__zag_ps_filters)'";
  const words = getWords(offers);
  return words.length > 0 ? `-x -k -a ${quote(words.join(" "))}` : "";
}

function quote(text: string): string {
  return `'${text.replace(/['\\]/g, "\\$&")}'`;
}
