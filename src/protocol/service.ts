/** What one AWS service is to the HTTP server: how it answers, how it fails, and its words for a bad signature. */
import type { IncomingHttpHeaders } from 'node:http'
import { ApiError } from '../ec2/errors.ts'
import type { Caller } from '../ec2/resource.ts'

/** A request that has arrived whole. */
export interface WireRequest {
  readonly method: string
  /** As sent, without the question mark. */
  readonly query: string
  readonly headers: IncomingHttpHeaders
  readonly body: Buffer
}

/** Why a signature is refused: see signature.ts. */
export type Refusal = 'missing' | 'incomplete' | 'unknown key' | 'mismatch' | 'expired'

export interface Service {
  readonly contentType: string
  readonly refusals: Readonly<Record<Refusal, ApiError>>
  /** The body of the answer. Errors: ApiError; anything else is a defect, answered as InternalError. */
  answer(request: WireRequest, caller: Caller): Promise<string> | string
  failure(error: ApiError, requestId: string): string
}

/** The parameters of a Query request: the form in a POST, the query string in a GET. */
export const queryParameters = ({ method, query, body }: WireRequest): URLSearchParams =>
  new URLSearchParams(method === 'POST' ? body.toString('utf8') : query)

const invalidToken = 'The security token included in the request is invalid.'
const wrongSignature =
  'The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key ' +
  'and signing method. Consult the service documentation for details.'
const missingToken = 'Request is missing Authentication Token'
const incomplete =
  'The Authorization header is incomplete: it needs Credential, SignedHeaders (with host), Signature and a date.'
const notValidated = new ApiError('AuthFailure', 'AWS was not able to validate the provided access credentials', 401)

/** EC2 says the same for an unknown key and a wrong signature. */
export const ec2Refusals: Readonly<Record<Refusal, ApiError>> = {
  missing: new ApiError('MissingParameter', 'The request must contain the parameter AWSAccessKeyId'),
  incomplete: new ApiError('IncompleteSignature', incomplete),
  'unknown key': notValidated,
  mismatch: notValidated,
  expired: new ApiError('RequestExpired', 'Request has expired.'),
}

/** The other services of the Query protocol (STS). */
export const queryRefusals: Readonly<Record<Refusal, ApiError>> = {
  missing: new ApiError('MissingAuthenticationToken', missingToken, 403),
  incomplete: new ApiError('IncompleteSignature', incomplete),
  'unknown key': new ApiError('InvalidClientTokenId', invalidToken, 403),
  mismatch: new ApiError('SignatureDoesNotMatch', wrongSignature, 403),
  expired: new ApiError('SignatureDoesNotMatch', 'Signature expired: the request is too old or from the future.', 403),
}

/** The services of the JSON protocol (SSM). */
export const jsonRefusals: Readonly<Record<Refusal, ApiError>> = {
  missing: new ApiError('MissingAuthenticationTokenException', missingToken),
  incomplete: new ApiError('IncompleteSignatureException', incomplete),
  'unknown key': new ApiError('UnrecognizedClientException', invalidToken),
  mismatch: new ApiError('InvalidSignatureException', wrongSignature),
  expired: new ApiError('InvalidSignatureException', 'Signature expired: the request is too old or from the future.'),
}
