/** How one gets to an instance from outside its VPC: over the internet, or through an EC2 Instance Connect Endpoint. */
import { randomInt } from 'node:crypto'
import { INTERNET, INTERNET_HOSTS } from '../compile/internet.ts'
import { publicAddressOf } from '../ec2/address.ts'
import type { Instance } from '../ec2/instance.ts'
import { hostsOf, instanceConnectRange } from '../ec2/instance-connect-range.ts'
import { interfacesOfInstance, primaryAddress } from '../ec2/network-interface.ts'
import type { State } from '../ec2/state.ts'
import type { DialError } from '../engines/engine.ts'
import type { Ip } from '../ip/address.ts'

/** From which address of which node to which address of the instance, and what to say where that fails. */
export interface Way {
  readonly node: string
  readonly from: Ip
  readonly to: Ip
  /** The endpoint that it goes through. */
  readonly endpoint?: string
  /** Something to know beforehand. */
  readonly note?: string
  readonly failures: Readonly<Record<DialError['why'], string>>
}

/** What the browser client says, to the word (I3, I4). */
const NO_PUBLIC_ADDRESS =
  'The instance does not have a public IPv4 address\n' +
  'To connect using the EC2 Instance Connect browser-based client, the instance must have a public IPv4 address.'
const FAILED = 'Failed to connect to your instance\n'
const SILENT =
  `${FAILED}EC2 Instance Connect is unable to connect to your instance. Ensure your instance network settings are ` +
  'configured correctly for EC2 Instance Connect. For more information, see Set up EC2 Instance Connect at ' +
  'https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/ec2-instance-connect-set-up.html.'
export const NO_SESSION = `${FAILED}Error establishing SSH connection to your instance.`

/** The service's own way: from an address of its range to the public address (I5). Throws without one (I3). */
export function serviceWay(state: State, instance: Instance): Way {
  const to = publicAddress(state, instance)
  if (!to) throw new Error(NO_PUBLIC_ADDRESS)
  const { range, borrowed } = instanceConnectRange(instance.region)
  const hosts = hostsOf(range)
  const refused = `${NO_SESSION} Nothing listens on port 22 of ${instance.id}.`
  return {
    node: INTERNET,
    from: hosts[randomInt(hosts.length)] as Ip,
    to,
    failures: { timeout: SILENT, refused },
    ...(borrowed && {
      note:
        `The range of EC2 Instance Connect in ${instance.region} is not known here: that of us-east-1, ${range}, ` +
        'is used.',
    }),
  }
}

/** From a host of the internet to the public address. */
export function internetWay(state: State, instance: Instance, port: number): Way {
  const to = publicAddress(state, instance)
  if (!to)
    throw new Error(
      `${instance.id} has no public IPv4 address: give it one, or go through an EC2 Instance Connect Endpoint of ` +
        'its VPC with --endpoint auto.',
    )
  const from = INTERNET_HOSTS[0] as Ip
  return { node: INTERNET, from, to, failures: failuresOf(instance, to, from, port) }
}

/** What an endpoint lets through (I7). */
const ENDPOINT_PORTS = new Set([22, 3389])

/** From the endpoint's interface to the private address; `wanted` is its id, or `auto` for one of the VPC. */
export function endpointWay(state: State, instance: Instance, wanted: string, port: number): Way {
  if (!ENDPOINT_PORTS.has(port))
    throw new Error(
      'The specified RemotePort is not valid. Specify either 22 or 3389 as the RemotePort and retry your request.',
    )
  const { id, eni } = endpointFor(state, instance, wanted)
  const [first] = interfacesOfInstance(state, instance.id)
  if (!first) throw new Error(`${instance.id} has no network interface.`)
  const [from, to] = [primaryAddress(eni), primaryAddress(first)]
  return { node: id, from, to, endpoint: id, failures: failuresOf(instance, to, from, port) }
}

function endpointFor(state: State, { vpcId }: Instance, wanted: string) {
  const usable = [...state.all('instance-connect-endpoint')].flatMap((endpoint) => {
    const eni = state.get('network-interface', endpoint.networkInterfaceId ?? '')
    return eni ? [{ id: endpoint.id, vpcId: endpoint.vpcId, eni }] : []
  })
  const found = usable.find((e) => (wanted === 'auto' ? e.vpcId === vpcId : e.id === wanted))
  if (found) return found
  throw new Error(
    wanted === 'auto'
      ? `${vpcId} has no EC2 Instance Connect Endpoint: make one with ` +
          '`aws ec2 create-instance-connect-endpoint --subnet-id SUBNET`.'
      : `The instance connect endpoint ID '${wanted}' does not exist`,
  )
}

function publicAddress(state: State, { id }: Instance): Ip | undefined {
  const [primary] = interfacesOfInstance(state, id)
  return primary && publicAddressOf(state, primary)?.publicIp
}

const failuresOf = ({ id }: Instance, to: Ip, from: Ip, port: number): Way['failures'] => ({
  timeout: `${id} does not answer at ${to} port ${port}: routes, network ACLs and security groups must let ${from} in.`,
  refused: `Nothing listens on port ${port} of ${id} (${to}): the connection from ${from} was refused.`,
})
