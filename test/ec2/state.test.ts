import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import type { NetworkInterface } from '../../src/ec2/network-interface.ts'
import { Draft, Records } from '../../src/ec2/state.ts'

const some = fc.subarray(['sg-1', 'sg-2', 'sg-3'])
const owner = fc.option(fc.constantFrom('i-1', 'i-2'), { nil: undefined })
/** A write of an interface: its id, groups and instance; without groups it is removed. */
const write = fc.tuple(fc.constantFrom('eni-1', 'eni-2', 'eni-3', 'eni-4'), fc.option(some, { nil: undefined }), owner)
type Write = readonly [id: string, groupIds: string[] | undefined, instanceId: string | undefined]

const interfaceOf = ([id, groupIds, instanceId]: Write) =>
  ({ id, groupIds, ...(instanceId && { attachment: { instanceId } }) }) as unknown as NetworkInterface

function draftOf(records: Records, writes: readonly Write[]): Draft {
  const draft = new Draft(records)
  for (const one of writes)
    if (one[1]) draft.put('network-interface', interfaceOf(one))
    else draft.remove('network-interface', one[0])
  return draft
}

function check(state: Records | Draft): void {
  const all = [...state.all('network-interface')]
  const ids = (found: readonly NetworkInterface[]) => found.map(({ id }) => id).toSorted()
  for (const group of ['sg-1', 'sg-2', 'sg-9'])
    assert.deepEqual(
      ids(state.where('network-interface', 'groupIds', group)),
      ids(all.filter(({ groupIds }) => groupIds.includes(group))),
    )
  const found = state.where('network-interface', 'attachment.instanceId', 'i-1')
  assert.deepEqual(ids(found), ids(all.filter(({ attachment }) => attachment?.instanceId === 'i-1')))
  for (const eni of found) assert.equal(eni, state.get('network-interface', eni.id))
}

test('where finds what a search of all records finds, in a draft and after its commit', () => {
  fc.assert(
    fc.property(fc.array(fc.array(write, { maxLength: 4 }), { maxLength: 6 }), (drafts) => {
      const records = new Records()
      for (const writes of drafts) {
        const draft = draftOf(records, writes)
        check(draft)
        records.accept(draft.changes())
        check(records)
      }
    }),
  )
})
