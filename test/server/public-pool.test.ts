import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { overlaps, prefix } from '../../src/ip/prefix.ts'
import { publicPool } from '../../src/server/public-pool.ts'
import { sqliteStore } from '../../src/store/sqlite.ts'
import { noKernel } from '../kernel.ts'
import { alone } from './machine.ts'

describe('the public addresses of a server', () => {
  test('are a /22 of 198.18.0.0/15, the same each time', async () => {
    const store = sqliteStore(':memory:')
    const pool = await publicPool(store, 'isthmus-a')
    assert.match(pool, /\/22$/)
    assert.ok(overlaps(pool, prefix('198.18.0.0/15')))
    assert.equal(await publicPool(store, 'isthmus-b'), pool)
  })

  test('differ between states of different names, though neither routes them', async () => {
    const tags = ['isthmus-a', 'isthmus-b', 'isthmus-c']
    const pools = await Promise.all(tags.map((tag) => publicPool(sqliteStore(':memory:'), tag)))
    assert.equal(new Set(pools).size, 3)
  })

  test('are claimed when the server is up, and never taken from somebody else', { skip: noKernel }, async () => {
    const program = fileURLToPath(new URL('two-on-linux.ts', import.meta.url))
    const { pools, routed, refusal } = (await alone(program)) as Record<'pools' | 'routed', string[]> & {
      refusal: string
    }
    assert.equal(new Set(pools).size, 2)
    for (const pool of pools) assert.ok(routed.includes(pool), `${pool} is routed`)
    assert.match(refusal, /^StartError: The public addresses of this state, .* already lead to vpn0 .*: stop .*\.$/)
  })
})
