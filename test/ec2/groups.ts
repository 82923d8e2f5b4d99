/** Security groups for tests: a VPC, a group in it, and short ways to ask for rules and to read them. */
import { kindOf } from '../../src/ec2/kinds.ts'
import type { Caller } from '../../src/ec2/resource.ts'
import type { Rule } from '../../src/network/network.ts'
import type { Input } from '../../src/protocol/types.ts'
import { must } from './place.ts'
import { US, world } from './world.ts'

export type Permission = NonNullable<Input<'AuthorizeSecurityGroupIngress'>['IpPermissions']>[number]

/** TCP from a block. */
export const tcp = (port: number, CidrIp = '10.0.0.0/16'): Permission => ({
  IpProtocol: 'tcp',
  FromPort: port,
  ToPort: port,
  IpRanges: [{ CidrIp }],
})

export function grouped(w: ReturnType<typeof world> = world(), CidrBlock = '10.1.0.0/16', caller: Caller = US) {
  const VpcId = w.call('CreateVpc', { CidrBlock }, caller).Vpc?.VpcId ?? ''
  const create = (GroupName: string, vpc = VpcId) =>
    w.call('CreateSecurityGroup', { GroupName, Description: 'a group', VpcId: vpc }, caller).GroupId ?? ''
  const GroupId = create('web')
  const show = (id = GroupId) => w.call('DescribeSecurityGroups', { GroupIds: [id] }, caller).SecurityGroups?.[0]
  return {
    ...w,
    VpcId,
    GroupId,
    create,
    show,
    allow: (...IpPermissions: Permission[]) =>
      w.call('AuthorizeSecurityGroupIngress', { GroupId, IpPermissions }, caller),
    revoke: (...IpPermissions: Permission[]) =>
      w.call('RevokeSecurityGroupIngress', { GroupId, IpPermissions }, caller),
    /** The ingress rules of the group as the network has them. */
    rules: (): Rule[] =>
      w.transaction(caller, ({ state }) =>
        [...state.all('security-group-rule')]
          .filter((r) => r.groupId === GroupId && !r.egress)
          .flatMap((r) => kindOf('security-group-rule').compile?.(r, state) ?? [])
          .flatMap((fact) => ('rule' in fact ? [fact.rule] : [])),
      ),
  }
}

/** Group A of VPC A, group B of VPC B, and how A gets to be associated with B. */
export function twoVpcs(blocks: readonly [string, string] = ['10.1.0.0/16', '10.2.0.0/16']) {
  const w = world()
  const a = grouped(w, blocks[0])
  const b = grouped(w, blocks[1])
  const wish = { GroupId: a.GroupId, VpcId: b.VpcId }
  const subnet = (VpcId: string, CidrBlock: string) =>
    must(w.call('CreateSubnet', { VpcId, CidrBlock }).Subnet?.SubnetId)
  const eni = (SubnetId: string, group: string, PrivateIpAddress?: string) =>
    must(
      w.call('CreateNetworkInterface', {
        SubnetId,
        Groups: [group],
        ...(PrivateIpAddress !== undefined && { PrivateIpAddress }),
      }).NetworkInterface?.NetworkInterfaceId,
    )
  const associations = (Filters: { Name: string; Values: string[] }[] = []) =>
    w.call('DescribeSecurityGroupVpcAssociations', { Filters }).SecurityGroupVpcAssociations ?? []
  return {
    ...w,
    a,
    b,
    subnet,
    eni,
    associations,
    associate: (more: object = {}) => w.call('AssociateSecurityGroupVpc', { ...wish, ...more }).State,
    disassociate: () => w.call('DisassociateSecurityGroupVpc', wish).State,
  }
}
