/** What Network Insights say is what packets meet: random rules, and single packets beside whole sets (2.2, 2.4). */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { compile } from '../../src/compile/compile.ts'
import type { PathComponent } from '../../src/ec2/network-insights-analyst.ts'
import { roundTrip } from '../../src/forward/forward.ts'
import { ip } from '../../src/ip/address.ts'
import { contains, type Prefix } from '../../src/ip/prefix.ts'
import { answered, type Flow } from '../../src/network/flow.ts'
import { TCP } from '../../src/network/match.ts'
import { insights } from '../../src/analyzer/insights/insights.ts'
import { must } from '../ec2/place.ts'
import { insightsLab } from './insights-lab.ts'

const PORTS = [21, 22, 23, 80, 443]
const BLOCKS = ['0.0.0.0/0', '10.0.0.0/16', '10.1.0.0/16', '10.0.1.0/24', '203.0.113.0/24'] as const

const ports = fc
  .tuple(fc.constantFrom(...PORTS), fc.constantFrom(...PORTS))
  .map(([a, b]) => [Math.min(a, b), Math.max(a, b)] as const)
const rule = fc.record({ ports, block: fc.constantFrom(...BLOCKS) })
const entry = fc.record({ ports, block: fc.constantFrom(...BLOCKS), deny: fc.boolean(), egress: fc.boolean() })
const setting = fc.record({
  near: fc.uniqueArray(rule, { maxLength: 3, selector: (r) => JSON.stringify(r) }),
  far: fc.uniqueArray(rule, { maxLength: 3, selector: (r) => JSON.stringify(r) }),
  entries: fc.array(entry, { maxLength: 3 }),
  isPublic: fc.boolean(),
  hasRoute: fc.boolean(),
  returns: fc.boolean(),
})
type Setting = typeof setting extends fc.Arbitrary<infer S> ? S : never

function built({ near, far, entries, isPublic, hasRoute, returns }: Setting) {
  const lab = insightsLab()
  const other = lab.vpc('10.1.0.0/16')
  const VpcPeeringConnectionId = lab.peering(lab.vpcId, other.vpcId)
  lab.route(lab.table, '10.1.0.0/16', { VpcPeeringConnectionId })
  if (returns) lab.route(other.table, '10.0.0.0/16', { VpcPeeringConnectionId })
  if (hasRoute) lab.route(lab.table, '0.0.0.0/0', { GatewayId: lab.gatewayId })
  if (isPublic) lab.publicAddress(lab.a)
  for (const { ports, block } of near) lab.allow(lab.group, 'tcp', ports[0], ports[1], block)
  for (const { ports, block } of far) lab.allow(other.group, 'tcp', ports[0], ports[1], block)
  const acls = lab.call('DescribeNetworkAcls', { Filters: [{ Name: 'vpc-id', Values: [other.vpcId] }] }).NetworkAcls
  entries.forEach(({ ports, block, deny, egress }, i) => {
    const action = { RuleAction: deny ? 'deny' : 'allow', Egress: egress, RuleNumber: i + 1 } as const
    const match = { Protocol: '6', CidrBlock: block, PortRange: { From: ports[0], To: ports[1] } }
    lab.call('CreateNetworkAclEntry', { NetworkAclId: must(acls?.[0]?.NetworkAclId), ...action, ...match })
  })
  return { ...lab, far: other }
}

type Network = ReturnType<typeof compile>
const client = (source: string, destination: string, port: number): Flow => ({
  protocol: TCP,
  source: ip(source),
  destination: ip(destination),
  sourcePort: 40_000,
  destinationPort: port,
})

test('2.2: a path is found exactly where a packet and its answer pass', () => {
  fc.assert(
    fc.property(setting, fc.constantFrom(...PORTS), (s, port) => {
      const lab = built(s)
      const network = compile(lab.records)
      const [near, far] = [lab.privateAddress(lab.a), lab.privateAddress(lab.far.instance)]
      for (const [from, to, flow] of [
        [lab.a, lab.far.instance, client(near, far, port)],
        [lab.far.instance, lab.a, client(far, near, port)],
      ] as const) {
        const filter = {
          DestinationPortRange: { FromPort: port, ToPort: port },
          SourcePortRange: { FromPort: 40_000, ToPort: 40_000 },
        }
        const found = lab.analyzed({ Source: from, Destination: to, FilterAtSource: filter })
        assert.equal(found.NetworkPathFound, answered(roundTrip(network, flow, from).trace), JSON.stringify(s))
        assert.equal((found.Explanations ?? []).length === 0, found.NetworkPathFound)
      }
    }),
    { numRuns: 150 },
  )
})

/** Whether one of the findings from there has this header in it. */
const isFound = (findings: readonly (readonly PathComponent[])[], from: string, flow: Flow): boolean =>
  findings.some(([first]) => {
    const header =
      first?.Component?.Id === from
        ? first.OutboundHeader?.SourceAddresses
          ? first.OutboundHeader
          : first.InboundHeader
        : undefined
    const has = (ranges: readonly { From?: number | undefined; To?: number | undefined }[] = [], port = -1) =>
      ranges.some(({ From = 0, To = 0 }) => From <= port && port <= To)
    return (
      header !== undefined &&
      (header.SourceAddresses ?? []).some((p) => contains(p as Prefix, flow.source)) &&
      (header.DestinationAddresses ?? []).some((p) => contains(p as Prefix, flow.destination)) &&
      has(header.DestinationPortRanges, flow.destinationPort) &&
      has(header.SourcePortRanges, flow.sourcePort)
    )
  })

test('2.4: a scope finds every packet that is answered, and no other', () => {
  const ends = { account: '123456789012', region: 'us-east-1', exclude: [], match: [{ through: [] }] }
  fc.assert(
    fc.property(setting, (s) => {
      const lab = built(s)
      const network: Network = compile(lab.records)
      const { findings } = insights(lab.records, () => network).scope(ends)
      const [near, far] = [lab.privateAddress(lab.a), lab.privateAddress(lab.far.instance)]
      const outside = network.translations[0]?.outside
      for (const port of PORTS) {
        const flows: (readonly [string, string, Flow])[] = [
          [lab.primaryOf(lab.a), lab.a, client(near, far, port)],
          [lab.primaryOf(lab.far.instance), lab.far.instance, client(far, near, port)],
          [lab.primaryOf(lab.a), lab.a, client(near, '203.0.113.10', port)],
        ]
        if (outside) flows.push([lab.gatewayId, 'internet', client('203.0.113.10', outside, port)])
        for (const [party, node, flow] of flows) {
          const passes = answered(roundTrip(network, flow, node).trace)
          assert.equal(
            isFound(findings, party, flow),
            passes,
            `${node} ${flow.destination}:${port} ${JSON.stringify(s)}`,
          )
        }
      }
    }),
    { numRuns: 150 },
  )
})
