/** How many cores of its type an instance has on, and threads on each: kept and shown, a guest sees the machine's. */
import type { Input } from '../protocol/types.ts'
import { ApiError, invalidValue, unsupported } from './errors.ts'
import { type CpuOptions, findLiving, refuseUnlessStopped } from './instance.ts'
import { hasCpuOptions, type InstanceType, typeNamed, validCores, validThreads } from './instance-type.ts'
import type { Handlers } from './resource.ts'

type Wish = NonNullable<Input<'RunInstances'>['CpuOptions']>

export const instanceCpuOptionActions: Handlers = {
  ModifyInstanceCpuOptions(input, context) {
    const i = findLiving(context, input.InstanceId)
    refuseUnlessStopped(i)
    const options = checked(typeNamed(i.instanceType), input)
    context.state.put('instance', { ...i, cpuOptions: options })
    return { InstanceId: i.id, CoreCount: options.cores, ThreadsPerCore: options.threadsPerCore }
  },
}

/** What a launch asks for; undefined where it asks for nothing. */
export const cpuOptionsFor = (type: InstanceType, wish: Wish | undefined): CpuOptions | undefined =>
  wish && checked(type, wish)

/** Throws where the type has no such choice, or the numbers are none of those that it can have. */
function checked(type: InstanceType, wish: Wish): CpuOptions {
  if (wish.AmdSevSnp === 'enabled') throw unsupported('AMD SEV-SNP is not supported.')
  if (wish.NestedVirtualization === 'enabled') throw unsupported('Nested virtualization is not supported.')
  if (!hasCpuOptions(type)) throw unsupported(`The ${type.name} instance type does not support specifying CpuOptions.`)
  const { CoreCount: cores, ThreadsPerCore: threadsPerCore } = wish
  if (cores === undefined || threadsPerCore === undefined)
    throw new ApiError(
      'MissingParameter',
      'When specifying CpuOptions you must specify both CoreCount and ThreadsPerCore.',
    )
  // unverified: the words of the two refusals.
  if (!validCores(type).includes(cores))
    throw invalidValue(`CoreCount of ${cores} is not valid for the ${type.name} instance type.`)
  if (!validThreads(type).includes(threadsPerCore))
    throw invalidValue(`ThreadsPerCore of ${threadsPerCore} is not valid for the ${type.name} instance type.`)
  return { cores, threadsPerCore }
}
