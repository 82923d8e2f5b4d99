/** From where an SSH client of one's own reaches an instance, once Instance Connect has pushed a key. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { compile } from '../../src/compile/compile.ts'
import { simulator } from '../../src/engines/simulator/simulator.ts'
import { ip } from '../../src/ip/address.ts'
import { answered } from '../../src/network/flow.ts'
import { must, place } from './place.ts'

const ALL = '0.0.0.0/0'

test('I6: a client needs a public address and a route to the internet, or a private way', async () => {
  const p = place()
  const { call, vpcId } = p
  const GroupId = must(call('CreateSecurityGroup', { VpcId: vpcId, GroupName: 'ssh', Description: 'd' }).GroupId)
  call('AuthorizeSecurityGroupIngress', {
    GroupId,
    IpPermissions: [{ IpProtocol: 'tcp', FromPort: 22, ToPort: 22, IpRanges: [{ CidrIp: ALL }] }],
  })
  const [id, neighbour] = [p.running({ SecurityGroupIds: [GroupId] }), p.running()]
  const engine = simulator()
  const reaches = async (from: string, source: string, destination: string) => {
    await engine.apply(compile(p.records), 1)
    const flow = {
      protocol: 6,
      source: must(ip(source)),
      destination: must(ip(destination)),
      sourcePort: 40_000,
      destinationPort: 22,
    }
    return answered(await engine.probe(flow, from))
  }
  const ofAddress = (i: string) => must(p.see(i).PrivateIpAddress)
  const fromInternet = (to: string) => reaches('internet', '203.0.113.10', to)

  assert.equal(await fromInternet(ofAddress(id)), false)
  assert.equal(await reaches(neighbour, ofAddress(neighbour), ofAddress(id)), true)

  const allocation = p.elastic()
  call('AssociateAddress', { AllocationId: allocation, InstanceId: id })
  const publicIp = must(p.addressOf(allocation).PublicIp)
  assert.equal(await fromInternet(publicIp), false)

  const tables = must(call('DescribeRouteTables', { Filters: [{ Name: 'vpc-id', Values: [vpcId] }] }).RouteTables)
  call('CreateRoute', {
    RouteTableId: must(tables[0]?.RouteTableId),
    DestinationCidrBlock: ALL,
    GatewayId: p.gatewayId,
  })
  assert.equal(await fromInternet(publicIp), true)
})
