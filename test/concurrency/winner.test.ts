import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { caughtUp } from '../server/bench.ts'
import { crowd, launched, place, tally, told } from './crowd.ts'

describe('64 clients want the same at once, and exactly one gets it', () => {
  test('an interface is attached to one instance, and a device index holds one interface', async (t) => {
    const { ec2, all, server } = await crowd(t)
    const { subnetId } = await place(ec2)
    const instances = await launched(ec2, subnetId, 8)
    await caughtUp(server.stateDir)
    const eni = async () =>
      (await ec2.call('CreateNetworkInterface', { SubnetId: subnetId })).NetworkInterface?.NetworkInterfaceId ?? ''
    const attach = (NetworkInterfaceId: string, InstanceId = '') => ({
      ...{ Action: 'AttachNetworkInterface', NetworkInterfaceId, InstanceId, DeviceIndex: '1' },
    })
    const wanted = await eni()
    const answers = await all((n) => attach(wanted, instances[n % 7]))
    assert.deepEqual(tally(answers), { ok: 1, 'InvalidNetworkInterface.InUse': 63 })
    const { NetworkInterfaces = [] } = await ec2.call('DescribeNetworkInterfaces', { NetworkInterfaceIds: [wanted] })
    const winner = answers.findIndex(({ code }) => code === 'ok')
    assert.equal(NetworkInterfaces[0]?.Attachment?.InstanceId, instances[winner % 7])
    const many = await Promise.all(Array.from({ length: 64 }, eni))
    const slot = await all((n) => attach(many[n] ?? '', instances[7]))
    assert.deepEqual(tally(slot), { ok: 1, InvalidParameterValue: 63 })
  })

  test('an internet gateway has one VPC, and a VPC one internet gateway', async (t) => {
    const { ec2, all } = await crowd(t, { vpcs: 20, internetGateways: 70 })
    const gateway = async () => (await ec2.call('CreateInternetGateway', {})).InternetGateway?.InternetGatewayId ?? ''
    const vpc = async () => (await ec2.call('CreateVpc', { CidrBlock: '10.1.0.0/16' })).Vpc?.VpcId ?? ''
    const attach = (InternetGatewayId = '', VpcId = '') => ({
      Action: 'AttachInternetGateway',
      InternetGatewayId,
      VpcId,
    })
    const [one, vpcs] = [await gateway(), await Promise.all(Array.from({ length: 8 }, vpc))]
    assert.deepEqual(tally(await all((n) => attach(one, vpcs[n % 8]))), { ok: 1, 'Resource.AlreadyAssociated': 63 })
    const [other, gateways] = [await vpc(), await Promise.all(Array.from({ length: 64 }, gateway))]
    assert.deepEqual(tally(await all((n) => attach(gateways[n], other))), { ok: 1, InvalidParameterValue: 63 })
    const Filters = [{ Name: 'attachment.vpc-id', Values: [other] }]
    assert.equal((await ec2.call('DescribeInternetGateways', { Filters })).InternetGateways?.length, 1)
  })

  test('an Elastic IP is on one instance', async (t) => {
    const { ec2, all, server } = await crowd(t)
    const { vpcId, subnetId } = await place(ec2)
    const { InternetGateway } = await ec2.call('CreateInternetGateway', {})
    const InternetGatewayId = InternetGateway?.InternetGatewayId ?? ''
    await ec2.call('AttachInternetGateway', { VpcId: vpcId, InternetGatewayId })
    const instances = await launched(ec2, subnetId, 8)
    await caughtUp(server.stateDir)
    const { AllocationId = '' } = await ec2.call('AllocateAddress', {})
    const answers = await all((n) => ({
      Action: 'AssociateAddress',
      AllocationId,
      InstanceId: instances[n % 8] ?? '',
      AllowReassociation: 'false',
    }))
    const { ok = 0, ...losers } = tally(answers)
    // Asked again for what is already so, the answer is the same: the winner's instance was asked for by eight.
    assert.ok(ok >= 1 && ok <= 8)
    assert.deepEqual(losers, { 'Resource.AlreadyAssociated': 64 - ok })
    assert.equal(new Set(told(answers, 'associationId')).size, 1)
    const { Addresses = [] } = await ec2.call('DescribeAddresses', {})
    const winner = answers.findIndex(({ code }) => code === 'ok')
    assert.equal(Addresses[0]?.InstanceId, instances[winner % 8])
  })

  test('a name is one group, and one key pair', async (t) => {
    const { ec2, all } = await crowd(t)
    const { vpcId } = await place(ec2)
    const group = { Action: 'CreateSecurityGroup', VpcId: vpcId, GroupName: 'web', GroupDescription: 'web' }
    assert.deepEqual(tally(await all(() => group)), { ok: 1, 'InvalidGroup.Duplicate': 63 })
    const pair = { Action: 'CreateKeyPair', KeyName: 'mine', KeyType: 'ed25519' }
    const pairs = await all(() => pair)
    assert.deepEqual(tally(pairs), { ok: 1, 'InvalidKeyPair.Duplicate': 63 })
    const { KeyPairs = [] } = await ec2.call('DescribeKeyPairs', {})
    assert.deepEqual(
      KeyPairs.map(({ KeyFingerprint }) => KeyFingerprint),
      told(pairs, 'keyFingerprint'),
    )
  })

  test('a subnet has one route table, and one network ACL', async (t) => {
    const { ec2, all } = await crowd(t)
    const { vpcId, subnetId } = await place(ec2)
    const tables = await Promise.all(
      Array.from({ length: 8 }, async () => (await ec2.call('CreateRouteTable', { VpcId: vpcId })).RouteTable),
    )
    const answers = await all((n) => ({
      Action: 'AssociateRouteTable',
      SubnetId: subnetId,
      RouteTableId: tables[n % 8]?.RouteTableId ?? '',
    }))
    const { RouteTables = [] } = await ec2.call('DescribeRouteTables', {})
    const own = RouteTables.flatMap(({ Associations = [] }) => Associations).filter((a) => a.SubnetId === subnetId)
    assert.equal(own.length, 1)
    assert.deepEqual([...new Set(told(answers, 'associationId'))], [own[0]?.RouteTableAssociationId])
    const acl = (await ec2.call('CreateNetworkAcl', { VpcId: vpcId })).NetworkAcl?.NetworkAclId ?? ''
    const { NetworkAcls = [] } = await ec2.call('DescribeNetworkAcls', {})
    const before = NetworkAcls.flatMap(({ Associations = [] }) => Associations).find((a) => a.SubnetId === subnetId)
    const replace = {
      Action: 'ReplaceNetworkAclAssociation',
      AssociationId: before?.NetworkAclAssociationId ?? '',
      NetworkAclId: acl,
    }
    assert.deepEqual(tally(await all(() => replace)), { ok: 1, 'InvalidAssociationID.NotFound': 63 })
  })
})
