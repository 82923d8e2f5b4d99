/** What the metadata service says of an instance: `meta-data`, `dynamic` and `user-data`. */
import { publicAddressesOf } from '../../ec2/address.ts'
import type { Instance } from '../../ec2/instance.ts'
import { typeNamed } from '../../ec2/instance-type.ts'
import { primaryAddress } from '../../ec2/network-interface.ts'
import { identityDocument } from './identity-document.ts'
import { groupNames, interfaceTrees, localName, publicHostName } from './interfaces.ts'
import type { Subject } from './subject.ts'
import type { Directory, Lookup } from './tree.ts'

/** The tree of every version: AWS's older ones only lack what came later. `activeKeys` are Instance Connect's. */
export const instanceTree = (subject: Subject, activeKeys: Lookup): Directory => ({
  dynamic: {
    fws: { 'instance-monitoring': subject.instance.monitoring ? 'enabled' : 'disabled' },
    'instance-identity': { document: identityDocument(subject) },
  },
  'meta-data': metaData(subject, activeKeys),
  'user-data': userData(subject.instance),
})

/** In the order of the listing, which is the alphabet's. There is no IAM here, so there is no `iam`. */
function metaData(subject: Subject, activeKeys: Lookup): Directory {
  const { state, instance, primary } = subject
  const hostname = localName(subject, primary)
  return {
    'ami-id': instance.imageId,
    'ami-launch-index': String(instance.launchIndex),
    'ami-manifest-path': '(unknown)',
    'block-device-mapping': { ami: instance.rootDevice, root: instance.rootDevice },
    events: { maintenance: { history: '[]', scheduled: '[]' } },
    hostname,
    'instance-action': 'none',
    'instance-id': instance.id,
    'instance-life-cycle': 'on-demand',
    'instance-type': instance.instanceType,
    'local-hostname': hostname,
    'local-ipv4': primaryAddress(primary),
    mac: primary.mac,
    'managed-ssh-keys': { 'active-keys': activeKeys },
    metrics: { vhostmd: '<?xml version="1.0" encoding="UTF-8"?>' },
    network: { interfaces: { macs: interfaceTrees(subject) } },
    placement: placement(instance),
    profile: 'default-hvm',
    'public-hostname': publicHostName(state, primary),
    'public-ipv4': publicAddressesOf(state, primary)[0]?.publicIp,
    'public-keys': publicKeys(instance),
    'reservation-id': instance.reservationId,
    'security-groups': groupNames(state, primary),
    services: { domain: 'amazonaws.com', partition: 'aws' },
    system: typeNamed(instance.instanceType).family.hypervisor,
    tags: tags(instance),
  }
}

const placement = ({ availabilityZone, availabilityZoneId, region }: Instance): Directory => ({
  'availability-zone': availabilityZone,
  'availability-zone-id': availabilityZoneId,
  region,
})

const publicKeys = ({ keyName, publicKey }: Instance): Directory | undefined =>
  keyName !== undefined && publicKey !== undefined
    ? { [`0=${keyName}`]: { 'openssh-key': `${publicKey.trimEnd()}\n` } }
    : undefined

const tags = ({ metadataOptions, tags: own }: Instance): Directory | undefined =>
  metadataOptions.instanceMetadataTags === 'enabled' ? { instance: own } : undefined

/** Each character is a byte: it may be no text at all. */
const userData = ({ userData: base64 }: Instance): string | undefined =>
  base64 ? Buffer.from(base64, 'base64').toString('latin1') : undefined
