/** Carries a plan out through EC2 calls. What AWS would refuse is passed over: a plan may ask for anything. */
import type { Bench } from '../../scenarios/bench.ts'
import { ApiError } from '../../src/ec2/errors.ts'
import { type Ip, ip } from '../../src/ip/address.ts'
import { addressAt, prefix } from '../../src/ip/prefix.ts'
import type { Flow } from '../../src/network/flow.ts'
import type { Plan, Protocol, Step } from './plan.ts'
import { INTERNET_HOST, type PlannedFlow } from './planned-flow.ts'

/** What a name of the plan has become. */
export interface Built {
  readonly ids: ReadonlyMap<string, string>
  readonly addresses: ReadonlyMap<string, { readonly private: Ip; readonly public?: Ip }>
}

interface Building {
  readonly bench: Bench
  readonly ids: Map<string, string>
  readonly addresses: Map<string, { private: Ip; public?: Ip }>
}

type Carry = { readonly [D in Step['do']]: (b: Building, step: Extract<Step, { do: D }>) => Promise<void> | void }

export async function build(bench: Bench, plan: Plan): Promise<Built> {
  const building: Building = { bench, ids: new Map([['internet', 'internet']]), addresses: new Map() }
  for (const step of plan.steps) {
    try {
      await (carry[step.do] as (b: Building, step: Step) => Promise<void> | void)(building, step)
    } catch (error) {
      if (!(error instanceof ApiError) && !(error instanceof NotThere)) throw error
    }
  }
  await bench.catchUp()
  return building
}

class NotThere extends Error {}

const id = ({ ids }: Building, name: string): string => {
  const found = ids.get(name)
  if (!found) throw new NotThere(name)
  return found
}

const carry: Carry = {
  vpc(b, { name, cidr, gateway }) {
    const { Vpc } = b.bench.call('CreateVpc', { CidrBlock: cidr })
    b.ids.set(name, Vpc?.VpcId as string)
    if (!gateway) return
    const { InternetGateway } = b.bench.call('CreateInternetGateway', {})
    b.ids.set(`${name}/gateway`, InternetGateway?.InternetGatewayId as string)
    b.bench.call('AttachInternetGateway', { VpcId: id(b, name), InternetGatewayId: id(b, `${name}/gateway`) })
  },
  subnet(b, { name, vpc, cidr }) {
    const { Subnet } = b.bench.call('CreateSubnet', { VpcId: id(b, vpc), CidrBlock: cidr })
    b.ids.set(name, Subnet?.SubnetId as string)
    b.ids.set(`${name}/cidr`, cidr)
  },
  table(b, { name, vpc, subnet }) {
    const { RouteTable } = b.bench.call('CreateRouteTable', { VpcId: id(b, vpc) })
    b.ids.set(name, RouteTable?.RouteTableId as string)
    b.ids.set(`${name}/vpc`, vpc)
    b.bench.call('AssociateRouteTable', { RouteTableId: id(b, name), SubnetId: id(b, subnet) })
  },
  peer(b, { name, from, to, accept }) {
    const { VpcPeeringConnection } = b.bench.call('CreateVpcPeeringConnection', {
      VpcId: id(b, from),
      PeerVpcId: id(b, to),
    })
    b.ids.set(name, VpcPeeringConnection?.VpcPeeringConnectionId as string)
    if (accept) b.bench.call('AcceptVpcPeeringConnection', { VpcPeeringConnectionId: id(b, name) })
  },
  unpeer(b, { name }) {
    b.bench.call('DeleteVpcPeeringConnection', { VpcPeeringConnectionId: id(b, name) })
  },
  route(b, { table, cidr, target }) {
    const to =
      target === 'gateway'
        ? { GatewayId: id(b, `${id(b, `${table}/vpc`)}/gateway`) }
        : target.startsWith('peer')
          ? { VpcPeeringConnectionId: id(b, target) }
          : target.startsWith('nat')
            ? { NatGatewayId: id(b, target) }
            : { InstanceId: id(b, target) }
    b.bench.call('CreateRoute', { RouteTableId: id(b, table), DestinationCidrBlock: cidr, ...to })
  },
  acl(b, { name, vpc, subnet }) {
    const { NetworkAcl } = b.bench.call('CreateNetworkAcl', { VpcId: id(b, vpc) })
    b.ids.set(name, NetworkAcl?.NetworkAclId as string)
    const { NetworkAcls } = b.bench.call('DescribeNetworkAcls', {
      Filters: [{ Name: 'association.subnet-id', Values: [id(b, subnet)] }],
    })
    const association = NetworkAcls?.[0]?.Associations?.find(
      (a) => a.SubnetId === id(b, subnet),
    )?.NetworkAclAssociationId
    b.bench.call('ReplaceNetworkAclAssociation', { AssociationId: association as string, NetworkAclId: id(b, name) })
  },
  entry(b, { acl, egress, number, allow, cidr, match }) {
    b.bench.call('CreateNetworkAclEntry', {
      NetworkAclId: id(b, acl),
      Egress: egress,
      RuleNumber: number,
      RuleAction: allow ? 'allow' : 'deny',
      CidrBlock: cidr,
      Protocol: String(match.protocol),
      ...(match.ports && { PortRange: { From: match.ports[0], To: match.ports[1] } }),
      ...(match.protocol === 1 && { IcmpTypeCode: { Type: match.type ?? -1, Code: -1 } }),
    })
  },
  group(b, { name, vpc, closed }) {
    const { GroupId } = b.bench.call('CreateSecurityGroup', { GroupName: name, Description: name, VpcId: id(b, vpc) })
    b.ids.set(name, GroupId as string)
    if (closed)
      b.bench.call('RevokeSecurityGroupEgress', {
        GroupId: id(b, name),
        IpPermissions: [{ IpProtocol: '-1', IpRanges: [{ CidrIp: '0.0.0.0/0' }] }],
      })
  },
  rule(b, { group, egress, remote, match }) {
    const target = remote.includes('/')
      ? { IpRanges: [{ CidrIp: remote }] }
      : { UserIdGroupPairs: [{ GroupId: id(b, remote) }] }
    const permission = { IpProtocol: String(match.protocol), ...portsOf(match), ...target }
    b.bench.call(egress ? 'AuthorizeSecurityGroupEgress' : 'AuthorizeSecurityGroupIngress', {
      GroupId: id(b, group),
      IpPermissions: [permission],
    })
  },
  async instance(b, { name, subnet, host, groups, address, check }) {
    const at = addressAt(prefix(id(b, `${subnet}/cidr`)), host)
    const { Instances } = b.bench.call('RunInstances', {
      ImageId: imageOf(b),
      InstanceType: 't3.micro',
      MinCount: 1,
      MaxCount: 1,
      SubnetId: id(b, subnet),
      PrivateIpAddress: at,
      SecurityGroupIds: groups.map((g) => id(b, g)),
    })
    const instance = Instances?.[0]?.InstanceId as string
    b.ids.set(name, instance)
    b.addresses.set(name, { private: at })
    if (!check) b.bench.call('ModifyInstanceAttribute', { InstanceId: instance, SourceDestCheck: { Value: false } })
    if (!address) return
    await b.bench.catchUp()
    const { AllocationId, PublicIp } = b.bench.call('AllocateAddress', { Domain: 'vpc' })
    b.bench.call('AssociateAddress', { AllocationId, InstanceId: instance })
    b.addresses.set(name, { private: at, public: ip(PublicIp as string) })
  },
  nat(b, { name, subnet, private: isPrivate }) {
    const AllocationId = isPrivate ? undefined : b.bench.call('AllocateAddress', { Domain: 'vpc' }).AllocationId
    const { NatGateway } = b.bench.call('CreateNatGateway', {
      SubnetId: id(b, subnet),
      ConnectivityType: isPrivate ? 'private' : 'public',
      ...(AllocationId && { AllocationId }),
    })
    b.ids.set(name, NatGateway?.NatGatewayId as string)
    const [address] = NatGateway?.NatGatewayAddresses ?? []
    if (!address?.PrivateIp) return
    b.bench.clock.now += 1000
    b.addresses.set(name, {
      private: ip(address.PrivateIp),
      ...(address.PublicIp && { public: ip(address.PublicIp) }),
    })
  },
  detach(b, { vpc }) {
    b.bench.call('DetachInternetGateway', { VpcId: id(b, vpc), InternetGatewayId: id(b, `${vpc}/gateway`) })
  },
  block(b, { mode }) {
    b.bench.call('ModifyVpcBlockPublicAccessOptions', { InternetGatewayBlockMode: mode })
  },
  exclude(b, { what, mode }) {
    b.bench.call('CreateVpcBlockPublicAccessExclusion', {
      ...(what.startsWith('vpc') ? { VpcId: id(b, what) } : { SubnetId: id(b, what) }),
      InternetGatewayExclusionMode: mode,
    })
  },
}

function imageOf(b: Building): string {
  if (!b.ids.has('image'))
    b.ids.set('image', b.bench.call('DescribeImages', { Owners: ['amazon'] }).Images?.[0]?.ImageId as string)
  return id(b, 'image')
}

function portsOf({ protocol, ports, type }: Protocol): { FromPort?: number; ToPort?: number } {
  if (protocol === 1) return { FromPort: type ?? -1, ToPort: -1 }
  return ports ? { FromPort: ports[0], ToPort: ports[1] } : {}
}

const portFor = ({ low }: PlannedFlow, serial: number): number => (low ? 1 + (serial % 1000) : 20000 + (serial % 12000))

/** A planned flow with its addresses; undefined where an end is not there. `serial` makes its ports its own. */
export function flowOf(
  { ids, addresses }: Built,
  planned: PlannedFlow,
  serial: number,
): { flow: Flow; from: string } | undefined {
  const from = ids.get(planned.from)
  const source =
    planned.source ?? addresses.get(planned.from)?.private ?? (planned.from === 'internet' ? INTERNET_HOST : undefined)
  const target = addresses.get(planned.to)
  const destination = /^\d/.test(planned.to) ? planned.to : planned.public ? target?.public : target?.private
  // A host refuses a packet from outside that claims to come from itself; no router has a say in that.
  if (!from || !source || !destination || planned.source === destination) return undefined
  const base = {
    source: ip(source),
    destination: ip(destination),
    ...(planned.length && planned.protocol === 1 && { length: planned.length, dontFragment: true }),
  }
  if (planned.protocol === 1) return { from, flow: { ...base, protocol: 1, icmp: { type: 8, code: 0 } } }
  return {
    from,
    flow: { ...base, protocol: planned.protocol, sourcePort: portFor(planned, serial), destinationPort: planned.port },
  }
}
