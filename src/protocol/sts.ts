/** STS, as far as clients ask it who they are. */
import { ApiError, unsupported } from '../ec2/errors.ts'
import type { Caller } from '../ec2/resource.ts'
import { queryErrorXml } from './error-xml.ts'
import { queryParameters, queryRefusals, type Service } from './service.ts'

const version = '2011-06-15'
const namespace = `https://sts.amazonaws.com/doc/${version}/`

/** Every caller is its account's root: there is no IAM here. */
const identity = ({ account }: Caller): string =>
  `<Arn>arn:aws:iam::${account}:root</Arn><UserId>${account}</UserId><Account>${account}</Account>`

/** Action → what stands within `<ActionResult>`. */
const actions: Readonly<Record<string, (caller: Caller) => string>> = { GetCallerIdentity: identity }

const notCarriedOut = new Set([
  'AssumeRole',
  'AssumeRoleWithSAML',
  'AssumeRoleWithWebIdentity',
  'AssumeRoot',
  'DecodeAuthorizationMessage',
  'GetAccessKeyInfo',
  'GetFederationToken',
  'GetSessionToken',
])

export const stsService: Service = {
  contentType: 'text/xml',
  refusals: queryRefusals,
  answer(request, caller) {
    const action = queryParameters(request).get('Action') ?? ''
    const result = Object.hasOwn(actions, action) ? actions[action]?.(caller) : undefined
    if (result === undefined) throw refused(action)
    return (
      `<${action}Response xmlns="${namespace}"><${action}Result>${result}</${action}Result>` +
      `<ResponseMetadata><RequestId>${caller.requestId}</RequestId></ResponseMetadata></${action}Response>`
    )
  },
  failure: (error, requestId) => queryErrorXml(error, requestId, namespace),
}

const refused = (action: string): ApiError =>
  notCarriedOut.has(action)
    ? unsupported(`The action ${action} is part of the STS API, but Isthmus does not carry it out.`)
    : new ApiError('InvalidAction', `Could not find operation ${action} for version ${version}`)
