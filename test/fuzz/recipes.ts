/** Sequences of good calls, so that there is something for the others to meet. `$vpc` is the newest VPC, `@1` another caller. */
import fc from 'fast-check'
import { type Call, type Parameter, plainCall } from './call.ts'

const RECIPES: readonly (readonly string[])[] = [
  ['DescribeVpcs', 'DescribeSubnets', 'DescribeSecurityGroups', 'DescribeRouteTables', 'DescribeNetworkAcls'],
  [
    'DescribeImages Owner.1=amazon Filter.1.Name=architecture Filter.1.Value.1=x86_64',
    'DescribeDhcpOptions',
    'DescribeManagedPrefixLists',
    'DescribeInternetGateways',
  ],
  [
    'CreateVpc CidrBlock=10.1.0.0/16',
    'CreateSubnet VpcId=$vpc CidrBlock=10.1.1.0/24 AvailabilityZone=us-east-1a',
    'CreateInternetGateway',
    'AttachInternetGateway VpcId=$vpc InternetGatewayId=$igw',
    'CreateRouteTable VpcId=$vpc',
    'CreateRoute RouteTableId=$rtb DestinationCidrBlock=0.0.0.0/0 GatewayId=$igw',
    'AssociateRouteTable RouteTableId=$rtb SubnetId=$subnet',
    'AssociateVpcCidrBlock VpcId=$vpc AmazonProvidedIpv6CidrBlock=true',
  ],
  [
    'CreateSecurityGroup GroupName=web GroupDescription=web VpcId=$vpc',
    'AuthorizeSecurityGroupIngress GroupId=$sg IpPermissions.1.IpProtocol=tcp IpPermissions.1.FromPort=22 ' +
      'IpPermissions.1.ToPort=22 IpPermissions.1.IpRanges.1.CidrIp=0.0.0.0/0',
    'AuthorizeSecurityGroupIngress GroupId=$sg IpPermissions.1.IpProtocol=-1 IpPermissions.1.Groups.1.GroupId=$sg',
    'AuthorizeSecurityGroupEgress GroupId=$sg IpPermissions.1.IpProtocol=udp IpPermissions.1.FromPort=53 ' +
      'IpPermissions.1.ToPort=53 IpPermissions.1.PrefixListIds.1.PrefixListId=$pl',
  ],
  [
    'CreateKeyPair KeyName=mine KeyType=ed25519',
    'RunInstances ImageId=$ami InstanceType=t3.micro MinCount=1 MaxCount=1 SubnetId=$subnet KeyName=mine',
    'AllocateAddress Domain=vpc',
    'AssociateAddress AllocationId=$eipalloc InstanceId=$i',
    'DescribeInstances',
  ],
  [
    'CreateNetworkInterface SubnetId=$subnet',
    'AttachNetworkInterface NetworkInterfaceId=$eni InstanceId=$i DeviceIndex=1',
    'AssignPrivateIpAddresses NetworkInterfaceId=$eni SecondaryPrivateIpAddressCount=2',
  ],
  [
    'CreateVpc CidrBlock=10.2.0.0/16',
    'CreateVpcPeeringConnection VpcId=$vpc PeerVpcId=$vpc/990',
    'AcceptVpcPeeringConnection VpcPeeringConnectionId=$pcx',
    'CreateRoute RouteTableId=$rtb DestinationCidrBlock=10.2.0.0/16 VpcPeeringConnectionId=$pcx',
  ],
  [
    'AllocateAddress Domain=vpc',
    'CreateNatGateway SubnetId=$subnet AllocationId=$eipalloc',
    'CreateRoute RouteTableId=$rtb DestinationCidrBlock=10.99.0.0/16 NatGatewayId=$nat',
  ],
  [
    'CreateNetworkAcl VpcId=$vpc',
    'CreateNetworkAclEntry NetworkAclId=$acl RuleNumber=100 Protocol=6 RuleAction=allow Egress=false ' +
      'CidrBlock=0.0.0.0/0 PortRange.From=1 PortRange.To=65535',
    'ReplaceNetworkAclAssociation AssociationId=$aclassoc NetworkAclId=$acl',
  ],
  [
    'CreateManagedPrefixList PrefixListName=offices MaxEntries=5 AddressFamily=IPv4 Entry.1.Cidr=10.9.0.0/16',
    'CreateRoute RouteTableId=$rtb DestinationPrefixListId=$pl GatewayId=$igw',
  ],
  [
    'CreateDhcpOptions DhcpConfiguration.1.Key=domain-name DhcpConfiguration.1.Value.1=example.test',
    'AssociateDhcpOptions DhcpOptionsId=$dopt VpcId=$vpc',
    'CreateSubnetCidrReservation SubnetId=$subnet Cidr=10.1.1.32/28 ReservationType=prefix',
  ],
  [
    'CreateNetworkInsightsPath Source=$eni Destination=$igw Protocol=tcp ClientToken=path',
    'StartNetworkInsightsAnalysis NetworkInsightsPathId=$nip ClientToken=analysis',
    'DescribeNetworkInsightsAnalyses',
  ],
  [
    'StopInstances InstanceId.1=$i',
    'ModifyInstanceAttribute InstanceId=$i DisableApiTermination.Value=false',
    'ModifyInstancePlacement InstanceId=$i Tenancy=default',
    'StartInstances InstanceId.1=$i',
    'RebootInstances InstanceId.1=$i',
    'MonitorInstances InstanceId.1=$i',
    'GetConsoleOutput InstanceId=$i',
    'GetPasswordData InstanceId=$i',
    'DescribeInstanceAttribute InstanceId=$i Attribute=userData',
    'ModifyInstanceMetadataOptions InstanceId=$i HttpTokens=required',
    'ModifyInstanceMaintenanceOptions InstanceId=$i AutoRecovery=disabled',
    'ModifyPrivateDnsNameOptions InstanceId=$i EnableResourceNameDnsARecord=true',
  ],
  [
    'AuthorizeSecurityGroupIngress GroupId=$sg IpPermissions.1.IpProtocol=tcp IpPermissions.1.FromPort=80 ' +
      'IpPermissions.1.ToPort=80 IpPermissions.1.IpRanges.1.CidrIp=10.0.0.0/8',
    'UpdateSecurityGroupRuleDescriptionsIngress GroupId=$sg SecurityGroupRuleDescription.1.SecurityGroupRuleId=$sgr ' +
      'SecurityGroupRuleDescription.1.Description=x',
    'ModifySecurityGroupRules GroupId=$sg SecurityGroupRule.1.SecurityGroupRuleId=$sgr ' +
      'SecurityGroupRule.1.SecurityGroupRule.IpProtocol=tcp SecurityGroupRule.1.SecurityGroupRule.FromPort=81 ' +
      'SecurityGroupRule.1.SecurityGroupRule.ToPort=82 SecurityGroupRule.1.SecurityGroupRule.CidrIpv4=10.0.0.0/9',
    'RevokeSecurityGroupIngress GroupId=$sg SecurityGroupRuleId.1=$sgr',
  ],
  [
    'ReplaceRoute RouteTableId=$rtb DestinationCidrBlock=0.0.0.0/0 GatewayId=$igw',
    'ReplaceNetworkAclEntry NetworkAclId=$acl RuleNumber=100 Protocol=17 RuleAction=deny Egress=false ' +
      'CidrBlock=10.0.0.0/8 PortRange.From=53 PortRange.To=53',
    'DeleteNetworkAclEntry NetworkAclId=$acl RuleNumber=100 Egress=false',
    'AssociateSubnetCidrBlock SubnetId=$subnet Ipv6CidrBlock=$ipv6Subnet',
    'ModifyManagedPrefixList PrefixListId=$pl CurrentVersion=1 AddEntry.1.Cidr=10.8.0.0/16',
    'RestoreManagedPrefixListVersion PrefixListId=$pl PreviousVersion=1 CurrentVersion=2',
  ],
  [
    `CreateTags ResourceId.1=$vpc ResourceId.2=$i Tag.1.Key=Name Tag.1.Value=${'a'.repeat(255)}`,
    `DescribeTags Filter.1.Name=value Filter.1.Value.1=${'*a'.repeat(100)}b`,
    `DescribeVpcs Filter.1.Name=tag:Name Filter.1.Value.1=${'*a'.repeat(100)}b`,
    'EnableAddressTransfer AllocationId=$eipalloc TransferAccountId=210987654321',
    'DisableAddressTransfer AllocationId=$eipalloc',
  ],
  [
    'CreateNetworkInsightsAccessScope MatchPath.1.Source.ResourceStatement.Resource.1=$vpc ClientToken=scope',
    'StartNetworkInsightsAccessScopeAnalysis NetworkInsightsAccessScopeId=$nis ClientToken=scope',
    'GetNetworkInsightsAccessScopeContent NetworkInsightsAccessScopeId=$nis',
    'GetNetworkInsightsAccessScopeAnalysisFindings NetworkInsightsAccessScopeAnalysisId=$nisa',
  ],
  [
    'AuthorizeSecurityGroupEgress GroupId=$sg IpPermissions.1.IpProtocol=tcp IpPermissions.1.FromPort=443 ' +
      'IpPermissions.1.ToPort=443 IpPermissions.1.IpRanges.1.CidrIp=10.0.0.0/8',
    'UpdateSecurityGroupRuleDescriptionsEgress GroupId=$sg SecurityGroupRuleDescription.1.SecurityGroupRuleId=$sgr ' +
      'SecurityGroupRuleDescription.1.Description=x',
    'RevokeSecurityGroupEgress GroupId=$sg SecurityGroupRuleId.1=$sgr',
  ],
  [
    'AllocateAddress Domain=vpc',
    'EnableAddressTransfer AllocationId=$eipalloc TransferAccountId=210987654321',
    'AcceptAddressTransfer@1 Address=$publicIp/9',
  ],
  [
    'CreateVpc@1 CidrBlock=10.3.0.0/16',
    'CreateVpcPeeringConnection VpcId=$vpc PeerVpcId=$vpc/9 PeerOwnerId=210987654321',
    'AcceptVpcPeeringConnection@1 VpcPeeringConnectionId=$pcx/9',
    'ModifyVpcPeeringConnectionOptions VpcPeeringConnectionId=$pcx ' +
      'RequesterPeeringConnectionOptions.AllowDnsResolutionFromRemoteVpc=true',
  ],
  [
    'CreateVpc@2 CidrBlock=10.4.0.0/16',
    'CreateVpcPeeringConnection VpcId=$vpc PeerVpcId=$vpc/9 PeerRegion=eu-west-1',
    'RejectVpcPeeringConnection@2 VpcPeeringConnectionId=$pcx/9',
  ],
  [
    'ModifyInstanceCreditSpecification InstanceCreditSpecification.1.InstanceId=$i ' +
      'InstanceCreditSpecification.1.CpuCredits=unlimited',
    'DescribeVolumes Filter.1.Name=attachment.instance-id Filter.1.Value.1=$i',
    'ModifyInstanceAttribute InstanceId=$i BlockDeviceMapping.1.DeviceName=/dev/xvda ' +
      'BlockDeviceMapping.1.Ebs.DeleteOnTermination=false',
    'TerminateInstances InstanceId.1=$i',
    'DeleteVolume VolumeId=$vol',
  ],
  ['DisassociateAddress AssociationId=$eipassoc', 'ReleaseAddress AllocationId=$eipalloc', 'DescribeAddresses'],
  ['TerminateInstances InstanceId.1=$i', 'DeleteNetworkInterface NetworkInterfaceId=$eni'],
  [
    'DeleteVpcPeeringConnection VpcPeeringConnectionId=$pcx',
    'DeleteNatGateway NatGatewayId=$nat',
    'DeleteSubnet SubnetId=$subnet',
    'DetachInternetGateway InternetGatewayId=$igw VpcId=$vpc',
    'DeleteVpc VpcId=$vpc',
  ],
]

function parsed(line: string): Call {
  const [whole = '', ...words] = line.split(' ')
  const [action = '', caller = '0'] = whole.split('@')
  const parameters = words.map((word): Parameter => {
    const at = word.indexOf('=')
    const [name, value] = [word.slice(0, at), word.slice(at + 1)]
    const [, of, pick] = /^\$([A-Za-z0-9-]+)(?:\/(\d+))?$/.exec(value) ?? []
    return [name, of === undefined ? value : { of, pick: Number(pick ?? 0) }]
  })
  return plainCall(action, parameters, Number(caller))
}

const recipes = RECIPES.map((lines) => lines.map(parsed))

/** What every episode begins with: a look around, a VPC, an instance. */
export const opening: readonly Call[] = recipes.slice(0, 5).flat()

/** One of the sequences, with time to settle within. */
export const recipe: fc.Arbitrary<readonly Call[]> = fc
  .tuple(fc.constantFrom(...recipes), fc.constantFrom(0, 0, 0, 1, 2))
  .map(([calls, caller]) => calls.map((call) => ({ ...call, caller: call.caller || caller, wait: 500 })))
