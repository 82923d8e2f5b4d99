/** `isthmus completion SHELL`: the script that lets a shell ask Isthmus what may come next. */
import { Argument, type Command } from 'commander'
import { candidates, type Names } from './complete.ts'
import { inventory, type Item } from './inventory.ts'
import { slug } from '../check/named.ts'
import { withExamples } from './options.ts'
import { openSession } from './session.ts'

/** Each asks the command that is being completed: `isthmus __complete -- WORDS`, the last one unfinished. */
const SCRIPTS: Readonly<Record<string, string>> = {
  bash: `_isthmus() {
  local line IFS=$'\\n'
  COMPREPLY=()
  while read -r line; do COMPREPLY+=("$line"); done \\
    < <("$1" __complete -- "\${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null)
}
complete -o default -F _isthmus isthmus
`,
  zsh: `#compdef isthmus
_isthmus() {
  local -a found
  found=(\${(f)"$("\${words[1]}" __complete -- "\${(@)words[2,CURRENT]}" 2>/dev/null)"})
  if (( \${#found} )); then compadd -- "\${found[@]}"; else _files; fi
}
compdef _isthmus isthmus
`,
  fish: `function __isthmus_complete
  set -l words (commandline -opc)
  $words[1] __complete -- $words[2..-1] (commandline -ct) 2>/dev/null
end
complete -c isthmus -a '(__isthmus_complete)'
`,
}

export function registerCompletion(program: Command): void {
  const command = program
    .command('completion')
    .summary('completion for bash, zsh and fish')
    .description('Print a script that completes commands, options and the names of instances and VPCs in a shell.')
    .addArgument(new Argument('<shell>', 'which shell').choices(Object.keys(SCRIPTS)))
    .action((shell: string) => void process.stdout.write(SCRIPTS[shell] ?? ''))
  withExamples(command, [
    ['eval "$(isthmus completion bash)"', 'in ~/.bashrc'],
    ['eval "$(isthmus completion zsh)"', 'in ~/.zshrc, after compinit'],
    ['isthmus completion fish | source', 'in ~/.config/fish/config.fish'],
  ])
  program
    .command('__complete', { hidden: true })
    .argument('[words...]')
    .passThroughOptions()
    .action(async (words: string[]) => {
      const found = await candidates(program, words, namesOnServer)
      if (found.length > 0) process.stdout.write(`${found.join('\n')}\n`)
    })
}

/** Arguments that name an instance, in all commands but these. */
const INSTANCES = new Set(['name', 'a', 'b'])
const OTHERS: Readonly<Record<string, 'vpcs' | 'new'>> = { 'delete vpc': 'vpcs', 'create vpc': 'new' }

/** As the server knows them; nothing where none runs, as nobody reads an error here. */
const namesOnServer: Names = async (command, what, options) => {
  if (what === 'endpoint') return ['auto']
  const other = OTHERS[`${command.parent?.name()} ${command.name()}`]
  if (!INSTANCES.has(what) || other === 'new') return []
  try {
    const { instances, vpcs } = await inventory((await openSession(options)).client)
    return other === 'vpcs' ? vpcs.map(wordFor) : [...instances.map(wordFor), 'internet']
  } catch {
    return []
  }
}

/** A name that needs no quotes, else the id. */
const wordFor = ({ id, name }: Item): string => (/^[\w.-]+$/.test(name) ? name : slug(name) || id)
