/** SecurityGroupVpcAssociations: the further VPCs whose interfaces may be in a group (S6). */
import type { SecurityGroupVpcAssociation } from '../ec2/security-group-vpc-association.ts'
import { derivedId, type Reader } from './building.ts'

const STATES = [
  ...(['associating', 'associated', 'association-failed'] as const),
  ...(['disassociating', 'disassociated', 'disassociation-failed'] as const),
]

export const securityGroupVpcAssociations: Reader = {
  key: 'SecurityGroupVpcAssociations',
  read(item, { account, region }, { state, notes, now }) {
    const groupId = item.id('GroupId', 'sg')
    const vpcId = item.id('VpcId', 'vpc')
    const is = item.oneOf('State', STATES, 'associated')
    const owner = item.account('GroupOwnerId') ?? account
    item.skip('StateReason', 'VpcOwnerId', 'GroupName')
    if (is === 'association-failed' || is === 'disassociating' || is === 'disassociated') return
    for (const [known, what] of [
      [state.get('security-group', groupId), `security group ${groupId}`],
      [state.get('vpc', vpcId), `VPC ${vpcId}`],
    ] as const)
      if (!known) return notes.add('outside', what, 'its associations with groups and VPCs are left out')
    // AWS gives an association no id.
    const id = derivedId('sgvpcassoc', `${groupId} ${vpcId}`)
    const base = { id, account: owner, region, tags: {}, stateSince: now }
    const association = { ...base, state: is === 'associating' ? is : 'associated', groupId, vpcId } as const
    state.put('security-group-vpc-association', association satisfies SecurityGroupVpcAssociation)
  },
}
