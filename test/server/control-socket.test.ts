import assert from 'node:assert/strict'
import { statSync } from 'node:fs'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { control } from '../../src/client/control.ts'
import { execute } from '../../src/client/exec.ts'
import { ask, caughtUp, clientOf, folder, running, served, statusOf } from './bench.ts'
import { heard, launchedInstance } from './instance.ts'

describe("the owner's socket", () => {
  test('is for the owner alone, and says what runs', async (t) => {
    const { stateDir, endpoint } = await running(t)
    assert.equal(statSync(join(stateDir, 'control.sock')).mode & 0o777, 0o600)
    const status = await statusOf(stateDir)
    assert.deepEqual([status.pid, status.endpoint, status.stateDir], [process.pid, endpoint, stateDir])
    assert.deepEqual(await control(stateDir).status(), status)
  })

  test('waits until what was asked for is in force, and says 504 where it is not in time', async (t) => {
    const { stateDir, endpoint } = await running(t)
    await clientOf(endpoint).call('CreateVpc', { CidrBlock: '10.0.0.0/16' })
    assert.equal((await ask({ stateDir }, 'GET', '/wait')).status, 200)
    const { revision, reached } = await statusOf(stateDir)
    assert.equal(reached, revision)
    const later = await ask({ stateDir }, 'GET', `/wait?revision=${Number(revision) + 1}&timeout=20`)
    assert.deepEqual([later.status, later.body.revision], [504, revision])
    for (const query of ['revision=soon', 'timeout=-1', 'timeout=1e3'])
      assert.equal((await ask({ stateDir }, 'GET', `/wait?${query}`)).status, 400, query)
  })

  test('gives the console of an instance, and 404 where there is none', async (t) => {
    const { stateDir, endpoint } = await running(t)
    const { id } = await launchedInstance(clientOf(endpoint))
    await caughtUp(stateDir)
    assert.match(String((await control(stateDir).console(id))?.output), /^Simulated instance ip-10-42-1-/)
    assert.equal(await control(stateDir).console('i-0'), undefined)
  })

  test('probes, and refuses what is no flow', async (t) => {
    const { stateDir, endpoint } = await running(t)
    const { id, address } = await launchedInstance(clientOf(endpoint))
    await caughtUp(stateDir)
    const flow = { protocol: 6, source: address, destination: '10.99.0.1', sourcePort: 40000, destinationPort: 80 }
    const { status, body } = await ask({ stateDir }, 'POST', '/probe', { body: { flow, from: id } })
    assert.equal(status, 200)
    assert.equal((body.request as { disposition: string }).disposition, 'no-route')
    const bad = [{}, { flow: { ...flow, source: 'here' }, from: id }, { flow, from: 'i-0' }, null, 7]
    for (const wrong of bad)
      assert.equal((await ask({ stateDir }, 'POST', '/probe', { body: wrong })).status, 400, JSON.stringify(wrong))
    assert.equal((await ask({ stateDir }, 'GET', '/nothing')).status, 404)
  })
})

describe('stop', () => {
  test('answers, and the process ends, though commands run and somebody waits', async (t) => {
    const server = await served(t, folder(t))
    const { stateDir } = server
    const { id, address } = await launchedInstance(clientOf(server.endpoint))
    await caughtUp(stateDir)
    const execution = await execute(stateDir, id, ['ping', address])
    await heard(execution).line('icmp_seq=1')
    const waiting = ask({ stateDir }, 'GET', '/wait?revision=999999&timeout=500000').then(
      (r) => r.status,
      () => 'gone',
    )
    await statusOf(stateDir)
    assert.equal((await ask({ stateDir }, 'POST', '/stop', { body: {} })).status, 200)
    assert.equal(await server.ended, 0)
    assert.ok([504, 'gone'].includes(await waiting))
    await assert.rejects(execution.exit)
    await assert.rejects(statusOf(stateDir), { code: 'ENOENT' })
  })
})
