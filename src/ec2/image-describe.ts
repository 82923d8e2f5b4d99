/** Asking about machine images: which there are, and one attribute of one. */
import type { Output } from '../protocol/types.ts'
import { type FilterTable, matching } from './catalogue.ts'
import { ApiError, invalidParameter } from './errors.ts'
import { type Image, imageNamed, imagesNamed, imagesOf, snapshotOf } from './image.ts'
import type { Context, Handlers } from './resource.ts'
import { pageOf } from './select.ts'

export const imageActions: Handlers = {
  DescribeImages(input, context) {
    const { region } = context.caller
    for (const owner of input.Owners ?? []) checkUser(owner, OWNERS)
    for (const user of input.ExecutableUsers ?? []) checkUser(user, ['all', 'self'])
    const named = input.ImageIds?.length ? imagesNamed(region, input.ImageIds) : imagesOf(region)
    const owned = named.filter((image) => isOwned(image, input.Owners, context) && isExecutable(input.ExecutableUsers))
    const found = matching(owned, imageFilters, input.Filters, () => ({}))
    const { items, ...page } = pageOf(found, input, 'image', { min: 1, max: 1000 })
    return { Images: items.map(showImage), ...page }
  },
  DescribeImageAttribute({ ImageId, Attribute }, { caller: { region } }) {
    const image = imageNamed(region, ImageId)
    if (!Object.hasOwn(attributes, Attribute)) throw invalidParameter(Attribute, 'attribute', 'Unknown attribute.')
    return { ImageId, ...attributes[Attribute as keyof typeof attributes](image) }
  },
}

const OWNERS = ['self', 'amazon', 'aws-backup-vault', 'aws-marketplace', 'microsoft']

/** An account, or one of the words. unverified: AWS's words for others. */
function checkUser(text: string, words: readonly string[]): void {
  if (!words.includes(text) && !/^\d{12}$/.test(text))
    throw new ApiError('InvalidUserID.Malformed', `Invalid user id: "${text}"`)
}

/** What of an image is asked for by itself. What only its owner may see is refused, as all belong to others. */
const attributes = {
  description: (i) => ({ Description: { Value: i.description } }),
  kernel: () => ({ KernelId: {} }),
  ramdisk: () => ({ RamdiskId: {} }),
  launchPermission: refuseStrangers,
  productCodes: () => ({ ProductCodes: [] }),
  blockDeviceMapping: refuseStrangers,
  sriovNetSupport: () => ({ SriovNetSupport: { Value: 'simple' } }),
  bootMode: (i) => ({ BootMode: i.bootMode ? { Value: i.bootMode } : {} }),
  tpmSupport: () => ({ TpmSupport: {} }),
  uefiData: refuseStrangers,
  lastLaunchedTime: refuseStrangers,
  imdsSupport: (i) => ({ ImdsSupport: i.imdsV2 ? { Value: 'v2.0' } : {} }),
  deregistrationProtection: refuseStrangers,
} satisfies Record<string, (image: Image) => Output<'DescribeImageAttribute'>>

/** unverified: AWS's words, and which of these it shows to strangers. */
function refuseStrangers(image: Image): never {
  throw new ApiError('AuthFailure', `Not authorized for image:${image.id}`)
}

/** `self` owns none: images of one's own can not be made yet. */
function isOwned(image: Image, owners: readonly string[] | undefined, { caller }: Context): boolean {
  if (!owners?.length) return true
  return owners.some(
    (owner) =>
      owner === image.owner || owner === image.ownerAlias || (owner === 'self' && image.owner === caller.account),
  )
}

/** All are public, so only `all` may be named as the users they were given to. */
const isExecutable = (users: readonly string[] | undefined): boolean => !users?.length || users.includes('all')

const imageFilters: FilterTable<Image> = {
  architecture: (i) => i.architecture,
  'block-device-mapping.delete-on-termination': () => true,
  'block-device-mapping.device-name': (i) => i.rootDevice,
  'block-device-mapping.encrypted': () => false,
  'block-device-mapping.snapshot-id': snapshotOf,
  'block-device-mapping.volume-size': (i) => i.rootSize,
  'block-device-mapping.volume-type': (i) => i.volumeType,
  'boot-mode': (i) => i.bootMode,
  'creation-date': (i) => i.created,
  description: (i) => i.description,
  'ena-support': () => true,
  'free-tier-eligible': () => true,
  hypervisor: () => 'xen',
  'image-allowed': () => true,
  'image-id': (i) => i.id,
  'image-type': () => 'machine',
  'imds-support': (i) => (i.imdsV2 ? 'v2.0' : undefined),
  'is-public': () => true,
  'kernel-id': () => [],
  'manifest-location': (i) => locationOf(i),
  name: (i) => i.name,
  'owner-alias': (i) => i.ownerAlias,
  'owner-id': (i) => i.owner,
  platform: () => [],
  'product-code': () => [],
  'product-code.type': () => [],
  'ramdisk-id': () => [],
  'root-device-name': (i) => i.rootDevice,
  'root-device-type': () => 'ebs',
  'source-image-id': () => [],
  'source-image-region': () => [],
  'source-instance-id': () => [],
  state: () => 'available',
  'state-reason-code': () => [],
  'state-reason-message': () => [],
  'sriov-net-support': () => 'simple',
  'virtualization-type': () => 'hvm',
}

const locationOf = (image: Image): string => `${image.ownerAlias ?? image.owner}/${image.name}`

function showImage(image: Image): NonNullable<Output<'DescribeImages'>['Images']>[number] {
  return {
    ImageId: image.id,
    Name: image.name,
    Description: image.description,
    OwnerId: image.owner,
    ImageOwnerAlias: image.ownerAlias,
    ImageLocation: locationOf(image),
    ImageType: 'machine',
    Architecture: image.architecture,
    CreationDate: image.created,
    Public: true,
    ImageAllowed: true,
    FreeTierEligible: true,
    ProductCodes: [],
    State: 'available',
    Hypervisor: 'xen',
    VirtualizationType: 'hvm',
    EnaSupport: true,
    SriovNetSupport: 'simple',
    PlatformDetails: 'Linux/UNIX',
    UsageOperation: 'RunInstances',
    RootDeviceType: 'ebs',
    RootDeviceName: image.rootDevice,
    BlockDeviceMappings: [{ DeviceName: image.rootDevice, Ebs: showVolume(image) }],
    BootMode: image.bootMode,
    ImdsSupport: image.imdsV2 ? 'v2.0' : undefined,
    Tags: [],
  }
}

const showVolume = (image: Image) => ({
  SnapshotId: snapshotOf(image),
  VolumeSize: image.rootSize,
  VolumeType: image.volumeType,
  DeleteOnTermination: true,
  Encrypted: false,
  ...(image.volumeType === 'gp3' && { Iops: 3000, Throughput: 125 }),
})
