/** One small network for each explanation code that a setting of the network brings about (2.3). */
import { must } from '../ec2/place.ts'
import type { Analysis, Lab } from './insights-lab.ts'

export interface Case {
  readonly code: string
  /** What the network is like, for the name of the test. */
  readonly when: string
  readonly analysis: (lab: Lab) => Analysis
}

const SSH = { DestinationPort: 22 }

/** A peer of this block, for which there is the default route to the internet gateway only. */
function peerByDefaultRoute(lab: Lab, block: string): Analysis {
  const { a, vpcId, vpc, peering, table, route, gatewayId, publicAddress, analyzed } = lab
  const far = vpc(block)
  peering(vpcId, far.vpcId)
  publicAddress(a)
  route(table, '0.0.0.0/0', { GatewayId: gatewayId })
  return analyzed({ Source: a, Destination: far.instance })
}

export const NETWORK_CASES: readonly Case[] = [
  {
    code: 'BAD_STATE',
    when: 'the destination is stopped',
    analysis: ({ a, running, call, settled, analyzed }) => {
      const b = running()
      call('StopInstances', { InstanceIds: [b] })
      settled()
      return analyzed({ Source: a, Destination: b })
    },
  },
  {
    code: 'BAD_STATE_ATTACHMENT',
    when: 'the source is an interface of a stopped instance',
    analysis: ({ a, running, primaryOf, call, settled, analyzed }) => {
      const b = running()
      const eni = primaryOf(b)
      call('StopInstances', { InstanceIds: [b] })
      settled()
      return analyzed({ Source: eni, Destination: a })
    },
  },
  {
    code: 'BAD_STATE_ROUTE',
    when: 'R7, D05: the peering that the route leads to is deleted',
    analysis: ({ a, peer, call, analyzed }) => {
      const { instance, pcx } = peer()
      call('DeleteVpcPeeringConnection', { VpcPeeringConnectionId: pcx })
      return analyzed({ Source: a, Destination: instance })
    },
  },
  {
    code: 'CANNOT_ROUTE',
    when: 'the route to the peering is for another part of the peer',
    analysis: ({ a, vpcId, vpc, peering, route, table, analyzed }) => {
      const far = vpc('10.1.0.0/16')
      route(table, '10.1.200.0/24', { VpcPeeringConnectionId: peering(vpcId, far.vpcId) })
      return analyzed({ Source: a, Destination: far.instance })
    },
  },
  {
    code: 'NO_ROUTE_TO_DESTINATION',
    when: 'X9, D07: only one side of the peering has a route',
    analysis: ({ a, vpcId, vpc, peering, route, allow, table, analyzed }) => {
      const far = vpc('10.1.0.0/16')
      route(table, '10.1.0.0/16', { VpcPeeringConnectionId: peering(vpcId, far.vpcId) })
      allow(far.group, 'tcp', 22, 22)
      return analyzed({ Source: a, Destination: far.instance, ...SSH })
    },
  },
  {
    code: 'MORE_SPECIFIC_ROUTE',
    when: 'R3: a longer prefix leads to the internet gateway instead',
    analysis: ({ a, peer, route, table, gatewayId, analyzed }) => {
      const { instance } = peer()
      route(table, '10.1.1.0/24', { GatewayId: gatewayId })
      return analyzed({ Source: a, Destination: instance })
    },
  },
  {
    code: 'HIGHER_PRIORITY_ROUTE',
    when: 'R5: a prefix list leads to the peering, and a route of its own for the same block to the gateway',
    analysis: ({ a, peer, call, route, table, gatewayId, analyzed }) => {
      const { instance, pcx } = peer()
      const size = { PrefixListName: 'peers', AddressFamily: 'IPv4', MaxEntries: 1 }
      const made = call('CreateManagedPrefixList', { ...size, Entries: [{ Cidr: '10.1.0.0/16' }] })
      const DestinationPrefixListId = must(made.PrefixList?.PrefixListId)
      call('DeleteRoute', { RouteTableId: table, DestinationCidrBlock: '10.1.0.0/16' })
      call('CreateRoute', { RouteTableId: table, DestinationPrefixListId, VpcPeeringConnectionId: pcx })
      route(table, '10.1.0.0/16', { GatewayId: gatewayId })
      return analyzed({ Source: a, Destination: instance })
    },
  },
  {
    code: 'VPC_LOCAL_ROUTE_CIDR_RESTRICTION',
    when: 'R2: there is the local route only',
    analysis: ({ a, gatewayId, publicAddress, analyzed }) => {
      publicAddress(a)
      return analyzed({ Source: a, Destination: gatewayId })
    },
  },
  {
    code: 'NO_POSSIBLE_DESTINATION',
    when: 'nobody has the address',
    analysis: ({ a, analyzed }) => analyzed({ Source: a, FilterAtSource: { DestinationAddress: '10.0.200.9' } }),
  },
  {
    code: 'ENI_ADDRESS_RESTRICTION',
    when: 'E1: the source address is not of the interface',
    analysis: ({ a, running, analyzed }) =>
      analyzed({ Source: a, Destination: running(), FilterAtSource: { SourceAddress: '10.0.1.250' } }),
  },
  {
    code: 'ENI_SOURCE_DEST_CHECK_RESTRICTION',
    when: 'D25: a route leads to an appliance whose check is on',
    analysis: ({ a, running, primaryOf, route, table, group, allow, analyzed }) => {
      allow(group, '-1', -1, -1)
      route(table, '0.0.0.0/0', { NetworkInterfaceId: primaryOf(running()) })
      return analyzed({ Source: a, FilterAtSource: { DestinationAddress: '203.0.113.10' } })
    },
  },
  {
    code: 'ENI_SG_RULES_MISMATCH',
    when: 'S1: no rule of the group lets it in',
    analysis: ({ a, vpcId, vpc, peering, route, table, analyzed }) => {
      const far = vpc('10.1.0.0/16')
      const pcx = peering(vpcId, far.vpcId)
      route(table, '10.1.0.0/16', { VpcPeeringConnectionId: pcx })
      route(far.table, '10.0.0.0/16', { VpcPeeringConnectionId: pcx })
      return analyzed({ Source: a, Destination: far.instance, ...SSH })
    },
  },
  {
    code: 'SG_HAS_NO_RULES',
    when: 'S2, D15: the egress of the group is emptied',
    analysis: ({ a, running, group, call, analyzed }) => {
      const IpPermissions = [{ IpProtocol: '-1', IpRanges: [{ CidrIp: '0.0.0.0/0' }] }]
      call('RevokeSecurityGroupEgress', { GroupId: group, IpPermissions })
      return analyzed({ Source: a, Destination: running() })
    },
  },
  {
    code: 'SG_REFERENCES_NOT_PRESERVED',
    when: 'S7, D20: a member asks for the public address',
    analysis: ({ a, running, gatewayId, table, route, publicAddress, analyzed }) => {
      const b = running()
      publicAddress(a)
      route(table, '0.0.0.0/0', { GatewayId: gatewayId })
      return analyzed({ Source: a, Destination: b, FilterAtSource: { DestinationAddress: publicAddress(b) } })
    },
  },
  {
    code: 'SUBNET_ACL_RESTRICTION',
    when: 'N1: the list of the peer subnet denies it',
    analysis: ({ a, peer, call, analyzed }) => {
      const { instance, vpcId } = peer()
      const acl = call('DescribeNetworkAcls', { Filters: [{ Name: 'vpc-id', Values: [vpcId] }] }).NetworkAcls?.[0]
      const entry = {
        RuleNumber: 50,
        Protocol: '6',
        RuleAction: 'deny',
        CidrBlock: '0.0.0.0/0',
        Egress: false,
      } as const
      call('CreateNetworkAclEntry', {
        NetworkAclId: must(acl?.NetworkAclId),
        ...entry,
        PortRange: { From: 22, To: 22 },
      })
      return analyzed({ Source: a, Destination: instance, ...SSH })
    },
  },
  {
    code: 'GATEWAY_REJECTS_SPOOFED_TRAFFIC',
    when: 'E2: with its check off, an instance sends with the address of another',
    analysis: ({ a, primaryOf, gatewayId, table, route, publicAddress, call, analyzed }) => {
      publicAddress(a)
      route(table, '0.0.0.0/0', { GatewayId: gatewayId })
      call('ModifyNetworkInterfaceAttribute', { NetworkInterfaceId: primaryOf(a), SourceDestCheck: { Value: false } })
      return analyzed({ Source: a, Destination: gatewayId, FilterAtSource: { SourceAddress: '10.0.1.250' } })
    },
  },
  {
    code: 'IGW_DESTINATION_ADDRESS_IN_VPC_CIDRS',
    when: 'G2: the destination is in a VPC that is not of the gateway',
    analysis: ({ gatewayId, peer, analyzed }) => analyzed({ Source: gatewayId, Destination: peer().instance }),
  },
  {
    code: 'IGW_DESTINATION_ADDRESS_NOT_IN_RFC1918_EGRESS',
    when: 'X9: the default route takes what is for the peer',
    analysis: (lab) => peerByDefaultRoute(lab, '10.1.0.0/16'),
  },
  {
    code: 'IGW_DESTINATION_ADDRESS_NOT_IN_RFC6598_EGRESS',
    when: 'G2: the same for the shared addresses',
    analysis: (lab) => peerByDefaultRoute(lab, '100.64.0.0/16'),
  },
  {
    code: 'IGW_NAT_REFLECTION',
    when: 'D21: out of the gateway and in again, and then refused',
    analysis: ({ a, gatewayId, table, route, publicAddress, analyzed, running }) => {
      const b = running()
      publicAddress(a)
      route(table, '0.0.0.0/0', { GatewayId: gatewayId })
      return analyzed({ Source: a, Destination: b, FilterAtSource: { DestinationAddress: publicAddress(b) } })
    },
  },
  {
    code: 'IGW_PRIVATE_IP_ASSOCIATION_FOR_INGRESS',
    when: 'G1: the instance has no public address',
    analysis: ({ a, gatewayId, analyzed }) => analyzed({ Source: gatewayId, Destination: a }),
  },
  {
    code: 'IGW_PUBLIC_IP_ASSOCIATION_FOR_EGRESS',
    when: 'G1: the instance that asks has no public address',
    analysis: ({ a, gatewayId, table, route, analyzed }) => {
      route(table, '0.0.0.0/0', { GatewayId: gatewayId })
      return analyzed({ Source: a, Destination: gatewayId })
    },
  },
  {
    code: 'VPC_BLOCK_PUBLIC_ACCESS_ENABLED',
    when: 'G10: Block Public Access is in force, from the internet gateway to an instance',
    analysis: ({ a, gatewayId, publicAddress, call, analyzed }) => {
      publicAddress(a)
      call('ModifyVpcBlockPublicAccessOptions', { InternetGatewayBlockMode: 'block-bidirectional' })
      return analyzed({ Source: gatewayId, Destination: a })
    },
  },
  {
    code: 'NGW_REQUIRES_SOURCE_IN_VPC',
    when: 'X7: the NAT gateway is handed a packet from no address of its VPC',
    analysis: ({ a, primaryOf, gatewayId, natGateway, call, analyzed }) => {
      natGateway()
      call('ModifyNetworkInterfaceAttribute', { NetworkInterfaceId: primaryOf(a), SourceDestCheck: { Value: false } })
      return analyzed({ Source: a, Destination: gatewayId, FilterAtSource: { SourceAddress: '10.9.9.9' } })
    },
  },
  {
    code: 'PCX_REQUIRES_ADDRESS_IN_VPC_CIDR',
    when: 'X6, D09: a third VPC behind the peer',
    analysis: ({ a, peer, vpc, peering, route, table, analyzed }) => {
      const near = peer()
      const far = vpc('10.2.0.0/16')
      route(near.table, '10.2.0.0/16', { VpcPeeringConnectionId: peering(near.vpcId, far.vpcId) })
      route(table, '10.2.0.0/16', { VpcPeeringConnectionId: near.pcx })
      return analyzed({ Source: a, Destination: far.instance })
    },
  },
  {
    code: 'ISTHMUS_LEAK_THROUGH_INTERNET_GATEWAY',
    when: 'X9: what is for the peer leaves by the default route',
    analysis: (lab) => peerByDefaultRoute(lab, '10.1.0.0/16'),
  },
]
