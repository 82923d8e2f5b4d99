/** `network/interfaces/macs/`: every interface of the instance as itself. */
import { publicAddressesOf } from '../../ec2/address.ts'
import { hostNameOf, privateName, publicName } from '../../ec2/dns-name.ts'
import { type NetworkInterface, primaryAddress } from '../../ec2/network-interface.ts'
import type { State } from '../../ec2/state.ts'
import { activeBlocks, primaryBlock } from '../../ec2/vpc.ts'
import type { Subject } from './subject.ts'
import type { Directory } from './tree.ts'

export const interfaceTrees = (subject: Subject): Directory =>
  Object.fromEntries(subject.interfaces.map((eni) => [eni.mac, interfaceTree(subject, eni)]))

function interfaceTree(subject: Subject, eni: NetworkInterface): Directory {
  const { state } = subject
  const vpc = state.get('vpc', eni.vpcId)
  return {
    'device-number': String(eni.attachment?.deviceIndex ?? 0),
    'interface-id': eni.id,
    'ipv4-associations': associations(state, eni),
    'local-hostname': localName(subject, eni),
    'local-ipv4s': eni.privateIpAddresses.join('\n'),
    mac: eni.mac,
    'owner-id': eni.account,
    'public-hostname': publicHostName(state, eni),
    'public-ipv4s': publicAddresses(state, eni),
    'security-group-ids': eni.groupIds.join('\n'),
    'security-groups': groupNames(state, eni),
    'subnet-id': eni.subnetId,
    'subnet-ipv4-cidr-block': state.get('subnet', eni.subnetId)?.cidrBlock,
    'vpc-id': eni.vpcId,
    'vpc-ipv4-cidr-block': vpc && primaryBlock(vpc),
    'vpc-ipv4-cidr-blocks': vpc && activeBlocks(vpc).join('\n'),
  }
}

/** The private name of an interface; the primary one has the instance's. */
export const localName = ({ instance, primary }: Subject, eni: NetworkInterface): string =>
  eni.id === primary.id ? hostNameOf(instance, primaryAddress(eni)) : privateName(eni.region, primaryAddress(eni))

/** G9: the name of the first public address; absent where the VPC gives none. */
export function publicHostName(state: State, eni: NetworkInterface): string | undefined {
  const [first] = publicAddressesOf(state, eni)
  return first && state.get('vpc', eni.vpcId)?.enableDnsHostnames ? publicName(eni.region, first.publicIp) : undefined
}

export const groupNames = (state: State, { groupIds }: NetworkInterface): string =>
  groupIds.map((id) => state.get('security-group', id)?.groupName ?? id).join('\n')

const publicAddresses = (state: State, eni: NetworkInterface): string | undefined =>
  publicAddressesOf(state, eni)
    .map((a) => a.publicIp)
    .join('\n') || undefined

/** Public address → the private one it stands for. */
function associations(state: State, eni: NetworkInterface): Directory | undefined {
  const all = publicAddressesOf(state, eni)
  return all.length > 0 ? Object.fromEntries(all.map((a) => [a.publicIp, a.privateIpAddress])) : undefined
}
