/** "VPC and more": a VPC with its subnets, gateway and route tables, named and divided as the console does. */
import { ANYWHERE, type Prefix, parsePrefix } from '../ip/prefix.ts'
import { natCalls, natRoute, natSubnets } from './nat-gateways.ts'
import { type PlannedCall, planned, reference } from './planned-call.ts'
import { type SubnetBlocks, subnetBlocks } from './subnet-blocks.ts'

export interface VpcAndMore {
  /** What every name begins with: `NextWork-1` makes `NextWork-1-vpc`. */
  readonly name: string
  readonly cidr: string
  /** The zones to use, one to three; subnets are dealt to them in turn. */
  readonly zones: readonly string[]
  readonly publicSubnets: number
  readonly privateSubnets: number
  readonly natGateways: 'none' | 'in-1-az' | 'per-az'
  readonly s3Endpoint: 'none' | 's3'
  readonly dnsHostnames: boolean
  readonly dnsSupport: boolean
  readonly tenancy?: 'default' | 'dedicated'
  /** Whether the VPC gets an IPv6 block of Amazon's. */
  readonly ipv6?: boolean
  /** Of the subnets, public ones first, instead of those that the console would choose; an empty one is chosen. */
  readonly subnetCidrs?: readonly string[]
}

/** What can not be made; the message says why and what would. */
export class WizardError extends Error {
  override readonly name = 'WizardError'
}

/** What the console chooses where nobody says otherwise, for one zone. */
export const defaults = {
  natGateways: 'none',
  s3Endpoint: 'none',
  dnsHostnames: true,
  dnsSupport: true,
} as const satisfies Partial<VpcAndMore>

/** The calls, in the console's order. Throws WizardError. */
export function vpcAndMore(options: VpcAndMore): readonly PlannedCall[] {
  const { publicBlocks, privateBlocks } = checked(options)
  const subnets = [...subnetsOf(options, 'public', publicBlocks), ...subnetsOf(options, 'private', privateBlocks)]
  const ofKind = (kind: Subnet['kind']) => subnets.filter((subnet) => subnet.kind === kind)
  const gateways = natSubnets(ofKind('public'), options.natGateways)
  return [
    ...vpcCalls(options),
    ...subnets.map((subnet) => subnetCall(options.name, subnet)),
    ...(publicBlocks.length > 0 ? publicCalls(options.name, ofKind('public')) : []),
    ...gateways.flatMap((subnet) => natCalls(options.name, subnet)),
    ...ofKind('private').flatMap((subnet) => [
      ...privateCalls(options.name, subnet),
      ...natRoute(`rtb-${subnet.label}`, subnet, gateways),
    ]),
  ]
}

function checked(options: VpcAndMore): SubnetBlocks {
  const { cidr, zones, publicSubnets, privateSubnets, natGateways, s3Endpoint, name, subnetCidrs = [] } = options

  if (name.trim() === '') throw new WizardError('Give the VPC a name: every part of it is named after it.')
  if (natGateways !== 'none' && publicSubnets < 1)
    throw new WizardError('NAT gateways are in public subnets: choose at least one.')
  if (s3Endpoint !== 'none') throw new WizardError('S3 endpoints are not part of Isthmus yet: choose none.')
  if (zones.length < 1 || zones.length > 3) throw new WizardError('Choose one, two or three availability zones.')
  const block = parsePrefix(cidr)
  // What a VPC's block may be is the API's to say (C1); here it only must be one that can be divided.
  if (!block || cidr.includes(':')) throw new WizardError(`${cidr} is not an IPv4 CIDR block such as 10.1.0.0/16.`)
  const blocks = subnetBlocks(block, publicSubnets, privateSubnets)
  if (blocks) return chosenBlocks(blocks, subnetCidrs)
  const counts = `${publicSubnets} public and ${privateSubnets} private subnets`
  throw new WizardError(`${cidr} is too small for ${counts}: choose a larger block or fewer subnets.`)
}

/** The console's blocks with what was typed in their places. Whether these fit is the API's to say (C2, C3). */
function chosenBlocks({ publicBlocks, privateBlocks }: SubnetBlocks, typed: readonly string[]): SubnetBlocks {
  const all = [...publicBlocks, ...privateBlocks].map((block, i) => {
    const text = typed[i]?.trim()
    if (!text) return block
    const own = parsePrefix(text)
    if (!own || text.includes(':')) throw new WizardError(`${text} is not an IPv4 CIDR block such as 10.1.0.0/20.`)
    return own
  })
  return { publicBlocks: all.slice(0, publicBlocks.length), privateBlocks: all.slice(publicBlocks.length) }
}

interface Subnet {
  readonly kind: 'public' | 'private'
  /** `public1-us-east-1a`: what its name and its table's name end with. */
  readonly label: string
  readonly zone: string
  readonly cidr: Prefix
}

function subnetsOf({ zones }: VpcAndMore, kind: Subnet['kind'], blocks: readonly Prefix[]): Subnet[] {
  return blocks.map((cidr, index) => {
    const zone = zones[index % zones.length] as string
    return { kind, label: `${kind}${index + 1}-${zone}`, zone, cidr }
  })
}

const vpc = reference('vpc')
const gateway = reference('igw')
const publicTable = reference('rtb-public')
const subnetId = ({ label }: Subnet) => reference(`subnet-${label}`)

type Named = 'vpc' | 'subnet' | 'internet-gateway' | 'route-table'
const tagged = (resource: Named, name: string) => ({
  TagSpecifications: [{ ResourceType: resource, Tags: [{ Key: 'Name', Value: name }] }],
})

function vpcCalls({ name, cidr, dnsHostnames, dnsSupport, tenancy, ipv6 }: VpcAndMore): PlannedCall[] {
  const made = { name: 'vpc', id: ['Vpc', 'VpcId'] }
  const input = {
    CidrBlock: cidr,
    ...(tenancy === 'dedicated' && { InstanceTenancy: tenancy }),
    ...(ipv6 && { AmazonProvidedIpv6CidrBlock: true }),
    ...tagged('vpc', `${name}-vpc`),
  }
  return [
    planned('Create VPC', 'CreateVpc', input, made),
    planned(`${dnsHostnames ? 'Enable' : 'Disable'} DNS hostnames`, 'ModifyVpcAttribute', {
      VpcId: vpc,
      EnableDnsHostnames: { Value: dnsHostnames },
    }),
    planned(`${dnsSupport ? 'Enable' : 'Disable'} DNS resolution`, 'ModifyVpcAttribute', {
      VpcId: vpc,
      EnableDnsSupport: { Value: dnsSupport },
    }),
  ]
}

function subnetCall(name: string, { label, zone, cidr }: Subnet): PlannedCall {
  const input = { VpcId: vpc, CidrBlock: cidr, AvailabilityZone: zone, ...tagged('subnet', `${name}-subnet-${label}`) }
  return planned('Create subnet', 'CreateSubnet', input, { name: `subnet-${label}`, id: ['Subnet', 'SubnetId'] })
}

/** One gateway and one table for all public subnets. */
function publicCalls(name: string, subnets: readonly Subnet[]): PlannedCall[] {
  const madeGateway = { name: 'igw', id: ['InternetGateway', 'InternetGatewayId'] }
  const defaultRoute = { RouteTableId: publicTable, DestinationCidrBlock: ANYWHERE, GatewayId: gateway }
  return [
    planned('Create internet gateway', 'CreateInternetGateway', tagged('internet-gateway', `${name}-igw`), madeGateway),
    planned('Attach internet gateway to the VPC', 'AttachInternetGateway', {
      InternetGatewayId: gateway,
      VpcId: vpc,
    }),
    tableCall(name, 'rtb-public'),
    planned('Create route', 'CreateRoute', defaultRoute),
    ...subnets.map((subnet) => associationCall(subnet, 'rtb-public')),
  ]
}

/** A table of its own for each private subnet. */
const privateCalls = (name: string, subnet: Subnet): PlannedCall[] => [
  tableCall(name, `rtb-${subnet.label}`),
  associationCall(subnet, `rtb-${subnet.label}`),
]

function tableCall(name: string, table: string): PlannedCall {
  const input = { VpcId: vpc, ...tagged('route-table', `${name}-${table}`) }
  return planned('Create route table', 'CreateRouteTable', input, { name: table, id: ['RouteTable', 'RouteTableId'] })
}

const associationCall = (subnet: Subnet, table: string): PlannedCall =>
  planned('Associate route table', 'AssociateRouteTable', {
    RouteTableId: reference(table),
    SubnetId: subnetId(subnet),
  })
