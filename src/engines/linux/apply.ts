/** Carries out a plan. Thin: what to do was decided by `plan`. */
import { writeFileSync } from 'node:fs'
import { eachOf, ipBatch, nftTransaction } from './command.ts'
import type { Plan } from './diff.ts'
import { createGuestNamespaces } from './guest/namespaces.ts'
import { within } from './libc.ts'
import { linkOfSysctl, pathOf } from './names.ts'
import { setNeighborSettings } from './neighbor-settings.ts'
import { killInside } from './processes.ts'
import { rtnetlinkBatch } from './rtnetlink-batch.ts'

/** `afterCreation` runs once all namespaces are there, before what is in them is changed. */
export async function carryOut(plan: Plan, afterCreation: () => Promise<unknown> = async () => {}): Promise<void> {
  await eachOf(plan.unlinked, ([namespace, links]) =>
    ipBatch(
      namespace,
      links.map((l) => `link del ${l}`),
      true,
    ).then(() => {}),
  )
  await remove(plan.removed)
  await ipBatch(
    undefined,
    plan.created.filter((name) => !plan.guests.has(name)).map((name) => `netns add ${name}`),
  )
  await createGuestNamespaces(plan.created.filter((name) => plan.guests.has(name)))
  await writeSysctls(plan, (path) => linkOfSysctl(path) === undefined)
  await ipBatch(undefined, plan.links)
  await afterCreation()
  await writeSysctls(plan, (path) => linkOfSysctl(path) !== undefined)
  await eachOf(plan.changes, async ([namespace, { ip, nft }]) => {
    await nftTransaction(namespace, nft)
    if (ip.length > 0 && !rtnetlinkBatch(pathOf(namespace), ip)) await ipBatch(namespace, ip)
  })
}

/** Removes namespaces with what runs in them. */
export async function remove(namespaces: readonly string[]): Promise<void> {
  if (namespaces.length === 0) return
  await killInside(namespaces)
  await ipBatch(
    undefined,
    namespaces.map((name) => `netns del ${name}`),
    true,
  )
}

async function writeSysctls({ sysctls }: Plan, when: (path: string) => boolean): Promise<void> {
  for (const [namespace, values] of sysctls) {
    const now = values.filter(([path]) => when(path))
    if (now.length === 0) continue
    const hidden = within(pathOf(namespace), () => now.filter(([path, value]) => !write(path, value)))
    const [missing] = await setNeighborSettings(namespace, hidden)
    if (missing) throw new Error(`${namespace} has no setting net/${missing[0]}`)
  }
}

/** Whether the setting is there; throws where the value is refused. */
function write(path: string, value: string): boolean {
  try {
    writeFileSync(`/proc/sys/net/${path}`, value)
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false
    throw error
  }
}
