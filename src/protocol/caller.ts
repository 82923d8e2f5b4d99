/** Who calls, and in which Region: what the signature says, once it is believed. */
import type { ApiError } from '../ec2/errors.ts'
import type { Caller } from '../ec2/resource.ts'
import type { Credentials } from './credentials.ts'
import type { Service, WireRequest } from './service.ts'
import { refusalOf, type Signature } from './signature.ts'

const defaultRegion = 'us-east-1'
const defaultAccount = '123456789012'

/** The moment and the credentials a signature is checked against; without credentials any are taken. */
export interface Authentication {
  readonly credentials: Credentials | undefined
  /** Milliseconds since the epoch, of the wall: clients sign with theirs. */
  now(): number
}

/** Why the request is refused, as its service would say it; undefined where it is not. */
export function refusedBy(service: Service, request: WireRequest, by: Authentication): ApiError | undefined {
  const { credentials, now } = by
  const refusal = credentials && refusalOf(request, credentials, now())
  return refusal && service.refusals[refusal]
}

/** The account is the credential's, else a 12-digit access key id itself, else the usual example's. */
export function callerOf(
  signed: Signature | undefined,
  credentials: Credentials | undefined,
  requestId: string,
): Caller {
  const accessKeyId = signed?.accessKeyId ?? ''
  const named = /^\d{12}$/.test(accessKeyId) ? accessKeyId : defaultAccount
  const account = credentials?.get(accessKeyId)?.account ?? named
  return { account, region: signed?.region ?? defaultRegion, requestId }
}
