/** Attaching network interfaces to instances and taking them off again. */
import { ApiError, invalidCombination, invalidParameter, invalidValue, unsupported } from './errors.ts'
import type { Instance } from './instance.ts'
import { typeNamed } from './instance-type.ts'
import { find, isVisible } from './lookup.ts'
import { type Attachment, interfacesOfInstance, isInUse, type NetworkInterface } from './network-interface.ts'
import { permittedInterface } from './network-interface-permission.ts'
import { type Context, type Handlers, inState } from './resource.ts'

export const attachmentActions: Handlers = {
  AttachNetworkInterface(input, context) {
    if (input.NetworkCardIndex) throw unsupported('Network cards other than 0 are not supported yet.')
    if (input.EnaSrdSpecification?.EnaSrdEnabled) throw unsupported('ENA Express is not supported.')
    if (input.EnaQueueCount !== undefined) throw unsupported('ENA queues are not supported.')
    // unverified: AWS's words.
    if (input.DeviceIndex < 0) throw invalidParameter(input.DeviceIndex, 'deviceIndex')
    const eni = permittedInterface(context, input.NetworkInterfaceId, 'INSTANCE-ATTACH')
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
      throw new ApiError(
        'OperationNotPermitted',
        'The network interface at device index 0 and networkCard index 0 cannot be detached.',
      )
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
  const owner = context.state.get('instance', instanceId)?.account
  const attachment: Attachment = {
    attachmentId: context.newId('eni-attach'),
    instanceId,
    ...(owner && owner !== eni.account && { instanceOwner: owner }),
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
  if (attachmentId.startsWith('ela-attach-'))
    throw new ApiError('OperationNotPermitted', "You are not allowed to manage 'ela-attach' attachments.")
  if (!/^eni-attach-([0-9a-f]{8}|[0-9a-f]{17})$/.test(attachmentId))
    throw new ApiError(
      'InvalidNetworkInterfaceAttachmentId.Malformed',
      `Invalid id: "${attachmentId}" (expecting "eni-attach-...")`,
    )
  const [eni] = context.state.where('network-interface', 'attachment.attachmentId', attachmentId)
  if (eni && isVisible('network-interface', eni, context)) return eni
  throw noAttachment(attachmentId)
}

export const noAttachment = (id: string): ApiError =>
  new ApiError('InvalidAttachmentID.NotFound', `The attachment ID '${id}' does not exist`)
