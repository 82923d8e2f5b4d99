/** What provokes each error code of AWS's list (1.13): what is made before, and the call that is refused. */
import type { Action, Input } from '../../src/protocol/types.ts'
import { must, type place } from './place.ts'

type Place = ReturnType<typeof place>
/** Makes what is needed, and gives the call that is refused. */
export type Provocation = (p: Place) => () => unknown

/** The end of an id that nobody has. */
const NONE = '0123456789abcdef0'

/** A call that needs nothing but the place. */
const calling =
  <A extends Action>(action: A, wish: (p: Place) => Input<A> | object): Provocation =>
  (p) => {
    const input = wish(p) as Input<A>
    return () => p.call(action, input)
  }

/** What goes well once, and not again. */
const again =
  <A extends Action>(action: A, wish: (p: Place) => Input<A> | object): Provocation =>
  (p) => {
    const input = wish(p) as Input<A>
    p.call(action, input)
    return () => p.call(action, input)
  }

const vpc = (p: Place, CidrBlock = '10.5.0.0/16'): string => must(p.call('CreateVpc', { CidrBlock }).Vpc?.VpcId)
const group = (p: Place): string =>
  must(p.call('CreateSecurityGroup', { GroupName: 'web', Description: 'a group', VpcId: p.vpcId }).GroupId)
const table = (p: Place): string => must(p.call('CreateRouteTable', { VpcId: p.vpcId }).RouteTable?.RouteTableId)
const acl = (p: Place): string => must(p.call('CreateNetworkAcl', { VpcId: p.vpcId }).NetworkAcl?.NetworkAclId)
const eni = (p: Place): string =>
  must(p.call('CreateNetworkInterface', { SubnetId: p.subnetId }).NetworkInterface?.NetworkInterfaceId)
const peering = (p: Place): string =>
  must(
    p.call('CreateVpcPeeringConnection', { VpcId: p.vpcId, PeerVpcId: vpc(p) }).VpcPeeringConnection
      ?.VpcPeeringConnectionId,
  )
const insightsPath = (p: Place): string => {
  const wish = { Source: p.running(), Destination: p.running(), Protocol: 'tcp' } as Input<'CreateNetworkInsightsPath'>
  return must(p.call('CreateNetworkInsightsPath', wish).NetworkInsightsPath?.NetworkInsightsPathId)
}
const SSH = { IpProtocol: 'tcp', FromPort: 22, ToPort: 22, IpRanges: [{ CidrIp: '10.0.0.0/8' }] }
const ENTRY = { RuleNumber: 7, Protocol: '-1', RuleAction: 'allow', Egress: false, CidrBlock: '10.0.0.0/8' } as const

const GENERIC: Readonly<Record<string, Provocation>> = {
  AuthFailure(p) {
    const AllocationId = p.elastic()
    p.call('CreateNatGateway', { SubnetId: p.subnetId, AllocationId })
    p.clock.advance(60_000)
    const AssociationId = must(p.addressOf(AllocationId).AssociationId)
    return () => p.call('DisassociateAddress', { AssociationId })
  },
  InvalidParameterValue: calling('CreateVpc', () => ({ CidrBlock: 'ten' })),
  InvalidParameterCombination: calling('ModifyNetworkInterfaceAttribute', (p) => ({ NetworkInterfaceId: eni(p) })),
  MissingParameter: calling('CreateVpc', () => ({})),
  UnsupportedOperation: calling('CreateSubnet', (p) => ({ VpcId: p.vpcId, Ipv6Native: true })),
  OperationNotPermitted: (p) => {
    const [attached] = must(p.see(p.running()).NetworkInterfaces)
    const AttachmentId = must(attached?.Attachment?.AttachmentId)
    return () => p.call('DetachNetworkInterface', { AttachmentId })
  },
  IncorrectState(p) {
    const made = p.call('CreateInstanceConnectEndpoint', { SubnetId: p.subnetId }).InstanceConnectEndpoint
    const InstanceConnectEndpointId = must(made?.InstanceConnectEndpointId)
    return () => p.call('ModifyInstanceConnectEndpoint', { InstanceConnectEndpointId, PreserveClientIp: false })
  },
}

const VPC_AND_SUBNET: Readonly<Record<string, Provocation>> = {
  'InvalidVpcID.NotFound': calling('DeleteVpc', () => ({ VpcId: `vpc-${NONE}` })),
  'InvalidVpcID.Malformed': calling('DeleteVpc', () => ({ VpcId: 'vpc-x' })),
  'InvalidVpc.Range': calling('CreateVpc', () => ({ CidrBlock: '10.0.0.0/8' })),
  'InvalidSubnetID.NotFound': calling('DeleteSubnet', () => ({ SubnetId: `subnet-${NONE}` })),
  'InvalidSubnet.Range': calling('CreateSubnet', (p) => ({ VpcId: p.vpcId, CidrBlock: '10.9.0.0/24' })),
  'InvalidSubnet.Conflict': calling('CreateSubnet', (p) => ({ VpcId: p.vpcId, CidrBlock: '10.0.1.0/25' })),
  'InvalidVpcCidrBlockAssociationID.NotFound': calling('DisassociateVpcCidrBlock', () => ({
    AssociationId: `vpc-cidr-assoc-${NONE}`,
  })),
  DependencyViolation: calling('DeleteVpc', (p) => ({ VpcId: p.vpcId })),
  DefaultVpcAlreadyExists: again('CreateDefaultVpc', () => ({})),
}

const ROUTES: Readonly<Record<string, Provocation>> = {
  'InvalidRouteTableID.NotFound': calling('DeleteRouteTable', () => ({ RouteTableId: `rtb-${NONE}` })),
  'InvalidRouteTableId.Malformed': calling('DeleteRouteTable', () => ({ RouteTableId: 'rtb-x' })),
  'InvalidRoute.NotFound': calling('DeleteRoute', (p) => ({
    RouteTableId: table(p),
    DestinationCidrBlock: '20.0.0.0/8',
  })),
  RouteAlreadyExists: again('CreateRoute', (p) => ({
    RouteTableId: table(p),
    DestinationCidrBlock: '20.0.0.0/8',
    GatewayId: p.gatewayId,
  })),
  'InvalidAssociationID.NotFound': calling('DisassociateRouteTable', () => ({ AssociationId: `rtbassoc-${NONE}` })),
  'Resource.AlreadyAssociated': (p) => {
    const SubnetId = p.subnetId
    p.call('AssociateRouteTable', { RouteTableId: table(p), SubnetId })
    const other = table(p)
    return () => p.call('AssociateRouteTable', { RouteTableId: other, SubnetId })
  },
}

const GATEWAYS: Readonly<Record<string, Provocation>> = {
  'InvalidInternetGatewayID.NotFound': calling('DeleteInternetGateway', () => ({ InternetGatewayId: `igw-${NONE}` })),
  'InvalidInternetGatewayId.Malformed': calling('DeleteInternetGateway', () => ({ InternetGatewayId: 'igw-x' })),
  'Gateway.NotAttached': calling('DetachInternetGateway', (p) => ({
    InternetGatewayId: p.gatewayId,
    VpcId: vpc(p),
  })),
  'InvalidGatewayID.NotFound': calling('CreateRoute', (p) => ({
    RouteTableId: table(p),
    DestinationCidrBlock: '0.0.0.0/0',
    GatewayId: `igw-${NONE}`,
  })),
  'InvalidEgressOnlyInternetGatewayId.NotFound': calling('CreateRoute', (p) => ({
    RouteTableId: table(p),
    DestinationIpv6CidrBlock: '::/0',
    EgressOnlyInternetGatewayId: `eigw-${NONE}`,
  })),
  NatGatewayNotFound: calling('DeleteNatGateway', () => ({ NatGatewayId: `nat-${NONE}` })),
  NatGatewayMalformed: calling('DeleteNatGateway', () => ({ NatGatewayId: 'nat-x' })),
  'InvalidNatGatewayID.NotFound': calling('CreateRoute', (p) => ({
    RouteTableId: table(p),
    DestinationCidrBlock: '0.0.0.0/0',
    NatGatewayId: `nat-${NONE}`,
  })),
}

const PEERING: Readonly<Record<string, Provocation>> = {
  VpcPeeringConnectionAlreadyExists: again('CreateVpcPeeringConnection', (p) => ({
    VpcId: p.vpcId,
    PeerVpcId: vpc(p),
  })),
  'InvalidVpcPeeringConnectionID.NotFound': calling('AcceptVpcPeeringConnection', () => ({
    VpcPeeringConnectionId: `pcx-${NONE}`,
  })),
  'InvalidVpcPeeringConnectionId.Malformed': calling('AcceptVpcPeeringConnection', () => ({
    VpcPeeringConnectionId: 'pcx-x',
  })),
  InvalidStateTransition: again('RejectVpcPeeringConnection', (p) => ({ VpcPeeringConnectionId: peering(p) })),
  'InvalidVpcPeeringConnectionState.DnsHostnamesDisabled': (p) => {
    const VpcPeeringConnectionId = peering(p)
    p.call('AcceptVpcPeeringConnection', { VpcPeeringConnectionId })
    p.clock.advance(60_000)
    const RequesterPeeringConnectionOptions = { AllowDnsResolutionFromRemoteVpc: true }
    return () =>
      p.call('ModifyVpcPeeringConnectionOptions', { VpcPeeringConnectionId, RequesterPeeringConnectionOptions })
  },
}

const GROUPS_AND_ACLS: Readonly<Record<string, Provocation>> = {
  CannotDelete(p) {
    const groups = p.call('DescribeSecurityGroups', { Filters: [{ Name: 'group-name', Values: ['default'] }] })
    const GroupId = must(groups.SecurityGroups?.[0]?.GroupId)
    return () => p.call('DeleteSecurityGroup', { GroupId })
  },
  'InvalidGroup.Duplicate': again('CreateSecurityGroup', (p) => ({
    GroupName: 'web',
    Description: 'a group',
    VpcId: p.vpcId,
  })),
  'InvalidGroup.Reserved': calling('CreateSecurityGroup', (p) => ({
    GroupName: 'default',
    Description: 'a group',
    VpcId: p.vpcId,
  })),
  'InvalidGroup.NotFound': calling('DeleteSecurityGroup', () => ({ GroupId: `sg-${NONE}` })),
  'InvalidGroupId.Malformed': calling('DeleteSecurityGroup', () => ({ GroupId: 'sg-x' })),
  'InvalidPermission.Duplicate': again('AuthorizeSecurityGroupIngress', (p) => ({
    GroupId: group(p),
    IpPermissions: [SSH],
  })),
  'InvalidPermission.NotFound': calling('RevokeSecurityGroupIngress', (p) => ({
    GroupId: group(p),
    IpPermissions: [SSH],
  })),
  'InvalidSecurityGroupRuleId.NotFound': calling('RevokeSecurityGroupIngress', (p) => ({
    GroupId: group(p),
    SecurityGroupRuleIds: [`sgr-${NONE}`],
  })),
  NetworkAclEntryAlreadyExists: again('CreateNetworkAclEntry', (p) => ({ NetworkAclId: acl(p), ...ENTRY })),
  'InvalidNetworkAclID.NotFound': calling('DeleteNetworkAcl', () => ({ NetworkAclId: `acl-${NONE}` })),
  'InvalidNetworkAclEntry.NotFound': calling('DeleteNetworkAclEntry', (p) => ({
    NetworkAclId: acl(p),
    RuleNumber: 7,
    Egress: false,
  })),
}

const ADDRESSES: Readonly<Record<string, Provocation>> = {
  'InvalidAllocationID.NotFound': calling('ReleaseAddress', () => ({ AllocationId: `eipalloc-${NONE}` })),
  'InvalidAddress.NotFound': calling('DescribeAddresses', () => ({ PublicIps: ['198.18.3.3'] })),
  'InvalidIPAddress.InUse': again('CreateNetworkInterface', (p) => ({
    SubnetId: p.subnetId,
    PrivateIpAddress: '10.0.1.9',
  })),
  'InvalidNetworkInterfaceID.NotFound': calling('DeleteNetworkInterface', () => ({
    NetworkInterfaceId: `eni-${NONE}`,
  })),
  'InvalidNetworkInterface.InUse': (p) => {
    const [NetworkInterfaceId, InstanceId] = [p.primaryOf(p.running()), p.running()]
    return () => p.call('AttachNetworkInterface', { NetworkInterfaceId, InstanceId, DeviceIndex: 1 })
  },
  'InvalidAttachmentID.NotFound': calling('DetachNetworkInterface', () => ({ AttachmentId: `eni-attach-${NONE}` })),
  PrivateIpAddressLimitExceeded: calling('CreateNetworkInterface', (p) => ({
    SubnetId: p.subnetId,
    SecondaryPrivateIpAddressCount: 50,
  })),
  InsufficientFreeAddressesInSubnet: (p) => {
    const wish = { VpcId: p.vpcId, CidrBlock: '10.0.9.0/28' }
    const SubnetId = must(p.call('CreateSubnet', wish).Subnet?.SubnetId)
    for (let i = 0; i < 11; i++) p.call('CreateNetworkInterface', { SubnetId })
    return () => p.call('CreateNetworkInterface', { SubnetId })
  },
  'InvalidInstanceID.NotFound': calling('TerminateInstances', () => ({ InstanceIds: [`i-${NONE}`] })),
  'InvalidInstanceID.Malformed': calling('TerminateInstances', () => ({ InstanceIds: ['i-x'] })),
}

const ANALYZER: Readonly<Record<string, Provocation>> = {
  'InvalidNetworkInsightsPathId.NotFound': calling('DeleteNetworkInsightsPath', () => ({
    NetworkInsightsPathId: `nip-${NONE}`,
  })),
  'InvalidNetworkInsightsAnalysisId.NotFound': calling('DeleteNetworkInsightsAnalysis', () => ({
    NetworkInsightsAnalysisId: `nia-${NONE}`,
  })),
  AnalysisExistsForNetworkInsightsPath(p) {
    const NetworkInsightsPathId = insightsPath(p)
    const start = { NetworkInsightsPathId } as Input<'StartNetworkInsightsAnalysis'>
    p.call('StartNetworkInsightsAnalysis', start)
    return () => p.call('DeleteNetworkInsightsPath', { NetworkInsightsPathId })
  },
}

export const PROVOCATIONS: Readonly<Record<string, Provocation>> = {
  ...GENERIC,
  ...VPC_AND_SUBNET,
  ...ROUTES,
  ...GATEWAYS,
  ...PEERING,
  ...GROUPS_AND_ACLS,
  ...ADDRESSES,
  ...ANALYZER,
}
