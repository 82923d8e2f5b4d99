/** Network ACLs for tests. */
import { compile } from '../../src/compile/compile.ts'
import { world } from './world.ts'

/** A VPC with a subnet and an ACL of its own, and short ways to write and read its entries. */
export function guarded() {
  const w = world()
  const VpcId = w.call('CreateVpc', { CidrBlock: '10.1.0.0/16' }).Vpc?.VpcId ?? ''
  const subnetId = w.call('CreateSubnet', { VpcId, CidrBlock: '10.1.1.0/24' }).Subnet?.SubnetId ?? ''
  const acls = () => w.call('DescribeNetworkAcls', { Filters: [{ Name: 'vpc-id', Values: [VpcId] }] }).NetworkAcls ?? []
  const NetworkAclId = w.call('CreateNetworkAcl', { VpcId }).NetworkAcl?.NetworkAclId ?? ''
  return {
    ...w,
    VpcId,
    subnetId,
    acls,
    NetworkAclId,
    defaultId: acls().find((acl) => acl.IsDefault)?.NetworkAclId ?? '',
    associationOf: (id: string) =>
      acls()
        .flatMap((acl) => acl.Associations ?? [])
        .find((a) => a.SubnetId === id),
    entry: (input: object) =>
      w.call('CreateNetworkAclEntry', {
        NetworkAclId,
        RuleNumber: 100,
        Egress: false,
        RuleAction: 'allow',
        Protocol: '-1',
        CidrBlock: '0.0.0.0/0',
        ...input,
      }),
    rules: () => compile(w.records).rules.filter((r) => r.ruleSet === NetworkAclId),
    shown: () => acls().find((acl) => acl.NetworkAclId === NetworkAclId)?.Entries ?? [],
  }
}
