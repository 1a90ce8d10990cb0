import { VERSION } from "../../model/version.ts";
import type { Offer } from "../verb.ts";
import {
  DEFAULT_VERB,
  type Flag,
  getDefaultFlags,
  getKeys,
  getList,
  getValueWords,
  getVerbs,
  getWords,
} from "./model.ts";

/**
 * The script for bash, from 3.2 on and without the package bash-completion.
 *
 * Nothing of the store is ever expanded by the shell: words are compared one
 * by one, and quoted with `%q` before they come to the line.
 */
export function renderBash(): string {
  const verbs = getVerbs();
  return `# Completes zag-ps ${VERSION} in bash. Made by: zag-ps completion bash
# shellcheck shell=bash

_zag_ps() {
  local IFS=$' \\t\\n' line rest word i
  local zag_ps=\${COMP_WORDS[0]} home='' verb='' want='' lead='' current=''
  local -i given=0 dashes=0
  local -a words=()
  COMPREPLY=()

  # bash breaks words at = and :, too: here they are as they were typed.
  line=\${COMP_LINE:0:COMP_POINT}
  line=\${line#*"$zag_ps"}
  for ((i = 1; i <= COMP_CWORD; i++)); do
    word=\${COMP_WORDS[i]}
    rest=\${line#"\${line%%[![:space:]]*}"}
    [[ $rest == "$word"* ]] || word=$rest
    if [[ $rest == "$line" && \${#words[@]} -gt 0 ]]; then
      words[\${#words[@]}-1]+=$word
    else
      words+=("$word")
    fi
    line=\${rest#"$word"}
  done
  [[ \${#words[@]} -gt 0 ]] || return 0
  current=\${words[\${#words[@]}-1]}
  # What stands before the part that bash replaces.
  [[ $word == [=:\\<\\>] ]] && word=''
  lead=\${current%"$word"}

  for ((i = 0; i < \${#words[@]} - 1; i++)); do
    word=\${words[i]}
    if [[ -n $want ]]; then
      [[ $want == --zag-home ]] && home=$word
      want=''
      continue
    fi
    case $word in
      --) dashes=$((i + 1)); break ;;
      --zag-home=*) home=\${word#*=} ;;
      ${getValueWords().join(" | ")}) want=$word ;;
      -*) ;;
      *)
        if [[ -n $verb ]]; then
          given+=1
        else
          case $word in
${
    verbs.filter(({ words }) => words.length > 1).map(({ verb, words }) =>
      `            ${words.slice(1).join(" | ")}) verb=${verb.name} ;;\n`
    ).join("")
  }            *) verb=$word ;;
          esac
        fi
        ;;
    esac
  done

  if ((dashes > 0)); then
    [[ $verb == run ]] && _zag_ps_command
    return 0
  fi
  if [[ -n $want ]]; then
    _zag_ps_value "$current"
  elif [[ $current == --*=* ]]; then
    want=\${current%%=*}
    lead=\${lead#"$want="}
    _zag_ps_value "\${current#*=}"
  elif [[ $current == -* ]]; then
    _zag_ps_flags
  else
    _zag_ps_argument
  fi
  return 0
}

_zag_ps_flags() {
  case $verb in
${
    verbs.map(({ verb, flags }) =>
      `    ${verb.name}) _zag_ps_words "$current" ${nameFlags(flags)} ;;\n`
    ).join("")
  }    '') _zag_ps_words "$current" ${nameFlags(getDefaultFlags())} ;;
  esac
}

_zag_ps_argument() {
  case $verb:$given in
    :* | help:0) _zag_ps_words "$current" ${
    verbs.flatMap(({ words }) => words).join(" ")
  } help ;;
${
    verbs.map(({ verb, many }) => {
      const action = act(verb.offers, "$current");
      const count = many ? "*" : "0";
      return action === "" ? "" : `    ${verb.name}:${count}) ${action} ;;\n`;
    }).join("")
  }  esac
}

_zag_ps_value() {
  case \${verb:-${DEFAULT_VERB}}:$want in
${
    verbs.flatMap(({ verb, flags }) =>
      flags.map(({ words, option }) => {
        const action = act(option.offers, "$1");
        const patterns = words.map((word) => `${verb.name}:${word}`);
        return action === ""
          ? ""
          : `    ${patterns.join(" | ")}) ${action} ;;\n`;
      })
    ).join("")
  }  esac
}

_zag_ps_filters() {
  local key value
  local typed=\${1//[\\'\\"\\\\]/}
  key=\${typed%%[!a-z.]*}
  value=\${typed#"$key"}
  case $value in
    '')
      _zag_ps_words "$1" ${
    getKeys().flatMap(({ starts }) => starts.map(({ text }) => `'${text}'`))
      .join(" ")
  }
      [[ \${#COMPREPLY[@]} -eq 1 && \${COMPREPLY[0]} == *= ]] &&
        type compopt &>/dev/null && compopt -o nospace
      return
      ;;
    !=*) key+='!='; value=\${value#!=} ;;
    [=\\<\\>]*) key+=\${value:0:1}; value=\${value:1} ;;
    *) return ;;
  esac
  case \${key%%[!a-z.]*} in
${
    getKeys().map(({ key, values }) =>
      values === undefined
        ? ""
        : `    ${key}) _zag_ps_words "$1" ${
          values.map((value) => `"\${key}${value}"`).join(" ")
        } ;;\n`
    ).join("")
  }    *) _zag_ps_list "\${key%%[!a-z.]*}" "$1" "$key" "$value" ;;
  esac
}

# Offers those of the words that begin with $1.
_zag_ps_words() {
  local typed=$1
  shift
  for word in "$@"; do _zag_ps_add "$typed" "$word"; done
}

# Offers what zag-ps knows of the list $1 and $2 begins. $3 stands before each.
_zag_ps_list() {
  local value text typed=\${2//[\\'\\"\\\\]/} program=$zag_ps
  local -a options=() texts=()
  [[ $program == \\~/* ]] && program=$HOME/\${program#\\~/}
  home=\${home//[\\'\\"\\\\]/}
  [[ $home == \\~/* ]] && home=$HOME/\${home#\\~/}
  [[ -n $home ]] && options=("--zag-home=$home")
  while IFS=$'\\t' read -r value text; do
    _zag_ps_add "$2" "\${3-}$value" || continue
    texts+=("$text")
  done < <("$program" \${options[@]+"\${options[@]}"} completion "$1" -- \\
    "\${4-$typed}" </dev/null 2>/dev/null)
  type compopt &>/dev/null && compopt -o nosort 2>/dev/null
  # In a list, where nothing is inserted but what they begin with alike.
  if [[ \${#COMPREPLY[@]} -gt 1 && \${COMP_TYPE-} == @(63|33|64) ]]; then
    for ((i = 0; i < \${#COMPREPLY[@]}; i++)); do
      [[ -n \${texts[i]} ]] && COMPREPLY[i]+="  (\${texts[i]})"
    done
  fi
}

# Offers the word $2 if it begins with $1, which may be quoted.
_zag_ps_add() {
  local quoted
  case $1 in
    \\'*)
      [[ $2 == "\${1#\\'}"* && $2 != *\\'* ]] || return 1
      COMPREPLY+=("$2")
      ;;
    \\"*)
      [[ $2 == "\${1#\\"}"* && $2 != *[\\"\\$\\\`\\\\!]* ]] || return 1
      COMPREPLY+=("$2")
      ;;
    *)
      printf -v quoted %q "$2"
      # Plain as it is where the shell would take it as it is.
      [[ $2 =~ ^[A-Za-z0-9_@%+=:,./-]*$ ]] && quoted=$2
      [[ $quoted == "$1"* || $2 == "$1"* ]] || return 1
      COMPREPLY+=("\${quoted#"$lead"}")
      ;;
  esac
}

_zag_ps_files() {
  if type compopt &>/dev/null; then
    compopt -o "$2"
  else
    while IFS= read -r word; do
      COMPREPLY+=("$word")
    done < <(compgen "$3" -- "$1")
  fi
}

# The command behind --, as it is completed without zag-ps.
_zag_ps_command() {
  if type _command_offset &>/dev/null; then
    for ((i = 1; i < COMP_CWORD; i++)); do
      [[ \${COMP_WORDS[i]} == -- ]] && break
    done
    _command_offset $((i + 1))
  elif ((\${#words[@]} == dashes + 1)); then
    while IFS= read -r word; do
      COMPREPLY+=("$word")
    done < <(compgen -c -- "$current")
  else
    _zag_ps_files "$current" default -f
  fi
}

complete -F _zag_ps zag-ps
`;
}

function nameFlags(flags: readonly Flag[]): string {
  return flags.flatMap(({ words }) => words).join(" ");
}

/** What offers the value that begins with a text; empty for nothing. */
function act(offers: Offer | undefined, typed: string): string {
  const list = getList(offers);
  if (list !== undefined) return `_zag_ps_list ${list} "${typed}"`;
  if (offers === "files") return `_zag_ps_files "${typed}" default -f`;
  if (offers === "folders") return `_zag_ps_files "${typed}" dirnames -d`;
  if (offers === "filters") return `_zag_ps_filters "${typed}"`;
  if (offers === "command") return `_zag_ps_words "${typed}" --`;
  const words = getWords(offers);
  return words.length > 0 ? `_zag_ps_words "${typed}" ${words.join(" ")}` : "";
}
