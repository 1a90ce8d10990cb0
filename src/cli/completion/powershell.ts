import { VERSION } from "../../model/version.ts";
import type { Offer } from "../verb.ts";
import {
  type Flag,
  getDefaultFlags,
  getKeys,
  getList,
  getVerbs,
  getWords,
} from "./model.ts";

/** The script for PowerShell: tables, and one block that reads them. */
export function renderPowerShell(): string {
  const verbs = getVerbs();
  return `# Completes zag-ps ${VERSION} in PowerShell. Made by: zag-ps completion powershell

Register-ArgumentCompleter -Native -CommandName 'zag-ps' -ScriptBlock {
  param($wordToComplete, $commandAst, $cursorPosition)

  $verbs = [ordered]@{
${
    verbs.flatMap(({ words, verb }) =>
      words.map((word) => `    ${quote(word)} = ${quote(verb.summary)}\n`)
    ).join("")
  }    'help' = 'Show the help of a command'
  }
  $aliases = @{
${
    verbs.flatMap(({ verb }) =>
      verb.aliases.map((alias) => `    ${quote(alias)} = ${quote(verb.name)}\n`)
    ).join("")
  }  }
  # What each verb takes: one argument or several of what is offered.
  $arguments = @{
${
    verbs.map(({ verb, many }) => {
      const offered = describe(verb.offers);
      return offered === undefined
        ? ""
        : `    ${quote(verb.name)} = @{ many = ${
          many ? "$true" : "$false"
        }; offers = ${offered} }\n`;
    }).join("")
  }  }
  # The options of each verb: their names, help, and what their value can be.
  $flags = @{
    '' = @(
${renderFlags(getDefaultFlags())}    )
${
    verbs.map(({ verb, flags }) =>
      `    ${quote(verb.name)} = @(\n${renderFlags(flags)}    )\n`
    ).join("")
  }  }
  $keys = @(
${
    getKeys().map(({ key, starts, values }) =>
      `    @{ key = ${quote(key)}; starts = @(${
        starts.map(({ text, help }) =>
          `@{ text = ${quote(text)}; help = ${quote(help)} }`
        ).join(", ")
      }); values = ${toArray(values ?? [])} }\n`
    ).join("")
  }  )

  $words = @(
    $commandAst.CommandElements |
      Where-Object { $_.Extent.EndOffset -lt $cursorPosition } |
      ForEach-Object {
        if ($_ -is [System.Management.Automation.Language.StringConstantExpressionAst]) { $_.Value }
        else { $_.Extent.Text }
      }
  )
  $typed = $wordToComplete -replace '["'']', ''
  $program = $words[0]
  $verb = ''
  $want = ''
  $zagHome = ''
  $given = 0
  for ($i = 1; $i -lt $words.Count; $i++) {
    $word = $words[$i]
    if ($want) {
      if ($want -eq '--zag-home') { $zagHome = $word }
      $want = ''
    } elseif ($word -eq '--') {
      return
    } elseif ($word -like '--zag-home=*') {
      $zagHome = $word.Substring(11)
    } elseif ($word -like '-*') {
      $known = $flags.Values | ForEach-Object { $_ } |
        Where-Object { $_.takes -and $_.words -ccontains $word }
      if ($known) { $want = $word }
    } elseif ($verb) {
      $given++
    } elseif ($aliases.ContainsKey($word)) {
      $verb = $aliases[$word]
    } else {
      $verb = $word
    }
  }

  function Show-Word($lead, $value, $text, $type = 'ParameterValue') {
    if (-not $text) { $text = $value }
    $word = "$lead$value"
    # PowerShell takes curly quotes for straight ones: all are written twice.
    if ($word -notmatch '^[\\w.:/=+-]+$') { $word = "'" + ($word -replace '[''\\u2018-\\u201b]', '$0$0') + "'" }
    [System.Management.Automation.CompletionResult]::new($word, $value, $type, $text)
  }

  # What zag-ps knows now: of a list, what begins with what was typed.
  function Show-List($list, $prefix, $lead) {
    $options = @()
    if ($zagHome) { $options += "--zag-home=$zagHome" }
    $null | & $program @options completion $list -- $prefix 2>$null | ForEach-Object {
      $value, $text = $_ -split "\`t", 2
      Show-Word $lead $value $text
    }
  }

  function Show-Filters($prefix, $lead) {
    if ($prefix -cnotmatch '^([a-z.]+)(!=|=|<|>)(.*)$') {
      foreach ($key in $keys) {
        foreach ($start in $key.starts) {
          if ($start.text.StartsWith($prefix)) { Show-Word $lead $start.text $start.help }
        }
      }
      return
    }
    $name, $operator, $rest = $Matches[1], $Matches[2], $Matches[3]
    $key = $keys | Where-Object { $_.key -ceq $name }
    if (-not $key) { return }
    if ($key.values.Count -eq 0) { return Show-List $name $rest "$lead$name$operator" }
    $key.values | Where-Object { $_.StartsWith($rest) } |
      ForEach-Object { Show-Word "$lead$name$operator" $_ $_ }
  }

  function Show-Offer($offers, $prefix, $lead) {
    switch ($offers.kind) {
      'list' { Show-List $offers.list $prefix $lead }
      'filters' { Show-Filters $prefix $lead }
      'words' {
        $offers.words | Where-Object { $_.StartsWith($prefix) } |
          ForEach-Object { Show-Word $lead $_ $_ }
      }
      # For files PowerShell has its own, where nothing is offered.
    }
  }

  $own = if ($flags.ContainsKey($verb)) { $flags[$verb] } else { @() }
  if ($want) {
    $flag = $own | Where-Object { $_.words -ccontains $want } | Select-Object -First 1
    if ($flag) { Show-Offer $flag.offers $typed '' }
  } elseif ($typed -match '^(--[^=]+)=(.*)$') {
    $name, $rest = $Matches[1], $Matches[2]
    $flag = $own | Where-Object { $_.words -ccontains $name } | Select-Object -First 1
    if ($flag) { Show-Offer $flag.offers $rest "$name=" }
  } elseif ($typed.StartsWith('-')) {
    foreach ($flag in $own) {
      foreach ($word in $flag.words) {
        if ($word.StartsWith($typed)) { Show-Word '' $word $flag.help 'ParameterName' }
      }
    }
  } elseif (-not $verb -or ($verb -eq 'help' -and $given -eq 0)) {
    foreach ($word in $verbs.Keys) {
      if ($word.StartsWith($typed)) { Show-Word '' $word $verbs[$word] }
    }
  } elseif ($arguments.ContainsKey($verb) -and ($given -eq 0 -or $arguments[$verb].many)) {
    Show-Offer $arguments[$verb].offers $typed ''
  }
}
`;
}

function renderFlags(flags: readonly Flag[]): string {
  return flags.map(({ words, option }) => {
    const offered = describe(option.offers);
    return `      @{ words = ${toArray(words)}; takes = ${
      option.value === undefined ? "$false" : "$true"
    }; help = ${quote(option.help)}${
      offered === undefined ? "" : `; offers = ${offered}`
    } }\n`;
  }).join("");
}

function describe(offers: Offer | undefined): string | undefined {
  const list = getList(offers);
  if (list !== undefined) return `@{ kind = 'list'; list = ${quote(list)} }`;
  if (offers === "command") return "@{ kind = 'words'; words = @('--') }";
  if (typeof offers === "string") return `@{ kind = ${quote(offers)} }`;
  const words = getWords(offers);
  return words.length > 0
    ? `@{ kind = 'words'; words = ${toArray(words)} }`
    : undefined;
}

function toArray(words: readonly string[]): string {
  return `@(${words.map(quote).join(", ")})`;
}

function quote(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}
