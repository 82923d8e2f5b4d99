/** Commands of the simulated shell itself. */
import { COMMANDS } from '../commands.ts'
import type { Scope } from './expand.ts'

type Builtin = (scope: Scope, args: readonly string[]) => number

const say = (scope: Scope, text: string): number => {
  scope.io.write('stdout', text)
  return 0
}

export const BUILTINS: Readonly<Record<string, Builtin>> = {
  echo: (scope, args) => (args[0] === '-n' ? say(scope, args.slice(1).join(' ')) : say(scope, `${args.join(' ')}\n`)),
  export(scope, args) {
    for (const arg of args) {
      const [name = '', ...value] = arg.split('=')
      if (arg.includes('=')) scope.variables.set(name, value.join('='))
    }
    return 0
  },
  exit(scope, [code]) {
    scope.exit = code === undefined ? scope.status : Number(code) & 255
    return scope.exit
  },
  logout: (scope) => BUILTINS.exit?.(scope, []) ?? 0,
  clear: (scope) => say(scope, '\x1b[H\x1b[2J'),
  help: (scope) =>
    say(
      scope,
      'A simulated instance: its packets are simulated, and nothing listens on it but sshd (port 22).\n' +
        `Commands: ${[...Object.keys(COMMANDS), ...Object.keys(BUILTINS), 'sudo'].sort().join(' ')}\n` +
        'Of the shell there are quotes, variables, $(...), && || and ;. For real instances run Isthmus on Linux.\n',
    ),
}
