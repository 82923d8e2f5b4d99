/** A fix as people are told it: what each call is for, what else it opens, and what it closes. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { explained } from '../../src/check/explanation.ts'
import { trafficOf } from '../../src/check/traffic.ts'
import { explanationText } from '../../src/cli/explain-text.ts'
import { painter } from '../../src/cli/paint.ts'
import { lab } from './lab.ts'

const opening = (text: string) => ({ from: [], to: [], aimedAt: 'private', traffic: [], text }) as const

test('a fix says what a call is for, what it opens and what it closes, in text and in data', async (t) => {
  const l = await lab()
  t.after(() => l.b.close())
  const explanation = explained(await l.subject(), { from: 'web', to: 'db', traffic: trafficOf(1), scope: {} })
  const [fix] = explanation.fixes
  const [call] = fix?.calls ?? []
  assert.ok(fix && call)
  assert.deepEqual(fix.closes, [])
  const told = {
    ...fix,
    calls: [{ ...call, comment: 'A rule of its own.' }],
    opens: [opening('`web` may ping `mail`.')],
    closes: [opening('`db` may ping `mail`.')],
  }
  const style = { columns: 100, all: false, paint: painter({ isTTY: false } as never) }
  const text = explanationText({ ...explanation, fixes: [told] }, style)
  for (const line of [
    '# A rule of its own.',
    'It also opens: `web` may ping `mail`.',
    'It also closes: `db` may ping `mail`.',
  ])
    assert.ok(text.includes(line), text)
})
