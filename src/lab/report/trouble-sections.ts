/** The parts of a report about what did not work at first: logins, and pings. */
import type { WayJudged } from '../course/journal.ts'
import { type Block, block } from './blocks.ts'
import type { CheckFacts, Facts } from './facts.ts'
import { clock, inWords } from './in-words.ts'
import type { PingFacts } from './pings.ts'
import type { TroubleFacts } from './troubles.ts'
import type { VerdictFacts } from './verdict-facts.ts'

export function logins({ troubles }: Facts): Block[] {
  if (troubles.length === 0) return []
  return [
    block('heading', 'Troubleshooting: EC2 Instance Connect'),
    ...troubles.slice(0, MOST).flatMap(loginBlocks),
    block('yours', 'how you could tell one of these from the other, and what each was waiting for.'),
  ]
}

/** A report is to be read. */
const MOST = 6

function loginBlocks({ message, at, attempts, lost, calls, changes }: TroubleFacts): Block[] {
  const times = attempts === 1 ? 'once' : `${attempts} times`
  const over = lost === undefined ? 'It has not been got over.' : `It took ${inWords(lost)} to get over it.`
  const made = calls.map((call) => [call.action, ...call.changed.slice(0, 2)].join(' '))
  const fix = [...new Set([...made, ...changes])].slice(-12)
  return [
    block('text', `At ${clock(at)}, ${times}. ${over}`),
    block('code', message),
    ...(fix.length === 0 ? [] : [block('text', 'What was changed in between:'), { kind: 'list', items: fix } as const]),
  ]
}

export function pings({ pings: all, verdicts, steps, networks }: Facts): Block[] {
  const instances = networks.flatMap(({ network }) => network.estate?.instances ?? [])
  const names = new Map(instances.map(({ id, name, privateIp }) => [id, [name, privateIp].filter(Boolean).join(' ')]))
  const checks = steps.flatMap((step) => step.checks).filter(({ before, after }) => before ?? after)
  if (all.length === 0 && verdicts.length === 0 && checks.length === 0) return []
  return [
    block('heading', 'Troubleshooting: ping'),
    ...worthShowing(all).flatMap((ping) => pingBlocks(ping, names.get(ping.from))),
    ...checks.flatMap(checkBlocks),
    ...verdicts.flatMap(verdictBlocks),
    block('yours', 'what the silence told you, and what it did not.'),
  ]
}

/** The latest of them. */
export function commands({ commands: all }: Facts): Block[] {
  if (all.length === 0) return []
  const rows = all
    .slice(-MOST_COMMANDS)
    .map(({ at, changed, command = '', exit }) => [clock(at), changed[0] ?? 'internet', command, String(exit ?? '')])
  return [
    block('heading', 'Commands in instances'),
    { kind: 'table', head: ['time (UTC)', 'where', 'command', 'exit code'], rows },
  ]
}

const MOST_COMMANDS = 25

/** First those that were answered after some silence. */
const worthShowing = (all: readonly PingFacts[]): PingFacts[] =>
  all
    .toSorted((one, other) => (other.first ?? 0) - (one.first ?? 0))
    .slice(0, MOST)
    .toSorted((one, other) => one.at - other.at)

function pingBlocks({ from, to, at, first, received, sent, rtt, text }: PingFacts, name?: string): Block[] {
  const lost = sent === undefined ? '' : ` ${sent} sent, ${received} answered, ${sent - received} lost.`
  const times = rtt === undefined ? '' : ` Round trip (min/avg/max/mdev): ${rtt}.`
  return [
    block('subheading', `${name ? `${name} (${from})` : from} pings ${to}, ${clock(at)}`),
    block('text', `${answers(first)}${lost}${times}`),
    block('code', text),
  ]
}

function answers(first: number | undefined): string {
  if (first === undefined) return 'No packet was answered.'
  if (first === 1) return 'The first packet was answered.'
  return `The first sequence number that was answered is ${first}: those before it were lost.`
}

/** What stood on a terminal when a check was looked at. */
const checkBlocks = ({ check, before, after, words }: CheckFacts): Block[] => [
  block('subheading', check.title),
  ...(before === undefined ? [] : [block('text', 'Before:'), block('code', before), block('code', words)]),
  ...(after === undefined ? [] : [block('text', 'After:'), block('code', after)]),
]

const verdictBlocks = ({ title, before, after }: VerdictFacts): Block[] => [
  block('subheading', `${title}: what the analyzer said, in both directions`),
  {
    kind: 'table',
    head: ['from', 'to', 'before', 'after'],
    rows: before.map((way, i) => [way.from, way.to, said(way), after[i] ? said(after[i]) : '']),
  },
]

const said = ({ isReachable, words }: WayJudged): string =>
  `${isReachable ? 'reachable' : 'not reachable'}: ${words.join('\n')}`
