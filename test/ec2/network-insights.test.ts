/** Network insights paths and analyses as resources: ids, filters, pages, life cycle, and errors. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { decode } from '../../src/protocol/decode.ts'
import { operationOf } from '../../src/protocol/model.ts'
import type { Input } from '../../src/protocol/types.ts'
import { must, place } from './place.ts'
import { refused, US } from './world.ts'

type Path = Partial<Input<'CreateNetworkInsightsPath'>>

function lab() {
  const p = place()
  const { call } = p
  const [a, b] = [p.running(), p.running()]
  const create = (path: Path = {}) =>
    must(
      call('CreateNetworkInsightsPath', {
        Source: a,
        Destination: b,
        Protocol: 'tcp',
        ...path,
      } as Input<'CreateNetworkInsightsPath'>).NetworkInsightsPath,
    )
  const start = (pathId: string, more: object = {}) =>
    must(
      call('StartNetworkInsightsAnalysis', {
        NetworkInsightsPathId: pathId,
        ...more,
      } as Input<'StartNetworkInsightsAnalysis'>).NetworkInsightsAnalysis,
    )
  const analyses = (query: Input<'DescribeNetworkInsightsAnalyses'> = {}) =>
    must(call('DescribeNetworkInsightsAnalyses', query).NetworkInsightsAnalyses)
  const paths = (query: Input<'DescribeNetworkInsightsPaths'> = {}) =>
    must(call('DescribeNetworkInsightsPaths', query).NetworkInsightsPaths)
  return { ...p, a, b, create, start, analyses, paths }
}

const DAY = 24 * 3_600_000
const ACCOUNT = 'arn:aws:ec2:us-east-1:123456789012'

test('2.1: a path has an id, an ARN and tags, and shows its ends by id and by ARN', () => {
  const { a, b, create, paths } = lab()
  const made = create({
    TagSpecifications: [{ ResourceType: 'network-insights-path', Tags: [{ Key: 'Name', Value: 'ssh' }] }],
  })
  assert.match(must(made.NetworkInsightsPathId), /^nip-[0-9a-f]{17}$/)
  assert.equal(made.NetworkInsightsPathArn, `${ACCOUNT}:network-insights-path/${made.NetworkInsightsPathId}`)
  assert.deepEqual([made.Source, made.SourceArn], [a, `${ACCOUNT}:instance/${a}`])
  assert.deepEqual([made.Destination, made.DestinationArn], [b, `${ACCOUNT}:instance/${b}`])
  assert.deepEqual(made.Tags, [{ Key: 'Name', Value: 'ssh' }])
  assert.deepEqual(paths({ Filters: [{ Name: 'tag:Name', Values: ['ssh'] }] }), [made])
})

test('2.1: ends given by ARN are shown by id', () => {
  const { a, gatewayId, create } = lab()
  const made = create({ Source: `${ACCOUNT}:internet-gateway/${gatewayId}`, Destination: `${ACCOUNT}:instance/${a}` })
  assert.deepEqual([made.Source, made.Destination], [gatewayId, a])
})

test('2.1: what no path begins or ends at, and what is not there, is refused', () => {
  const { create, vpcId } = lab()
  refused('InvalidParameterValue', () => create({ Source: vpcId }))
  refused('InvalidParameterValue', () => create({ Source: 'nonsense' }))
  refused('InvalidParameterValue', () =>
    create({ Source: 'arn:aws:ec2:eu-west-1:123456789012:instance/i-00000000000000001' }),
  )
  refused('NetworkInsightsSource.NotFound', () => create({ Source: 'i-00000000000009999' }))
  refused('NetworkInsightsDestination.NotFound', () => create({ Destination: 'eni-00000000000009999' }))
  for (const id of ['tgw-1', 'tgw-attach-1', 'vgw-1', 'vpce-1', 'vpce-svc-1'])
    refused('UnsupportedOperation', () => create({ Destination: id }))
})

test('2.1: another account is named by ARN only', () => {
  const { call, a, create } = lab()
  const other = { ...US, account: '210987654321' }
  const path = { Source: a, Destination: a, Protocol: 'tcp' } as const
  refused('NetworkInsightsSource.NotFound', () => call('CreateNetworkInsightsPath', path as never, other))
  const arn = `${ACCOUNT}:instance/${a}`
  const made = call('CreateNetworkInsightsPath', { ...path, Source: arn, Destination: arn } as never, other)
  const id = must(made.NetworkInsightsPath?.NetworkInsightsPathId)
  assert.equal(made.NetworkInsightsPath?.SourceArn, arn)
  refused('InvalidNetworkInsightsPathId.NotFound', () =>
    call('DescribeNetworkInsightsPaths', { NetworkInsightsPathIds: [id] }),
  )
  assert.ok(create())
})

test('2.1: a destination may be left out where an address is given', () => {
  const { call, a, create } = lab()
  const path = { Source: a, Protocol: 'tcp' } as never
  refused('MissingParameter', () => call('CreateNetworkInsightsPath', path))
  const { Destination, FilterAtSource } = create({
    Destination: undefined as never,
    FilterAtSource: { DestinationAddress: '203.0.113.10' },
  })
  assert.equal(Destination, undefined)
  assert.equal(FilterAtSource?.DestinationAddress, '203.0.113.10')
})

test('2.1: header filters and single addresses exclude each other, and are shown as they came', () => {
  const { create } = lab()
  const range = { FromPort: 22, ToPort: 23 }
  refused('InvalidParameterCombination', () =>
    create({ DestinationPort: 22, FilterAtSource: { DestinationPortRange: range } }),
  )
  refused('InvalidParameterCombination', () => create({ DestinationIp: '10.0.1.9', FilterAtDestination: {} }))
  refused('InvalidParameterValue', () => create({ FilterAtSource: { SourceAddress: '10.0.0.0/8' } }))
  refused('InvalidParameterValue', () => create({ FilterAtSource: { SourcePortRange: { FromPort: 9, ToPort: 1 } } }))
  refused('InvalidParameterValue', () => create({ DestinationPort: 65_536 }))
  const plain = create({ DestinationPort: 22, SourceIp: '10.0.1.9' })
  assert.deepEqual([plain.DestinationPort, plain.SourceIp, plain.FilterAtSource], [22, '10.0.1.9', undefined])
  assert.deepEqual(
    create({ FilterAtSource: { DestinationPortRange: range } }).FilterAtSource?.DestinationPortRange,
    range,
  )
})

test('2.1: a protocol may be written in capitals; ICMP is an extension', () => {
  const { create } = lab()
  const shown = (Protocol: string) => create({ Protocol: Protocol as 'tcp' }).Protocol
  assert.deepEqual(['TCP', 'udp', 'icmp'].map(shown), ['tcp', 'udp', 'icmp'])
  refused('InvalidParameterValue', () => shown('gre'))
})

test('2.1: ICMP and capitals pass the wire, another protocol does not', () => {
  const sent = (protocol: string) =>
    decode(must(operationOf('CreateNetworkInsightsPath')), [
      ['Source', 'i-00000000000000001'],
      ['Protocol', protocol],
    ])
  assert.deepEqual(sent('icmp'), { Source: 'i-00000000000000001', Protocol: 'icmp' })
  assert.deepEqual(sent('TCP'), { Source: 'i-00000000000000001', Protocol: 'TCP' })
  refused('InvalidParameterValue', () => sent('gre'))
})

test('2.1: paths are found by source, destination, protocol and header filters, and come in pages', () => {
  const { a, b, create, paths, call } = lab()
  const one = create({ FilterAtSource: { DestinationPortRange: { FromPort: 80, ToPort: 90 } } })
  const two = create({ Source: b, Destination: a, Protocol: 'udp' })
  const found = (Name: string, value: string) =>
    paths({ Filters: [{ Name, Values: [value] }] }).map((p) => p.NetworkInsightsPathId)
  assert.deepEqual(found('source', a), [one.NetworkInsightsPathId])
  assert.deepEqual(found('destination', a), [two.NetworkInsightsPathId])
  assert.deepEqual(found('protocol', 'udp'), [two.NetworkInsightsPathId])
  assert.deepEqual(found('filter-at-source.destination-port-range', '80-90'), [one.NetworkInsightsPathId])
  refused('InvalidParameterValue', () => found('nonsense', ''))
  const first = call('DescribeNetworkInsightsPaths', { MaxResults: 1 })
  const second = call('DescribeNetworkInsightsPaths', { MaxResults: 1, NextToken: must(first.NextToken) })
  assert.deepEqual(
    [first, second].map((p) => p.NetworkInsightsPaths?.[0]?.NetworkInsightsPathId),
    [one, two].map((p) => p.NetworkInsightsPathId),
  )
  assert.equal(second.NextToken, undefined)
})

test('2.1: an analysis runs, succeeds, and is gone after 120 days', () => {
  const { create, start, analyses, clock } = lab()
  const started = start(must(create().NetworkInsightsPathId))
  const id = must(started.NetworkInsightsAnalysisId)
  assert.match(id, /^nia-[0-9a-f]{17}$/)
  assert.deepEqual([started.Status, started.NetworkPathFound], ['running', undefined])
  clock.advance(1000)
  const [done] = analyses({ NetworkInsightsAnalysisIds: [id] })
  assert.deepEqual([done?.Status, done?.NetworkPathFound], ['succeeded', true])
  clock.advance(120 * DAY - 1001)
  assert.equal(analyses().length, 1)
  clock.advance(1)
  refused('InvalidNetworkInsightsAnalysisId.NotFound', () => analyses({ NetworkInsightsAnalysisIds: [id] }))
})

test('2.1: an analysis says how the network was when it was started', () => {
  const { create, start, analyses, clock, call, see, b } = lab()
  const pathId = must(create().NetworkInsightsPathId)
  const before = start(pathId)
  const [group] = must(see(b).SecurityGroups)
  const all = [{ IpProtocol: '-1', UserIdGroupPairs: [{ GroupId: must(group?.GroupId) }] }]
  call('RevokeSecurityGroupIngress', { GroupId: must(group?.GroupId), IpPermissions: all })
  const after = start(pathId)
  clock.advance(1000)
  const found = new Map(analyses().map((a) => [a.NetworkInsightsAnalysisId, a.NetworkPathFound]))
  assert.equal(found.get(must(before.NetworkInsightsAnalysisId)), true)
  assert.equal(found.get(must(after.NetworkInsightsAnalysisId)), false)
})

test('2.1: analyses are found by path, status, outcome and the time of their start', () => {
  const { create, start, analyses, clock } = lab()
  const [one, two] = [must(create().NetworkInsightsPathId), must(create().NetworkInsightsPathId)]
  start(one)
  clock.advance(5000)
  start(two)
  const pathsOf = (query: Input<'DescribeNetworkInsightsAnalyses'>) =>
    analyses(query).map((a) => a.NetworkInsightsPathId)
  assert.deepEqual(pathsOf({ NetworkInsightsPathId: two }), [two])
  assert.deepEqual(pathsOf({ Filters: [{ Name: 'status', Values: ['running'] }] }), [two])
  assert.deepEqual(pathsOf({ Filters: [{ Name: 'path-found', Values: ['true'] }] }), [one])
  assert.deepEqual(pathsOf({ AnalysisStartTime: new Date(clock.now - 1000) }), [two])
  assert.deepEqual(pathsOf({ AnalysisEndTime: new Date(clock.now - 1000) }), [one])
  refused('InvalidNetworkInsightsPathId.NotFound', () => pathsOf({ NetworkInsightsPathId: 'nip-00000000000009999' }))
})

test('2.1: a path with analyses stays until they are deleted', () => {
  const { create, start, call } = lab()
  const id = must(create().NetworkInsightsPathId)
  const analysis = must(start(id).NetworkInsightsAnalysisId)
  refused('AnalysisExistsForNetworkInsightsPath', () =>
    call('DeleteNetworkInsightsPath', { NetworkInsightsPathId: id }),
  )
  call('DeleteNetworkInsightsAnalysis', { NetworkInsightsAnalysisId: analysis })
  assert.equal(call('DeleteNetworkInsightsPath', { NetworkInsightsPathId: id }).NetworkInsightsPathId, id)
  refused('InvalidNetworkInsightsPathId.NotFound', () =>
    call('DeleteNetworkInsightsPath', { NetworkInsightsPathId: id }),
  )
  refused('InvalidNetworkInsightsAnalysisId.NotFound', () =>
    call('DeleteNetworkInsightsAnalysis', { NetworkInsightsAnalysisId: analysis }),
  )
  refused('InvalidNetworkInsightsPathId.Malformed', () =>
    call('DeleteNetworkInsightsPath', { NetworkInsightsPathId: 'x' }),
  )
})

test('2.1: filters of an analysis are ARNs of the Region, and are shown', () => {
  const { create, start, gatewayId } = lab()
  const id = must(create().NetworkInsightsPathId)
  const FilterOutArns = [`${ACCOUNT}:internet-gateway/${gatewayId}`]
  assert.deepEqual(start(id, { FilterOutArns }).FilterOutArns, FilterOutArns)
  refused('InvalidParameterValue', () => start(id, { FilterInArns: [gatewayId] }))
  refused('InvalidParameterCombination', () => start(id, { FilterInArns: FilterOutArns, FilterOutArns }))
  refused('InvalidParameterValue', () => start(id, { AdditionalAccounts: ['me'] }))
})

test('2.1: a Region has 1,000 paths', () => {
  const { create } = lab()
  for (let i = 0; i < 1000; i++) create()
  refused('NetworkInsightsPath.LimitExceeded', () => create())
})

test('2.1: paths and analyses are tagged like anything else', () => {
  const { create, start, call, analyses } = lab()
  const id = must(start(must(create().NetworkInsightsPathId)).NetworkInsightsAnalysisId)
  call('CreateTags', { Resources: [id], Tags: [{ Key: 'k', Value: 'v' }] })
  assert.deepEqual(analyses()[0]?.Tags, [{ Key: 'k', Value: 'v' }])
  const { Tags } = call('DescribeTags', { Filters: [{ Name: 'resource-id', Values: [id] }] })
  assert.equal(Tags?.[0]?.ResourceType, 'network-insights-analysis')
})
