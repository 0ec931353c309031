import type { CommandWords, OptionWords } from './words.ts'

export const SHELLS = ['bash', 'zsh', 'fish'] as const
export type Shell = typeof SHELLS[number]

/** A script that teaches a shell what may follow `ipmr`. */
export function completionScript (shell: Shell, commands: CommandWords[]): string {
  return { bash, zsh, fish }[shell](commands)
}

function bash (commands: CommandWords[]): string {
  const cases = commands.map(({ name, options, arguments: words, takesFiles }) => [
    `    ${name})`,
    ...options.filter(({ choices }) => choices.length > 0).map(option => `      case $previous in ${flags(option).join('|')}) COMPREPLY=($(compgen -W '${option.choices.join(' ')}' -- "$current")); return ;; esac`),
    `      options='${options.flatMap(flags).join(' ')}'`,
    `      words='${words.join(' ')}' files=${takesFiles ? 1 : 0} ;;`
  ].join('\n'))
  return `# bash completion for ipmr: add to ~/.bashrc
#   source <(ipmr completion bash)
_ipmr () {
  local current=\${COMP_WORDS[COMP_CWORD]} previous=\${COMP_WORDS[COMP_CWORD-1]} options='' words='' files=1
  COMPREPLY=()
  if (( COMP_CWORD == 1 )); then
    COMPREPLY=($(compgen -W '${commands.map(({ name }) => name).join(' ')} --help --version' -- "$current"))
    return
  fi
  case \${COMP_WORDS[1]} in
${cases.join('\n')}
  esac
  if [[ $current == -* ]]; then
    COMPREPLY=($(compgen -W "$options" -- "$current"))
  else
    if (( files )); then COMPREPLY=($(compgen -f -- "$current")); fi
    if (( COMP_CWORD == 2 )); then COMPREPLY+=($(compgen -W "$words" -- "$current")); fi
  fi
}
complete -o filenames -F _ipmr ipmr
`
}

function zsh (commands: CommandWords[]): string {
  const cases = commands.map(({ name, options, arguments: words, takesFiles }) => [
    `    ${name}) _arguments \\`,
    ...options.map(option => `      ${zshOption(option)} \\`),
    ...(words.length > 0 ? [`      '1:${takesFiles ? `program:{ compadd ${words.join(' ')}; _files }` : `word:(${words.join(' ')})`}' \\`] : []),
    takesFiles ? `      '*:file:_files' ;;` : '      ;;'
  ].join('\n'))
  return `#compdef ipmr
# zsh completion for ipmr: add to ~/.zshrc, after compinit
#   source <(ipmr completion zsh)
_ipmr () {
  local -a commands
  commands=(
${commands.map(({ name, summary }) => `    ${quoted(`${name}:${summary}`)}`).join('\n')}
  )
  if (( CURRENT == 2 )); then
    _describe command commands
    return
  fi
  shift words
  (( CURRENT-- ))
  case $words[1] in
${cases.join('\n')}
  esac
}
compdef _ipmr ipmr
`
}

function zshOption (option: OptionWords): string {
  const about = option.about.replace(/[[\]:\\]/g, '\\$&')
  const value = !option.takesValue ? '' : option.choices.length > 0 ? `:value:(${option.choices.join(' ')})` : ':value:_files'
  return flags(option).map(flag => quoted(`${flag}[${about}]${value}`)).join(' ')
}

function fish (commands: CommandWords[]): string {
  const lines = commands.flatMap(({ name, summary, options, arguments: words, takesFiles }) => {
    const here = `complete -c ipmr -n '__fish_seen_subcommand_from ${name}'`
    return [
      `complete -c ipmr -f -n __fish_use_subcommand -a ${name} -d ${quoted(summary)}`,
      ...(words.length > 0 ? [`complete -c ipmr -n '__fish_seen_subcommand_from ${name}; and test (count (commandline -opc)) -eq 2' -a ${quoted(words.join(' '))}`] : []),
      ...(takesFiles ? [] : [`${here} -f`]),
      ...options.map(({ long, short, about, takesValue, choices }) => [
        here, `-l ${long.slice(2)}`,
        ...(short === undefined ? [] : [`-s ${short.slice(1)}`]),
        ...(takesValue ? ['-r'] : []),
        ...(choices.length > 0 ? [`-f -a ${quoted(choices.join(' '))}`] : []),
        `-d ${quoted(about)}`
      ].join(' '))
    ]
  })
  return `# fish completion for ipmr
#   ipmr completion fish > ~/.config/fish/completions/ipmr.fish
${lines.join('\n')}
`
}

function flags ({ long, short }: OptionWords): string[] {
  return [...(short === undefined ? [] : [short]), long]
}

/** For all three shells: a quote within is written outside of the quotes. */
function quoted (text: string): string {
  return `'${text.replaceAll('\'', '\'\\\'\'')}'`
}
