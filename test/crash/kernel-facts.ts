/**
 * Facts of the records that must be found in the kernel. Said here once more, and not by the engine's own rendering:
 * addresses, routes, rules, public addresses, and which namespaces there are.
 */
import type { NetworkInterface } from '../../src/ec2/network-interface.ts'
import type { Permission } from '../../src/ec2/permissions.ts'
import type { Route } from '../../src/ec2/route.ts'
import type { Records } from '../../src/ec2/state.ts'
import { kernelTable, portName } from '../../src/engines/linux/names.ts'
import { lengthOf } from '../../src/ip/prefix.ts'
import type { Place, Reading } from './reading.ts'

/** What is looked up in a reading, and how often each kind was. */
export interface Looked {
  readonly problems: string[]
  readonly counts: Record<'namespaces' | 'addresses' | 'routes' | 'rules' | 'translations', number>
}

export function kernelFacts(records: Records, seen: Reading): Looked {
  const looked: Looked = {
    problems: [],
    counts: { namespaces: 0, addresses: 0, routes: 0, rules: 0, translations: 0 },
  }
  const must = (kind: keyof Looked['counts'], isSo: boolean, what: string) => {
    looked.counts[kind]++
    if (!isSo) looked.problems.push(what)
  }
  namespaces(records, seen, must)
  const live = [...records.all('network-interface')].filter((eni) => holderOf(records, eni))
  for (const eni of live) addresses(records, seen, eni, must)
  routes(records, seen, must)
  for (const eni of live) rules(records, seen, eni, must)
  translations(records, seen, live, must)
  return looked
}

type Must = (kind: keyof Looked['counts'], isSo: boolean, what: string) => void

/** The node in which an interface is, while there is one. */
function holderOf(records: Records, { requester, attachment }: NetworkInterface): string | undefined {
  if (requester) return requester.node
  const instance = records.get('instance', attachment?.instanceId ?? '')
  return instance?.state === 'running' ? instance.id : undefined
}

function namespaces(records: Records, seen: Reading, must: Must): void {
  const wanted = new Set([
    'host',
    'internet',
    ...[...records.all('vpc')].map(({ id }) => id),
    ...[...records.all('instance')].filter(({ state }) => state === 'running').map(({ id }) => id),
    ...[...records.all('natgateway')].filter((nat) => nat.networkInterfaceId).map(({ id }) => id),
    ...[...records.all('instance-connect-endpoint')].map(({ id }) => id),
  ])
  for (const node of wanted) must('namespaces', seen[node] !== undefined, `there is no namespace of ${node}`)
  for (const node of Object.keys(seen)) must('namespaces', wanted.has(node), `the namespace of ${node} has no record`)
}

/** E1: each on its device in the instance, and the router sends it there. */
function addresses(records: Records, seen: Reading, eni: NetworkInterface, must: Must): void {
  const holder = holderOf(records, eni) ?? ''
  const subnet = records.get('subnet', eni.subnetId)
  const length = eni.requester ? 32 : lengthOf(subnet?.cidrBlock ?? ('0.0.0.0/0' as never))
  const router = seen[eni.vpcId]
  for (const address of eni.privateIpAddresses) {
    const line = `${address}/${length} global dev eth${eni.attachment?.deviceIndex ?? 0}`
    must('addresses', has(seen[holder], 'addresses', line), `${holder} has not ${line}`)
    const toHost = `33554432 ${address} dev ${portName(eni.id)}`
    const startsSo = router?.routes?.some((route) => route.startsWith(toHost))
    must('addresses', startsSo === true, `the router ${eni.vpcId} does not send ${address} to ${eni.id}`)
    const neighbor = `${address} ${eni.mac} dev ${portName(eni.id)}`
    must('addresses', has(router, 'neighbors', neighbor), `the router ${eni.vpcId} has no neighbour ${neighbor}`)
  }
}

const has = (place: Place | undefined, kind: string, line: string): boolean => place?.[kind]?.includes(line) === true

/** Each route of each table whose target is what it was is there, with its next hop. */
function routes(records: Records, seen: Reading, must: Must): void {
  for (const table of records.all('route-table'))
    for (const route of table.routes) {
      const hop = hopOf(records, table.vpcId, route)
      const to = route.destination
      // What a prefix list stands for may be another route's block, which wins then.
      if (hop === undefined || to.startsWith('pl-') || to.includes(':')) continue
      const start = `${kernelTable(table.number)} ${to === '0.0.0.0/0' ? 'default' : to.replace(/\/32$/, '')} `
      const line = seen[table.vpcId]?.routes?.find((each) => each.startsWith(start))
      must('routes', line?.includes(hop) === true, `${table.id} ${to} should lead to "${hop}" and is "${line}"`)
    }
}

/** A target that is there; undefined where it is not, as the route is then a black hole or already gone. */
function hopOf(records: Records, vpcId: string, { target }: Route): string | undefined {
  if (target.type === 'local') return undefined
  const named = target.id
  if (records.get('internet-gateway', named)) {
    const isAttached = records.get('internet-gateway', named)?.vpcId === vpcId
    return isAttached ? `dev ${portName(`${vpcId}/${named}`)}` : 'blackhole'
  }
  const pcx = records.get('vpc-peering-connection', named)
  if (pcx) return pcx.state === 'active' ? `dev ${portName(`${vpcId}/${named}`)}` : 'blackhole'
  const nat = records.get('natgateway', named)
  const eni = records.get('network-interface', nat ? (nat.networkInterfaceId ?? '') : named)
  if (!eni) return undefined
  if (nat && nat.state !== 'available') return 'blackhole'
  return holderOf(records, eni) ? `via ${eni.privateIpAddresses[0]} dev ${portName(eni.id)}` : 'blackhole'
}

/** S1: every rule of every group of an interface stands in the chain that its port leads to, or in a map it asks. */
function rules(records: Records, seen: Reading, eni: NetworkInterface, must: Must): void {
  if (eni.requester?.interfaceType === 'nat_gateway') return
  const nft = seen[eni.vpcId]?.nft ?? []
  for (const direction of ['ingress', 'egress']) {
    const entry = nft.find((line) => line.startsWith(`in isthmus ${direction} ["${portName(eni.id)}",`))
    const chain = /"target": ?"([^"]+)"/.exec(entry ?? '')?.[1]
    const there = nft.filter((line) => line.startsWith(`rule isthmus ${chain} `))
    for (const groupId of eni.groupIds)
      for (const rule of records.where('security-group-rule', 'groupId', groupId)) {
        if (rule.egress !== (direction === 'egress') || !rule.cidrIpv4) continue
        const words = wordsOf(rule.cidrIpv4, rule)
        const isThere =
          there.some((line) => words.every((word) => line.includes(word))) ||
          there.some((line) => isEntry(nft, line, rule.cidrIpv4 ?? '', rule))
        must('rules', isThere, `${rule.id} (${words.join(' ')}) is not in ${chain} of ${eni.vpcId} for ${eni.id}`)
      }
  }
}

/** Whether a line asks a map that has the rule's block, and its port where it has one. */
function isEntry(
  nft: readonly string[],
  line: string,
  cidr: string,
  { protocol, fromPort, toPort }: Permission,
): boolean {
  const map = /"data": ?"@([^"]+)"/.exec(line)?.[1]
  if (map === undefined) return false
  const [address = '', length] = cidr.split('/')
  const hasPorts = protocol === 'tcp' || protocol === 'udp'
  const isOnePort = hasPorts && fromPort === toPort
  const mask = [...Array(4).keys()].map((i) => 256 - 2 ** (8 - Math.min(8, Math.max(0, Number(length) - 8 * i))))
  const asks = [
    ...(length === '0' || length === '32' ? [] : [`"${mask.join('.')}"`]),
    ...(hasPorts ? [`{"protocol":"${protocol}","field":"dport"}`] : []),
    ...(hasPorts && !isOnePort ? [`"range":[${fromPort},${toPort}]`] : []),
  ]
  const keys = [...(length === '0' ? [] : [`"${address}"`]), ...(isOnePort ? [`${fromPort}`] : [])]
  const key = keys.length > 1 ? `{"concat":[${keys.join(',')}]}` : `${keys[0]}`
  const isAsked = asks.every((word) => line.includes(word))
  return isAsked && nft.some((each) => each.startsWith(`in isthmus ${map} [${key},`))
}

/** What nft's JSON says where a rule is about a block and ports. */
function wordsOf(cidr: string, { protocol, fromPort, toPort }: Permission): string[] {
  const [address, length] = cidr.split('/')
  const block = cidr === '0.0.0.0/0' ? [] : [`{"addr":"${address}","len":${length}}`]
  const hasPorts = protocol === 'tcp' || protocol === 'udp'
  return [
    ...block,
    ...(hasPorts ? [fromPort === toPort ? `"right":${fromPort}` : `"range":[${fromPort},${toPort}]`] : []),
  ]
}

/** G1: both maps of the VPC's gateway have the pair. */
function translations(records: Records, seen: Reading, live: readonly NetworkInterface[], must: Must): void {
  for (const eni of live) {
    const [gateway] = records.where('internet-gateway', 'vpcId', eni.vpcId)
    if (!gateway) continue
    const elastic = records.where('elastic-ip', 'networkInterfaceId', eni.id)
    for (const { publicIp, privateIpAddress } of elastic) {
      const nft = seen[eni.vpcId]?.nft ?? []
      for (const [map, from, to] of [
        ['outside', publicIp, privateIpAddress],
        ['inside', privateIpAddress, publicIp],
      ] as const) {
        const isThere = nft.some(
          (line) => line.startsWith(`in isthmus ${map}-`) && line.endsWith(`["${from}","${to}"]`),
        )
        must('translations', isThere, `the router ${eni.vpcId} does not translate ${from} to ${to}`)
      }
      const out = seen.internet?.routes?.some((route) => route.startsWith(`main ${publicIp} `))
      must('translations', out === true, `the internet does not know the way to ${publicIp}`)
    }
  }
}
