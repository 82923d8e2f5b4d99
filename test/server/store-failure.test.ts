import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { statSync } from 'node:fs'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import type { Ec2 } from '../../src/client/ec2-client.ts'
import { ask, caughtUp, clientOf, folder, served, statusOf } from './bench.ts'

const noLimit = process.platform === 'linux' ? false : 'prlimit is Linux'
const failed = { code: 'InternalError', status: 500 }

/** Makes VPCs until one is refused; their ids, and the refusal. */
async function fill(ec2: Ec2): Promise<{ made: string[]; refusal: { code?: string; status?: number } }> {
  const made: string[] = []
  for (;;) {
    try {
      made.push((await ec2.call('CreateVpc', { CidrBlock: '10.0.0.0/16' })).Vpc?.VpcId ?? '')
    } catch (refusal) {
      return { made, refusal: refusal as { code: string; status: number } }
    }
  }
}

describe('a state that cannot be written', { skip: noLimit }, () => {
  test('a full disk: a call gets 500 and changes nothing, the log says why, the server goes on', async (t) => {
    const stateDir = folder(t)
    const server = await served(t, stateDir)
    const ec2 = clientOf(server.endpoint)
    const ids = async () => ((await ec2.call('DescribeVpcs', {})).Vpcs ?? []).map((v) => v.VpcId)
    await ec2.call('DescribeVpcs', {})
    const room = statSync(join(stateDir, 'state.db-wal')).size + 100_000
    const limit = (bytes: string) => execFileSync('prlimit', ['--pid', `${server.process.pid}`, `--fsize=${bytes}:`])
    limit(`${room}`)
    const { made, refusal } = await fill(ec2)
    assert.deepEqual({ code: refusal.code, status: refusal.status }, failed)
    assert.ok(made.length > 0)
    const before = await ids()
    assert.deepEqual(
      made.filter((id) => !before.includes(id)),
      [],
    )
    const { revision } = await statusOf(stateDir)
    await assert.rejects(ec2.call('CreateVpc', { CidrBlock: '10.0.0.0/16' }), failed)
    assert.deepEqual(await ids(), before, 'what was refused is not there')
    assert.equal((await statusOf(stateDir)).revision, revision)
    assert.match(
      server.log(),
      /Request [0-9a-f-]+: StoreError: The state in \S+ cannot be written \(.+\): nothing was changed/,
    )
    limit('unlimited')
    const { Vpc } = await ec2.call('CreateVpc', { CidrBlock: '10.1.0.0/16' })
    await server.killed()
    const again = await served(t, stateDir)
    const after = ((await clientOf(again.endpoint).call('DescribeVpcs', {})).Vpcs ?? []).map((v) => v.VpcId)
    assert.deepEqual(after.toSorted(), [...before, Vpc?.VpcId].toSorted())
  })

  test('reset on a full disk deletes nothing', async (t) => {
    const stateDir = folder(t)
    const server = await served(t, stateDir, { allowReset: true })
    const ec2 = clientOf(server.endpoint)
    await ec2.call('CreateVpc', { CidrBlock: '10.0.0.0/16' })
    // What follows by itself, that it becomes available, is written too.
    await caughtUp(stateDir)
    execFileSync('prlimit', ['--pid', `${server.process.pid}`, '--fsize=4096:'])
    const { status, text } = await ask({ url: server.endpoint }, 'POST', '/_isthmus/reset')
    assert.equal(status, 500)
    assert.doesNotMatch(text, /sqlite|state\.db/i, 'the log has the cause, the client has its request id')
    assert.equal((await ec2.call('DescribeVpcs', {})).Vpcs?.length, 2)
  })
})
