/** An error as AWS's XML: EC2 has an envelope of its own, the other Query services (STS) share one. */
import type { ApiError } from '../ec2/errors.ts'
import { escapeXml } from './encode.ts'

const head = '<?xml version="1.0" encoding="UTF-8"?>\n'
const codeAndMessage = ({ code, message }: ApiError) =>
  `<Code>${escapeXml(code)}</Code><Message>${escapeXml(message)}</Message>`

/** As EC2 writes it. */
export function ec2ErrorXml(error: ApiError, requestId: string): string {
  const errors = `<Errors><Error>${codeAndMessage(error)}</Error></Errors>`
  return `${head}<Response>${errors}<RequestID>${requestId}</RequestID></Response>`
}

/** As STS and most other Query services write it; `namespace` is the service's XML namespace, where it has one. */
export function queryErrorXml(error: ApiError, requestId: string, namespace?: string): string {
  const type = error.status < 500 ? 'Sender' : 'Receiver'
  const content = `<Error><Type>${type}</Type>${codeAndMessage(error)}</Error><RequestId>${requestId}</RequestId>`
  return `${head}<ErrorResponse${namespace ? ` xmlns="${namespace}"` : ''}>${content}</ErrorResponse>`
}
