/** `traceroute` over simulated packets: the hops of a VPC are hidden, so there is one or none. */
import type { Ip } from '../../ip/address.ts'
import { answered, type Flow } from '../../network/flow.ts'
import { ICMP, UDP } from '../../network/match.ts'
import type { Command } from './commands.ts'
import { resolve } from './names.ts'

const MAX_HOPS = 30
const FIRST_PORT = 33434
const TAKES_VALUE = new Set(['-m', '-q', '-w', '-p', '-f'])

export const traceroute: Command = async (context, args) => {
  const name = args.findLast((arg, i) => !arg.startsWith('-') && !TAKES_VALUE.has(args[i - 1] ?? ''))
  const target = name === undefined ? undefined : resolve(context, name)
  if (!target) {
    context.complain(name === undefined ? 'traceroute: give a host' : `${name}: Name or service not known`)
    return 2
  }
  const hops = Number(args[args.indexOf('-m') + 1]) || MAX_HOPS
  context.print(`traceroute to ${name} (${target}), ${hops} hops max, 60 byte packets`)
  const before = performance.now()
  const trace = context.send(probe(context.address, target, args.includes('-I')), context.node)
  if (answered(trace)) {
    context.print(` 1  ${target}  ${(performance.now() - before).toFixed(3)} ms`)
    return 0
  }
  for (let hop = 1; hop <= hops && !context.interrupted(); hop++) {
    context.print(` ${hop}  * * *`)
    await context.sleep(1000)
  }
  return 0
}

const probe = (source: Ip, destination: Ip, icmp: boolean): Flow =>
  icmp
    ? { protocol: ICMP, source, destination, icmp: { type: 8, code: 0 } }
    : { protocol: UDP, source, destination, sourcePort: 40000, destinationPort: FIRST_PORT }
