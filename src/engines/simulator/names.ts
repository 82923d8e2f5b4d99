/** Names as a simulated node looks them up: it asks its VPC's resolver, over simulated packets. */
import { type Answer, decode, encode, type Packet, type Question } from 'dns-packet'
import { type Ip, parseIp } from '../../ip/address.ts'
import { answered } from '../../network/flow.ts'
import { UDP } from '../../network/match.ts'
import type { CommandContext } from './commands.ts'
import { serviceAddress } from './machine.ts'

const DNS_PORT = 53
const NAMESERVER = /^nameserver\s+(\S+)/m
const SEARCH = /^search\s+(.+)$/m

/** The resolver that the machine was told of; undefined where there is none. */
export function resolverOf(context: CommandContext): Ip | undefined {
  const told = NAMESERVER.exec(settings(context))?.[1]
  return (told && parseIp(told)) || serviceAddress(context.network(), context.machine, 'dns')
}

const settings = ({ machine }: CommandContext): string =>
  machine.files.find(({ path }) => path === '/etc/resolv.conf')?.text ?? ''

/** Asks a resolver; undefined is silence. */
export function ask(context: CommandContext, resolver: Ip, question: Question): Packet | undefined {
  const { machine, services } = context
  const port = { sourcePort: 40000, destinationPort: DNS_PORT }
  const flow = { protocol: UDP, source: context.address, destination: resolver, ...port }
  if (!answered(context.send(flow, context.node)) || machine.router === undefined) return undefined
  const query = encode({ type: 'query', id: 1, flags: 0x100, questions: [question] })
  const message = services?.dns(machine.router, context.address, query)
  return message && decode(Buffer.from(message))
}

/** The IPv4 address of a name, or of an address as it stands; undefined where there is none. */
export function resolve(context: CommandContext, name: string): Ip | undefined {
  const literal = parseIp(name)
  if (literal) return literal
  if (name === 'localhost') return parseIp('127.0.0.1')
  const resolver = resolverOf(context)
  if (!resolver || name === '') return undefined
  for (const full of candidates(context, name)) {
    const answer = ask(context, resolver, { type: 'A', name: full })
    const record = answer?.answers?.find((a: Answer) => a.type === 'A')
    if (record && 'data' in record) return parseIp(String(record.data))
  }
  return undefined
}

/** A name without a dot is looked for in the search domains first. */
function candidates(context: CommandContext, name: string): string[] {
  if (name.endsWith('.')) return [name.slice(0, -1)]
  const domains = SEARCH.exec(settings(context))?.[1]?.split(/\s+/) ?? []
  const inDomains = domains.map((domain) => `${name}.${domain}`)
  return name.includes('.') ? [name, ...inDomains] : [...inDomains, name]
}
