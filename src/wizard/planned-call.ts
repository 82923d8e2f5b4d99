/**
 * EC2 calls as a list that can be read, shown and carried out: what the console does behind one button.
 *
 * Invariants of this folder: plans are data, made without a server; only the public API is used to carry them out.
 */
import type { Ec2 } from '../client/ec2-client.ts'
import type { Action, Input } from '../protocol/types.ts'

/** One call. Where an id is not known yet, its input holds the `reference` to the call that makes it. */
export interface PlannedCall {
  /** What it is for, as the console says it. */
  readonly step: string
  readonly action: Action
  readonly input: object
  /** The name under which later calls refer to what this one makes, and where its answer has the id. */
  readonly makes?: { readonly name: string; readonly id: readonly string[] }
}

/** A call of the plan; the input is checked against the action. */
export const planned = <A extends Action>(
  step: string,
  action: A,
  input: Input<A>,
  makes?: PlannedCall['makes'],
): PlannedCall => ({ step, action, input, ...(makes && { makes }) })

/** Stands for the id of what an earlier call makes. */
export const reference = (name: string): string => `<${name}>`

/** Name → id of what a plan has made. */
export type Made = ReadonlyMap<string, string>

/** Carries the calls out in order; `before` is told each. Errors: Ec2CallError; what was made until then stays. */
export async function carryOut(
  client: Ec2,
  calls: readonly PlannedCall[],
  before: (call: PlannedCall) => void = () => {},
): Promise<Made> {
  const made = new Map<string, string>()
  for (const call of calls) {
    before(call)
    const answer = await client.call(call.action, resolved(call.input, made) as never)
    if (call.makes) made.set(call.makes.name, idAt(answer, call.makes.id))
  }
  return made
}

/** The value with every reference replaced by the id it stands for. */
function resolved(value: unknown, made: Made): unknown {
  if (Array.isArray(value)) return value.map((item) => resolved(item, made))
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, resolved(item, made)]))
  }
  const name = typeof value === 'string' ? /^<(.+)>$/.exec(value)?.[1] : undefined
  return name === undefined ? value : (made.get(name) ?? value)
}

function idAt(answer: unknown, path: readonly string[]): string {
  const found = path.reduce((at: unknown, key) => (at as Record<string, unknown> | undefined)?.[key], answer)
  if (typeof found !== 'string') throw new Error(`the answer has no ${path.join('.')}`)
  return found
}
