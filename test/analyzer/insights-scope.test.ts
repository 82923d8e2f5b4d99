/** Access scopes: every path that is matched and not excluded, with all of its headers (2.4). */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Input, Output } from '../../src/protocol/types.ts'
import { must } from '../ec2/place.ts'
import { idsOf, insightsLab, type Lab } from './insights-lab.ts'

type Scope = Input<'CreateNetworkInsightsAccessScope'>
type Finding = NonNullable<Output<'GetNetworkInsightsAccessScopeAnalysisFindings'>['AnalysisFindings']>[number]

function findingsOf({ call, clock }: Lab, scope: Partial<Scope>): Finding[] {
  const made = call('CreateNetworkInsightsAccessScope', scope as Scope)
  const NetworkInsightsAccessScopeId = must(made.NetworkInsightsAccessScope?.NetworkInsightsAccessScopeId)
  const started = call('StartNetworkInsightsAccessScopeAnalysis', { NetworkInsightsAccessScopeId } as never)
  const id = must(started.NetworkInsightsAccessScopeAnalysis?.NetworkInsightsAccessScopeAnalysisId)
  clock.advance(1000)
  return must(
    call('GetNetworkInsightsAccessScopeAnalysisFindings', { NetworkInsightsAccessScopeAnalysisId: id })
      .AnalysisFindings,
  )
}

const endsOf = (finding: Finding): [string, string] => {
  const ids = idsOf(finding.FindingComponents)
  return [must(ids[0]), must(ids.at(-1))]
}
const portsOf = (finding: Finding) =>
  finding.FindingComponents?.map((c) => c.InboundHeader?.DestinationPortRanges).findLast((ranges) => ranges)

const FROM_INTERNET = { ResourceStatement: { ResourceTypes: ['AWS::EC2::InternetGateway'] } }
const anywhere = (lab: Lab) => lab.route(lab.table, '0.0.0.0/0', { GatewayId: lab.gatewayId })

test('2.4: a finding for each port range that the internet reaches, with the rule that lets it in', () => {
  const lab = insightsLab()
  anywhere(lab)
  lab.publicAddress(lab.a)
  lab.allow(lab.group, 'tcp', 22, 22)
  lab.allow(lab.group, 'tcp', 8000, 8010)
  const found = findingsOf(lab, { MatchPaths: [{ Source: FROM_INTERNET }] })
  assert.deepEqual(found.map(endsOf), [
    [lab.gatewayId, lab.primaryOf(lab.a)],
    [lab.gatewayId, lab.primaryOf(lab.a)],
  ])
  assert.deepEqual(found.map(portsOf), [[{ From: 22, To: 22 }], [{ From: 8000, To: 8010 }]])
  assert.deepEqual(
    found.map((f) => f.FindingId),
    ['AnalysisFinding-1', 'AnalysisFinding-2'],
  )
})

test('2.4: what is reached and can not answer is no finding (D23)', () => {
  const lab = insightsLab()
  lab.publicAddress(lab.a)
  lab.allow(lab.group, 'tcp', 22, 22)
  assert.deepEqual(findingsOf(lab, { MatchPaths: [{ Source: FROM_INTERNET }] }), [])
})

test('2.4: headers narrow both ends, each as it is there', () => {
  const lab = insightsLab()
  anywhere(lab)
  const outside = lab.publicAddress(lab.a)
  const inside = lab.privateAddress(lab.a)
  lab.allow(lab.group, 'tcp', 0, 65535)
  const scope = (source: string, destination: string) =>
    findingsOf(lab, {
      MatchPaths: [
        {
          Source: {
            ...FROM_INTERNET,
            PacketHeaderStatement: { DestinationAddresses: [source], SourceAddresses: ['203.0.113.0/24'] },
          },
          Destination: {
            PacketHeaderStatement: { DestinationAddresses: [destination], DestinationPorts: ['22', '80-81'] },
          },
        },
      ],
    })
  assert.deepEqual(scope(outside, inside).map(portsOf), [
    [
      { From: 22, To: 22 },
      { From: 80, To: 81 },
    ],
  ])
  assert.deepEqual(scope(inside, outside), [])
})

test('2.4: what is excluded is taken away, header by header', () => {
  const lab = insightsLab()
  anywhere(lab)
  lab.publicAddress(lab.a)
  lab.allow(lab.group, 'tcp', 20, 30)
  const found = findingsOf(lab, {
    MatchPaths: [{ Source: FROM_INTERNET }],
    ExcludePaths: [{ Destination: { PacketHeaderStatement: { DestinationPorts: ['22-29'] } } }],
  })
  assert.deepEqual(found.map(portsOf), [
    [
      { From: 20, To: 21 },
      { From: 30, To: 30 },
    ],
  ])
})

test('2.4: paths through a peering, and paths that avoid it', () => {
  const lab = insightsLab()
  const far = lab.peer()
  const near = lab.running()
  const through = [{ ResourceStatement: { ResourceTypes: ['AWS::EC2::VPCPeeringConnection'] } }]
  const Source = { ResourceStatement: { Resources: [lab.a] } }
  const over = findingsOf(lab, { MatchPaths: [{ Source, ThroughResources: through }] })
  assert.deepEqual(over.map(endsOf), [[lab.primaryOf(lab.a), lab.primaryOf(far.instance)]])
  assert.ok(idsOf(over[0]?.FindingComponents).includes(far.pcx))
  const within = findingsOf(lab, { MatchPaths: [{ Source }], ExcludePaths: [{ Source, ThroughResources: through }] })
  assert.deepEqual([...new Set(within.map((f) => endsOf(f)[1]))], [lab.primaryOf(near)])
  const named = findingsOf(lab, {
    MatchPaths: [{ Source, Destination: { ResourceStatement: { Resources: [far.pcx] } } }],
  })
  assert.equal(named.length, over.length)
})

test('2.4: an end can be named by its instance, interface, group, subnet or VPC', () => {
  const lab = insightsLab()
  const far = lab.peer()
  const eni = lab.primaryOf(far.instance)
  for (const name of [far.instance, eni, far.group, far.subnetId, far.vpcId]) {
    const Resources = [name]
    const found = findingsOf(lab, { MatchPaths: [{ Destination: { ResourceStatement: { Resources } } }] })
    assert.deepEqual(found.map(endsOf), [[lab.primaryOf(lab.a), eni]], name)
  }
})

test('2.4: ICMP is looked at only when it is asked for', () => {
  const lab = insightsLab()
  const far = lab.vpc('10.1.0.0/16')
  const pcx = lab.peering(lab.vpcId, far.vpcId)
  lab.route(lab.table, '10.1.0.0/16', { VpcPeeringConnectionId: pcx })
  lab.route(far.table, '10.0.0.0/16', { VpcPeeringConnectionId: pcx })
  lab.allow(far.group, 'icmp', 8, -1)
  const Source = { ResourceStatement: { Resources: [lab.a] } }
  assert.deepEqual(findingsOf(lab, { MatchPaths: [{ Source }] }), [])
  const PacketHeaderStatement = { Protocols: ['icmp' as 'tcp'] }
  const found = findingsOf(lab, { MatchPaths: [{ Source: { ...Source, PacketHeaderStatement } }] })
  assert.deepEqual(found.map(endsOf), [[lab.primaryOf(lab.a), lab.primaryOf(far.instance)]])
})

test('2.4: paths through a NAT gateway are found by it', () => {
  const lab = insightsLab()
  const nat = lab.natGateway()
  const through = { ResourceStatement: { ResourceTypes: ['AWS::EC2::NatGateway'] } }
  for (const ThroughResources of [[through], [{ ResourceStatement: { Resources: [nat] } }]]) {
    const found = findingsOf(lab, { MatchPaths: [{ Destination: FROM_INTERNET, ThroughResources }] })
    assert.deepEqual(new Set(found.map((f) => endsOf(f).join())), new Set([`${lab.primaryOf(lab.a)},${lab.gatewayId}`]))
    assert.ok(idsOf(found[0]?.FindingComponents).includes(nat))
  }
})
