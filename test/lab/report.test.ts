/** Reports: facts of a journal, and texts that are never markup. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Entry } from '../../src/lab/course/journal.ts'
import { block, htmlOf, markdownOf } from '../../src/lab/report/blocks.ts'
import { factsOf } from '../../src/lab/report/facts.ts'
import { reportOf } from '../../src/lab/report/report.ts'
import { labIn, written } from './written.ts'

test('names and error texts are never markup, in Markdown and in HTML', () => {
  const nasty = '<img src=x onerror=alert(1)> | *x* [y](z) ``` "q"'
  const blocks = [
    block('heading', nasty),
    block('code', nasty),
    { kind: 'table', head: ['a'], rows: [[nasty]] } as const,
    { kind: 'list', items: [nasty] } as const,
  ]
  const html = htmlOf(nasty, blocks)
  assert.doesNotMatch(html, /<img/)
  assert.match(html, /&lt;img src=x onerror=alert\(1\)&gt;/)
  const [heading = '', ...rest] = markdownOf(blocks).split('\n\n')
  assert.match(heading, /^## \\<img .*\\\*x\\\* \\\[y\\\]/)
  assert.equal(rest[0], `\`\`\`\`\n${nasty}\n\`\`\`\``)
  assert.match(rest[1] ?? '', /\\\|/)
})

test('how long an error lasted is counted from when it was met until it was gone', (t) => {
  const checks = `expectErrors: [{ id: e, title: E, when: { event: { action: CreateVpc, error: X } } }]
checks: [{ id: a, title: A, exists: { vpc: { id: x } } }]`
  const lab = labIn(written(t, checks))
  const started: Entry = { at: 0, kind: 'started', slug: 'x', folder: '/x', engine: 'linux', cursor: 0 }
  const met: Entry = { at: 9_000, kind: 'error', step: 1, id: 'e', isMet: true, words: 'No.', since: 5_000 }
  const passed: Entry = { at: 65_000, kind: 'passed', step: 1 }
  const lost = (entries: readonly Entry[]) => factsOf(lab, [started, ...entries]).steps[0]?.errors[0]?.lost
  assert.equal(lost([met, passed]), 60_000)
  assert.equal(lost([met, { ...met, at: 20_000, isMet: false }, passed]), 15_000)
  assert.equal(lost([passed]), undefined)
  const text = markdownOf(reportOf(factsOf(lab, [started, met, passed])))
  assert.match(text, /Met in step 1; over it after 1 min 0 s\./)
  assert.match(text, /with real packets\. All steps are done: 0 of 1 points/)
})

test('what stood on the terminal before and after is in the report, and forgotten calls are owned to', (t) => {
  const lab = labIn(written(t, 'checks: [{ id: a, title: A, exists: { vpc: { id: x } } }]'))
  const seen = (status: 'failed' | 'passed', evidence: string): Entry => ({
    ...{ at: 1, kind: 'check', step: 1, id: 'a', words: 'The group drops it.' },
    status,
    evidence,
  })
  const entries: Entry[] = [
    { at: 0, kind: 'started', slug: 'x', folder: '/x', engine: 'simulator', cursor: 0 },
    seen('failed', '100% packet loss'),
    seen('passed', 'icmp_seq=1'),
    { at: 2, kind: 'missed' },
  ]
  const text = markdownOf(reportOf(factsOf(lab, entries)))
  assert.match(
    text,
    /Before:\n\n```\n100% packet loss\n```\n\n```\nThe group drops it\.\n```\n\nAfter:\n\n```\nicmp_seq=1/,
  )
  assert.match(text, /Some calls were forgotten/)
})
