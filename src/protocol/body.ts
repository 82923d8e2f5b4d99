/** Reads the body of a request, and no more of it than there may be. */
import type { IncomingMessage } from 'node:http'
import { ApiError } from '../ec2/errors.ts'

/** Bytes that a request's body may have. */
const LIMIT = 1024 * 1024
/** Bytes of all bodies that have begun and not ended: many slow clients hold little more memory than this. */
const SHARED_LIMIT = 64 * LIMIT
/** Bytes of a body that is read however much the others hold: nearly every call is shorter. */
const SHORT = 64 * 1024

const tooLong = () => new ApiError('RequestEntityTooLarge', `A request may have ${LIMIT} bytes.`, 413)
const tooMany = () => new ApiError('RequestLimitExceeded', 'Request limit exceeded.', 503)
const encoded = () => new ApiError('UnsupportedMediaType', 'A body is read as it is, without Content-Encoding.', 415)

/** Why a body is refused that has yet to come; undefined where it is not. */
export function refusedBody({ headers }: IncomingMessage): ApiError | undefined {
  if (Number(headers['content-length'] ?? 0) > LIMIT) return tooLong()
  const encoding = headers['content-encoding'] ?? 'identity'
  return encoding.toLowerCase() === 'identity' ? undefined : encoded()
}

/** Reads the bodies of one server's requests. */
export type ReadBody = (message: IncomingMessage) => Promise<Buffer>

/**
 * What reads the bodies of one server. Errors: RequestEntityTooLarge (413), IncompleteBody, RequestLimitExceeded (503)
 * where other bodies hold too much already; what comes after that is let go by unread.
 */
export function bodyReader(): ReadBody {
  let held = 0
  return (message) =>
    new Promise((resolve, reject) => {
      const chunks: Buffer[] = []
      let length = 0
      const end = (): void => {
        held -= length
        length = 0
        message.off('data', take).off('end', whole).off('close', cut)
      }
      const refuse = (error: ApiError): void => {
        end()
        reject(error)
      }
      const take = (chunk: Buffer): void => {
        length += chunk.length
        held += chunk.length
        chunks.push(chunk)
        if (length > LIMIT) refuse(tooLong())
        else if (held > SHARED_LIMIT && length > SHORT) refuse(tooMany())
      }
      const whole = (): void => {
        end()
        resolve(Buffer.concat(chunks))
      }
      const cut = (): void => refuse(new ApiError('IncompleteBody', 'The request ended before its body was complete.'))
      message.on('data', take).on('end', whole).on('close', cut)
    })
}
