import assert from 'node:assert/strict'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { describe, test } from 'node:test'
import { ask, caughtUp, clientOf, folder, type Served, served, statusOf } from './bench.ts'

const identityOf = async ({ stateDir }: Served) => {
  const { publicPool, revision } = await statusOf(stateDir)
  return { publicPool, revision }
}

/** What the kernel's names and numbers come from, once nobody holds the file. */
function kept(stateDir: string): unknown {
  const db = new DatabaseSync(join(stateDir, 'state.db'), { readOnly: false })
  const meta = db.prepare("SELECT key, value FROM meta WHERE key IN ('tag', 'public-pool', 'number')").all()
  const records = db.prepare('SELECT type, id, json FROM record ORDER BY type, id').all()
  db.close()
  return { meta, records }
}

describe('a server that is started again', () => {
  test('a restart keeps ids, numbers, the tag and the public pool', async (t) => {
    const stateDir = folder(t)
    const first = await served(t, stateDir)
    await clientOf(first.endpoint).call('CreateVpc', { CidrBlock: '10.1.0.0/16' })
    const { AllocationId, PublicIp } = await clientOf(first.endpoint).call('AllocateAddress', { Domain: 'vpc' })
    await caughtUp(stateDir)
    const identity = await identityOf(first)
    await ask({ stateDir }, 'POST', '/stop', { body: {} })
    assert.equal(await first.ended, 0)
    const before = kept(stateDir)
    const second = await served(t, stateDir)
    assert.deepEqual(await identityOf(second), identity)
    const { Addresses } = await clientOf(second.endpoint).call('DescribeAddresses', {})
    assert.deepEqual(
      Addresses?.map((a) => [a.AllocationId, a.PublicIp]),
      [[AllocationId, PublicIp]],
    )
    await second.killed()
    assert.deepEqual(kept(stateDir), before)
  })

  test('a number that the kernel has seen is never given out again', async (t) => {
    const stateDir = folder(t)
    const numbers = () => {
      const text = JSON.stringify(kept(stateDir))
      return [...text.matchAll(/\\"number\\":(\d+)/g)].map(([, n]) => Number(n)).sort((a, b) => a - b)
    }
    const first = await served(t, stateDir)
    const { Vpc } = await clientOf(first.endpoint).call('CreateVpc', { CidrBlock: '10.1.0.0/16' })
    await first.killed()
    const before = numbers()
    assert.ok(before.length > 0)
    const second = await served(t, stateDir)
    await clientOf(second.endpoint).call('DeleteVpc', { VpcId: Vpc?.VpcId ?? '' })
    await clientOf(second.endpoint).call('CreateVpc', { CidrBlock: '10.1.0.0/16' })
    await second.killed()
    const after = numbers()
    assert.ok((after.at(-1) ?? 0) > (before.at(-1) ?? 0), `${after} against ${before}`)
  })
})
