/** The components of a path, there and back, in AWS's order and with its fields (P1, P2, 2.1). */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { must } from '../ec2/place.ts'
import { type Analysis, codesOf, idsOf, insightsLab } from './insights-lab.ts'

const ACCOUNT = 'arn:aws:ec2:us-east-1:123456789012'
/** Components by the kinds of their ids: `i eni sg acl rtb pcx`. */
const kindsOf = (components: Analysis['ForwardPathComponents']): string =>
  idsOf(components)
    .map((id) => id.slice(0, id.indexOf('-')))
    .join(' ')

test('P1: over a peering, every component of both VPCs in order, and back', () => {
  const { a, peer, analyzed } = insightsLab()
  const { instance, pcx, table } = peer()
  const found = analyzed({ Source: a, Destination: instance, DestinationPort: 22 })
  assert.equal(kindsOf(found.ForwardPathComponents), 'i eni sg acl rtb pcx acl sg eni i')
  assert.equal(kindsOf(found.ReturnPathComponents), 'i eni sg acl rtb pcx acl sg eni i')
  const numbers = found.ForwardPathComponents?.map((c) => c.SequenceNumber)
  assert.deepEqual(numbers, [1, 2, 3, 4, 5, 6, 7, 8, 9, 10])
  assert.deepEqual(found.ReturnPathComponents?.[4], {
    SequenceNumber: 5,
    Component: { Id: table, Arn: `${ACCOUNT}:route-table/${table}` },
    Vpc: found.ReturnPathComponents?.[1]?.Vpc,
    RouteTableRoute: {
      DestinationCidr: '10.0.0.0/16',
      VpcPeeringConnectionId: pcx,
      Origin: 'createroute',
      State: 'active',
    },
  })
})

test('P2: from the internet, the gateway shows both headers, and no route table is passed', () => {
  const { a, gatewayId, route, table, group, allow, publicAddress, privateAddress, analyzed } = insightsLab()
  const outside = publicAddress(a)
  route(table, '0.0.0.0/0', { GatewayId: gatewayId })
  allow(group, 'tcp', 22, 22, '192.0.2.0/25')
  const found = analyzed({ Source: gatewayId, Destination: a })
  assert.equal(kindsOf(found.ForwardPathComponents), 'igw acl sg eni i')
  assert.equal(kindsOf(found.ReturnPathComponents), 'i eni sg acl rtb igw')
  const [gateway, , rule, , host] = must(found.ForwardPathComponents)
  assert.deepEqual(gateway?.InboundHeader, {
    DestinationAddresses: [`${outside}/32`],
    DestinationPortRanges: [{ From: 22, To: 22 }],
    Protocol: '6',
    SourceAddresses: ['192.0.2.0/25'],
    SourcePortRanges: [{ From: 1024, To: 65535 }],
  })
  assert.deepEqual(gateway?.OutboundHeader, { DestinationAddresses: [`${privateAddress(a)}/32`] })
  assert.deepEqual(host?.InboundHeader?.DestinationAddresses, [`${privateAddress(a)}/32`])
  assert.deepEqual(rule?.SecurityGroupRule, {
    Cidr: '192.0.2.0/25',
    Direction: 'ingress',
    PortRange: { From: 22, To: 22 },
    Protocol: 'tcp',
  })
  assert.deepEqual(found.ReturnPathComponents?.at(-1)?.OutboundHeader?.SourceAddresses, [`${outside}/32`])
})

test('P4: neighbours in one subnet pass neither ACL nor route table', () => {
  const { a, running, analyzed } = insightsLab()
  const found = analyzed({ Source: a, Destination: running() })
  assert.equal(kindsOf(found.ForwardPathComponents), 'i eni sg eni i')
})

test('S2: an answer passes the groups as part of its flow, by no rule', () => {
  const { a, vpc, vpcId, peering, route, table, allow, analyzed } = insightsLab()
  const far = vpc('10.1.0.0/16')
  const VpcPeeringConnectionId = peering(vpcId, far.vpcId)
  route(table, '10.1.0.0/16', { VpcPeeringConnectionId })
  route(far.table, '10.0.0.0/16', { VpcPeeringConnectionId })
  allow(far.group, 'tcp', 22, 22, '10.0.0.0/16')
  const found = analyzed({ Source: a, Destination: far.instance })
  const groups = found.ReturnPathComponents?.filter((c) => c.Component?.Id?.startsWith('sg-'))
  assert.deepEqual(
    groups?.map((c) => c.SecurityGroupRule),
    [undefined, undefined],
  )
})

test('2.1: a path between interfaces has no instances, but says whose they are', () => {
  const { a, running, primaryOf, analyzed } = insightsLab()
  const b = running()
  const found = analyzed({ Source: primaryOf(a), Destination: primaryOf(b) })
  assert.equal(kindsOf(found.ForwardPathComponents), 'eni sg eni')
  const [first, , last] = must(found.ForwardPathComponents)
  assert.deepEqual([first?.AttachedTo?.Id, last?.AttachedTo?.Id], [a, b])
  assert.ok(first?.OutboundHeader && last?.InboundHeader)
})

test('2.1: through a NAT gateway, its interface and the gateway with what it makes of the header', () => {
  const { a, natGateway, gatewayId, analyzed } = insightsLab()
  const nat = natGateway()
  const found = analyzed({ Source: a, Destination: gatewayId, DestinationPort: 443 })
  assert.equal(kindsOf(found.ForwardPathComponents), 'i eni sg acl rtb acl eni nat acl rtb igw')
  const gateway = must(found.ForwardPathComponents).find((c) => c.Component?.Id === nat)
  assert.match(gateway?.OutboundHeader?.SourceAddresses?.[0] ?? '', /^10\.0\.2\./)
  assert.equal(must(found.ForwardPathComponents)[4]?.RouteTableRoute?.NatGatewayId, nat)
})

test('2.1: names are those of tags, and of groups', () => {
  const { a, call, running, analyzed } = insightsLab()
  call('CreateTags', { Resources: [a], Tags: [{ Key: 'Name', Value: 'web' }] })
  const [host, , group] = must(analyzed({ Source: a, Destination: running() }).ForwardPathComponents)
  assert.deepEqual([host?.Component?.Name, group?.Component?.Name], ['web', 'default'])
})

test('2.1: a path that crosses Availability Zones says so', () => {
  const { a, vpcId, call, running, analyzed } = insightsLab()
  const zone = { CidrBlock: '10.0.3.0/24', AvailabilityZone: 'us-east-1b' }
  const SubnetId = must(call('CreateSubnet', { VpcId: vpcId, ...zone }).Subnet?.SubnetId)
  const details = (analysis: Analysis) =>
    analysis.ForwardPathComponents?.flatMap((c) => c.AdditionalDetails?.map((d) => d.AdditionalDetailType) ?? [])
  assert.deepEqual(details(analyzed({ Source: a, Destination: running({ SubnetId }) })), ['AVAILABILITY_ZONE_CROSSED'])
  assert.deepEqual(details(analyzed({ Source: a, Destination: running() })), [])
})

test('2.1: where a path is stopped its components end, and the last says why', () => {
  const { a, peer, call, analyzed } = insightsLab()
  const { instance, group, pcx } = peer()
  const IpPermissions = [{ IpProtocol: '-1', IpRanges: [{ CidrIp: '0.0.0.0/0' }] }]
  call('RevokeSecurityGroupIngress', { GroupId: group, IpPermissions })
  const found = analyzed({ Source: a, Destination: instance, DestinationPort: 22 })
  assert.equal(kindsOf(found.ForwardPathComponents), 'i eni sg acl rtb pcx acl sg')
  assert.ok(idsOf(found.ForwardPathComponents).includes(pcx))
  const last = found.ForwardPathComponents?.at(-1)
  assert.deepEqual(last?.Explanations, found.Explanations?.slice(0, 1))
  // All headers that come so far, and not one example of them.
  assert.deepEqual(found.ForwardPathComponents?.[0]?.OutboundHeader?.SourcePortRanges, [{ From: 32768, To: 60999 }])
})

test('2.1: a refusal by groups has the fields that AWS fills', () => {
  const { a, peer, call, analyzed, primaryOf } = insightsLab()
  const { instance, group, subnetId, vpcId } = peer()
  const IpPermissions = [{ IpProtocol: '-1', IpRanges: [{ CidrIp: '0.0.0.0/0' }] }]
  call('RevokeSecurityGroupIngress', { GroupId: group, IpPermissions })
  const [explained] = must(analyzed({ Source: a, Destination: instance, DestinationPort: 22 }).Explanations)
  const eni = primaryOf(instance)
  assert.deepEqual(
    [explained?.ExplanationCode, explained?.Direction, explained?.PacketField, explained?.Port],
    ['ENI_SG_RULES_MISMATCH', 'ingress', 'source-address', 22],
  )
  assert.deepEqual(explained?.NetworkInterface, { Id: eni, Arn: `${ACCOUNT}:network-interface/${eni}` })
  assert.deepEqual([explained?.Subnet?.Id, explained?.Vpc?.Id], [subnetId, vpcId])
  assert.deepEqual(
    explained?.SecurityGroups?.map((g) => g.Id),
    [group],
  )
})

test('2.2: all that is in the way is named at once, there and back', () => {
  const { a, vpc, vpcId, peering, analyzed } = insightsLab()
  const far = vpc('10.1.0.0/16')
  const pcx = peering(vpcId, far.vpcId)
  const found = analyzed({ Source: a, Destination: far.instance, DestinationPort: 22 })
  const codes = codesOf(found).filter((code) => !code.startsWith('VPC_LOCAL'))
  assert.deepEqual(codes, [
    'NO_ROUTE_TO_DESTINATION',
    'ENI_SG_RULES_MISMATCH',
    'NO_ROUTE_TO_DESTINATION',
    'ISTHMUS_RETURN_BLOCKED',
  ])
  assert.deepEqual(
    found.Explanations?.flatMap((e) => (e.Destination ? [e.Destination.Id] : [])),
    [pcx, pcx],
  )
})

test('2.1: nothing that is only supposed is shown', () => {
  const { a, gatewayId, vpc, analyzed } = insightsLab()
  const shown = [
    analyzed({ Source: gatewayId, Destination: a }),
    analyzed({ Source: a, Destination: vpc('10.1.0.0/16').instance }),
    analyzed({ Source: a, FilterAtSource: { DestinationAddress: '203.0.113.10' } }),
  ]
  assert.doesNotMatch(JSON.stringify(shown), /supposed|192\.0\.2\.1/)
  assert.deepEqual(idsOf(shown[0]?.ForwardPathComponents), [gatewayId])
})

test('2.1: other ways that need as few changes are hinted at', () => {
  const { a, running, gatewayId, table, route, publicAddress, analyzed } = insightsLab()
  const b = running()
  publicAddress(a)
  route(table, '0.0.0.0/0', { GatewayId: gatewayId })
  const found = analyzed({ Source: a, Destination: b, FilterAtSource: { DestinationAddress: publicAddress(b) } })
  for (const hint of found.AlternatePathHints ?? []) assert.match(hint.ComponentArn ?? '', /^arn:aws:ec2:/)
  assert.equal(found.NetworkPathFound, false)
})
