/** The calls that take a snapshot, all of them read-only: those whose answers are read, and those that explain gaps. */
export interface DescribeCall {
  /** Of the AWS CLI: `describe-vpcs`. */
  readonly command: string
  /** The key of the answer's list. */
  readonly key: string
  /** The key holds one object and no list. */
  readonly single?: true
  /** The key by which the answer has the list, where that is another's as well. */
  readonly answerKey?: string
  /** How many a page may have; absent where the answer has no pages. */
  readonly page?: number
}

/** What an Isthmus has. */
export const DESCRIBE_CALLS: readonly DescribeCall[] = [
  { command: 'describe-dhcp-options', key: 'DhcpOptions', page: 1000 },
  { command: 'describe-vpcs', key: 'Vpcs', page: 1000 },
  { command: 'describe-vpc-peering-connections', key: 'VpcPeeringConnections', page: 1000 },
  { command: 'describe-security-groups', key: 'SecurityGroups', page: 1000 },
  { command: 'describe-security-group-rules', key: 'SecurityGroupRules', page: 1000 },
  { command: 'describe-security-group-vpc-associations', key: 'SecurityGroupVpcAssociations', page: 1000 },
  { command: 'describe-subnets', key: 'Subnets', page: 1000 },
  { command: 'describe-internet-gateways', key: 'InternetGateways', page: 1000 },
  { command: 'describe-egress-only-internet-gateways', key: 'EgressOnlyInternetGateways', page: 255 },
  { command: 'describe-instances', key: 'Reservations', page: 1000 },
  { command: 'describe-instance-connect-endpoints', key: 'InstanceConnectEndpoints', page: 50 },
  { command: 'describe-nat-gateways', key: 'NatGateways', page: 1000 },
  { command: 'describe-network-interfaces', key: 'NetworkInterfaces', page: 1000 },
  { command: 'describe-network-interface-permissions', key: 'NetworkInterfacePermissions', page: 255 },
  { command: 'describe-addresses', key: 'Addresses' },
  { command: 'describe-addresses-attribute', key: 'AddressesAttribute', answerKey: 'Addresses', page: 1000 },
  { command: 'describe-route-tables', key: 'RouteTables', page: 100 },
  { command: 'describe-network-acls', key: 'NetworkAcls', page: 1000 },
  { command: 'describe-managed-prefix-lists', key: 'PrefixLists', page: 100 },
  { command: 'describe-vpc-block-public-access-options', key: 'VpcBlockPublicAccessOptions', single: true },
  { command: 'describe-vpc-block-public-access-exclusions', key: 'VpcBlockPublicAccessExclusions', page: 1000 },
]

/** What an account may have beside: read where it explains something, and else noted. */
export const FURTHER_CALLS: readonly DescribeCall[] = [
  { command: 'describe-vpc-endpoints', key: 'VpcEndpoints' },
  { command: 'describe-transit-gateways', key: 'TransitGateways' },
  { command: 'describe-transit-gateway-vpc-attachments', key: 'TransitGatewayVpcAttachments' },
  { command: 'describe-vpn-gateways', key: 'VpnGateways' },
  { command: 'describe-vpn-connections', key: 'VpnConnections' },
]

export const VPC_ATTRIBUTES = ['enableDnsSupport', 'enableDnsHostnames'] as const

/** `describe-vpcs` → `DescribeVpcs`. */
export const actionOf = ({ command }: DescribeCall): string =>
  command.replaceAll(/(?:^|-)([a-z])/g, (_, letter: string) => letter.toUpperCase())

/** `describe-vpcs` → `vpcs.json`. */
export const fileOf = ({ command }: DescribeCall): string => `${command.replace('describe-', '')}.json`

/** A POSIX shell script that takes a snapshot of a Region with the AWS CLI. */
export function commandsFor(dir: string, region: string): string {
  const folder = `${dir}/aws_configs/${region}`
  const aws = `aws ec2 --region ${region} --output json`
  const calls = [...DESCRIBE_CALLS, ...FURTHER_CALLS]
  return [
    `mkdir -p ${quoted(folder)}`,
    ...calls.map((call) => `${aws} ${call.command}${renaming(call)} > ${quoted(`${folder}/${fileOf(call)}`)}`),
    `for vpc in $(aws ec2 --region ${region} describe-vpcs --query 'Vpcs[].VpcId' --output text); do`,
    ...VPC_ATTRIBUTES.map(
      (name) =>
        `  ${aws} describe-vpc-attribute --vpc-id "$vpc" --attribute ${name} > ` +
        `${quoted(`${folder}/vpc-attribute`)}-"$vpc"-${name}.json`,
    ),
    'done',
    `for subnet in $(aws ec2 --region ${region} describe-subnets --query 'Subnets[].SubnetId' --output text); do`,
    `  ${aws} get-subnet-cidr-reservations --subnet-id "$subnet" > ` +
      `${quoted(`${folder}/subnet-cidr-reservations`)}-"$subnet".json`,
    'done',
    // The answer does not name its list: the id is added.
    `for list in $(aws ec2 --region ${region} describe-managed-prefix-lists ` +
      `--query 'PrefixLists[].PrefixListId' --output text); do`,
    `  ${aws} get-managed-prefix-list-entries --prefix-list-id "$list" ` +
      `--query "{PrefixListId: '$list', Entries: Entries}" > ${quoted(`${folder}/prefix-list-entries`)}-"$list".json`,
    'done',
  ].join('\n')
}

const renaming = ({ key, answerKey }: DescribeCall): string => (answerKey ? ` --query '{${key}: ${answerKey}}'` : '')

const quoted = (text: string): string => (/^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`)
