/** What can be read and changed on an instance one attribute at a time. */
import type { Input, Output } from '../protocol/types.ts'
import {
  ApiError,
  invalidCombination,
  invalidParameter,
  invalidValue,
  missingParameter,
  unsupported,
} from './errors.ts'
import { findLiving, type Instance, refuseUnlessStopped } from './instance.ts'
import { hasEbsOptimization, typeNamed } from './instance-type.ts'
import { find } from './lookup.ts'
import { interfacesOfInstance, onlyInterfaceOf } from './network-interface.ts'
import { withGroups } from './network-interface-attribute.ts'
import { showGroups } from './network-interface-view.ts'
import type { Context, Handlers } from './resource.ts'
import type { State } from './state.ts'
import { showAttached, volumesOf } from './volume.ts'

type Modify = Input<'ModifyInstanceAttribute'>

export const instanceAttributeActions: Handlers = {
  DescribeInstanceAttribute(input, context) {
    const i = find(context, 'instance', input.InstanceId)
    const read = Object.hasOwn(attributes, input.Attribute)
      ? attributes[input.Attribute as keyof typeof attributes]
      : undefined
    if (!read) throw invalidParameter(input.Attribute, 'attribute', 'Unknown attribute.')
    return { InstanceId: i.id, ...read(i, context.state) }
  },
  ModifyInstanceAttribute(input, context) {
    const i = findLiving(context, input.InstanceId)
    const given = Object.entries(changes).filter(([name, change]) => input.Attribute === name || change.isGiven(input))
    if (given.length === 0) throw invalidCombination('No attributes specified.')
    if (given.length > 1) throw invalidCombination('Fields for multiple attribute types specified')
    for (const [, change] of given) change.make(context, i, input)
    return {}
  },
  ResetInstanceAttribute({ InstanceId, Attribute }, context) {
    const i = find(context, 'instance', InstanceId)
    if (Attribute === 'kernel' || Attribute === 'ramdisk')
      throw unsupported(`Resetting the attribute ${Attribute} is not supported.`)
    if (Attribute !== 'sourceDestCheck')
      throw invalidParameter(Attribute, 'attribute', 'This attribute can not be reset.')
    context.state.put('network-interface', { ...onlyInterfaceOf(context.state, i.id), sourceDestCheck: true })
    return {}
  },
}

const attributes = {
  blockDeviceMapping: (i, state) => ({
    BlockDeviceMappings: volumesOf(state, i).map(showAttached),
  }),
  disableApiStop: (i) => ({ DisableApiStop: { Value: i.disableApiStop } }),
  disableApiTermination: (i) => ({ DisableApiTermination: { Value: i.disableApiTermination } }),
  ebsOptimized: (i) => ({ EbsOptimized: { Value: i.ebsOptimized } }),
  enaSupport: () => ({ EnaSupport: { Value: true } }),
  enclaveOptions: () => ({ EnclaveOptions: { Enabled: false } }),
  groupSet: (i, state) => ({ Groups: showGroups(state, interfacesOfInstance(state, i.id)[0]?.groupIds ?? []) }),
  instanceInitiatedShutdownBehavior: (i) => ({ InstanceInitiatedShutdownBehavior: { Value: i.shutdownBehavior } }),
  instanceType: (i) => ({ InstanceType: { Value: i.instanceType } }),
  kernel: () => ({ KernelId: {} }),
  productCodes: () => ({ ProductCodes: [] }),
  ramdisk: () => ({ RamdiskId: {} }),
  rootDeviceName: (i) => ({ RootDeviceName: { Value: i.rootDevice } }),
  sourceDestCheck: (i, state) => ({
    SourceDestCheck: { Value: interfacesOfInstance(state, i.id)[0]?.sourceDestCheck ?? true },
  }),
  sriovNetSupport: () => ({ SriovNetSupport: { Value: 'simple' } }),
  userData: (i) => ({ UserData: i.userData === undefined ? {} : { Value: i.userData } }),
} satisfies Record<string, (i: Instance, state: State) => Output<'DescribeInstanceAttribute'>>

interface Change {
  readonly isGiven: (input: Modify) => boolean
  readonly make: (context: Context, i: Instance, input: Modify) => void
}

type Settable = 'disableApiStop' | 'disableApiTermination'

const flag = (field: Settable, read: (input: Modify) => boolean | undefined): Change => ({
  isGiven: (input) => read(input) !== undefined,
  make(context, i, input) {
    context.state.put('instance', { ...i, [field]: read(input) ?? truth(input.Value) })
  },
})

/** Attribute name → what a change of it does. `Attribute` and `Value` are the older form of the same. */
const changes: Readonly<Record<string, Change>> = {
  disableApiStop: flag('disableApiStop', (input) => input.DisableApiStop?.Value),
  disableApiTermination: flag('disableApiTermination', (input) => input.DisableApiTermination?.Value),
  ebsOptimized: {
    isGiven: (input) => input.EbsOptimized !== undefined,
    make(context, i, { EbsOptimized, Value }) {
      refuseUnlessStopped(i)
      const ebsOptimized = EbsOptimized?.Value ?? truth(Value)
      // unverified: AWS's words.
      if (ebsOptimized && !hasEbsOptimization(typeNamed(i.instanceType)))
        throw new ApiError('Unsupported', `${i.instanceType} does not support EBS optimization.`)
      context.state.put('instance', { ...i, ebsOptimized })
    },
  },
  sourceDestCheck: {
    isGiven: (input) => input.SourceDestCheck !== undefined,
    make(context, i, { SourceDestCheck, Value }) {
      context.state.put('network-interface', {
        ...onlyInterfaceOf(context.state, i.id),
        sourceDestCheck: SourceDestCheck?.Value ?? truth(Value),
      })
    },
  },
  groupSet: {
    isGiven: (input) => input.Groups !== undefined,
    make(context, i, { Groups = [] }) {
      context.state.put('network-interface', withGroups(context, onlyInterfaceOf(context.state, i.id), Groups))
    },
  },
  instanceType: {
    isGiven: (input) => input.InstanceType !== undefined,
    make(context, i, { InstanceType, Value }) {
      refuseUnlessStopped(i)
      // Another type comes with all of its cores on.
      const { cpuOptions: _, ...rest } = i
      context.state.put('instance', { ...rest, instanceType: typeFor(context.state, i, InstanceType?.Value ?? Value) })
    },
  },
  userData: {
    isGiven: (input) => input.UserData !== undefined,
    make(context, i, { UserData, Value }) {
      refuseUnlessStopped(i)
      const { userData: _, ...rest } = i
      const text = UserData?.Value ? Buffer.from(UserData.Value).toString('base64') : Value
      context.state.put('instance', text ? { ...rest, userData: checkedUserData(text) } : rest)
    },
  },
  instanceInitiatedShutdownBehavior: {
    isGiven: (input) => input.InstanceInitiatedShutdownBehavior !== undefined,
    make(context, i, { InstanceInitiatedShutdownBehavior, Value }) {
      context.state.put('instance', {
        ...i,
        shutdownBehavior: checkedBehavior(InstanceInitiatedShutdownBehavior?.Value ?? Value),
      })
    },
  },
  blockDeviceMapping: {
    isGiven: (input) => input.BlockDeviceMappings !== undefined,
    make: changeVolumes,
  },
  kernel: refused('kernel', (input) => input.Kernel),
  ramdisk: refused('ramdisk', (input) => input.Ramdisk),
  enaSupport: alreadySo('enaSupport', (input) => input.EnaSupport?.Value, 'true'),
  sriovNetSupport: alreadySo('sriovNetSupport', (input) => input.SriovNetSupport?.Value, 'simple'),
}

/** Throws InvalidInstanceAttributeValue where the instance can not become one of that type. */
function typeFor(state: State, i: Instance, name = ''): string {
  if (!/^[a-z][a-z0-9-]*\.[a-z0-9-]+$/.test(name))
    throw new ApiError('InvalidInstanceAttributeValue', `Invalid value '${name}' for InstanceType.`)
  const type = typeNamed(name)
  const interfaces = interfacesOfInstance(state, i.id)
  const fits =
    type.family.architectures.includes(i.architecture) &&
    interfaces.length <= type.interfaces &&
    interfaces.every((eni) => eni.privateIpAddresses.length <= type.addressesPerInterface)
  if (fits) return name
  throw new ApiError(
    'InvalidInstanceAttributeValue',
    `Modifying the instance type from ${i.instanceType} to ${name} is not allowed.`,
  )
}

/** What every instance has, and can not be rid of. */
function alreadySo(name: string, read: (input: Modify) => unknown, only: string): Change {
  return {
    isGiven: (input) => read(input) !== undefined,
    make(_, i, input) {
      refuseUnlessStopped(i)
      if (String(read(input) ?? input.Value) !== only)
        throw unsupported(`Changing the attribute ${name} is not supported.`)
    },
  }
}

function refused(name: string, read: (input: Modify) => unknown): Change {
  return {
    isGiven: (input) => read(input) !== undefined,
    make() {
      throw unsupported(`Changing the attribute ${name} is not supported.`)
    },
  }
}

function changeVolumes(context: Context, i: Instance, { BlockDeviceMappings = [] }: Modify): void {
  if (BlockDeviceMappings.length === 0) throw missingParameter('BlockDeviceMapping')
  for (const { DeviceName, Ebs } of BlockDeviceMappings) {
    const v = volumesOf(context.state, i).find((own) => own.device === DeviceName)
    if (!v) throw new ApiError('InvalidInstanceAttributeValue', `No device is currently mapped at ${DeviceName}`)
    context.state.put('volume', { ...v, deleteOnTermination: Ebs?.DeleteOnTermination ?? true })
  }
}

const truth = (text: string | undefined): boolean => {
  if (text === 'true' || text === 'false') return text === 'true'
  throw invalidParameter(text ?? '', 'value', 'Expecting true or false.')
}

/** `stop` unless said otherwise. */
export function checkedBehavior(text: string | undefined): 'stop' | 'terminate' {
  if (text === undefined || text === 'stop' || text === 'terminate') return text ?? 'stop'
  throw invalidParameter(text, 'instanceInitiatedShutdownBehavior')
}

const USER_DATA_LIMIT = 16_384

/** Base64 of at most 16 KiB. */
export function checkedUserData(text: string): string {
  const bare = text.replace(/\s/g, '')
  if (!/^[A-Za-z0-9+/]*={0,2}$/.test(bare) || bare.length % 4 !== 0)
    throw invalidValue('Invalid BASE64 encoding of user data.')
  if (Buffer.from(bare, 'base64').length > USER_DATA_LIMIT) throw invalidValue('User data is limited to 16384 bytes')
  return bare
}
