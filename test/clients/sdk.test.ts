/** The AWS SDK for JavaScript: its paginators and its waiters, against a server on the simulator. */
import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import * as sdk from '@aws-sdk/client-ec2'
import { actions } from '../../src/ec2/registry.ts'
import { clientOf, folder, served, suite } from '../server/bench.ts'

import { estate, quotas } from './estate.ts'

const end = suite()
const { endpoint } = await served(end, folder(end), { quotas })
const region = 'eu-west-1'
const credentials = { accessKeyId: '111122223333', secretAccessKey: 'any' }
const client = new sdk.EC2Client({ endpoint, region, credentials, maxAttempts: 1 })
after(() => client.destroy())
const listings = await estate(clientOf(endpoint, '111122223333', region))

// All that is awaited stands before the first test: tests run as soon as they are there.
const [ImageId = ''] = ((await client.send(new sdk.DescribeImagesCommand({ Owners: ['amazon'] }))).Images ?? []).map(
  (image) => image.ImageId ?? '',
)
const vpcId = (await client.send(new sdk.CreateVpcCommand({ CidrBlock: '10.100.0.0/16' }))).Vpc?.VpcId ?? ''
const peerId = (await client.send(new sdk.CreateVpcCommand({ CidrBlock: '10.101.0.0/16' }))).Vpc?.VpcId ?? ''
const placed = await client.send(new sdk.CreateSubnetCommand({ VpcId: vpcId, CidrBlock: '10.100.0.0/24' }))
const subnetId = placed.Subnet?.SubnetId ?? ''

type Pages = AsyncIterable<Record<string, unknown>>
type Paginate = (config: { client: sdk.EC2Client; pageSize: number }, input: object) => Pages
const exported = sdk as unknown as Record<string, unknown>

/** All items of all pages, and how many pages there were. */
async function walked(paginate: Paginate, input: object, pageSize: number) {
  const pages: unknown[][] = []
  for await (const page of paginate({ client, pageSize }, input))
    pages.push(Object.values(page).find((value): value is unknown[] => Array.isArray(value)) ?? [])
  return { items: pages.flat(), pages: pages.length }
}

for (const action of Object.keys(actions)) {
  const paginate = exported[`paginate${action}`] as Paginate | undefined
  if (!paginate) continue
  const { arguments: input, short } = listings[action] ?? { arguments: {}, short: false }
  test(`paginate${action} gives each thing once`, async () => {
    const small = await walked(paginate, { ...input }, 5)
    const large = await walked(paginate, { ...input }, 50)
    assert.deepEqual(small.items, large.items)
    assert.equal(new Set(small.items.map((item) => JSON.stringify(item))).size, small.items.length)
    if (!short) assert.ok(small.items.length > 5 && small.pages > large.pages, `${small.pages} pages`)
  })
}

type Waiting = { client: sdk.EC2Client; maxWaitTime: number; minDelay: number; maxDelay: number }
type Wait = (config: Waiting, input: object) => Promise<{ state: string }>

/** The state in which a waiter ends: SUCCESS, FAILURE or TIMEOUT. */
async function waited(name: string, input: object, seconds = 30): Promise<string> {
  const wait = exported[`waitUntil${name}`] as Wait
  const config = { client, maxWaitTime: seconds, minDelay: 1, maxDelay: 1 }
  return wait(config, input).then(
    ({ state }) => state,
    (error: Error) => (JSON.parse(error.message) as { state: string }).state,
  )
}

test('the waiters for a VPC, a subnet, an image and a key pair', async () => {
  await client.send(new sdk.CreateKeyPairCommand({ KeyName: 'waited for' }))
  assert.equal(await waited('VpcExists', { VpcIds: [vpcId] }), 'SUCCESS')
  assert.equal(await waited('VpcAvailable', { VpcIds: [vpcId] }), 'SUCCESS')
  assert.equal(await waited('SubnetAvailable', { SubnetIds: [subnetId] }), 'SUCCESS')
  assert.equal(await waited('ImageExists', { ImageIds: [ImageId] }), 'SUCCESS')
  assert.equal(await waited('ImageAvailable', { ImageIds: [ImageId] }), 'SUCCESS')
  assert.equal(await waited('KeyPairExists', { KeyNames: ['waited for'] }), 'SUCCESS')
  assert.equal(await waited('VpcExists', { VpcIds: ['vpc-0123456789abcdef0'] }, 2), 'TIMEOUT')
})

test('the waiters for an instance, to its end', async () => {
  const launch = { ImageId, InstanceType: 't3.nano' as const, MinCount: 1, MaxCount: 1, SubnetId: subnetId }
  const { Instances } = await client.send(new sdk.RunInstancesCommand(launch))
  const InstanceIds = [Instances?.[0]?.InstanceId ?? '']
  for (const name of ['InstanceExists', 'InstanceRunning', 'InstanceStatusOk', 'SystemStatusOk'])
    assert.equal(await waited(name, { InstanceIds }), 'SUCCESS', name)
  await client.send(new sdk.StopInstancesCommand({ InstanceIds }))
  assert.equal(await waited('InstanceStopped', { InstanceIds }), 'SUCCESS')
  const { Volumes } = await client.send(
    new sdk.DescribeVolumesCommand({ Filters: [{ Name: 'attachment.instance-id', Values: InstanceIds }] }),
  )
  const VolumeIds = [Volumes?.[0]?.VolumeId ?? '']
  assert.equal(await waited('VolumeInUse', { VolumeIds }), 'SUCCESS')
  await client.send(new sdk.TerminateInstancesCommand({ InstanceIds }))
  assert.equal(await waited('InstanceTerminated', { InstanceIds }), 'SUCCESS')
  assert.equal(await waited('VolumeDeleted', { VolumeIds }), 'SUCCESS')
  assert.equal(await waited('InstanceRunning', { InstanceIds }), 'FAILURE')
})

test('the waiters for gateways and interfaces', async () => {
  const { InternetGateway } = await client.send(new sdk.CreateInternetGatewayCommand({}))
  const InternetGatewayIds = [InternetGateway?.InternetGatewayId ?? '']
  assert.equal(await waited('InternetGatewayExists', { InternetGatewayIds }), 'SUCCESS')
  const { NetworkInterface } = await client.send(new sdk.CreateNetworkInterfaceCommand({ SubnetId: subnetId }))
  const NetworkInterfaceIds = [NetworkInterface?.NetworkInterfaceId ?? '']
  assert.equal(await waited('NetworkInterfaceAvailable', { NetworkInterfaceIds }), 'SUCCESS')
  const { NatGateway } = await client.send(
    new sdk.CreateNatGatewayCommand({ SubnetId: subnetId, ConnectivityType: 'private' }),
  )
  const NatGatewayId = NatGateway?.NatGatewayId ?? ''
  assert.equal(await waited('NatGatewayAvailable', { NatGatewayIds: [NatGatewayId] }), 'SUCCESS')
  await client.send(new sdk.DeleteNatGatewayCommand({ NatGatewayId }))
  assert.equal(await waited('NatGatewayDeleted', { NatGatewayIds: [NatGatewayId] }), 'SUCCESS')
  assert.equal(await waited('NatGatewayAvailable', { NatGatewayIds: [NatGatewayId] }), 'FAILURE')
})

test('the waiters for a security group, its VPCs, and a peering', async () => {
  const named = { GroupName: 'waited for', Description: 'd', VpcId: vpcId }
  const { GroupId } = await client.send(new sdk.CreateSecurityGroupCommand(named))
  assert.equal(await waited('SecurityGroupExists', { GroupIds: [GroupId] }), 'SUCCESS')
  await client.send(new sdk.AssociateSecurityGroupVpcCommand({ GroupId, VpcId: peerId }))
  const Filters = [{ Name: 'group-id', Values: [GroupId] }]
  assert.equal(await waited('SecurityGroupVpcAssociationAssociated', { Filters }), 'SUCCESS')
  await client.send(new sdk.DisassociateSecurityGroupVpcCommand({ GroupId, VpcId: peerId }))
  assert.equal(await waited('SecurityGroupVpcAssociationDisassociated', { Filters }), 'SUCCESS')
  const asked = await client.send(new sdk.CreateVpcPeeringConnectionCommand({ VpcId: vpcId, PeerVpcId: peerId }))
  const VpcPeeringConnectionId = asked.VpcPeeringConnection?.VpcPeeringConnectionId ?? ''
  const VpcPeeringConnectionIds = [VpcPeeringConnectionId]
  assert.equal(await waited('VpcPeeringConnectionExists', { VpcPeeringConnectionIds }), 'SUCCESS')
  await client.send(new sdk.DeleteVpcPeeringConnectionCommand({ VpcPeeringConnectionId }))
  assert.equal(await waited('VpcPeeringConnectionDeleted', { VpcPeeringConnectionIds }), 'SUCCESS')
})
