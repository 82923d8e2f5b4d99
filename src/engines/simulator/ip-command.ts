/** `ip addr`, `ip link` and `ip route` of a simulated instance, as iproute2 prints them. */
import type { Ip } from '../../ip/address.ts'
import { addressAt, lengthOf } from '../../ip/prefix.ts'
import type { Interface, Network } from '../../network/network.ts'
import type { Command, CommandContext } from './commands.ts'

const LOOPBACK = [
  '1: lo: <LOOPBACK,UP,LOWER_UP> mtu 65536 qdisc noqueue state UNKNOWN group default qlen 1000',
  '    link/loopback 00:00:00:00:00:00 brd 00:00:00:00:00:00',
]
const LOOPBACK_ADDRESS = '    inet 127.0.0.1/8 scope host lo'

export const ip: Command = async (context, args) => {
  const [object = '', verb = 'show'] = args.filter((arg) => !arg.startsWith('-'))
  const print = PRINT.find(([name]) => object !== '' && name.startsWith(object))?.[1]
  if (!print || !'show'.startsWith(verb) || verb === '') {
    context.complain('ip: the simulated one shows only: ip addr, ip link, ip route')
    return 255
  }
  for (const line of print(context)) context.print(line)
  return 0
}

type Print = (context: CommandContext) => string[]

const PRINT: readonly (readonly [string, Print])[] = [
  [
    'address',
    (context) => [
      ...LOOPBACK,
      LOOPBACK_ADDRESS,
      ...each(context, (i, name) => [...link(context, i, name), ...addresses(context, i, name)]),
    ],
  ],
  ['addr', (context) => PRINT[0]?.[1](context) ?? []],
  ['link', (context) => [...LOOPBACK, ...each(context, (i, name) => link(context, i, name))]],
  ['route', (context) => routes(context)],
]

const each = ({ machine }: CommandContext, lines: (i: Interface, name: string) => string[]): string[] =>
  machine.interfaces.flatMap((i) => lines(i, nameOf(i)))

const nameOf = ({ deviceIndex = 0 }: Interface): string => `eth${deviceIndex}`

function link(context: CommandContext, i: Interface, name: string): string[] {
  const mtu = segmentOf(context.network(), i)?.mtu ?? 1500
  const head = `${(i.deviceIndex ?? 0) + 2}: ${name}: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu ${mtu}`
  return [
    `${head} qdisc noqueue state UP group default qlen 1000`,
    `    link/ether ${i.mac ?? '00:00:00:00:00:00'} brd ff:ff:ff:ff:ff:ff`,
  ]
}

const addresses = (context: CommandContext, i: Interface, name: string): string[] =>
  i.addresses.map((address, n) => {
    const length = lengthAt(context.network(), i)
    return `    inet ${address}/${length} scope global${n > 0 ? ' secondary' : ''} ${name}`
  })

const segmentOf = (network: Network, { segment }: Interface) => network.segments.get(segment)

const lengthAt = (network: Network, i: Interface): number => {
  const prefix = segmentOf(network, i)?.prefix
  return prefix ? lengthOf(prefix) : 32
}

function routes(context: CommandContext): string[] {
  const [first] = context.machine.interfaces
  const own = context.machine.interfaces.flatMap((i) => {
    const prefix = segmentOf(context.network(), i)?.prefix
    return prefix ? [`${prefix} dev ${nameOf(i)} proto kernel scope link src ${i.addresses[0]}`] : []
  })
  const gateway = first && gatewayOf(context.network(), first)
  return [...(gateway && first ? [`default via ${gateway} dev ${nameOf(first)}`] : []), ...own]
}

/** The subnet's second address (C5). */
const gatewayOf = (network: Network, i: Interface): Ip | undefined => {
  const prefix = segmentOf(network, i)?.prefix
  return prefix && addressAt(prefix, 1)
}
