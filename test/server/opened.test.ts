import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { opened } from '../../src/server/opened.ts'

describe('what a server has opened', () => {
  test('is closed the last first, once, all of it, and the first failure is told', async () => {
    const parts = opened()
    const closed: string[] = []
    for (const name of ['store', 'engine', 'http']) {
      parts.add(async () => {
        closed.push(name)
        if (name !== 'store') throw new Error(`${name} is stuck`)
      })
    }
    await assert.rejects(parts.close(), /^Error: http is stuck$/)
    assert.deepEqual(closed, ['http', 'engine', 'store'])
    await parts.close()
    assert.equal(closed.length, 3)
  })
})
