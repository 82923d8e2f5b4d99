/** Saving the state and going back to it: `isthmus snapshot`, by a server that runs and without one. */
import assert from 'node:assert/strict'
import { copyFileSync, mkdirSync, readdirSync, renameSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { describe, test } from 'node:test'
import type { Ec2 } from '../../src/client/ec2-client.ts'
import type { Restored } from '../../src/server/state-snapshot.ts'
import { withSnapshots } from '../../src/server/state-snapshot.ts'
import { stateDir } from '../../src/server/state-dir.ts'
import { type SavedState, savedStates } from '../../src/store/saved-states.ts'
import { ask, caughtUp, clientOf, folder, served, statusOf } from './bench.ts'
import { launchedInstance } from './instance.ts'

const save = async (stateDir: string, name?: string) =>
  (await ask({ stateDir }, 'POST', '/snapshot', { body: name === undefined ? {} : { name } }))
    .body as unknown as SavedState
const restore = async (stateDir: string, name: string) =>
  (await ask({ stateDir }, 'POST', '/restore', { body: { name } })).body as unknown as Restored
const blocks = async (ec2: Ec2) => ((await ec2.call('DescribeVpcs', {})).Vpcs ?? []).map((v) => v.CidrBlock).toSorted()
const stateOf = async (ec2: Ec2, id: string) => {
  const { Reservations = [] } = await ec2.call('DescribeInstances', {})
  return Reservations.flatMap((r) => r.Instances ?? []).find((i) => i.InstanceId === id)?.State?.Name
}
const nodesIn = async (stateDir: string, from: string, to: string) => {
  const flow = { protocol: 'icmp', source: '10.42.1.4', destination: to, type: 8, code: 0 }
  return (await ask({ stateDir }, 'POST', '/probe', { body: { flow, from } })).status
}
const meta = (stateDir: string, key: string): string => {
  const db = new DatabaseSync(join(stateDir, 'state.db'))
  const row = db.prepare('SELECT value FROM meta WHERE key = ?').get(key)
  db.close()
  return String(row?.value)
}
const numbersIn = (stateDir: string): number[] => {
  const db = new DatabaseSync(join(stateDir, 'state.db'))
  const rows = db.prepare("SELECT json FROM record WHERE type IN ('route-table', 'internet-gateway')").all()
  db.close()
  return rows.map(({ json }) => (JSON.parse(String(json)) as { number: number }).number).toSorted((a, b) => a - b)
}

describe('a saved state', () => {
  test('a running server goes back to it at once: records, network and instances; what was there is kept', async (t) => {
    const dir = folder(t)
    const { endpoint } = await served(t, dir)
    const ec2 = clientOf(endpoint)
    const early = await launchedInstance(ec2)
    await caughtUp(dir)
    const saved = await save(dir, 'early')
    assert.deepEqual([saved.name, saved.vpcs, saved.instances], ['early', 2, 1])
    await ec2.call('TerminateInstances', { InstanceIds: [early.id] })
    const late = await launchedInstance(ec2, '10.43.0.0/16')
    await caughtUp(dir)
    const { revision } = await statusOf(dir)
    const back = await restore(dir, 'early')
    assert.ok(back.revision > Number(revision), 'a revision never goes back')
    assert.deepEqual(await blocks(ec2), ['10.42.0.0/16', '172.31.0.0/16'])
    await caughtUp(dir)
    assert.deepEqual([await stateOf(ec2, early.id), await stateOf(ec2, late.id)], ['running', undefined])
    assert.equal(await nodesIn(dir, early.id, '10.42.1.1'), 200, 'the instance of then is in the network')
    assert.notEqual(await nodesIn(dir, late.id, '10.43.1.1'), 200, 'the one of now is not')
    await restore(dir, back.before)
    await caughtUp(dir)
    assert.equal(await stateOf(ec2, late.id), 'running', 'and back again')
    assert.deepEqual(await blocks(ec2), ['10.42.0.0/16', '10.43.0.0/16', '172.31.0.0/16'])
  })

  test('a running instance that is in both goes on; a reboot after that boots it again', async (t) => {
    const dir = folder(t)
    const { endpoint } = await served(t, dir)
    const ec2 = clientOf(endpoint)
    const { id } = await launchedInstance(ec2)
    await caughtUp(dir)
    await save(dir, 'first')
    for (let n = 0; n < 2; n++) {
      await ec2.call('RebootInstances', { InstanceIds: [id] })
      await caughtUp(dir)
    }
    await restore(dir, 'first')
    const boots = () => {
      const db = new DatabaseSync(join(dir, 'copy.db'))
      const row = db.prepare("SELECT json FROM record WHERE type = 'instance'").get()
      db.close()
      return (JSON.parse(String(row?.json)) as { boots: number }).boots
    }
    await caughtUp(dir)
    await save(dir, 'second')
    copyFileSync(join(dir, 'snapshots', 'second.db'), join(dir, 'copy.db'))
    assert.equal(boots(), 3, 'the count of boots does not go back')
  })

  test('numbers that the kernel has seen are not given out again after a restore', async (t) => {
    const dir = folder(t)
    const first = await served(t, dir)
    await clientOf(first.endpoint).call('DescribeVpcs', {})
    await save(dir, 'empty')
    await clientOf(first.endpoint).call('CreateVpc', { CidrBlock: '10.1.0.0/16' })
    await first.killed()
    const seen = numbersIn(dir)
    const second = await served(t, dir)
    await restore(dir, 'empty')
    await clientOf(second.endpoint).call('CreateVpc', { CidrBlock: '10.2.0.0/16' })
    await second.killed()
    assert.ok((numbersIn(dir).at(-1) ?? 0) > (seen.at(-1) ?? 0))
  })

  test('without a server it is the same on the file; a server then brings up what was restored', async (t) => {
    const dir = folder(t)
    const first = await served(t, dir)
    const { id } = await launchedInstance(clientOf(first.endpoint))
    await caughtUp(dir)
    await ask({ stateDir: dir }, 'POST', '/stop', { body: {} })
    await first.ended
    const own = stateDir(dir)
    const { name } = withSnapshots(own, (s) => s.save())
    assert.match(name, /^\d{4}-\d\d-\d\dT\d\d-\d\d-\d\dZ$/)
    const second = await served(t, dir)
    await clientOf(second.endpoint).call('TerminateInstances', { InstanceIds: [id] })
    await second.killed()
    const { before } = withSnapshots(own, (s) => s.restore(name))
    const third = await served(t, dir)
    await caughtUp(dir)
    assert.equal(await stateOf(clientOf(third.endpoint), id), 'running')
    assert.throws(() => withSnapshots(own, (s) => s.restore(before)), /Another server uses/)
  })

  test('a state that was lost comes back whole: its own name, its public addresses, its records', async (t) => {
    const dir = folder(t)
    const first = await served(t, dir)
    await clientOf(first.endpoint).call('CreateVpc', { CidrBlock: '10.1.0.0/16' })
    await save(dir, 'good')
    const { publicPool } = await statusOf(dir)
    await first.killed()
    const tag = meta(dir, 'tag')
    for (const file of readdirSync(dir))
      if (file.startsWith('state.db')) renameSync(join(dir, file), join(dir, `x-${file}`))
    withSnapshots(stateDir(dir), (s) => s.restore('good'))
    assert.equal(meta(dir, 'tag'), tag)
    const second = await served(t, dir)
    assert.equal((await statusOf(dir)).publicPool, publicPool)
    assert.deepEqual(await blocks(clientOf(second.endpoint)), ['10.1.0.0/16', '172.31.0.0/16'])
  })

  test('of another state gets numbers that this one has not used', async (t) => {
    const [from, to] = [folder(t), folder(t)]
    const one = await served(t, from)
    await clientOf(one.endpoint).call('CreateVpc', { CidrBlock: '10.1.0.0/16' })
    await save(from, 'theirs')
    const other = await served(t, to)
    await clientOf(other.endpoint).call('CreateVpc', { CidrBlock: '10.2.0.0/16' })
    mkdirSync(join(to, 'snapshots'))
    copyFileSync(join(from, 'snapshots', 'theirs.db'), join(to, 'snapshots', 'theirs.db'))
    await other.killed()
    const last = Number(meta(to, 'number'))
    const again = await served(t, to)
    await restore(to, 'theirs')
    assert.deepEqual(await blocks(clientOf(again.endpoint)), ['10.1.0.0/16', '172.31.0.0/16'])
    await again.killed()
    assert.ok((numbersIn(to)[0] ?? 0) > last)
  })

  test('what cannot be done is one sentence, and changes nothing', async (t) => {
    const dir = folder(t)
    const { endpoint } = await served(t, dir)
    await clientOf(endpoint).call('DescribeVpcs', {})
    await save(dir, 'one')
    const refusal = async (path: string, name: string) => {
      const { status, body } = await ask({ stateDir: dir }, 'POST', path, { body: { name } })
      assert.equal(status, 422)
      return String(body.error)
    }
    assert.match(await refusal('/snapshot', 'one'), /There is a snapshot one already: choose another name.*\.$/)
    for (const name of ['../x', '', '.hidden', '-o', 'a b', 'x'.repeat(101)])
      assert.match(await refusal('/snapshot', name), /cannot be named .*\.$/)
    assert.match(await refusal('/restore', 'two'), /There is no snapshot two\. There are: one\.$/)
    assert.match(await refusal('/restore', '../state'), /There is no snapshot/)
    const broken = new DatabaseSync(join(dir, 'snapshots', 'one.db'))
    broken.exec("UPDATE record SET json = '{}'")
    broken.close()
    assert.match(await refusal('/restore', 'one'), /one\.db is damaged \(the record .* is not as it was written\)/)
    const newer = new DatabaseSync(join(dir, 'snapshots', 'one.db'))
    newer.exec('PRAGMA user_version = 99')
    newer.close()
    assert.match(await refusal('/restore', 'one'), /newer Isthmus/)
    assert.deepEqual(
      savedStates(stateDir(dir).snapshots)
        .list()
        .map(({ name }) => name),
      ['one'],
    )
  })

  test('is for its owner alone, and is listed with what is in it, the newest first', async (t) => {
    const dir = folder(t)
    const { endpoint } = await served(t, dir)
    await clientOf(endpoint).call('DescribeVpcs', {})
    const before = Date.now()
    await save(dir, 'one')
    await save(dir)
    const [latest, one] = savedStates(stateDir(dir).snapshots).list()
    assert.equal(one?.name, 'one')
    assert.ok(latest && latest.at >= (one?.at ?? 0) && (one?.at ?? 0) >= before)
    assert.ok((one?.bytes ?? 0) > 0 && one?.problem === undefined && one?.vpcs === 1)
    assert.equal(statSync(join(dir, 'snapshots')).mode & 0o777, 0o700)
    for (const file of readdirSync(join(dir, 'snapshots')))
      assert.equal(statSync(join(dir, 'snapshots', file)).mode & 0o777, 0o600)
  })
})
