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
  ({
    id,
    groupIds,
    subnetId: instanceId ?? 'none',
    privateIpAddresses: groupIds,
    account: '1',
    region: instanceId ?? 'none',
    ...(instanceId && { attachment: { instanceId } }),
  }) as unknown as NetworkInterface

function writeAll(draft: Draft, writes: readonly Write[]): void {
  for (const one of writes)
    if (one[1]) draft.put('network-interface', interfaceOf(one))
    else draft.remove('network-interface', one[0])
}

function check(state: Records | Draft): void {
  const all = [...state.all('network-interface')]
  const ids = (found: readonly NetworkInterface[]) => found.map(({ id }) => id).toSorted()
  for (const group of ['sg-1', 'sg-2', 'sg-9']) {
    const members = all.filter(({ groupIds }) => groupIds.includes(group))
    assert.deepEqual(ids(state.where('network-interface', 'groupIds', group)), ids(members))
    assert.equal(state.count('network-interface', 'groupIds', group), members.length)
  }
  const found = state.where('network-interface', 'attachment.instanceId', 'i-1')
  assert.deepEqual(ids(found), ids(all.filter(({ attachment }) => attachment?.instanceId === 'i-1')))
  for (const eni of found) assert.equal(eni, state.get('network-interface', eni.id))
  for (const where of ['i-1', 'none']) {
    const there = all.filter(({ subnetId }) => subnetId === where)
    const addresses = there.flatMap(({ privateIpAddresses }) => privateIpAddresses)
    const count = (field: Parameters<typeof state.count<'network-interface'>>[1], value: string) =>
      state.count('network-interface', field, value)
    assert.equal(count('account/region', `1/${where}`), there.length)
    assert.equal(count('subnetId*privateIpAddresses', where), addresses.length)
    const ofOne = addresses.filter((address: string) => address === 'sg-1')
    assert.equal(count('subnetId/privateIpAddresses', `${where}/sg-1`), ofOne.length)
  }
}

const writes = fc.array(write, { maxLength: 4 })

test('where and count find what a search finds: in a draft, after a part is taken back, after its commit', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(writes, writes), { maxLength: 6 }), (drafts) => {
      const records = new Records()
      for (const [kept, takenBack] of drafts) {
        const draft = new Draft(records)
        writeAll(draft, kept)
        check(draft)
        const savepoint = draft.savepoint()
        writeAll(draft, takenBack)
        check(draft)
        draft.rollBack(savepoint)
        check(draft)
        records.accept(draft.changes())
        check(records)
      }
    }),
  )
})
