/** How many packets the rules of a resource have let pass and dropped, read from the kernel's own counters. */
import { type Origin, originKey, parseOrigin } from '../../network/origin.ts'
import { type Counter, counting } from '../counting.ts'
import { runIn } from './command.ts'
import type { Desired } from './desired.ts'
import { TABLE } from './nft.ts'

export type CounterReader = (want: Desired, resource: string) => Promise<Counter[]>

/** What the rules of one chain with the same name and verdict have counted. */
interface Sum {
  readonly packets: number
  readonly bytes: number
}

/** A sum as the kernel has it, and what it had before its chain was last written again. */
interface Known {
  readonly last: Sum
  readonly earlier: Sum
}

const NOTHING: Sum = { packets: 0, bytes: 0 }
const CHAIN = /^\tchain (\S+) \{/
const COUNTED = /counter packets (\d+) bytes (\d+) (drop|accept|goto \S+) comment "([^"]*)"/

/** The kernel counts anew in a chain that is written again: what was read of it before is added. */
export function counterReader(): CounterReader {
  const known = new Map<string, Known>()
  const total = (key: string, now: Sum): Sum => {
    const { last, earlier } = known.get(key) ?? { last: NOTHING, earlier: NOTHING }
    const before = now.packets < last.packets ? plus(earlier, last) : earlier
    known.set(key, { last: now, earlier: before })
    return plus(before, now)
  }
  return async ({ namespaces, comments }, resource) => {
    const mentions = mentionsOf(resource, comments)
    const routers = [...namespaces].filter(([, { nft }]) => nft && [...nft.chains.values()].some(mentions))
    const counters = counting()
    for (const [namespace] of routers) {
      // One that has just been removed counts nothing more.
      const text = await runIn(namespace, 'nft', ['-t', 'list', 'table', ...TABLE.split(' ')]).catch(() => '')
      for (const { key, outcome, origin, ...sum } of sumsIn(text, comments))
        counters.add(origin, outcome, total(`${namespace} ${key}`, sum))
    }
    return counters.of(resource)
  }
}

const plus = (a: Sum, b: Sum): Sum => ({ packets: a.packets + b.packets, bytes: a.bytes + b.bytes })

interface Read extends Sum {
  readonly key: string
  readonly outcome: 'pass' | 'stop'
  readonly origin: Origin
}

/** What is counted in a table, as nft lists it. */
function sumsIn(text: string, comments: Desired['comments']): Iterable<Read> {
  const sums = new Map<string, Read>()
  let chain = ''
  for (const line of text.split('\n')) {
    chain = CHAIN.exec(line)?.[1] ?? chain
    const [, packets, bytes, verdict = '', comment = ''] = COUNTED.exec(line) ?? []
    if (packets === undefined) continue
    const origin = parseOrigin(comments.get(comment) ?? comment)
    const outcome = verdict === 'drop' ? 'stop' : 'pass'
    const key = `${chain} ${outcome} ${originKey(origin)}`
    const sum = plus(sums.get(key) ?? NOTHING, { packets: Number(packets), bytes: Number(bytes) })
    sums.set(key, { key, outcome, origin, ...sum })
  }
  return sums.values()
}

/** Whether a rule of a chain is the resource's, or its and others' together. */
function mentionsOf(resource: string, comments: Desired['comments']) {
  const shortened = [...comments].filter(([, text]) => text.includes(resource)).map(([key]) => `"${key}"`)
  const isMeant = (rule: string) => rule.includes(resource) || shortened.some((key) => rule.includes(key))
  return ({ rules }: { readonly rules: readonly string[] }) => rules.some(isMeant)
}
