/** Network access scopes and their analyses as resources: content, life cycle, findings in pages, errors. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Input } from '../../src/protocol/types.ts'
import { must, place } from './place.ts'
import { refused } from './world.ts'

type Scope = Input<'CreateNetworkInsightsAccessScope'>
type WirePath = NonNullable<Scope['MatchPaths']>[number]

function lab() {
  const p = place()
  const { call } = p
  const [a, b] = [p.running(), p.running()]
  const create = (...MatchPaths: unknown[]) => call('CreateNetworkInsightsAccessScope', { MatchPaths } as Scope)
  const start = (id: string) =>
    must(
      call('StartNetworkInsightsAccessScopeAnalysis', { NetworkInsightsAccessScopeId: id } as never)
        .NetworkInsightsAccessScopeAnalysis,
    )
  const idOf = (made: ReturnType<typeof create>) => must(made.NetworkInsightsAccessScope?.NetworkInsightsAccessScopeId)
  return { ...p, a, b, create, start, idOf }
}

const FROM_ANYWHERE: WirePath = { Source: { ResourceStatement: { ResourceTypes: ['AWS::EC2::NetworkInterface'] } } }

test('2.4: a scope has an id, an ARN, tags, and a content that comes back as it was given', () => {
  const { create, idOf, call } = lab()
  const path: WirePath = {
    ...FROM_ANYWHERE,
    Destination: { PacketHeaderStatement: { DestinationPorts: ['22', '80-90'], Protocols: ['tcp'] } },
    ThroughResources: [{ ResourceStatement: { ResourceTypes: ['AWS::EC2::VPCPeeringConnection'] } }],
  }
  const made = create(path)
  const id = idOf(made)
  assert.match(id, /^nis-[0-9a-f]{17}$/)
  const arn = `arn:aws:ec2:us-east-1:123456789012:network-insights-access-scope/${id}`
  assert.equal(made.NetworkInsightsAccessScope?.NetworkInsightsAccessScopeArn, arn)
  const content = call('GetNetworkInsightsAccessScopeContent', { NetworkInsightsAccessScopeId: id })
  assert.deepEqual(content.NetworkInsightsAccessScopeContent?.MatchPaths, [path])
  assert.deepEqual(content.NetworkInsightsAccessScopeContent, made.NetworkInsightsAccessScopeContent)
})

test('2.4: statements that say nothing, or what is not there, are refused', () => {
  const { create, call } = lab()
  const source = (statement: object) => () => create({ Source: { ResourceStatement: statement } })
  const through = (statement: object) => () =>
    create({ ...FROM_ANYWHERE, ThroughResources: [{ ResourceStatement: statement }] })
  const header = (statement: object) => () => create({ Source: { PacketHeaderStatement: statement } })
  refused('MissingParameter', () => call('CreateNetworkInsightsAccessScope', {} as Scope))
  refused('MissingParameter', () => create({}))
  refused('MissingParameter', source({}))
  refused('InvalidParameterCombination', source({ Resources: ['vpc-1'], ResourceTypes: ['AWS::EC2::VPC'] }))
  refused('InvalidParameterValue', source({ Resources: ['i-00000000000009999'] }))
  refused('InvalidParameterValue', source({ ResourceTypes: ['AWS::EC2::NatGateway'] }))
  refused('InvalidParameterValue', through({ ResourceTypes: ['AWS::EC2::InternetGateway'] }))
  refused('InvalidParameterValue', header({ SourceAddresses: ['10.0.0.0/33'] }))
  refused('InvalidParameterValue', header({ DestinationPorts: ['90-80'] }))
  refused('InvalidParameterValue', header({ Protocols: ['gre'] }))
  refused('UnsupportedOperation', header({ SourcePrefixLists: ['pl-1'] }))
})

test('2.4: an analysis runs, succeeds, and its findings come in pages', () => {
  const { create, start, idOf, call, clock } = lab()
  const scope = idOf(create(FROM_ANYWHERE))
  const started = start(scope)
  const id = must(started.NetworkInsightsAccessScopeAnalysisId)
  assert.match(id, /^nisa-[0-9a-f]{17}$/)
  assert.deepEqual([started.Status, started.FindingsFound], ['running', undefined])
  const findings = (more: object = {}) =>
    call('GetNetworkInsightsAccessScopeAnalysisFindings', { NetworkInsightsAccessScopeAnalysisId: id, ...more })
  assert.deepEqual(findings().AnalysisFindings, [])
  clock.advance(1000)
  const described = call('DescribeNetworkInsightsAccessScopeAnalyses', { NetworkInsightsAccessScopeId: scope })
  const [done] = must(described.NetworkInsightsAccessScopeAnalyses)
  assert.deepEqual([done?.Status, done?.FindingsFound, done?.AnalyzedEniCount], ['succeeded', 'true', 2])
  const all = findings()
  assert.deepEqual([all.AnalysisStatus, all.AnalysisFindings?.length], ['succeeded', 2])
  const first = findings({ MaxResults: 1 })
  const second = findings({ MaxResults: 1, NextToken: first.NextToken })
  assert.deepEqual([...must(first.AnalysisFindings), ...must(second.AnalysisFindings)], all.AnalysisFindings)
})

test('2.4: nothing is found where nothing matches', () => {
  const { create, start, idOf, call, clock, a } = lab()
  start(
    idOf(
      create({
        Destination: {
          PacketHeaderStatement: { DestinationAddresses: ['192.0.2.0/24'] },
          ResourceStatement: { Resources: [a] },
        },
      }),
    ),
  )
  clock.advance(1000)
  const [done] = must(call('DescribeNetworkInsightsAccessScopeAnalyses', {}).NetworkInsightsAccessScopeAnalyses)
  assert.equal(done?.FindingsFound, 'false')
})

test('2.4: a scope with analyses stays until they are deleted', () => {
  const { create, start, idOf, call } = lab()
  const id = idOf(create(FROM_ANYWHERE))
  const analysis = must(start(id).NetworkInsightsAccessScopeAnalysisId)
  const remove = () => call('DeleteNetworkInsightsAccessScope', { NetworkInsightsAccessScopeId: id })
  refused('AnalysisExistsForNetworkInsightsAccessScope', remove)
  call('DeleteNetworkInsightsAccessScopeAnalysis', { NetworkInsightsAccessScopeAnalysisId: analysis })
  assert.equal(remove().NetworkInsightsAccessScopeId, id)
  refused('InvalidNetworkInsightsAccessScopeId.NotFound', remove)
  refused('InvalidNetworkInsightsAccessScopeAnalysisId.NotFound', () =>
    call('DeleteNetworkInsightsAccessScopeAnalysis', { NetworkInsightsAccessScopeAnalysisId: analysis }),
  )
})
