/** The learner's own words in a report. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Entry } from '../../src/lab/course/journal.ts'
import { block, markdownOf } from '../../src/lab/report/blocks.ts'
import { factsOf } from '../../src/lab/report/facts.ts'
import { blocksOf, reportOf } from '../../src/lab/report/report.ts'
import { questionsIn, withWords } from '../../src/lab/report/words.ts'
import { labIn, written } from './written.ts'

const REPORT = [
  block('title', 'A lab'),
  block('heading', 'Errors'),
  block('text', 'Two.'),
  block('yours', 'which one.'),
]

test('a question belongs to its heading, and words take its place', () => {
  assert.deepEqual(questionsIn(REPORT), [{ about: 'Errors', prompt: 'which one.' }])
  assert.deepEqual(withWords(REPORT, new Map([['Errors', ' The first.\n\nAnd so on. ']])).slice(3), [
    block('text', 'The first.'),
    block('text', 'And so on.'),
  ])
})

test('without words, or with empty ones, the question stays', () => {
  assert.deepEqual(withWords(REPORT, new Map()), REPORT)
  assert.deepEqual(withWords(REPORT, new Map([['Errors', ' \n']])), REPORT)
})

test('words below a heading that is there no more are kept at the end', () => {
  assert.deepEqual(withWords(REPORT, new Map([['Gone', 'Kept.']])).slice(4), [
    block('heading', 'Gone'),
    block('text', 'Kept.'),
  ])
})

test('the last words of the journal count, and to write them takes no time of the lab', (t) => {
  const lab = labIn(written(t, 'checks: [{ id: a, title: A, exists: { vpc: { id: x } } }]'))
  const started: Entry = { at: 0, kind: 'started', slug: 'x', folder: '/x', engine: 'linux', cursor: 0 }
  const passed: Entry = { at: 5_000, kind: 'passed', step: 1 }
  const about = questionsIn(blocksOf(factsOf(lab, [started])))[0]?.about ?? ''
  const words = (at: number, text: string): Entry => ({ at, kind: 'words', about, text })
  const facts = factsOf(lab, [started, passed, words(60_000, 'First.'), words(90_000, 'In the end.')])
  assert.equal(facts.endedAt, 5_000)
  const text = markdownOf(reportOf(facts))
  assert.match(text, /In the end\./)
  assert.doesNotMatch(text, /First\./)
})
