/** Whom the metadata is about: the instance that asks, known by the address it asks from. */
import type { Instance } from '../../ec2/instance.ts'
import { interfacesOfInstance, isLive, type NetworkInterface } from '../../ec2/network-interface.ts'
import type { State } from '../../ec2/state.ts'
import type { Vpc } from '../../ec2/vpc.ts'
import type { Ip } from '../../ip/address.ts'

/** What the tree is made of. */
export interface Subject {
  readonly state: State
  readonly instance: Instance
  readonly vpc: Vpc
  readonly primary: NetworkInterface
  /** All of them, the primary one first. */
  readonly interfaces: readonly NetworkInterface[]
}

/** The pending or running instance that has `from` among the addresses of its interfaces in VPC `router`. */
export function subjectAt(state: State, router: string, from: Ip): Subject | undefined {
  for (const eni of state.all('network-interface')) {
    if (eni.vpcId !== router || !eni.privateIpAddresses.includes(from) || !isLive(state, eni)) continue
    return eni.attachment && subjectOf(state, eni.attachment.instanceId)
  }
  return undefined
}

function subjectOf(state: State, instanceId: string): Subject | undefined {
  const instance = state.get('instance', instanceId)
  const vpc = instance && state.get('vpc', instance.vpcId)
  const interfaces = interfacesOfInstance(state, instanceId)
  const [primary] = interfaces
  return instance && vpc && primary ? { state, instance, vpc, primary, interfaces } : undefined
}
