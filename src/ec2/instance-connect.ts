/** EC2 Instance Connect: a public key for one user of a running instance, good for a minute. */
import type { PublicKeyPush } from '../protocol/instance-connect.ts'
import { ApiError } from './errors.ts'
import { readOpenSsh } from './key-material.ts'
import { isVisible } from './lookup.ts'
import { pushedKey } from './pushed-key.ts'
import { type Context, newResource } from './resource.ts'
import type { Instance, InstanceState } from './instance.ts'

const IN_NO_STATE =
  'Unable to connect because the instance is not in a valid state. Connecting to a stopped or terminated instance is ' +
  'not supported. If the instance is stopped, start your instance, and try to connect again.'
const stateInvalid = new ApiError('EC2InstanceStateInvalidException', IN_NO_STATE)
const unavailable = new ApiError(
  'EC2InstanceUnavailableException',
  'The instance is currently unavailable. Wait a few minutes and try again.',
)
const invalid = (message: string): ApiError => new ApiError('InvalidArgsException', message)

/** State → why no key can be pushed (I2). That a pending instance is "unavailable" is unverified. */
const REFUSED: Readonly<Partial<Record<InstanceState, ApiError>>> = {
  pending: unavailable,
  'shutting-down': stateInvalid,
  terminated: stateInvalid,
  stopping: stateInvalid,
  stopped: stateInvalid,
}

/**
 * Puts the key into the instance's metadata. Whether the instance can be reached is not asked (I2).
 * Errors: InvalidArgsException, EC2InstanceNotFoundException, EC2InstanceStateInvalidException,
 * EC2InstanceUnavailableException.
 */
export function pushKey(context: Context, push: PublicKeyPush): void {
  const publicKey = checkedKey(push.publicKey)
  const { id } = instanceFor(context, push)
  const { id: made, ...base } = newResource(context, pushedKey, 'pushed', {})
  context.state.put('pushed-key', {
    ...base,
    // No form that CreateTags would take for an id.
    id: `${id}/${made}`,
    state: 'pushed',
    instanceId: id,
    user: push.user,
    publicKey,
  })
}

function instanceFor(context: Context, { instanceId, availabilityZone }: PublicKeyPush): Instance {
  const i = context.state.get('instance', instanceId)
  if (!i || !isVisible('instance', i, context))
    throw new ApiError('EC2InstanceNotFoundException', 'The specified instance was not found.')
  // unverified: AWS's words.
  if (availabilityZone !== undefined && availabilityZone !== i.availabilityZone)
    throw invalid(`The instance is not in the Availability Zone ${availabilityZone}.`)
  const refusal = REFUSED[i.state]
  if (refusal) throw refusal
  return i
}

/** The one line that is the key: RSA of 2048 bits or more, or ed25519. The words are unverified. */
function checkedKey(text: string): string {
  const key = readOpenSsh(text)
  if (!key) throw invalid('The SSH public key is not an RSA or ED25519 key in the OpenSSH format.')
  if (key.type === 'rsa' && (key.bits < 2048 || key.bits > 4096))
    throw invalid(`The length of the RSA key (${key.bits} bits) is not supported: it must be 2048 to 4096.`)
  return text.trim()
}
