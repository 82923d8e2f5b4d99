/** Leaves no memory of fresh probes in the kernel, so that the next is as fresh. */
import { writeFileSync } from 'node:fs'
import type { Leg } from '../../../network/flow.ts'
import { runIn } from '../command.ts'
import { within } from '../libc.ts'
import { namespaceOf, pathOf, PROBE_ZONE } from '../names.ts'

/** Forgets the flows of the probes' zone in `namespaces`, and the path MTU that a sender was told. */
export async function clearUp(tag: string, namespaces: readonly string[], legs: readonly Leg[]): Promise<void> {
  await Promise.all(
    namespaces.map((namespace) => runIn(namespace, 'conntrack', ['-D', '-w', `${PROBE_ZONE}`], '', true)),
  )
  const told = new Set(legs.filter((leg) => leg.disposition === 'too-big').map((leg) => leg.path[0] ?? ''))
  for (const node of told)
    within(pathOf(namespaceOf(tag, node)), () => writeFileSync('/proc/sys/net/ipv4/route/flush', '1'))
}
