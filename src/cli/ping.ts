/** `isthmus ping A B`: a real ping, run inside A. */
import type { Command } from 'commander'
import { inventory } from './inventory.ts'
import { trafficOf } from '../check/traffic.ts'
import { familyOf } from '../ip/address.ts'
import { ICMP, ICMPV6 } from '../network/match.ts'
import { explainOn } from './explain-ask.ts'
import { addressOf, internet, nodeOf } from './hosts.ts'
import { wholeNumber, withExamples, withServer } from './options.ts'
import { runInNode } from './running-command.ts'
import { inForce, openSession, type ServerOptions, type Session } from './session.ts'
import { terminalSize } from './terminal.ts'
import { wrapped } from './wrap.ts'

export function registerPing(program: Command): void {
  const command = program
    .command('ping')
    .summary('ping from one instance to another')
    .description('Run ping inside A, an instance or `internet`, towards B: an instance, an address or `internet`.')
    .argument('<a>', 'an instance (Name, id, beginning of an id, address) or `internet`')
    .argument('<b>', 'the same, or any address')
    .option('-c, --count <n>', 'stop after so many packets (default: at Ctrl-C)', wholeNumber(1, 1_000_000))
    .action(ping)
  withExamples(withServer(command), [
    ['isthmus ping web db', 'private address to private address'],
    ['isthmus ping -c 3 internet web', 'from outside, to its public address'],
    ['isthmus ping web 10.2.11.172', 'any address'],
  ])
}

/**
 * The command that pings and says each line as it comes: into a pipe the real one keeps its first line back until there
 * is an answer, and here silence has to be seen.
 */
export const pingCommand = (engine: 'linux' | 'simulator', args: readonly string[]): string[] =>
  engine === 'linux' ? ['stdbuf', '-oL', 'ping', ...args] : ['ping', ...args]

async function ping(a: string, b: string, options: ServerOptions & { count?: number }): Promise<void> {
  const session = await openSession(options)
  const { instances } = await inventory(session.client)
  const node = nodeOf(instances, a)
  const address = addressOf(instances, b, node)
  await inForce(session)
  const count = options.count === undefined ? [] : ['-c', String(options.count)]
  const command = pingCommand(session.status.engine.name, [...count, address])
  const code = await runInNode(session.stateDir, node, command, { input: false })
  if (code === NO_ANSWER) await sayWhy(session, a, b)
  process.exitCode = code
}

/** What ping ends with where nothing at all came back. */
const NO_ANSWER = 1

/** The first sentence of the explanation, and how to see the rest; nothing where there is none. */
async function sayWhy(session: Session, a: string, b: string): Promise<void> {
  const traffic = trafficOf(familyOf(b) === 6 ? ICMPV6 : ICMP)
  const explanation = await explainOn(session, {
    from: a === internet.node ? internet.address : a,
    to: b,
    traffic,
  }).catch(() => undefined)
  if (!explanation) return
  const [blocker] = explanation.way.blockers
  const reason = blocker?.sentence ?? 'No setting of the network is in the way: look into the other end itself.'
  const more = `More, and how to mend it: isthmus explain ${[a, b].map(shellWord).join(' ')}`
  process.stderr.write(`\n${[...wrapped(reason, terminalSize().columns), more].join('\n')}\n`)
}

/** A word as a shell takes it. */
const shellWord = (word: string): string => (/^[\w./:=-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`)
