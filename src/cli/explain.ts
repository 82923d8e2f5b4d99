/** `isthmus explain A B`: why a packet arrives or does not, and what to do about it. */
import { type Command, InvalidArgumentError } from 'commander'
import { QuestionError } from '../analyzer/question-error.ts'
import type { Traffic } from '../analyzer/question.ts'
import { explained, type Explanation } from '../check/explanation.ts'
import { NameError, type Scope } from '../check/names.ts'
import { parsePorts, parseProtocol, trafficOf } from '../check/traffic.ts'
import { ICMP, ICMPV6, type PortRange, TCP, UDP } from '../network/match.ts'
import { familyOf, parseIp } from '../ip/address.ts'
import { answering } from './answering.ts'
import { applyFix } from './explain-apply.ts'
import { explainOn, type Question } from './explain-ask.ts'
import { explanationText } from './explain-text.ts'
import { UsageFailure } from './failure.ts'
import { type OutputOption, print, wholeNumber, withExamples, withOutput, withServer } from './options.ts'
import { snapshotScope, snapshotSubject } from './explain-subject.ts'
import { openSession, type ServerOptions, type Session } from './session.ts'
import { painter } from './paint.ts'

export function registerExplain(program: Command): void {
  const command = program
    .command('explain')
    .summary('why a packet arrives or does not, and how to mend it')
    .description(
      'Say whether A reaches B and gets an answer: the way there and back, every setting that is in the way, and the ' +
        'commands that mend it. Without an option the question is about a ping. Exits 0 if all arrives, 1 if not.',
    )
    .argument(
      '<a>',
      'an instance (Name, id, beginning of an id), interface, address, gateway or peering; or `internet`',
    )
    .argument('<b>', 'the same')
    .option('--tcp <ports>', 'TCP to a port, a range such as 8000-8100, or any', ports)
    .option('--udp <ports>', 'UDP, likewise', ports)
    .option('--icmp', 'a ping (the default)')
    .option('--protocol <n>', 'another protocol, by its number', protocol)
    .option('--source-port <ports>', 'from these ports (default: those that clients take)', ports)
    .option('--size <bytes>', 'a packet of so many bytes that may not be fragmented', wholeNumber(28, 65_535))
    .option('--narrow', 'commands that open as little as possible: one address, not its VPC')
    .option('--apply', 'carry the commands out, and explain again')
    .option('--all', 'every decision on the way, and every other way to mend it')
    .option('--snapshot <dir>', 'ask about the network in a folder (see `isthmus import`), without a server')
    .action(answering(explain))
  withExamples(withOutput(withServer(command)), [
    ['isthmus explain web db', 'why does the ping say nothing?'],
    ['isthmus explain internet web --tcp 22', 'does SSH get in?'],
    ['isthmus explain web db --tcp 5432 --apply', 'make it work'],
    ['isthmus explain web db --snapshot ./account', "in a real account's network"],
  ])
}

interface ExplainOptions extends ServerOptions, OutputOption {
  readonly tcp?: PortRange
  readonly udp?: PortRange
  readonly icmp?: boolean
  readonly protocol?: number
  readonly sourcePort?: PortRange
  readonly size?: number
  readonly narrow?: boolean
  readonly apply?: boolean
  readonly all?: boolean
  readonly snapshot?: string
}

function ports(text: string): PortRange {
  const range = parsePorts(text)
  if (!range) throw new InvalidArgumentError('Give a port from 0 to 65535, a range such as 8000-8100, or any.')
  return range
}

function protocol(text: string): number {
  const number = parseProtocol(text)
  if (number === undefined) throw new InvalidArgumentError('Give a number from 0 to 255.')
  return number
}

/** Of the four kinds of traffic one. Throws UsageFailure. */
function trafficOfOptions(options: ExplainOptions, b: string): Traffic {
  const { tcp, udp, icmp, protocol: number, sourcePort, size } = options
  if ([tcp, udp, icmp, number].filter((one) => one !== undefined).length > 1)
    throw new UsageFailure('Give one of --tcp, --udp, --icmp and --protocol.')
  const to = parseIp(b)
  const ping = to && familyOf(to) === 6 ? ICMPV6 : ICMP
  const traffic = trafficOf(tcp ? TCP : udp ? UDP : (number ?? ping), tcp ?? udp)
  if (sourcePort && !tcp && !udp) throw new UsageFailure('--source-port goes with --tcp or --udp.')
  return { ...traffic, ...(sourcePort && { sourcePorts: sourcePort }), ...(size !== undefined && { length: size }) }
}

async function explain(a: string, b: string, options: ExplainOptions): Promise<void> {
  const traffic = trafficOfOptions(options, b)
  const asked = { from: a, to: b, traffic, narrow: options.narrow === true }
  if (options.snapshot !== undefined && options.apply) throw new UsageFailure('--apply needs a running server.')
  const session = options.snapshot === undefined ? await openSession(options) : undefined
  const explanation = session
    ? await explainOn(session, asked)
    : offline(options, { ...asked, scope: snapshotScope(options.region) })
  const shown = options.apply && session ? await applied(session, explanation, asked, options) : explanation
  const style = { columns: columns(), all: options.all === true, paint: painter(process.stdout) }
  print(options, shown, explanationText(shown, style))
  process.exitCode = shown.verdict === 'reachable' ? 0 : 1
}

const columns = (): number => Math.max(60, Math.min(process.stdout.columns || 80, 120))

function offline({ snapshot = '' }: ExplainOptions, asked: Question & { readonly scope: Scope }): Explanation {
  const subject = snapshotSubject(snapshot)
  try {
    return explained(subject, asked)
  } catch (error) {
    throw error instanceof NameError || error instanceof QuestionError ? new UsageFailure(error.message) : error
  }
}

/** Carries the usual fix out, waits until it is in force, and explains again. */
async function applied(
  session: Session,
  explanation: Explanation,
  question: Question,
  { output }: OutputOption,
): Promise<Explanation> {
  const [fix] = explanation.fixes
  if (explanation.verdict === 'reachable' || !fix) return explanation
  // What is printed for a program is the last answer alone.
  const say = (line: string) => void (output === 'json' ? process.stderr : process.stdout).write(`${line}\n`)
  await applyFix(session, fix, say)
  return explainOn(session, question)
}
