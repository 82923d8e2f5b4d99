/** The ends of a path as calls name them: by id, or by an ARN, which may be of another account. */
import { ApiError, invalidParameter, unsupported } from './errors.ts'
import { isVisible, kindOfId } from './lookup.ts'
import { END_TYPES, type EndType, type PathEnd } from './network-insights-analyst.ts'
import { arnOf, type Context, type Resource } from './resource.ts'

/** Prefix of an id → what AWS would analyze and Isthmus does not have. */
const NOT_HERE: readonly (readonly [prefix: string, what: string])[] = [
  ['tgw-attach-', 'Transit gateway attachments'],
  ['tgw-', 'Transit gateways'],
  ['vgw-', 'Virtual private gateways'],
  ['vpce-svc-', 'VPC endpoint services'],
  ['vpce-', 'VPC endpoints'],
]

const ARN = /^arn:aws[a-z-]*:ec2:([a-z0-9-]+):(\d{12}):([a-z-]+)\/([a-z]+-[0-9a-z-]+)$/

/** The parts of an ARN of EC2's. */
export interface Arn {
  readonly region: string
  readonly account: string
  readonly type: string
  readonly id: string
}

export function parseArn(text: string): Arn | undefined {
  const [, region, account, type, id] = ARN.exec(text) ?? []
  return region && account && type && id ? { region, account, type, id } : undefined
}

const isEndType = (type: string | undefined): type is EndType => END_TYPES.some((known) => known === type)

/**
 * The resource that `text` names. An id is of the caller's; an ARN may be of any account of this Region. Throws
 * UnsupportedOperation for what Isthmus does not have, `NetworkInsightsSource.NotFound` and its like, and
 * InvalidParameterValue for what no path begins or ends at.
 */
export function pathEnd(context: Context, parameter: 'Source' | 'Destination', text: string): PathEnd {
  const arn = parseArn(text)
  const id = arn?.id ?? text
  const [, missing] = NOT_HERE.find(([prefix]) => id.startsWith(prefix)) ?? []
  if (missing) throw unsupported(`${missing} in network insights paths are not supported yet.`)
  const type = kindOfId(id)
  if (!isEndType(type) || (arn && arn.type !== type)) throw invalidParameter(text, parameter)
  if (arn && arn.region !== context.caller.region)
    throw invalidParameter(text, parameter, 'The source and the destination must be in this Region.')
  const record: Resource | undefined = context.state.get(type, id)
  if (!record || !isNamed(context, type, record, arn)) throw notThere(parameter, id)
  return { type, id, arn: arnOf(record, type) }
}

function isNamed(context: Context, type: EndType, record: Resource, arn: Arn | undefined): boolean {
  if (!arn) return isVisible(type, record as never, context)
  return record.region === arn.region && record.account === arn.account
}

const notThere = (parameter: 'Source' | 'Destination', id: string): ApiError =>
  new ApiError(`NetworkInsights${parameter}.NotFound`, `The ${parameter.toLowerCase()} '${id}' does not exist`)
