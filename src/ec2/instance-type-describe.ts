/** Asking about instance types: what they are, and where they are offered. */
import type { Output } from '../protocol/types.ts'
import { type FilterTable, matching } from './catalogue.ts'
import { ApiError } from './errors.ts'
import { allTypes, hasCpuOptions, type InstanceType, typeNamed, validCores, validThreads } from './instance-type.ts'
import type { Handlers } from './resource.ts'
import { pageOf } from './select.ts'
import { zonesOf } from './zone.ts'

export const instanceTypeActions: Handlers = {
  DescribeInstanceTypes(input) {
    const unknown = (input.InstanceTypes ?? []).filter((name) => !allTypes().some((t) => t.name === name))
    if (unknown.length > 0)
      throw new ApiError(
        'InvalidInstanceType',
        `The following supplied instance types do not exist: [${unknown.join(', ')}]`,
      )
    const named = input.InstanceTypes?.length ? [...new Set(input.InstanceTypes)].map(typeNamed) : allTypes()
    const { items, ...page } = pageOf(matching(named, typeFilters, input.Filters), input, 'instance type', {
      min: 5,
      max: 100,
    })
    return { InstanceTypes: items.map(showType), ...page }
  },
  DescribeInstanceTypeOfferings(input, { caller: { region } }) {
    const offerings = locations(input.LocationType ?? 'region', region).flatMap((location) =>
      allTypes().map(({ name }) => ({
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

const never = () => []

/** What no type here has, or what is not known of them, is a known filter that matches nothing. */
const typeFilters: FilterTable<InstanceType> = {
  'auto-recovery-supported': () => true,
  'bare-metal': () => false,
  'burstable-performance-supported': (t) => t.family.burstable,
  'current-generation': (t) => t.family.current,
  'dedicated-hosts-supported': () => false,
  'ebs-info.attachment-limit-type': never,
  'ebs-info.ebs-optimized-info.baseline-bandwidth-in-mbps': never,
  'ebs-info.ebs-optimized-info.baseline-iops': never,
  'ebs-info.ebs-optimized-info.baseline-throughput-in-mbps': never,
  'ebs-info.ebs-optimized-info.maximum-bandwidth-in-mbps': never,
  'ebs-info.ebs-optimized-info.maximum-iops': never,
  'ebs-info.ebs-optimized-info.maximum-throughput-in-mbps': never,
  'ebs-info.ebs-optimized-support': (t) => ebsOptimizedSupport(t),
  'ebs-info.encryption-support': () => 'supported',
  'ebs-info.maximum-ebs-attachments': never,
  'ebs-info.nvme-support': (t) => nvmeSupport(t),
  'free-tier-eligible': isFree,
  'hibernation-supported': () => false,
  hypervisor: (t) => t.family.hypervisor,
  'instance-storage-info.disk.count': never,
  'instance-storage-info.disk.size-in-gb': never,
  'instance-storage-info.disk.type': never,
  'instance-storage-info.encryption-support': never,
  'instance-storage-info.nvme-support': never,
  'instance-storage-info.total-size-in-gb': never,
  'instance-storage-supported': () => false,
  'instance-type': (t) => t.name,
  'memory-info.size-in-mib': (t) => t.memory,
  'network-info.bandwidth-weightings': never,
  'network-info.efa-info.maximum-efa-interfaces': never,
  'network-info.efa-supported': () => false,
  'network-info.ena-support': (t) => enaSupport(t),
  'network-info.encryption-in-transit-supported': () => false,
  'network-info.flexible-ena-queues-support': () => 'unsupported',
  'network-info.ipv4-addresses-per-interface': (t) => t.addressesPerInterface,
  'network-info.ipv6-addresses-per-interface': (t) => t.addressesPerInterface,
  'network-info.ipv6-supported': () => false,
  'network-info.maximum-network-cards': () => 1,
  'network-info.maximum-network-interfaces': (t) => t.interfaces,
  'network-info.network-performance': (t) => t.family.network,
  'nitro-enclaves-support': () => 'unsupported',
  'nitro-tpm-info.supported-versions': never,
  'nitro-tpm-support': () => 'unsupported',
  'processor-info.supported-architecture': (t) => t.family.architectures,
  'processor-info.supported-features': never,
  'processor-info.sustained-clock-speed-in-ghz': (t) => t.family.clockSpeed,
  'reboot-migration-support': () => 'unsupported',
  'supported-boot-mode': (t) => bootModes(t),
  'supported-root-device-type': () => 'ebs',
  'supported-usage-class': () => 'on-demand',
  'supported-virtualization-type': () => 'hvm',
  'vcpu-info.default-cores': (t) => t.cores,
  'vcpu-info.default-threads-per-core': (t) => t.vcpus / t.cores,
  'vcpu-info.default-vcpus': (t) => t.vcpus,
  'vcpu-info.valid-cores': (t) => choicesOf(t)?.ValidCores,
  'vcpu-info.valid-threads-per-core': (t) => choicesOf(t)?.ValidThreadsPerCore,
}

const bootModes = ({ family }: InstanceType): ('uefi' | 'legacy-bios')[] =>
  family.architectures.includes('arm64')
    ? ['uefi']
    : family.hypervisor === 'xen'
      ? ['legacy-bios']
      : ['legacy-bios', 'uefi']

const ebsOptimizedSupport = ({ family }: InstanceType) =>
  family.hypervisor === 'xen' ? ('unsupported' as const) : ('default' as const)
const nvmeSupport = ({ family }: InstanceType) =>
  family.hypervisor === 'xen' ? ('unsupported' as const) : ('required' as const)
const enaSupport = nvmeSupport

/** What `CpuOptions` may be; a type without that choice names none. */
const choicesOf = (t: InstanceType) =>
  hasCpuOptions(t) ? { ValidCores: validCores(t), ValidThreadsPerCore: validThreads(t) } : undefined

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
    ProcessorInfo: {
      SupportedArchitectures: [...family.architectures],
      SustainedClockSpeedInGhz: family.clockSpeed,
      Manufacturer: family.maker,
    },
    VCpuInfo: {
      DefaultVCpus: t.vcpus,
      DefaultCores: t.cores,
      DefaultThreadsPerCore: t.vcpus / t.cores,
      ...choicesOf(t),
    },
    MemoryInfo: { SizeInMiB: t.memory },
    InstanceStorageSupported: false,
    EbsInfo: {
      EbsOptimizedSupport: ebsOptimizedSupport(t),
      EncryptionSupport: 'supported',
      NvmeSupport: nvmeSupport(t),
    },
    NetworkInfo: showNetworkInfo(t),
    // There are no placement groups here yet; Terraform wants to read the list all the same.
    PlacementGroupInfo: { SupportedStrategies: [] },
    HibernationSupported: false,
    BurstablePerformanceSupported: family.burstable,
    DedicatedHostsSupported: false,
    AutoRecoverySupported: true,
    SupportedBootModes: bootModes(t),
    NitroEnclavesSupport: 'unsupported',
    NitroTpmSupport: 'unsupported',
    RebootMigrationSupport: 'unsupported',
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
  EncryptionInTransitSupported: false,
  FlexibleEnaQueuesSupport: 'unsupported' as const,
})
