/** A call of the EC2 API as a part of a fix: what is asked, by whom, and what its answer is named in later calls. */
import type { Action } from '../../protocol/types.ts'

/** In whose name a call is made, and where. */
export interface Principal {
  readonly account: string
  readonly region: string
}

/** A value in `input` that begins with `$` is the name of what an earlier call answers. */
export interface Call {
  readonly action: Action
  readonly input: Readonly<Record<string, unknown>>
  readonly caller: Principal
  /** Present where the call makes something that later calls may name. */
  readonly answers?: Answers
  /** Why it is this call: one line, for a person. */
  readonly comment?: string
}

export interface Answers {
  /** Such as `$AllocationId`. */
  readonly name: string
  /** Where it is in the answer, as JMESPath has it: members joined by dots, an item of a list by its number. */
  readonly path: string
}

/** What a call makes or tells that others may name, and where the answer has it. */
export const MADE: { readonly [A in Action]?: Answers } = {
  AllocateAddress: { name: '$AllocationId', path: 'AllocationId' },
  DescribeAddresses: { name: '$PublicIp', path: 'Addresses[0].PublicIp' },
  CreateInternetGateway: { name: '$InternetGatewayId', path: 'InternetGateway.InternetGatewayId' },
  CreateVpcPeeringConnection: {
    name: '$VpcPeeringConnectionId',
    path: 'VpcPeeringConnection.VpcPeeringConnectionId',
  },
}

/** The value at a path of an answer. Throws where there is none. */
export function answerAt(answer: unknown, path: string): string {
  const members = path.split(/[.[\]]+/)
  const found = members.reduce((at, member) => (at as Record<string, unknown> | undefined)?.[member], answer)
  if (typeof found !== 'string') throw new Error(`an answer without ${path}`)
  return found
}

/** An input with every text that `names` knows in place of another: names for ids, or ids for names. */
export function renamed(input: unknown, names: ReadonlyMap<string, string>): unknown {
  if (typeof input === 'string') return renamedText(input, names)
  if (Array.isArray(input)) return input.map((item) => renamed(item, names))
  if (typeof input !== 'object' || input === null) return input
  return Object.fromEntries(Object.entries(input).map(([key, value]) => [key, renamed(value, names)]))
}

/** An address may stand in a prefix. */
function renamedText(text: string, names: ReadonlyMap<string, string>): string {
  const [, name = '', length = ''] = /^(.*?)(\/\d+)?$/s.exec(text) ?? []
  return `${names.get(name) ?? name}${length}`
}

/** Makes the calls one after the other, each with what those before have answered in place of its name. */
export async function makeCalls(calls: readonly Call[], make: (call: Call) => unknown): Promise<void> {
  const ids = new Map<string, string>()
  for (const call of calls) {
    const answer = await make({ ...call, input: renamed(call.input, ids) as Call['input'] })
    if (call.answers) ids.set(call.answers.name, answerAt(answer, call.answers.path))
  }
}
