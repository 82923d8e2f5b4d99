/** Attaching network interfaces to instances and taking them off again. */
import { ApiError, invalidCombination, invalidValue, unsupported } from './errors.ts'
import type { Instance } from './instance.ts'
import { typeNamed } from './instance-type.ts'
import { find, visible } from './lookup.ts'
import {
  type Attachment,
  interfacesOfInstance,
  isInUse,
  type NetworkInterface,
  ownInterface,
} from './network-interface.ts'
import { type Context, type Handlers, inState } from './resource.ts'

export const attachmentActions: Handlers = {
  AttachNetworkInterface(input, context) {
    if (input.NetworkCardIndex) throw unsupported('Network cards other than 0 are not supported yet.')
    const eni = ownInterface(context, input.NetworkInterfaceId)
    const instance = find(context, 'instance', input.InstanceId)
    refuseState(instance)
    refuseInUse(eni)
    if (eni.availabilityZone !== instance.availabilityZone) {
      throw invalidCombination(
        'You may not attach a network interface to an instance if they are not in the same availability zone',
      )
    }
    checkRoom(context, instance, input.DeviceIndex, eni)
    const { attachment } = attach(context, eni, instance.id, input.DeviceIndex, false)
    return { AttachmentId: attachment?.attachmentId, NetworkCardIndex: 0 }
  },
  DetachNetworkInterface(input, context) {
    const eni = attachedInterface(context, input.AttachmentId)
    if (eni.attachment?.deviceIndex === 0) {
      throw new ApiError('OperationNotPermitted', 'The network interface at device index 0 cannot be detached.')
    }
    detach(context, eni)
    return {}
  },
}

/** The interface, from now on part of the instance. */
export function attach(
  context: Context,
  eni: NetworkInterface,
  instanceId: string,
  deviceIndex: number,
  deleteOnTermination: boolean,
): NetworkInterface {
  const { formerAttachment: _, ...rest } = eni
  const attachment: Attachment = {
    attachmentId: context.newId('eni-attach'),
    instanceId,
    deviceIndex,
    deleteOnTermination,
    attachTime: context.now,
  }
  return context.state.put('network-interface', { ...inState(rest, 'in-use', context.now), attachment })
}

/** The interface without an instance; its last attachment stays in sight for some seconds. */
export function detach(context: Context, eni: NetworkInterface): NetworkInterface {
  const { attachment, publicIp: _, ...rest } = eni
  return context.state.put('network-interface', {
    ...inState(rest, 'detaching', context.now),
    ...(attachment && { formerAttachment: attachment }),
  })
}

/** Throws InvalidNetworkInterface.InUse. */
export function refuseInUse(eni: NetworkInterface): void {
  if (isInUse(eni)) throw new ApiError('InvalidNetworkInterface.InUse', `Interface: [${eni.id}] in use.`)
}

function refuseState(instance: Instance): void {
  if (instance.state === 'running' || instance.state === 'stopped') return
  throw new ApiError('IncorrectInstanceState', `Instance '${instance.id}' is not in a valid state for this operation.`)
}

function checkRoom(context: Context, { id, instanceType }: Instance, deviceIndex: number, eni: NetworkInterface): void {
  const present = interfacesOfInstance(context.state, id)
  const type = typeNamed(instanceType)
  if (present.some((other) => other.attachment?.deviceIndex === deviceIndex)) {
    throw invalidValue(`Instance '${id}' already has an interface attached at device index '${deviceIndex}'.`)
  }
  if (present.length >= type.interfaces) {
    throw new ApiError(
      'AttachmentLimitExceeded',
      `Interface count ${present.length + 1} exceeds the limit for ${instanceType}`,
    )
  }
  checkAddressLimit(instanceType, eni.privateIpAddresses.length)
}

/** Throws PrivateIpAddressLimitExceeded where an interface of this instance type can not have as many. */
export function checkAddressLimit(instanceType: string, count: number): void {
  if (count <= typeNamed(instanceType).addressesPerInterface) return
  throw new ApiError('PrivateIpAddressLimitExceeded', 'Number of private addresses will exceed limit.')
}

/** By attachment id; one that ended a moment ago is as unknown as one that never was. */
function attachedInterface(context: Context, attachmentId: string): NetworkInterface {
  for (const eni of visible(context, 'network-interface')) if (eni.attachment?.attachmentId === attachmentId) return eni
  throw new ApiError('InvalidAttachmentID.NotFound', `The attachment ID '${attachmentId}' does not exist`)
}
