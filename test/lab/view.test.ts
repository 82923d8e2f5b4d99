/** What a page is told of a lab: read off its journal. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Entry, Happening } from '../../src/lab/course/journal.ts'
import { courseView } from '../../src/lab/course/view.ts'
import { labIn, written } from './written.ts'

const CHECKS = `where:
  vpc1: { vpc: { cidr: 10.1.0.0/16 } }
expectErrors:
  - { id: silent, title: Silence, when: { explain: { from: $vpc1, to: internet, proto: icmp, code: NO_ROUTE_TO_DESTINATION } } }
checks:
  - { id: a, title: A, exists: $vpc1 }
  - { id: b, title: B, reach: { from: $vpc1, to: internet, proto: icmp, expect: reachable } }
hints:
  - { after: { fails: 2 }, text: First. }
  - { after: { minutes: 5 }, text: Second. }`

const started: Entry = { at: 1000, kind: 'started', slug: 'x', folder: '/x', engine: 'linux', cursor: 0 }
const at = (time: number, happening: Happening): Entry => ({ at: time, ...happening })
const THINGS = new Map([['vpc1', { id: 'vpc-1', attributes: { cidr: ['10.1.0.0/16'] } }]])

test('the words on an expected error come when they give nothing away any more', (t) => {
  const lab = labIn(written(t, CHECKS))
  const words = 'This mends it.'
  const met = at(2000, { kind: 'error', step: 1, id: 'silent', isMet: true, words })
  const shown = (...entries: Entry[]) =>
    courseView(lab, [started, met, ...entries], { region: 'r', results: [], names: THINGS }, 9000).steps[0]?.met
  assert.deepEqual(shown(), [{ title: 'Silence', words: '', lost: 0 }])
  const gone = at(5000, { kind: 'error', step: 1, id: 'silent', isMet: false, words: '' })
  assert.deepEqual(shown(gone), [{ title: 'Silence', words, lost: 3000 }])
  assert.deepEqual(shown(at(6000, { kind: 'passed', step: 1 })), [{ title: 'Silence', words, lost: 4000 }])
})

test('the next hint counts down, by attempts and by time', (t) => {
  const lab = labIn(written(t, CHECKS))
  const next = (now: number, ...entries: Entry[]) =>
    courseView(lab, [started, ...entries], { region: 'r', results: [], names: THINGS }, now).steps[0]?.nextHint
  const fail = at(2000, { kind: 'fail', step: 1 })
  const hint = at(3000, { kind: 'hint', step: 1, index: 0 })
  assert.deepEqual(next(2000, fail), { isDue: false, fails: 1 })
  assert.deepEqual(next(2000, fail, fail), { isDue: true, fails: 0 })
  assert.deepEqual(next(300_999, hint), { isDue: false, at: 301_000 })
  assert.deepEqual(next(301_000, hint), { isDue: true, at: 301_000 })
  assert.equal(next(4000, hint, hint), undefined)
})

test('a check knows the names that it is about, and a name what people call it', (t) => {
  const lab = labIn(written(t, CHECKS))
  const { steps, names } = courseView(lab, [started], { region: 'r', results: [], names: THINGS }, 9000)
  assert.deepEqual(
    steps[0]?.checks.map((check) => check.names),
    [['vpc1'], ['vpc1']],
  )
  assert.deepEqual(names.vpc1, { id: 'vpc-1', attributes: { cidr: ['10.1.0.0/16'] }, called: ['VPC 1'] })
})
