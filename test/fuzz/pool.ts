/** What answers have shown, for later calls to name: ids by prefix, some other things by element. */
import type { Call, Pick, Shown, Value } from './call.ts'

/** An id, or one of the elements that other calls ask for. */
const shown =
  /\b([a-z]+(?:-[a-z]+)*)-(?:0[0-9a-f]{16}|[0-9a-f]{8})\b|<(nextToken|publicIp|privateIpAddress|keyName|groupName|cidrBlock|ipv6CidrBlock|ipv6Address)>([^<]*)</g
/** A long answer shows nothing new further down. */
const LOOKED_AT = 20_000
const unknownId = (of: string): string => `${of}-0123456789abcdef0`

/** The first /64 of a /56, which is all that a subnet can have. */
const subnetOf = (block: string): [string, string][] =>
  block.endsWith('::/56') ? [['ipv6Subnet', block.replace('/56', '/64')]] : []

/** What is shown, and of which kind, in the order of the answer. */
const thingsIn = (answer: string): readonly (readonly [kind: string, said: string])[] =>
  [...answer.matchAll(shown)].flatMap(([id, prefix, element, text = '']) =>
    prefix === undefined ? [[element ?? '', text] as const, ...subnetOf(text)] : [[prefix, id] as const],
  )

export interface Pool {
  /** Notes what the answer to a call of that number shows. */
  learn(call: number, caller: number, answer: string): void
  /** The value as that caller sends it. */
  resolve(value: Value, caller: number): string
  /** The call with what it names said by the answer that showed it first. */
  pinned(call: Call): Call
}

export function pool(): Pool {
  const byKind = new Map<string, string[]>()
  const first = new Map<string, { readonly call: number; readonly nth: number }>()
  /** What the answer to a call showed first of all. */
  const byCall = new Map<number, string[]>()

  /** Mostly of what the caller has seen itself. */
  const picked = ({ of, pick }: Pick, caller: number): string | undefined => {
    const own = byKind.get(`${caller} ${of}`)
    const all = own && pick % 10 !== 9 ? own : byKind.get(of)
    return all?.at(-1 - Math.floor((pick / 1000) ** 2 * all.length))
  }
  const pin = (value: Value, caller: number): Value => {
    if (typeof value === 'string' || 'call' in value) return value
    const text = picked(value, caller)
    const at = text === undefined ? undefined : first.get(`${value.of} ${text}`)
    return at ? { of: value.of, ...at } : unknownId(value.of)
  }

  return {
    learn(call, caller, answer) {
      const here = thingsIn(answer.slice(0, LOOKED_AT))
      for (const [nth, [kind, said]] of here.entries()) {
        if (first.has(`${kind} ${said}`)) continue
        first.set(`${kind} ${said}`, { call, nth })
        for (const key of [kind, `${caller} ${kind}`]) byKind.set(key, [...(byKind.get(key) ?? []), said])
      }
      byCall.set(
        call,
        here.map(([, said]) => said),
      )
    },
    resolve(value, caller) {
      if (typeof value === 'string') return value
      if ('call' in value) return shownBy(byCall, value)
      return picked(value, caller) ?? unknownId(value.of)
    },
    pinned: (call) => ({
      ...call,
      parameters: call.parameters.map(([name, value]) => [name, pin(value, call.caller)]),
    }),
  }
}

const shownBy = (byCall: ReadonlyMap<number, readonly string[]>, { of, call, nth }: Shown): string =>
  byCall.get(call)?.[nth] ?? unknownId(of)
