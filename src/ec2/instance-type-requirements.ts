/** Instance types by what a launch needs of them, in place of their names. */
import type { Input } from '../protocol/types.ts'
import { invalidCombination } from './errors.ts'
import { allTypes, type InstanceType } from './instance-type.ts'
import type { Handlers } from './resource.ts'
import { pageOf } from './select.ts'
import { patternOf } from './wildcard.ts'

type Ask = Input<'GetInstanceTypesFromInstanceRequirements'>
type Requirements = Ask['InstanceRequirements']
interface Range {
  readonly Min?: number | undefined
  readonly Max?: number | undefined
}

export const instanceTypeRequirementActions: Handlers = {
  GetInstanceTypesFromInstanceRequirements(input) {
    const { InstanceRequirements: wanted } = input
    if (wanted.AllowedInstanceTypes?.length && wanted.ExcludedInstanceTypes?.length)
      throw invalidCombination('AllowedInstanceTypes and ExcludedInstanceTypes may not be used together.')
    const found = allTypes().filter((t) => isMachine(t, input) && tests.every((test) => test(t, wanted)))
    const { items, ...page } = pageOf(found, input, 'instance types of requirements', { min: 1, max: 1000 })
    return { InstanceTypes: items.map((t) => ({ InstanceType: t.name })), ...page }
  },
}

const isMachine = ({ family }: InstanceType, { ArchitectureTypes, VirtualizationTypes }: Ask): boolean =>
  VirtualizationTypes.includes('hvm') && family.architectures.some((a) => ArchitectureTypes.includes(a))

const within = (value: number, { Min = 0, Max = Number.POSITIVE_INFINITY }: Range = {}): boolean =>
  value >= Min && value <= Max

const MAKERS = { Intel: 'intel', AMD: 'amd', AWS: 'amazon-web-services' } as const
const GIB = 1024

/** What each requirement is of the types here: none has a disk, an accelerator, or a name for its bandwidth. */
const tests: readonly ((t: InstanceType, wanted: Requirements) => boolean)[] = [
  (t, w) => within(t.vcpus, w.VCpuCount),
  (t, w) => within(t.memory, w.MemoryMiB),
  (t, w) => within(t.memory / GIB / t.vcpus, w.MemoryGiBPerVCpu),
  (t, w) => within(t.interfaces, w.NetworkInterfaceCount),
  (t, w) => !w.CpuManufacturers?.length || w.CpuManufacturers.includes(MAKERS[t.family.maker]),
  (t, w) => !w.InstanceGenerations?.length || w.InstanceGenerations.includes(t.family.current ? 'current' : 'previous'),
  (t, w) => asked(w.BurstablePerformance ?? 'excluded', t.family.burstable),
  (_, w) => asked(w.BareMetal ?? 'excluded', false),
  (_, w) => asked(w.LocalStorage ?? 'included', false),
  (_, w) => within(0, w.TotalLocalStorageGB),
  (_, w) => within(0, w.AcceleratorCount) && within(0, w.AcceleratorTotalMemoryMiB),
  (_, w) => !w.AcceleratorTypes?.length && !w.AcceleratorNames?.length && !w.AcceleratorManufacturers?.length,
  (_, w) => !w.RequireHibernateSupport && !w.RequireEncryptionInTransit,
  (_, w) => w.BaselineEbsBandwidthMbps?.Min === undefined && w.NetworkBandwidthGbps?.Min === undefined,
  (t, w) => !w.AllowedInstanceTypes?.length || patternOf(w.AllowedInstanceTypes)(t.name),
  (t, w) => !w.ExcludedInstanceTypes?.length || !patternOf(w.ExcludedInstanceTypes)(t.name),
]

const asked = (how: 'included' | 'required' | 'excluded', has: boolean): boolean =>
  how === 'included' || (how === 'required') === has
