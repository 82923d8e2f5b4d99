/** What the server notes of calls: changes and refusals, in order, the newest only. */
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { control } from '../../src/client/control.ts'
import { connect } from '../../src/client/exec.ts'
import { journal } from '../../src/server/journal.ts'
import { caughtUp, clientOf, running } from './bench.ts'
import { launchedInstance } from './instance.ts'

const call = (action: string) => ({ at: 0, account: '1', region: 'r', action, ms: 0, changed: [] })

describe('the journal of a server', () => {
  test('notes what a call changed and what it was refused with, and no answered read', async (t) => {
    const { stateDir, endpoint } = await running(t)
    const client = clientOf(endpoint)
    const { Vpc } = await client.call('CreateVpc', { CidrBlock: '10.0.0.0/16' })
    await client.call('DescribeVpcs', {})
    await client.call('DescribeVpcs', { VpcIds: ['vpc-0'] }).catch(() => {})
    await client.call('CreateVpc', { CidrBlock: '10.0.0.0/8' }).catch(() => {})
    const { entries, missed } = await control(stateDir).events(0)
    assert.deepEqual(
      entries.map(({ action, error }) => [action, error]),
      [
        ['CreateVpc', undefined],
        ['DescribeVpcs', 'InvalidVpcID.Malformed'],
        ['CreateVpc', 'InvalidVpc.Range'],
      ],
    )
    assert.equal(missed, false)
    assert.ok(entries[0]?.changed.includes(Vpc?.VpcId ?? ''))
    assert.deepEqual(entries[2]?.changed, [])
    assert.match(entries[2]?.message ?? '', /10\.0\.0\.0\/8/)
    const [, second] = entries
    const later = await control(stateDir).events(second?.number ?? 0)
    assert.deepEqual(later.entries, entries.slice(2))
  })

  test('notes a login that is refused, in the words of the console', async (t) => {
    const { stateDir, endpoint } = await running(t)
    const { id } = await launchedInstance(clientOf(endpoint))
    await caughtUp(stateDir)
    await assert.rejects(connect(stateDir, { instance: id, user: 'ec2-user', command: ['true'] }))
    const { entries } = await control(stateDir).events(0)
    const login = entries.find(({ action }) => action === 'Connect')
    assert.match(login?.message ?? '', /^The instance does not have a public IPv4 address/)
    assert.deepEqual(login?.changed, [id])
  })

  test('keeps the newest, and says where some are forgotten', () => {
    const events = journal(() => 5, { most: 10 })
    const first = events.since(0).entries
    assert.deepEqual(first, [])
    for (let i = 1; i <= 25; i++) events.note(call(`A${i + 30}x`))
    const { entries } = events.since(0)
    assert.equal(entries.at(-1)?.action, 'A55x')
    assert.ok(entries.length >= 10 && entries.length < 20, String(entries.length))
    assert.equal(events.since(5001).missed, true)
    assert.equal(events.since(entries[0]?.number ?? 0).missed, false)
  })

  test('goes on with higher numbers after a restart', () => {
    const before = journal(() => 1000)
    before.note(call('CreateVpc'))
    const after = journal(() => 1001)
    after.note(call('DeleteVpc'))
    const [old] = before.since(0).entries
    assert.deepEqual(
      after.since(old?.number ?? 0).entries.map(({ action }) => action),
      ['DeleteVpc'],
    )
  })
})
