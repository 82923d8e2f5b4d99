import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { crowd, place, tally } from './crowd.ts'

describe('64 clients race for what a quota leaves, and exactly as many get it (1.12)', () => {
  test('VPCs, internet gateways and VPC blocks', async (t) => {
    const { ec2, all } = await crowd(t)
    const { Vpcs = [] } = await ec2.call('DescribeVpcs', {})
    const vpcs = await all(() => ({ Action: 'CreateVpc', CidrBlock: '10.1.0.0/16' }))
    assert.deepEqual(tally(vpcs), { ok: 5 - Vpcs.length, VpcLimitExceeded: 59 + Vpcs.length })
    const { InternetGateways = [] } = await ec2.call('DescribeInternetGateways', {})
    const gateways = await all(() => ({ Action: 'CreateInternetGateway' }))
    const left = 5 - InternetGateways.length
    assert.deepEqual(tally(gateways), { ok: left, InternetGatewayLimitExceeded: 64 - left })
    const vpcId = (await ec2.call('DescribeVpcs', {})).Vpcs?.find(({ CidrBlock }) => CidrBlock === '10.1.0.0/16')?.VpcId
    const blocks = await all((n) => ({
      Action: 'AssociateVpcCidrBlock',
      VpcId: vpcId ?? '',
      CidrBlock: `10.${2 + n}.0.0/16`,
    }))
    assert.deepEqual(tally(blocks), { ok: 4, CidrLimitExceeded: 60 })
  })

  test('subnets, route tables, ACLs, groups, interfaces and key pairs', async (t) => {
    const most = { subnetsPerVpc: 20, routeTablesPerVpc: 20, aclsPerVpc: 20, networkInterfaces: 20, keyPairs: 20 }
    const { ec2, all } = await crowd(t, { ...most, securityGroups: 20 })
    const { vpcId, subnetId } = await place(ec2)
    const { SecurityGroups = [] } = await ec2.call('DescribeSecurityGroups', {})
    const room = 20 - SecurityGroups.length
    const races: readonly [string, number, (n: number) => Readonly<Record<string, string>>][] = [
      ['SubnetLimitExceeded', 19, (n) => ({ Action: 'CreateSubnet', VpcId: vpcId, CidrBlock: `10.1.${n + 1}.0/24` })],
      ['RouteTableLimitExceeded', 19, () => ({ Action: 'CreateRouteTable', VpcId: vpcId })],
      ['NetworkAclLimitExceeded', 19, () => ({ Action: 'CreateNetworkAcl', VpcId: vpcId })],
      [
        'SecurityGroupLimitExceeded',
        room,
        (n) => ({ Action: 'CreateSecurityGroup', VpcId: vpcId, GroupName: `${n}`, GroupDescription: 'x' }),
      ],
      ['NetworkInterfaceLimitExceeded', 20, () => ({ Action: 'CreateNetworkInterface', SubnetId: subnetId })],
      ['ResourceLimitExceeded', 20, (n) => ({ Action: 'CreateKeyPair', KeyName: `${n}`, KeyType: 'ed25519' })],
    ]
    for (const [code, ok, parameters] of races)
      assert.deepEqual(tally(await all(parameters)), { ok, [code]: 64 - ok }, code)
  })
})
