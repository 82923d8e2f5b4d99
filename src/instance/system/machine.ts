/** What the records say about an instance's own system: its names, its image, who may log in to it. */
import { hostNameOf, privateDomain } from '../../ec2/dns-name.ts'
import { imageNamed } from '../../ec2/image.ts'
import type { Instance } from '../../ec2/instance.ts'
import { typeNamed } from '../../ec2/instance-type.ts'
import { interfacesOfInstance, primaryAddress } from '../../ec2/network-interface.ts'
import type { State } from '../../ec2/state.ts'
import { primaryBlock } from '../../ec2/vpc.ts'
import type { Ip } from '../../ip/address.ts'
import { addressAt } from '../../ip/prefix.ts'

export interface Machine {
  readonly instanceId: string
  /** Without its domain: `ip-10-1-7-162`, or the instance's id. */
  readonly hostname: string
  /** The domain of the Region's private names. */
  readonly domain: string
  /** P6: the address base+2 of the VPC, whether names are served there or not. */
  readonly nameserver: Ip
  /** The name of the image in whose place this system runs. */
  readonly image: string
  readonly login: Login
  /** The key pair's half for `authorized_keys`. */
  readonly publicKey?: string
  /** Bytes. */
  readonly memory: number
}

/** The account that an image's users log in to. */
export interface Login {
  readonly name: string
  readonly comment: string
  readonly groups: readonly string[]
  /** How the shell prompts, as bash has it. */
  readonly prompt: string
}

const EC2_USER: Login = {
  name: 'ec2-user',
  comment: 'EC2 Default User',
  groups: ['adm', 'wheel', 'systemd-journal'],
  prompt: '[\\u@\\h \\W]\\$ ',
}

/** Owner of the image → the account that its instances have; of all others it is ec2-user. */
const LOGINS: Readonly<Record<string, Login>> = {
  '099720109477': { ...EC2_USER, name: 'ubuntu', comment: 'Ubuntu', prompt: '\\u@\\h:\\w\\$ ' },
  '125523088429': { ...EC2_USER, name: 'fedora', comment: 'Fedora' },
}

const MIB = 1024 * 1024

/** Throws where the instance's VPC or its interface is not there: it can not run then. */
export function machineOf(state: State, instance: Instance): Machine {
  const vpc = state.get('vpc', instance.vpcId)
  const [primary] = interfacesOfInstance(state, instance.id)
  if (!vpc || !primary) throw new Error(`${instance.id} has no network`)
  const image = imageNamed(instance.region, instance.imageId)
  return {
    instanceId: instance.id,
    hostname: hostNameOf(instance, primaryAddress(primary)).replace(/\..*/, ''),
    domain: privateDomain(instance.region),
    nameserver: addressAt(primaryBlock(vpc), 2),
    image: image.name,
    login: LOGINS[image.owner] ?? EC2_USER,
    memory: typeNamed(instance.instanceType).memory * MIB,
    ...(instance.publicKey !== undefined && { publicKey: instance.publicKey }),
  }
}
