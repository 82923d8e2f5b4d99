/** How many packets the rules of a resource have let pass and dropped, read from the kernel's own counters. */
import { parseOrigin } from '../../network/origin.ts'
import { type Counter, counting } from '../counting.ts'
import { runIn } from './command.ts'
import type { Desired } from './desired.ts'
import { TABLE } from './nft.ts'

const COUNTED = /counter packets (\d+) bytes (\d+) (drop|accept|goto \S+) comment "([^"]*)"/g

export async function readCounters({ namespaces, comments }: Desired, resource: string): Promise<Counter[]> {
  const mentions = mentionsOf(resource, comments)
  const routers = [...namespaces].filter(([, { nft }]) => nft && [...nft.chains.values()].some(mentions))
  const tables = await Promise.all(
    // One that has just been removed counts nothing more.
    routers.map(([name]) => runIn(name, 'nft', ['-t', 'list', 'table', ...TABLE.split(' ')]).catch(() => '')),
  )
  const counters = counting()
  for (const [, packets, bytes, verdict, comment = ''] of tables.flatMap((text) => [...text.matchAll(COUNTED)])) {
    const outcome = verdict === 'drop' ? 'stop' : 'pass'
    const origin = parseOrigin(comments.get(comment) ?? comment)
    counters.add(origin, outcome, { packets: Number(packets), bytes: Number(bytes) })
  }
  return counters.of(resource)
}

/** Whether a rule of a chain is the resource's, or its and others' together. */
function mentionsOf(resource: string, comments: Desired['comments']) {
  const shortened = [...comments].filter(([, text]) => text.includes(resource)).map(([key]) => `"${key}"`)
  const isMeant = (rule: string) => rule.includes(resource) || shortened.some((key) => rule.includes(key))
  return ({ rules }: { readonly rules: readonly string[] }) => rules.some(isMeant)
}
