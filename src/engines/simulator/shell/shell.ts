/** The simulated instances' shell: reads lines, runs the commands that there are, and says that all is simulated. */
import { COMMANDS, contextOf, type Place } from '../commands.ts'
import type { Io } from '../process.ts'
import { BUILTINS } from './builtins.ts'
import { assignment, expand, type Scope } from './expand.ts'
import { ParseError, parse, type Step } from './parse.ts'

const BANNER = 'A simulated instance: packets are simulated, and it knows a few commands only (help lists them).\n'

/** Reads lines until there are no more, or `exit`. Returns the exit code. */
export async function shell(io: Io, at: Place, user: string): Promise<number> {
  const scope = newScope(io, at, user)
  if (io.terminal) io.write('stdout', BANNER)
  const prompt = io.terminal ? `[${user}@${at.machine.hostname} ~]${user === 'root' ? '#' : '$'} ` : ''
  while (scope.exit === undefined) {
    const line = await io.readLine(prompt)
    if (line === undefined) break
    await run(scope, line)
  }
  if (io.terminal) io.write('stdout', scope.exit === undefined ? 'logout\n' : '')
  return scope.exit ?? scope.status
}

/** `sh -c`: runs it, and returns its exit code. */
export async function runScript(io: Io, at: Place, user: string, script: string): Promise<number> {
  const scope = newScope(io, at, user)
  for (const line of script.split('\n')) if (scope.exit === undefined) await run(scope, line)
  return scope.exit ?? scope.status
}

const newScope = (io: Io, at: Place, user: string): Scope => ({
  io,
  at,
  user,
  variables: new Map([
    ['USER', user],
    ['HOME', user === 'root' ? '/root' : `/home/${user}`],
    ['HOSTNAME', at.machine.hostname],
    ['SHELL', '/bin/bash'],
    ...Object.entries(at.environment ?? {}),
  ]),
  status: 0,
  exit: undefined,
  capture: (scope, script, write) => capture(scope, script, write),
})

async function run(scope: Scope, line: string): Promise<void> {
  try {
    for (const step of parse(line)) {
      if (scope.exit !== undefined) return
      if (isDue(step, scope.status)) scope.status = await scope.io.foreground((stop) => runStep(scope, step, stop))
    }
  } catch (error) {
    if (!(error instanceof ParseError)) throw error
    scope.io.write('stderr', `sh: ${error.message}\n`)
    scope.status = 2
  }
}

const isDue = ({ when }: Step, status: number): boolean => when === 'always' || (when === 'success') === (status === 0)

async function runStep(scope: Scope, { words }: Step, stop: AbortSignal): Promise<number> {
  let at = 0
  for (; at < words.length; at++) {
    const set = await assignment(scope, words[at] ?? [])
    if (!set) break
    scope.variables.set(set.name, set.value)
  }
  const args = (await Promise.all(words.slice(at).map((word) => expand(scope, word)))).flat()
  const [name, ...rest] = args
  // Of assignments alone the status is that of what they ran.
  if (name === undefined) return words.flat().some((part) => 'script' in part) ? scope.status : 0
  return command(scope, name, rest, stop)
}

async function command(scope: Scope, name: string, args: readonly string[], stop: AbortSignal): Promise<number> {
  const builtin = Object.hasOwn(BUILTINS, name) ? BUILTINS[name] : undefined
  if (builtin) return builtin(scope, args)
  if (name === 'sudo') return asRoot(scope, args, stop)
  const known = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined
  if (known) {
    const code = await known(contextOf(scope.io, scope.at, scope.user, stop), args)
    return stop.aborted && code !== 0 ? 130 : code
  }
  scope.io.write('stderr', `-bash: ${name}: command not found (this instance is simulated; help lists what there is)\n`)
  return 127
}

async function asRoot(scope: Scope, args: readonly string[], stop: AbortSignal): Promise<number> {
  const [name, ...rest] = args
  if (name === undefined || name.startsWith('-')) {
    scope.io.write('stderr', 'sudo: give a command; the simulated sudo has no options\n')
    return 1
  }
  return command({ ...scope, user: 'root' }, name, rest, stop)
}

/** What a script says, without the ends of its last lines; its variables are its own. */
async function capture(scope: Scope, script: string, status: (code: number) => void): Promise<string> {
  let said = ''
  const io: Io = {
    ...scope.io,
    write: (stream, text) => {
      if (stream === 'stdout') said += text
      else scope.io.write(stream, text)
    },
  }
  const inner: Scope = { ...scope, io, variables: new Map(scope.variables) }
  await run(inner, script)
  status(inner.status)
  return said.replace(/\n+$/, '')
}
