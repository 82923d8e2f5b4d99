/** Whether records agree with each other, with what is stored, and with the network they make. */
import { isDeepStrictEqual } from 'node:util'
import { compile } from '../../src/compile/compile.ts'
import { type AnyKind, allKinds } from '../../src/ec2/kinds.ts'
import { keysOf } from '../../src/ec2/record-index.ts'
import type { Resource } from '../../src/ec2/resource.ts'
import type { State } from '../../src/ec2/state.ts'
import { detached } from '../../src/network/patch.ts'
import type { ControlPlane } from '../../src/server/control-plane.ts'
import type { Store } from '../../src/store/store.ts'

/** Throws what does not agree. */
export function consistent(plane: ControlPlane, store: Store): void {
  for (const kind of allKinds()) for (const record of plane.state.all(kind.type)) allThere(kind, record, plane.state)
  asStored(plane, store)
  if (!isDeepStrictEqual(detached(plane.network()), compile(plane.state)))
    throw new Error('the network that followed the calls is not the one that a whole compile makes')
}

/** Kinds of which some are AWS's own, and no records. */
const NOT_ALL_RECORDS = new Set<string>(['prefix-list'])
/** What stands where an id could: the options that the platform gives. */
const NO_ID = 'default'

/** What a record belongs to or stands in the way of is there. */
function allThere({ type, references }: AnyKind, record: Resource, state: State): void {
  for (const [field, { type: other, strength }] of Object.entries(references)) {
    if (NOT_ALL_RECORDS.has(other) || strength(record as never, state) === 'weak') continue
    const lost = keysOf(record as never, field).find((id) => id !== NO_ID && !state.get(other, id))
    if (lost !== undefined) throw new Error(`${type} ${record.id} names in ${field} ${lost}, which is not there`)
  }
}

/** The next server would read the same records. */
function asStored({ state, revision }: ControlPlane, store: Store): void {
  const stored = store.read()
  if (stored.revision !== revision) throw new Error(`revision ${revision} is stored as ${stored.revision}`)
  for (const { type, id, record } of stored.records) {
    if (!isDeepStrictEqual(record, withoutUndefined(state.get(type, id))))
      throw new Error(`${type} ${id} is stored as something else: ${JSON.stringify(record)}`)
  }
  const count = allKinds().reduce((sum, { type }) => sum + [...state.all(type)].length, 0)
  if (count !== stored.records.length) throw new Error(`of ${count} records ${stored.records.length} are stored`)
}

/** As JSON has it: a member without a value is none. */
function withoutUndefined(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutUndefined)
  if (typeof value !== 'object' || value === null || Object.getPrototypeOf(value) !== Object.prototype) return value
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, part]) => (part === undefined ? [] : [[key, withoutUndefined(part)]])),
  )
}
