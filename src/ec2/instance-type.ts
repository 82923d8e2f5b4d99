/** Instance types: the sizes that can be launched, as AWS describes them; here they differ in limits, not in speed. */
import type { Output } from '../protocol/types.ts'
import { type FilterTable, matching } from './catalogue.ts'
import { ApiError, invalidValue, unsupported } from './errors.ts'
import type { Handlers } from './resource.ts'
import { pageOf } from './select.ts'
import { zonesOf } from './zone.ts'

export interface InstanceType {
  readonly name: string
  readonly family: Family
  readonly vcpus: number
  readonly cores: number
  /** MiB. */
  readonly memory: number
  readonly interfaces: number
  readonly addressesPerInterface: number
}

interface Family {
  readonly architectures: readonly ('x86_64' | 'arm64' | 'i386')[]
  readonly hypervisor: 'xen' | 'nitro'
  readonly burstable: boolean
  readonly current: boolean
  readonly clockSpeed: number
  readonly network: string
}

const families = {
  m1: {
    architectures: ['i386', 'x86_64'],
    hypervisor: 'xen',
    burstable: false,
    current: false,
    clockSpeed: 2,
    network: 'Low',
  },
  t2: {
    architectures: ['i386', 'x86_64'],
    hypervisor: 'xen',
    burstable: true,
    current: true,
    clockSpeed: 2.5,
    network: 'Low to Moderate',
  },
  t3: {
    architectures: ['x86_64'],
    hypervisor: 'nitro',
    burstable: true,
    current: true,
    clockSpeed: 2.5,
    network: 'Up to 5 Gigabit',
  },
  t3a: {
    architectures: ['x86_64'],
    hypervisor: 'nitro',
    burstable: true,
    current: true,
    clockSpeed: 2.2,
    network: 'Up to 5 Gigabit',
  },
  t4g: {
    architectures: ['arm64'],
    hypervisor: 'nitro',
    burstable: true,
    current: true,
    clockSpeed: 2.5,
    network: 'Up to 5 Gigabit',
  },
  m5: {
    architectures: ['x86_64'],
    hypervisor: 'nitro',
    burstable: false,
    current: true,
    clockSpeed: 3.1,
    network: 'Up to 10 Gigabit',
  },
  c5: {
    architectures: ['x86_64'],
    hypervisor: 'nitro',
    burstable: false,
    current: true,
    clockSpeed: 3.4,
    network: 'Up to 10 Gigabit',
  },
} satisfies Record<string, Family>

/** Name, vCPUs, GiB, interfaces, IPv4 addresses on each: AWS's table of limits (2025-11). */
// biome-ignore format: a table
const sizes: readonly (readonly [string, number, number, number, number])[] = [
  ['m1.small', 1, 1.7, 2, 4],
  ['t2.nano', 1, 0.5, 2, 2], ['t2.micro', 1, 1, 2, 2], ['t2.small', 1, 2, 3, 4], ['t2.medium', 2, 4, 3, 6],
  ['t2.large', 2, 8, 3, 12], ['t2.xlarge', 4, 16, 3, 15], ['t2.2xlarge', 8, 32, 3, 15],
  ['t3.nano', 2, 0.5, 2, 2], ['t3.micro', 2, 1, 2, 2], ['t3.small', 2, 2, 3, 4], ['t3.medium', 2, 4, 3, 6],
  ['t3.large', 2, 8, 3, 12], ['t3.xlarge', 4, 16, 4, 15], ['t3.2xlarge', 8, 32, 4, 15],
  ['t3a.nano', 2, 0.5, 2, 2], ['t3a.micro', 2, 1, 2, 2], ['t3a.small', 2, 2, 2, 4], ['t3a.medium', 2, 4, 3, 6],
  ['t3a.large', 2, 8, 3, 12], ['t3a.xlarge', 4, 16, 4, 15], ['t3a.2xlarge', 8, 32, 4, 15],
  ['t4g.nano', 2, 0.5, 2, 2], ['t4g.micro', 2, 1, 2, 2], ['t4g.small', 2, 2, 3, 4], ['t4g.medium', 2, 4, 3, 6],
  ['t4g.large', 2, 8, 3, 12], ['t4g.xlarge', 4, 16, 4, 15], ['t4g.2xlarge', 8, 32, 4, 15],
  ['m5.large', 2, 8, 3, 10], ['m5.xlarge', 4, 16, 4, 15], ['m5.2xlarge', 8, 32, 4, 15], ['m5.4xlarge', 16, 64, 8, 30],
  ['m5.8xlarge', 32, 128, 8, 30], ['m5.12xlarge', 48, 192, 8, 30], ['m5.16xlarge', 64, 256, 15, 50],
  ['m5.24xlarge', 96, 384, 15, 50],
  ['c5.large', 2, 4, 3, 10], ['c5.xlarge', 4, 8, 4, 15], ['c5.2xlarge', 8, 16, 4, 15], ['c5.4xlarge', 16, 32, 8, 30],
  ['c5.9xlarge', 36, 72, 8, 30], ['c5.12xlarge', 48, 96, 8, 30], ['c5.18xlarge', 72, 144, 15, 50],
  ['c5.24xlarge', 96, 192, 15, 50],
]

/** Two threads a core; the Xen types and Graviton have one. */
function coresOf(vcpus: number, family: Family): number {
  return family.hypervisor === 'xen' || family.architectures.includes('arm64') ? vcpus : vcpus / 2
}

const types: ReadonlyMap<string, InstanceType> = new Map(
  sizes.map(([name, vcpus, gib, interfaces, addressesPerInterface]) => {
    const family: Family = families[name.split('.')[0] as keyof typeof families]
    return [
      name,
      {
        name,
        family,
        vcpus,
        cores: coresOf(vcpus, family),
        memory: Math.round(gib * 1024),
        interfaces,
        addressesPerInterface,
      },
    ]
  }),
)

/** What AWS launches when nothing is said. */
export const DEFAULT_INSTANCE_TYPE = 'm1.small'

/** Throws UnsupportedOperation where the catalogue lacks it: AWS has hundreds more. */
export function typeNamed(name: string): InstanceType {
  const found = types.get(name)
  if (found) return found
  if (!/^[a-z][a-z0-9-]*\.[a-z0-9-]+$/.test(name)) throw invalidValue(`Invalid value '${name}' for InstanceType.`)
  throw unsupported(`The instance type ${name} can not be launched here. DescribeInstanceTypes lists those that can.`)
}

/** Throws where the type can not run an image of that architecture. */
export function refuseArchitecture({ family }: InstanceType, architecture: 'x86_64' | 'arm64'): void {
  if (family.architectures.includes(architecture)) return
  throw invalidValue(
    `The architecture '${family.architectures.join(',')}' of the specified instance type does not match ` +
      `the architecture '${architecture}' of the specified AMI. ` +
      'Specify an instance type and an AMI that have matching architectures, and try again. ' +
      "You can use 'describe-instance-types' or 'describe-images' to discover the architecture " +
      'of the instance type or AMI.',
  )
}

export const instanceTypeActions: Handlers = {
  DescribeInstanceTypes(input) {
    const unknown = (input.InstanceTypes ?? []).filter((name) => !types.has(name))
    if (unknown.length > 0)
      throw new ApiError(
        'InvalidInstanceType',
        `The following supplied instance types do not exist: [${unknown.join(', ')}]`,
      )
    const named = input.InstanceTypes?.length ? input.InstanceTypes.map(typeNamed) : [...types.values()]
    const { items, ...page } = pageOf(matching(named, typeFilters, input.Filters), input, 'instance type', {
      min: 5,
      max: 100,
    })
    return { InstanceTypes: items.map(showType), ...page }
  },
  DescribeInstanceTypeOfferings(input, { caller: { region } }) {
    const offerings = locations(input.LocationType ?? 'region', region).flatMap((location) =>
      [...types.keys()].map((name) => ({
        InstanceType: name as 't2.micro',
        LocationType: input.LocationType ?? 'region',
        Location: location,
      })),
    )
    const found = matching(
      offerings,
      { 'instance-type': (o) => o.InstanceType, location: (o) => o.Location },
      input.Filters,
    )
    const { items, ...page } = pageOf(found, input, 'instance type offering', { min: 5, max: 1000 })
    return { InstanceTypeOfferings: [...items], ...page }
  },
}

const locations = (type: string, region: string): string[] => {
  if (type === 'availability-zone') return zonesOf(region).map((z) => z.name)
  if (type === 'availability-zone-id') return zonesOf(region).map((z) => z.id)
  return type === 'region' ? [region] : []
}

const typeFilters: FilterTable<InstanceType> = {
  'auto-recovery-supported': () => true,
  'bare-metal': () => false,
  'burstable-performance-supported': (t) => t.family.burstable,
  'current-generation': (t) => t.family.current,
  'free-tier-eligible': isFree,
  hypervisor: (t) => t.family.hypervisor,
  'instance-storage-supported': () => false,
  'instance-type': (t) => t.name,
  'memory-info.size-in-mib': (t) => t.memory,
  'network-info.ipv4-addresses-per-interface': (t) => t.addressesPerInterface,
  'network-info.maximum-network-interfaces': (t) => t.interfaces,
  'processor-info.supported-architecture': (t) => t.family.architectures,
  'supported-root-device-type': () => 'ebs',
  'supported-usage-class': () => 'on-demand',
  'supported-virtualization-type': () => 'hvm',
  'vcpu-info.default-vcpus': (t) => t.vcpus,
  'vcpu-info.default-cores': (t) => t.cores,
}

function isFree({ name }: InstanceType): boolean {
  return name === 't2.micro' || name === 't3.micro'
}

function showType(t: InstanceType): NonNullable<Output<'DescribeInstanceTypes'>['InstanceTypes']>[number] {
  const { family } = t
  return {
    InstanceType: t.name as 't2.micro',
    CurrentGeneration: family.current,
    FreeTierEligible: isFree(t),
    SupportedUsageClasses: ['on-demand'],
    SupportedRootDeviceTypes: ['ebs'],
    SupportedVirtualizationTypes: ['hvm'],
    BareMetal: false,
    Hypervisor: family.hypervisor,
    ProcessorInfo: { SupportedArchitectures: [...family.architectures], SustainedClockSpeedInGhz: family.clockSpeed },
    VCpuInfo: { DefaultVCpus: t.vcpus, DefaultCores: t.cores, DefaultThreadsPerCore: t.vcpus / t.cores },
    MemoryInfo: { SizeInMiB: t.memory },
    InstanceStorageSupported: false,
    EbsInfo: {
      EbsOptimizedSupport: family.hypervisor === 'xen' ? 'unsupported' : 'default',
      EncryptionSupport: 'supported',
    },
    NetworkInfo: showNetworkInfo(t),
    HibernationSupported: false,
    BurstablePerformanceSupported: family.burstable,
    DedicatedHostsSupported: false,
    AutoRecoverySupported: true,
    SupportedBootModes: family.architectures.includes('arm64') ? ['uefi'] : ['legacy-bios', 'uefi'],
  }
}

const showNetworkInfo = ({ family, interfaces, addressesPerInterface }: InstanceType) => ({
  NetworkPerformance: family.network,
  MaximumNetworkInterfaces: interfaces,
  MaximumNetworkCards: 1,
  DefaultNetworkCardIndex: 0,
  NetworkCards: [{ NetworkCardIndex: 0, NetworkPerformance: family.network, MaximumNetworkInterfaces: interfaces }],
  Ipv4AddressesPerInterface: addressesPerInterface,
  Ipv6AddressesPerInterface: addressesPerInterface,
  Ipv6Supported: false,
  EnaSupport: family.hypervisor === 'xen' ? ('unsupported' as const) : ('required' as const),
  EfaSupported: false,
})
