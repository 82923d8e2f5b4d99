/** Machine images: a small catalogue of public ones. Whatever the image, an instance runs this machine's own system. */
import { createHash } from 'node:crypto'
import { ApiError, invalidValue } from './errors.ts'

export interface Image {
  readonly id: string
  readonly name: string
  readonly description: string
  readonly owner: string
  readonly ownerAlias?: string
  readonly architecture: 'x86_64' | 'arm64'
  readonly created: string
  readonly rootDevice: string
  /** GiB of the root volume. */
  readonly rootSize: number
  readonly volumeType: 'gp2' | 'gp3'
  readonly bootMode?: 'uefi' | 'uefi-preferred'
  readonly imdsV2: boolean
  /** Names of the public SSM parameters that lead here. */
  readonly aliases: readonly string[]
}

const AMAZON = {
  owner: '137112412989',
  ownerAlias: 'amazon',
  rootDevice: '/dev/xvda',
  rootSize: 8,
  volumeType: 'gp3',
  imdsV2: true,
} as const
const CANONICAL = { owner: '099720109477', rootDevice: '/dev/sda1', rootSize: 8, imdsV2: false } as const
const FEDORA = { owner: '125523088429', rootDevice: '/dev/sda1', rootSize: 5, volumeType: 'gp3', imdsV2: true } as const

type Entry = Omit<Image, 'id'>

const amazonLinux = (kernel: string, architecture: Image['architecture'], isDefault: boolean): Entry => ({
  ...AMAZON,
  name: `al2023-ami-2023.9.20251117.1-kernel-${kernel}-${architecture}`,
  description: `Amazon Linux 2023 AMI 2023.9.20251117.1 ${architecture} HVM kernel-${kernel}`,
  architecture,
  created: '2025-11-19T00:36:05.000Z',
  bootMode: architecture === 'arm64' ? 'uefi' : 'uefi-preferred',
  aliases: [kernel, ...(isDefault ? ['default'] : [])].map(
    (k) => `/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-${k}-${architecture}`,
  ),
})

const ubuntu = (
  release: string,
  codename: string,
  volumeType: 'gp2' | 'gp3',
  architecture: Image['architecture'],
): Entry => {
  const arch = architecture === 'x86_64' ? 'amd64' : 'arm64'
  const folder = volumeType === 'gp3' ? 'hvm-ssd-gp3' : 'hvm-ssd'
  const alias = (channel: string) =>
    `/aws/service/canonical/ubuntu/server/${channel}/stable/current/${arch}/hvm/ebs-${volumeType}/ami-id`
  return {
    ...CANONICAL,
    name: `ubuntu/images/${folder}/ubuntu-${codename}-${release}-${arch}-server-20251022`,
    description: `Canonical, Ubuntu, ${release}, ${arch} ${codename} image`,
    architecture,
    created: '2025-10-22T09:14:31.000Z',
    volumeType,
    ...(architecture === 'x86_64' ? { bootMode: 'uefi-preferred' as const } : { bootMode: 'uefi' as const }),
    aliases: [alias(release), alias(codename)],
  }
}

const fedora = (architecture: Image['architecture']): Entry => ({
  ...FEDORA,
  name: `Fedora-Cloud-Base-AmazonEC2.${architecture === 'arm64' ? 'aarch64' : 'x86_64'}-42-1.1`,
  description: 'Created from build Fedora-Cloud-Base-AmazonEC2-42-1.1',
  architecture,
  created: '2025-04-14T15:01:12.000Z',
  aliases: [],
})

const entries: readonly Entry[] = [
  amazonLinux('6.1', 'x86_64', true),
  amazonLinux('6.1', 'arm64', true),
  amazonLinux('6.12', 'x86_64', false),
  amazonLinux('6.12', 'arm64', false),
  ubuntu('24.04', 'noble', 'gp3', 'x86_64'),
  ubuntu('24.04', 'noble', 'gp3', 'arm64'),
  ubuntu('22.04', 'jammy', 'gp2', 'x86_64'),
  ubuntu('22.04', 'jammy', 'gp2', 'arm64'),
  fedora('x86_64'),
  fedora('arm64'),
]

/** Said where everybody looks: an image's name promises more than it can hold here. */
const ONE_SYSTEM = 'in Isthmus, all images run the same system'

/** Region → its images by id. Kept, as each answer about an instance asks; Regions are named by callers, so few. */
const catalogues = new Map<string, ReadonlyMap<string, Image>>()
const KEPT = 64

/** The images of a Region by id. The same name has another id in another Region, and always the same one in this. */
function catalogueOf(region: string): ReadonlyMap<string, Image> {
  const known = catalogues.get(region)
  if (known) return known
  if (catalogues.size >= KEPT) catalogues.clear()
  const made = new Map(entries.map((entry) => imageIn(region, entry)).map((image) => [image.id, image]))
  catalogues.set(region, made)
  return made
}

const imageIn = (region: string, entry: Entry): Image => ({
  ...entry,
  description: `${entry.description} (${ONE_SYSTEM})`,
  id: `ami-0${createHash('sha256').update(`${region}/${entry.name}`).digest('hex').slice(0, 16)}`,
})

export const imagesOf = (region: string): Image[] => [...catalogueOf(region).values()]

/** The images of the Region by id. Throws InvalidAMIID.Malformed, or one InvalidAMIID.NotFound that names all. */
export function imagesNamed(region: string, ids: readonly string[]): Image[] {
  const missing = ids.filter((id) => !catalogueOf(region).has(id))
  for (const id of missing)
    if (!/^ami-([0-9a-f]{8}|[0-9a-f]{17})$/.test(id))
      throw new ApiError('InvalidAMIID.Malformed', `Invalid id: "${id}"`)
  if (missing.length > 0) {
    const [noun, verb] = missing.length > 1 ? ['ids', 'do not'] : ['id', 'does not']
    throw new ApiError('InvalidAMIID.NotFound', `The image ${noun} '[${missing.join(', ')}]' ${verb} exist`)
  }
  return [...new Set(ids)].flatMap((id) => catalogueOf(region).get(id) ?? [])
}

/** The image of the Region. Throws InvalidAMIID.Malformed or InvalidAMIID.NotFound. */
export function imageNamed(region: string, id: string): Image {
  const image = catalogueOf(region).get(id) ?? imagesNamed(region, [id])[0]
  if (!image) throw new Error(`no image ${id}`)
  return image
}

/** The image that a launch names: by id, or as `resolve:ssm:NAME` by a public parameter. Throws like `imageNamed`. */
export function imageFor(region: string, text: string): Image {
  const parameter = /^resolve:ssm:(.+)$/.exec(text)?.[1]
  if (parameter === undefined) return imageNamed(region, text)
  // Each public parameter has one version, which may be named.
  const found = publicParameter(parameter.replace(/:1$/, ''), region)
  if (found) return imageNamed(region, found.value)
  // unverified: AWS's code and words.
  throw invalidValue(`The Systems Manager parameter '${parameter}' does not exist or can not be read.`)
}

/** The image id that one of the public SSM parameters holds; undefined where there is none of that name. */
export function publicParameter(name: string, region: string): { readonly value: string } | undefined {
  const image = imagesOf(region).find((i) => i.aliases.includes(name))
  return image && { value: image.id }
}

export function snapshotOf(image: Image): string {
  return `snap-${image.id.slice(4)}`
}
