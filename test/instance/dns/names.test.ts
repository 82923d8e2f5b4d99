/** Which names a VPC's DNS knows, and where they lead. */
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { must, place } from '../../ec2/place.ts'
import { US } from '../../ec2/world.ts'
import { ask, namedPlace, publicInstance, publicName, resolved, reverseOf, secondVpc } from './asking.ts'

describe('private names', () => {
  test('the name of an address of the VPC leads to it, whoever has it', () => {
    const p = namedPlace()
    assert.deepEqual(resolved(p, p.vpcId, 'ip-10-0-1-77.ec2.internal'), ['10.0.1.77'])
    assert.deepEqual(resolved(p, p.vpcId, 'IP-10-0-1-77.EC2.Internal'), ['10.0.1.77'])
    assert.deepEqual(resolved(p, p.vpcId, 'ip-10-0-01-77.ec2.internal'), ['NXDOMAIN'])
    assert.deepEqual(resolved(p, p.vpcId, 'ip-10-0-1-77.eu-west-1.compute.internal'), ['NXDOMAIN'])
  })

  test('names of addresses that are not the VPC’s do not exist, a peer’s included (X12 is about public names)', () => {
    const p = namedPlace()
    const b = secondVpc(p)
    allowBothWays(p, b.vpcId)
    assert.deepEqual(resolved(p, p.vpcId, 'ip-10-2-0-5.ec2.internal'), ['NXDOMAIN'])
  })

  test('a secondary block’s addresses have names too', () => {
    const p = namedPlace()
    assert.deepEqual(resolved(p, p.vpcId, 'ip-10-9-0-4.ec2.internal'), ['NXDOMAIN'])
    p.call('AssociateVpcCidrBlock', { VpcId: p.vpcId, CidrBlock: '10.9.0.0/16' })
    assert.deepEqual(resolved(p, p.vpcId, 'ip-10-9-0-4.ec2.internal'), ['10.9.0.4'])
  })

  test('every other Region has a domain of its own', () => {
    const p = place()
    const ireland = { ...US, region: 'eu-west-1' }
    const vpcId = must(p.call('CreateVpc', { CidrBlock: '10.5.0.0/16' }, ireland).Vpc?.VpcId)
    p.call('ModifyVpcAttribute', { VpcId: vpcId, EnableDnsHostnames: { Value: true } }, ireland)
    assert.deepEqual(resolved(p, vpcId, 'ip-10-5-0-9.eu-west-1.compute.internal'), ['10.5.0.9'])
    assert.deepEqual(resolved(p, vpcId, 'ip-10-5-0-9.ec2.internal'), ['NXDOMAIN'])
    assert.deepEqual(resolved(p, vpcId, reverseOf('10.5.0.9'), 'PTR'), ['ip-10-5-0-9.eu-west-1.compute.internal'])
  })

  test('without enableDnsHostnames there are none', () => {
    const p = place()
    assert.deepEqual(resolved(p, p.vpcId, 'ip-10-0-1-77.ec2.internal'), ['NXDOMAIN'])
    assert.deepEqual(resolved(p, p.vpcId, reverseOf('10.0.1.77'), 'PTR'), ['NXDOMAIN'])
  })

  test('an instance’s id is a name where its A record was asked for', () => {
    const p = namedPlace()
    const without = p.running()
    assert.deepEqual(resolved(p, p.vpcId, `${without}.ec2.internal`), ['NXDOMAIN'])
    p.call('ModifySubnetAttribute', { SubnetId: p.subnetId, EnableResourceNameDnsARecordOnLaunch: { Value: true } })
    const id = p.running()
    assert.deepEqual(resolved(p, p.vpcId, `${id}.ec2.internal`), [p.see(id).PrivateIpAddress])
    assert.deepEqual(resolved(p, secondVpc(p).vpcId, `${id}.ec2.internal`), ['NXDOMAIN'])
  })

  test('the metadata service has a name', () => {
    const p = namedPlace()
    assert.deepEqual(resolved(p, p.vpcId, 'instance-data.ec2.internal'), ['169.254.169.254'])
  })
})

describe('public names', () => {
  test('G9: the private address within its VPC, the public one elsewhere', () => {
    const p = namedPlace()
    const b = secondVpc(p)
    const { inside, outside } = publicInstance(p)
    assert.deepEqual(resolved(p, p.vpcId, publicName(outside)), [inside])
    assert.deepEqual(resolved(p, b.vpcId, publicName(outside)), [outside])
  })

  test('G9: the secondary address that the Elastic IP stands for', () => {
    const p = namedPlace()
    const eni = p.primaryOf(p.running())
    p.call('AssignPrivateIpAddresses', { NetworkInterfaceId: eni, PrivateIpAddresses: ['10.0.1.200'] })
    const AllocationId = p.elastic()
    p.call('AssociateAddress', { AllocationId, NetworkInterfaceId: eni, PrivateIpAddress: '10.0.1.200' })
    assert.deepEqual(resolved(p, p.vpcId, publicName(must(p.addressOf(AllocationId).PublicIp))), ['10.0.1.200'])
  })

  test('G9: a VPC without enableDnsHostnames gives none, nor does an address that nobody has', () => {
    const p = place()
    const b = secondVpc(p)
    const { outside } = publicInstance(p)
    for (const vpcId of [p.vpcId, b.vpcId]) assert.deepEqual(resolved(p, vpcId, publicName(outside)), ['NXDOMAIN'])
    assert.deepEqual(resolved(p, b.vpcId, publicName('198.18.3.200')), ['NXDOMAIN'])
  })

  test('a name belongs to one Region', () => {
    const p = namedPlace()
    const { outside } = publicInstance(p)
    const elsewhere = publicName(outside).replace('compute-1', 'eu-west-1.compute')
    assert.deepEqual(resolved(p, p.vpcId, elsewhere), ['NXDOMAIN'])
  })

  test('names of the internet do not exist', () => {
    const p = namedPlace()
    for (const name of ['example.com', 'ec2.us-east-1.amazonaws.com', 'localhost'])
      assert.deepEqual(resolved(p, p.vpcId, name), ['NXDOMAIN'])
  })
})

describe('X12: public names across a peering', () => {
  test('X12: public until the owner’s side allows it, then private, and for the other side as before', () => {
    const p = namedPlace()
    const b = secondVpc(p)
    const [here, there] = [publicInstance(p), publicInstance(p, b.subnetId)]
    const pcx = peer(p, b.vpcId)
    assert.deepEqual(resolved(p, p.vpcId, publicName(there.outside)), [there.outside])
    allow(p, pcx, 'Accepter')
    assert.deepEqual(resolved(p, p.vpcId, publicName(there.outside)), [there.inside])
    assert.deepEqual(resolved(p, b.vpcId, publicName(here.outside)), [here.outside])
    allow(p, pcx, 'Requester')
    assert.deepEqual(resolved(p, b.vpcId, publicName(here.outside)), [here.inside])
    assert.deepEqual(resolved(p, secondVpc(p, '10.3.0.0/16').vpcId, publicName(here.outside)), [here.outside])
  })

  test('X12: not once either VPC lacks an attribute', () => {
    const lacks = [
      { EnableDnsHostnames: { Value: false }, whose: 'asker' },
      { EnableDnsSupport: { Value: false }, whose: 'owner' },
    ] as const
    for (const { whose, ...attribute } of lacks) {
      const p = namedPlace()
      const b = secondVpc(p)
      const there = publicInstance(p, b.subnetId)
      allowBothWays(p, b.vpcId)
      assert.deepEqual(resolved(p, p.vpcId, publicName(there.outside)), [there.inside])
      p.call('ModifyVpcAttribute', { VpcId: whose === 'asker' ? p.vpcId : b.vpcId, ...attribute })
      assert.deepEqual(resolved(p, p.vpcId, publicName(there.outside)), [there.outside])
    }
  })

  test('X12: not once the peering is deleted', () => {
    const p = namedPlace()
    const b = secondVpc(p)
    const there = publicInstance(p, b.subnetId)
    const VpcPeeringConnectionId = allowBothWays(p, b.vpcId)
    p.call('DeleteVpcPeeringConnection', { VpcPeeringConnectionId })
    assert.deepEqual(resolved(p, p.vpcId, publicName(there.outside)), [there.outside])
  })
})

describe('reverse names', () => {
  test('a private address of the VPC, a public address that has a name', () => {
    const p = namedPlace()
    const { outside } = publicInstance(p)
    assert.deepEqual(resolved(p, p.vpcId, reverseOf('10.0.1.77'), 'PTR'), ['ip-10-0-1-77.ec2.internal'])
    assert.deepEqual(resolved(p, p.vpcId, reverseOf(outside), 'PTR'), [publicName(outside)])
  })

  test('G6: an Elastic IP has the name that its owner gave it, once the change is through', () => {
    const p = namedPlace()
    const { outside } = publicInstance(p)
    const AllocationId = must(p.call('DescribeAddresses', { PublicIps: [outside] }).Addresses?.[0]?.AllocationId)
    const pointer = () => resolved(p, p.vpcId, reverseOf(outside), 'PTR')
    const settled = () => {
      p.clock.advance(60_000)
      p.call('DescribeAddresses', {})
    }
    p.call('ModifyAddressAttribute', { AllocationId, DomainName: 'mail.example.com' })
    assert.deepEqual(pointer(), [publicName(outside)])
    settled()
    assert.deepEqual(pointer(), ['mail.example.com'])
    p.call('ModifyAddressAttribute', { AllocationId, DomainName: 'www.example.com.' })
    assert.deepEqual(pointer(), ['mail.example.com'])
    settled()
    assert.deepEqual(pointer(), ['www.example.com'])
    p.call('ResetAddressAttribute', { AllocationId, Attribute: 'domain-name' })
    settled()
    assert.deepEqual(pointer(), [publicName(outside)])
  })

  test('G6: an Elastic IP that stands for nobody keeps the name that its owner gave it', () => {
    const p = place()
    const AllocationId = p.elastic()
    p.call('ModifyAddressAttribute', { AllocationId, DomainName: 'mail.example.com' })
    p.clock.advance(60_000)
    const outside = must(p.addressOf(AllocationId).PublicIp)
    assert.deepEqual(resolved(p, p.vpcId, reverseOf(outside), 'PTR'), ['mail.example.com'])
  })

  test('others have none', () => {
    const p = namedPlace()
    for (const address of ['10.2.0.5', '203.0.113.10', '198.18.3.200'])
      assert.deepEqual(resolved(p, p.vpcId, reverseOf(address), 'PTR'), ['NXDOMAIN'])
  })
})

describe('the server', () => {
  test('P6: silence without enableDnsSupport', () => {
    const p = namedPlace()
    p.call('ModifyVpcAttribute', { VpcId: p.vpcId, EnableDnsSupport: { Value: false } })
    assert.equal(ask(p, p.vpcId, 'ip-10-0-1-77.ec2.internal'), undefined)
    assert.equal(ask(p, 'vpc-0', 'ip-10-0-1-77.ec2.internal'), undefined)
  })

  test('a name without a record of the type is there, and empty; what is above a name is there too', () => {
    const p = namedPlace()
    assert.deepEqual(resolved(p, p.vpcId, 'ip-10-0-1-77.ec2.internal', 'AAAA'), [])
    for (const name of ['ec2.internal', 'internal', '10.in-addr.arpa', 'amazonaws.com', '.'])
      assert.deepEqual(resolved(p, p.vpcId, name), [], name)
  })

  test('RFC 2308: what is not there is denied with the zone’s SOA', () => {
    const p = namedPlace()
    const zones = {
      'nobody.ec2.internal': 'ec2.internal',
      'ec2-1-2-3-4.compute-1.amazonaws.com': 'compute-1.amazonaws.com',
    }
    for (const [name, zone] of Object.entries({ ...zones, 'example.com': '.' })) {
      const [soa] = must(ask(p, p.vpcId, name)).authorities
      assert.deepEqual([soa?.type, soa?.name], ['SOA', zone])
    }
    assert.equal(must(ask(p, p.vpcId, 'ec2.internal', 'SOA')).data.length, 1)
    assert.deepEqual(resolved(p, p.vpcId, 'ec2.internal', 'NS'), ['ns0.ec2.internal'])
  })
})

type Place = ReturnType<typeof namedPlace>

function peer({ call, vpcId }: Place, PeerVpcId: string): string {
  const VpcPeeringConnectionId = must(
    call('CreateVpcPeeringConnection', { VpcId: vpcId, PeerVpcId }).VpcPeeringConnection?.VpcPeeringConnectionId,
  )
  call('AcceptVpcPeeringConnection', { VpcPeeringConnectionId })
  return VpcPeeringConnectionId
}

function allow({ call }: Place, VpcPeeringConnectionId: string, side: 'Requester' | 'Accepter'): void {
  call('ModifyVpcPeeringConnectionOptions', {
    VpcPeeringConnectionId,
    [`${side}PeeringConnectionOptions`]: { AllowDnsResolutionFromRemoteVpc: true },
  })
}

function allowBothWays(p: Place, vpcId: string): string {
  const pcx = peer(p, vpcId)
  allow(p, pcx, 'Requester')
  allow(p, pcx, 'Accepter')
  return pcx
}
