import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { PersistentMap } from '../../src/network/persistent-map.ts'

const key = fc.constantFrom('a', 'b', 'c', 'd', 'e')
const change = fc.tuple(key, fc.option(fc.nat(9), { nil: undefined }))
/** From which of the versions so far, and what is changed. */
const branch = fc.tuple(fc.nat(), fc.array(change, { maxLength: 4 }))

test('every version is the map it was made as, whatever versions were made or read since, and from wherever', () => {
  fc.assert(
    fc.property(fc.array(branch, { maxLength: 30 }), fc.array(fc.nat(), { maxLength: 30 }), (branches, reads) => {
      const versions = [{ map: new PersistentMap<string, number>(new Map()), plain: new Map<string, number>() }]
      const version = (at: number) => versions[at % versions.length] as (typeof versions)[number]
      for (const [from, changes] of branches) {
        const plain = new Map(version(from).plain)
        for (const [name, value] of changes) value === undefined ? plain.delete(name) : plain.set(name, value)
        versions.push({ map: version(from).map.with(changes), plain })
      }
      for (const at of reads) {
        const { map, plain } = version(at)
        assert.deepEqual([...map], [...plain].toSorted())
        assert.equal(map.size, plain.size)
        for (const name of ['a', 'e'])
          assert.deepEqual([map.get(name), map.has(name)], [plain.get(name), plain.has(name)])
      }
    }),
  )
})

test('one version can be walked through while another is read', () => {
  const before = new PersistentMap(
    new Map([
      ['a', 1],
      ['b', 2],
      ['c', 3],
    ]),
  )
  const after = before.with([
    ['a', undefined],
    ['b', 5],
    ['d', 4],
  ])
  const seen = [...before].map(([name]) => [name, before.get(name), after.get(name)])
  const met: unknown[] = []
  for (const [name, value] of before) met.push([name, value, after.get(name)])
  assert.deepEqual(met, [
    ['a', 1, undefined],
    ['b', 2, 5],
    ['c', 3, 3],
  ])
  assert.deepEqual(met, seen)
})
