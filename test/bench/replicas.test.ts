import assert from 'node:assert/strict'
import { test } from 'node:test'
import { classesOf } from '../../src/analyzer/reach/classes.ts'
import { quotient } from '../../src/analyzer/reach/quotient.ts'
import { compile } from '../../src/compile/compile.ts'
import { estate } from './estate.ts'
import { replicate } from './replicas.ts'

/** How many classes there are of an estate whose instances are there so many times. */
function classesWhere(times: number) {
  const state = estate({ instances: 60, seed: 3 })
  replicate(state, times)
  const network = compile(state)
  const classes = classesOf(network)
  const kept = quotient(network, classes).interfaces.size
  return { interfaces: network.interfaces.size, classes: classes.length, kept }
}

test('an estate that is larger and no more varied has the same classes, and as small a quotient', () => {
  const [some, more] = [classesWhere(4), classesWhere(12)]
  assert.ok(more.interfaces > some.interfaces * 2.5)
  assert.equal(more.classes, some.classes)
  assert.equal(more.kept, some.kept)
})
