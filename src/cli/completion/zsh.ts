import { VERSION } from "../../model/version.ts";
import type { Offer } from "../verb.ts";
import {
  type Flag,
  getDefaultFlags,
  getKeys,
  getList,
  getVerbs,
  getWords,
  type VerbWords,
} from "./model.ts";

/** The script for zsh: `_arguments` knows what the options are. */
export function renderZsh(): string {
  return `#compdef zag-ps
# Completes zag-ps ${VERSION} in zsh. Made by: zag-ps completion zsh

_zag-ps() {
  local curcontext="$curcontext" state line ret=1
  local -A opt_args
  # _arguments changes words.
  local -a zag_ps_words=("\${(@)words[1,CURRENT-1]}")

  _arguments -C -S \\
${renderFlags(getDefaultFlags(), 4)}
    '1: : _zag-ps_verbs' \\
    '*:: :->arguments' && ret=0
  [[ $state == arguments ]] || return ret

  case $words[1] in
    help)
      (( CURRENT == 2 )) && _zag-ps_verbs && ret=0
      ;;
${getVerbs().map(renderVerb).join("")}  esac
  return ret
}

_zag-ps_verbs() {
  local -a verbs=(
${
    getVerbs().flatMap(({ words, verb }) =>
      words.map((word) => `    ${quote(`${word}:${verb.summary}`)}\n`)
    ).join("")
  }    'help:Show the help of a command'
  )
  _describe -V -t commands command verbs
}

_zag-ps_filters() {
  local typed=\${(Q)PREFIX} key
  local -a keys=(
${
    getKeys().flatMap(({ starts }) =>
      starts.map(({ text, help }) => `    ${quote(`${text}:${help}`)}\n`)
    ).join("")
  }  )
  if [[ $typed != *[=\\<\\>]* ]]; then
    _describe -V -t filters filter keys -S ''
    return
  fi
  key=\${typed%%[^a-z.]*}
  compset -P 1 '*[=<>]'
  case $key in
${
    getKeys().map(({ key, values }) =>
      values === undefined
        ? ""
        : `    ${key}) _zag-ps_words ${key} ${values.join(" ")} ;;\n`
    ).join("")
  }    *) [[ -n $key ]] && _zag-ps_list $key ;;
  esac
}

_zag-ps_words() {
  local expl
  local -a values=("\${(@)argv[2,-1]}")
  _wanted -V values expl $1 compadd -a values
}

# What zag-ps knows now: of a list, what begins with what was typed.
_zag-ps_list() {
  local value text home program i
  local -a values
  program=\${(Q)zag_ps_words[1]}
  [[ $program == \\~/* ]] && program=$HOME/\${program#\\~/}
  for (( i = 2; i <= $#zag_ps_words; i++ )); do
    case $zag_ps_words[i] in
      --) break ;;
      --zag-home) (( ++i )); home=\${(Q)zag_ps_words[i]} ;;
      --zag-home=*) home=\${(Q)zag_ps_words[i]#--zag-home=} ;;
    esac
  done
  [[ $home == \\~/* ]] && home=$HOME/\${home#\\~/}
  while IFS=$'\\t' read -r value text; do
    value=\${value//\\\\/\\\\\\\\}
    values+=("\${value//:/\\\\:}:\${text//\\\\/\\\\\\\\}")
  done < <($program \${home:+--zag-home=$home} completion $1 -- "\${(Q)PREFIX}" \\
    </dev/null 2>/dev/null)
  _describe -V -t $1 $1 values
}

# As a file in fpath this is the body of the function, sourced it is not.
if [[ $funcstack[1] == _zag-ps ]]; then
  _zag-ps "$@"
elif (( $+functions[compdef] )); then
  compdef _zag-ps zag-ps
fi
`;
}

function renderVerb({ verb, words, flags, many }: VerbWords): string {
  const { offers } = verb;
  const head = `    ${words.join("|")})\n`;
  if (offers === "command") {
    return `${head}      local -i dashes=\${words[(i)--]}
      if (( dashes < CURRENT )); then
        words=("\${(@)words[dashes+1,-1]}")
        (( CURRENT -= dashes ))
        _normal && ret=0
      else
        _arguments -S \\
${renderFlags(flags, 10)}
          '*: :(--)' && ret=0
      fi
      ;;
`;
  }
  const argument = offers === undefined
    ? ""
    : ` \\\n        ${
      quote(`${many ? "*" : "1"}:${verb.name}:${act(offers)}`)
    }`;
  return `${head}      _arguments -S \\
${renderFlags(flags, 8).replace(/ \\$/, "")}${argument} && ret=0
      ;;
`;
}

/** Each name of each option on a line that goes on. */
function renderFlags(flags: readonly Flag[], indent: number): string {
  return flags.flatMap(({ words, option }) => {
    const { value, help, repeatable, offers } = option;
    const others = repeatable ? "*" : `(${words.join(" ")})`;
    const takes = value === undefined ? "" : `:${escape(value)}:${act(offers)}`;
    return words.map((word) => {
      const tie = value === undefined ? "" : word.startsWith("--") ? "=" : "+";
      const spec = `${others}${word}${tie}[${escape(help)}]${takes}`;
      return `${" ".repeat(indent)}${quote(spec)} \\`;
    });
  }).join("\n");
}

/** The action of a spec. One that begins with a blank gets no options. */
function act(offers: Offer | undefined): string {
  const list = getList(offers);
  if (list !== undefined) return ` _zag-ps_list ${list}`;
  if (offers === "files") return "_files";
  if (offers === "folders") return "_files -/";
  if (offers === "filters") return " _zag-ps_filters";
  const words = getWords(offers);
  return words.length > 0 ? `(${words.join(" ")})` : " ";
}

/** A text within a spec. */
function escape(text: string): string {
  return text.replace(/[\\:[\]]/g, "\\$&");
}

function quote(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
