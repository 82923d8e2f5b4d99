/** Instance types: the sizes that can be launched, as AWS describes them; here they differ in limits, not in speed. */
import { invalidValue, unsupported } from './errors.ts'

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
  readonly maker: 'Intel' | 'AMD' | 'AWS'
}

const families = {
  m1: {
    architectures: ['i386', 'x86_64'],
    hypervisor: 'xen',
    burstable: false,
    current: false,
    clockSpeed: 2,
    network: 'Low',
    maker: 'Intel',
  },
  t2: {
    architectures: ['i386', 'x86_64'],
    hypervisor: 'xen',
    burstable: true,
    current: true,
    clockSpeed: 2.5,
    network: 'Low to Moderate',
    maker: 'Intel',
  },
  t3: {
    architectures: ['x86_64'],
    hypervisor: 'nitro',
    burstable: true,
    current: true,
    clockSpeed: 2.5,
    network: 'Up to 5 Gigabit',
    maker: 'Intel',
  },
  t3a: {
    architectures: ['x86_64'],
    hypervisor: 'nitro',
    burstable: true,
    current: true,
    clockSpeed: 2.2,
    network: 'Up to 5 Gigabit',
    maker: 'AMD',
  },
  t4g: {
    architectures: ['arm64'],
    hypervisor: 'nitro',
    burstable: true,
    current: true,
    clockSpeed: 2.5,
    network: 'Up to 5 Gigabit',
    maker: 'AWS',
  },
  m5: {
    architectures: ['x86_64'],
    hypervisor: 'nitro',
    burstable: false,
    current: true,
    clockSpeed: 3.1,
    network: 'Up to 10 Gigabit',
    maker: 'Intel',
  },
  c5: {
    architectures: ['x86_64'],
    hypervisor: 'nitro',
    burstable: false,
    current: true,
    clockSpeed: 3.4,
    network: 'Up to 10 Gigabit',
    maker: 'Intel',
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
function hasThreads({ hypervisor, architectures }: Family): boolean {
  return hypervisor === 'nitro' && !architectures.includes('arm64')
}

function coresOf(vcpus: number, family: Family): number {
  return hasThreads(family) ? vcpus / 2 : vcpus
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

/** Whether cores and threads can be switched off: not of the older, Xen types. */
export const hasCpuOptions = ({ family }: InstanceType): boolean => family.hypervisor === 'nitro'

/** Whether its disks can have a bandwidth of their own; the later types always have. */
export const hasEbsOptimization = ({ family }: InstanceType): boolean => family.hypervisor === 'nitro'

/** How many cores may be on: any number of Graviton's, else one or an even number. unverified: of the largest types. */
export const validCores = ({ cores, family }: InstanceType): number[] =>
  Array.from({ length: cores }, (_, i) => i + 1).filter(
    (n) => n === cores || (hasThreads(family) ? n % 2 === 0 : family.hypervisor === 'nitro'),
  )

export const validThreads = ({ family }: InstanceType): number[] => (hasThreads(family) ? [1, 2] : [1])

/** What AWS launches when nothing is said. */
export const DEFAULT_INSTANCE_TYPE = 'm1.small'

/** Every type there is, in the order of the table. */
export const allTypes = (): readonly InstanceType[] => [...types.values()]

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
