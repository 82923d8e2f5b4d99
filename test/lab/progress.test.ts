/** How far somebody is: read off the journal, which survives whatever ends the process. */
import assert from 'node:assert/strict'
import { appendFileSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { exitCodeOf, type Result, runChecks } from '../../src/lab/checks/run-checks.ts'
import { currentSlug, type Entry, newJournal, openJournal } from '../../src/lab/course/journal.ts'
import { currentStep, nextHint, progressOf } from '../../src/lab/course/progress.ts'
import type { Check } from '../../src/lab/format/lab.ts'
import { labIn, written } from './written.ts'

const started: Entry = { at: 1000, kind: 'started', slug: 'x', folder: '/x', engine: 'simulator', cursor: 7 }
const event = (number: number) => ({ number, at: 0, account: '', region: '', action: 'CreateVpc', ms: 0, changed: [] })
const MINUTE = 60_000

describe('progress', () => {
  test('follows from what was noted', () => {
    const entries: Entry[] = [
      started,
      { at: 1100, kind: 'fail', step: 1 },
      { at: 1150, kind: 'event', event: event(9) },
      { at: 1200, kind: 'passed', step: 1 },
      { at: 1300, kind: 'fail', step: 2 },
      { at: 1400, kind: 'check', step: 2, id: 'a', status: 'failed', words: '' },
      { at: 1500, kind: 'check', step: 2, id: 'a', status: 'passed', words: '' },
      { at: 1600, kind: 'error', step: 2, id: 'e', isMet: true, words: '' },
      { at: 1700, kind: 'error', step: 2, id: 'f', isMet: true, words: '' },
      { at: 1800, kind: 'error', step: 2, id: 'f', isMet: false, words: '' },
    ]
    const { step, stepStartedAt, fails, hints, checks, errors, cursor } = progressOf(entries)
    assert.deepEqual(
      { step, stepStartedAt, fails, hints, cursor },
      { step: 2, stepStartedAt: 1200, fails: 1, hints: 0, cursor: 9 },
    )
    assert.deepEqual([[...checks], [...errors]], [[['a', 'passed']], ['e']])
  })

  test('has no step where all are done', (t) => {
    const lab = labIn(written(t, 'checks: [{ id: a, exists: { vpc: { id: x } } }]'))
    assert.equal(currentStep(lab, progressOf([started]))?.number, 1)
    assert.equal(currentStep(lab, progressOf([started, { at: 1, kind: 'passed', step: 1 }])), undefined)
  })

  test('a hint is due after so many fails or so much time, one after the other', (t) => {
    const hints = 'hints: [{ after: { fails: 2 }, text: a }, { after: { fails: 9, minutes: 5 }, text: b }]'
    const [step] = labIn(written(t, `checks: [{ id: a, exists: { vpc: { id: x } } }]\n${hints}`)).steps
    assert.ok(step)
    const fail: Entry = { at: 1100, kind: 'fail', step: 1 }
    const given: Entry = { at: 1200, kind: 'hint', step: 1, index: 0 }
    const due = (entries: readonly Entry[], now: number) => {
      const next = nextHint(step, progressOf([started, ...entries]), now)
      return next && [next.hint.text, next.isDue]
    }
    assert.deepEqual(due([fail], 2000), ['a', false])
    assert.deepEqual(due([fail, fail], 2000), ['a', true])
    assert.deepEqual(due([fail, fail, given], 2000), ['b', false])
    assert.deepEqual(due([given], 1000 + 5 * MINUTE), ['b', true])
    assert.equal(due([given, given], 2000), undefined)
  })
})

describe('the journal of a lab', () => {
  test('is only added to, outlives its process, and an older one is kept', (t) => {
    const state = mkdtempSync(join(tmpdir(), 'isthmus-lab-journal-'))
    t.after(() => rmSync(state, { recursive: true }))
    assert.equal(openJournal(state, 'x'), undefined)
    newJournal(state, 'x').add({ kind: 'fail', step: 1 })
    // As a machine leaves it that went down while a line was written.
    appendFileSync(join(state, 'labs/x.jsonl'), '{"kind":"pas')
    const again = openJournal(state, 'x')
    assert.deepEqual(
      again?.entries().map(({ kind }) => kind),
      ['fail'],
    )
    assert.equal(currentSlug(state), 'x')
    assert.deepEqual(newJournal(state, 'x').entries(), [])
    assert.equal(readdirSync(join(state, 'labs')).filter((name) => name.endsWith('.jsonl')).length, 2)
  })
})

test('what another process adds to a journal is seen, also where it begins a new one', (t) => {
  const state = mkdtempSync(join(tmpdir(), 'isthmus-lab-journal-'))
  t.after(() => rmSync(state, { recursive: true }))
  const mine = newJournal(state, 'x', started)
  const theirs = openJournal(state, 'x')
  theirs?.add({ kind: 'passed', step: 1 })
  assert.equal(progressOf(mine.entries()).step, 2)
  newJournal(state, 'x', started)
  assert.equal(progressOf(mine.entries()).step, 1)
})

describe('the checks of a step', () => {
  const check = (id: string, more: Partial<Check> = {}): Check => ({
    ...{ id, title: id, needs: [], wait: 0, level: 'error', points: 1, fail: '{{explain}}' },
    look: { kind: 'event', action: 'CreateVpc' },
    ...more,
  })
  const result = (status: Result['status'], level: Result['level'] = 'error'): Result => ({
    ...{ id: 'x', title: 'x', points: 1, words: '' },
    status,
    level,
  })

  test('wait for what they need, and say what the author wants said', async () => {
    const looked: string[] = []
    const results = await runChecks(
      [check('a', { fail: 'Alas: {{explain}}' }), check('b', { needs: ['a'] }), check('c')],
      async ({ id }) => {
        looked.push(id)
        return { holds: id === 'c', words: 'it is not there.' }
      },
      true,
    )
    assert.deepEqual(looked, ['a', 'c'])
    assert.deepEqual(
      results.map(({ status, words }) => [status, words]),
      [
        ['failed', 'Alas: it is not there.'],
        ['skipped', 'First: a.'],
        ['passed', ''],
      ],
    )
  })

  test('are looked at again while there is time, if somebody is patient', async () => {
    let looks = 0
    const see = async () => ({ holds: ++looks > 1, words: '' })
    assert.equal((await runChecks([check('a', { wait: 60 })], see, false))[0]?.status, 'failed')
    looks = 0
    assert.equal((await runChecks([check('a', { wait: 60 })], see, true))[0]?.status, 'passed')
  })

  test('end as 0 passed, 1 failed, 2 none looked at, 3 warnings only', () => {
    assert.equal(exitCodeOf([result('passed'), result('passed', 'warning')]), 0)
    assert.equal(exitCodeOf([result('passed'), result('failed'), result('failed', 'warning')]), 1)
    assert.equal(exitCodeOf([result('skipped'), result('passed')]), 1)
    assert.equal(exitCodeOf([result('skipped')]), 2)
    assert.equal(exitCodeOf([result('passed'), result('failed', 'warning')]), 3)
  })
})
