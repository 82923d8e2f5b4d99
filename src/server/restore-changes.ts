/** What has to change so that the records are those of a saved state again. */
import type { Instance } from '../ec2/instance.ts'
import type { Change, Records } from '../ec2/state.ts'
import type { Snapshot } from '../store/store.ts'

/** Records that are the same stay untouched: what runs by them goes on. */
export function changesTo(saved: Snapshot, records: Records): Change[] {
  const kept = new Set(saved.records.map(({ type, id }) => `${type} ${id}`))
  const gone = records.everything().filter(({ type, id }) => !kept.has(`${type} ${id}`))
  const come = saved.records.flatMap(({ type, id, record }) => {
    const now = records.get(type, id)
    const then = type === 'instance' ? withBoots(record as Instance, now as Instance | undefined) : record
    return JSON.stringify(now) === JSON.stringify(then) ? [] : [{ type, id, record: then }]
  })
  return [...gone, ...come]
}

/**
 * Boots are counted by those who run the instance, so the count never goes back. One that was started again since is
 * booted once more, as it may have been given another key, other user data or another type while it was stopped.
 */
function withBoots(then: Instance, now: Instance | undefined): Instance {
  if (!now || now.state === 'terminated') return then
  const again = now.launchTime === then.launchTime ? 0 : 1
  return { ...then, boots: Math.max(then.boots, now.boots + again) }
}
