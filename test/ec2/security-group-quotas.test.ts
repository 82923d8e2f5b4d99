/** How many groups, rules and memberships there may be (S9, 1.12). */
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { grouped, type Permission, tcp } from './groups.ts'
import { must } from './place.ts'
import { refused, US } from './world.ts'

const many = (count: number, start = 1): Permission[] => Array.from({ length: count }, (_, i) => tcp(start + i))
const many6 = (count: number): Permission[] =>
  many(count).map(({ IpRanges: _, ...traffic }) => ({ ...traffic, Ipv6Ranges: [{ CidrIpv6: '2001:db8::/32' }] }))
const LIMIT = 'RulesPerSecurityGroupLimitExceeded'

describe('S9: a security group', () => {
  for (const way of ['Ingress', 'Egress'] as const)
    test(`has 60 rules of IPv4 and 60 of IPv6 by ${way.toLowerCase()}, and a refused call adds none`, () => {
      const w = grouped()
      const authorize = (...IpPermissions: Permission[]) =>
        w.call(`AuthorizeSecurityGroup${way}`, { GroupId: w.GroupId, IpPermissions })
      const everything = [{ IpProtocol: '-1', IpRanges: [{ CidrIp: '0.0.0.0/0' }] }]
      w.call('RevokeSecurityGroupEgress', { GroupId: w.GroupId, IpPermissions: everything })
      authorize(...many(59))
      refused(LIMIT, () => authorize(...many(2, 100)))
      authorize(tcp(60))
      refused(LIMIT, () => authorize(tcp(61)))
      authorize(...many6(60))
      refused(LIMIT, () => authorize({ IpProtocol: 'udp', FromPort: 1, ToPort: 1, Ipv6Ranges: [{ CidrIpv6: '::/0' }] }))
      assert.equal(w.call('DescribeSecurityGroupRules', {}).SecurityGroupRules?.filter(of(w.GroupId)).length, 120)
    })

  test('a reference to a group costs one, in either family', () => {
    for (const rules of [many(59), many6(59)]) {
      const w = grouped()
      const from = (name: string) => ({ IpProtocol: '-1', UserIdGroupPairs: [{ GroupId: w.create(name) }] })
      w.allow(...rules)
      w.allow(from('a'))
      refused(LIMIT, () => w.allow(from('b')))
    }
    const w = grouped()
    w.allow(...many(59), ...many6(59), { IpProtocol: '-1', UserIdGroupPairs: [{ GroupId: w.GroupId }] })
    refused(LIMIT, () => w.allow(tcp(60)))
  })

  for (const AddressFamily of ['IPv4', 'IPv6'] as const)
    test(`a prefix list of ${AddressFamily} costs as many as it may have entries, in its own family`, () => {
      const w = grouped()
      const list = (MaxEntries: number) => {
        const PrefixListName = `of ${MaxEntries}`
        const { PrefixList } = w.call('CreateManagedPrefixList', { PrefixListName, AddressFamily, MaxEntries })
        return { IpProtocol: '-1', PrefixListIds: [{ PrefixListId: must(PrefixList?.PrefixListId) }] }
      }
      const [own, other] = AddressFamily === 'IPv4' ? [many, many6] : [many6, many]
      w.allow(...own(20), ...other(60))
      refused(LIMIT, () => w.allow(list(41)))
      w.allow(list(40))
      refused(LIMIT, () => w.allow(list(1)))
    })
})

test('S9: a Region has 2,500 security groups of an account; another Region has its own', () => {
  const w = grouped()
  const made = w.transaction(US, ({ state }) => {
    const one = must(state.get('security-group', w.GroupId))
    for (let i = 2; i < 2500; i++) {
      const id = `sg-f${i.toString(16).padStart(16, '0')}`
      state.put('security-group', { ...one, id, groupName: `group ${i}` })
    }
    return [...state.all('security-group')].length
  })
  assert.equal(made, 2500)
  refused('SecurityGroupLimitExceeded', () => w.create('one too many'))
  refused('SecurityGroupLimitExceeded', () => w.call('CreateVpc', { CidrBlock: '10.3.0.0/16' }))
  grouped(w, '10.4.0.0/16', { ...US, region: 'eu-west-1' })
  w.call('DeleteSecurityGroup', { GroupId: w.GroupId })
  w.create('the last')
})

test('S9: an interface takes five security groups', () => {
  const w = grouped()
  const SubnetId = must(w.call('CreateSubnet', { VpcId: w.VpcId, CidrBlock: '10.1.1.0/24' }).Subnet?.SubnetId)
  const six = ['a', 'b', 'c', 'd', 'e', 'f'].map((name) => w.create(name))
  const limit = 'SecurityGroupsPerInterfaceLimitExceeded'
  refused(limit, () => w.call('CreateNetworkInterface', { SubnetId, Groups: six }))
  const five = { SubnetId, Groups: six.slice(1) }
  const NetworkInterfaceId = must(w.call('CreateNetworkInterface', five).NetworkInterface?.NetworkInterfaceId)
  refused(limit, () => w.call('ModifyNetworkInterfaceAttribute', { NetworkInterfaceId, Groups: six }))
})

const of =
  (id: string) =>
  (rule: { readonly GroupId?: string | undefined }): boolean =>
    rule.GroupId === id
