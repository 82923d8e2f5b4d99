/** EC2 Instance Connect on the wire: what AWS's model of the service says of its parameters, checked once. */
import { ApiError } from '../ec2/errors.ts'
import type { Caller } from '../ec2/resource.ts'
import { type JsonInput, jsonService } from './json-service.ts'
import type { Service } from './service.ts'

/** What SendSSHPublicKey asks for; the key is still only a text. */
export interface PublicKeyPush {
  readonly instanceId: string
  readonly user: string
  readonly publicKey: string
  readonly availabilityZone?: string
}

/** Lets the key in for 60 s (I1). Errors: ApiError with the service's own codes (I2). */
export type PushPublicKey = (push: PublicKeyPush, caller: Caller) => void

interface Constraint {
  readonly min: number
  readonly max: number
  readonly pattern?: RegExp
}

/** Parameter → what the model asks of it (version 2018-04-02). */
const CONSTRAINTS = {
  InstanceId: { min: 10, max: 32, pattern: /^i-[a-f0-9]+$/ },
  InstanceOSUser: {
    min: 1,
    max: 32,
    // The model's two patterns as one: a name that begins with digits has more than digits.
    pattern: /^(?=.{1,32}$)([A-Za-z_]|[0-9]+[A-Za-z@._-])[A-Za-z0-9@._-]*[A-Za-z0-9$_-]?$/,
  },
  SSHPublicKey: { min: 80, max: 4096 },
  AvailabilityZone: { min: 6, max: 32, pattern: /^(\w+-){2,3}\d+\w+$/ },
} as const satisfies Readonly<Record<string, Constraint>>

const SERIAL_CONSOLE =
  'Your account is not authorized to use the EC2 Serial Console: Isthmus does not carry out the ' +
  'EnableSerialConsoleAccess API. `isthmus console` opens the serial console of an instance.'

export const instanceConnectService = (push: PushPublicKey): Service =>
  jsonService({
    SendSSHPublicKey(input, caller) {
      const availabilityZone = optional(input, 'AvailabilityZone')
      push(
        {
          instanceId: required(input, 'InstanceId'),
          user: required(input, 'InstanceOSUser'),
          publicKey: required(input, 'SSHPublicKey'),
          ...(availabilityZone !== undefined && { availabilityZone }),
        },
        caller,
      )
      return { RequestId: caller.requestId, Success: true }
    },
    SendSerialConsoleSSHPublicKey(input) {
      required(input, 'InstanceId')
      required(input, 'SSHPublicKey')
      throw new ApiError('SerialConsoleAccessDisabledException', SERIAL_CONSOLE)
    },
  })

type Parameter = keyof typeof CONSTRAINTS

function required(input: JsonInput, name: Parameter): string {
  const value = optional(input, name)
  if (value === undefined) throw invalid(`The parameter ${name} is required.`)
  return value
}

/** Throws InvalidArgsException with what is wrong (the words are unverified). */
function optional(input: JsonInput, name: Parameter): string | undefined {
  const value = input[name]
  if (value === undefined || value === null) return undefined
  if (typeof value !== 'string') throw invalid(`The parameter ${name} must be a string.`)
  const { min, max, pattern }: Constraint = CONSTRAINTS[name]
  if (value.length < min || value.length > max)
    throw invalid(`The parameter ${name} must have from ${min} to ${max} characters.`)
  if (pattern && !pattern.test(value)) throw invalid(`The parameter ${name} must match the pattern ${pattern.source}`)
  return value
}

const invalid = (message: string): ApiError => new ApiError('InvalidArgsException', message)
