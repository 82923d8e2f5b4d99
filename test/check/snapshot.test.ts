/** Questions to a snapshot of somebody's account: out there is the whole internet, and not the few hosts of a lab. */
import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, test } from 'node:test'
import { evaluate } from '../../src/check/evaluate.ts'
import { explained, type Subject } from '../../src/check/explanation.ts'
import { readAssertions } from '../../src/check/file.ts'
import { trafficOf } from '../../src/check/traffic.ts'
import { snapshotSubject } from '../../src/cli/explain-subject.ts'
import { type Lab, lab } from './lab.ts'

let l: Lab
let running: Subject
beforeEach(async () => {
  l = await lab()
  const { AllocationId } = l.b.call('AllocateAddress', { Domain: 'vpc' })
  l.b.call('AssociateAddress', { AllocationId: AllocationId ?? '', InstanceId: l.web.id })
  l.s.allow(l.v1.defaultGroup, 'tcp 22 0.0.0.0/0')
  running = await l.subject()
})
afterEach(() => l.b.close())

describe('any public address is somebody out there', () => {
  const verdict = (snapshot: boolean, from: string, to: string) =>
    explained({ ...running, snapshot }, { from, to, traffic: trafficOf(6, { from: 22, to: 22 }), scope: {} }).verdict

  test('to whom an instance of a snapshot can speak, and one of the lab can not', () => {
    assert.deepEqual(
      [true, false].map((snapshot) => verdict(snapshot, 'web', '8.8.4.4')),
      ['reachable', 'unreachable'],
    )
  })

  test('but no private address is, nor a reserved one', () => {
    for (const to of ['192.168.7.7', '240.0.0.1']) assert.equal(verdict(true, 'web', to), 'unreachable', to)
  })

  test('who gets its answer in a snapshot, and in the lab only where the internet has it', () => {
    const each = ['8.8.4.4', '203.0.113.10'].map((from) =>
      [true, false].map((snapshot) => verdict(snapshot, from, 'web')),
    )
    assert.deepEqual(each, [
      ['reachable', 'unreachable'],
      ['reachable', 'reachable'],
    ])
  })

  test('to whom a fix opens the way: db has no public address', () => {
    const traffic = trafficOf(6, { from: 22, to: 22 })
    const { verdict: before, fixes } = explained(
      { ...running, snapshot: true },
      { from: 'db', to: '8.8.4.4', traffic, scope: {} },
    )
    assert.equal(before, 'unreachable')
    assert.deepEqual(
      fixes[0]?.calls.map(({ action }) => action),
      ['AllocateAddress', 'AssociateAddress'],
    )
  })

  test('of whom assertions ask alike', () => {
    const read = readAssertions('- {from: web, to: 8.8.4.4, port: 22, expect: reachable}')
    assert.ok('assertions' in read)
    const statuses = [true, false].map((snapshot) => evaluate({ ...running, snapshot }, read.assertions, {})[0]?.status)
    assert.deepEqual(statuses, ['holds', 'fails'])
  })
})

test('what `--snapshot` reads is asked as a snapshot', (t) => {
  const dir = mkdtempSync(join(tmpdir(), 'isthmus-snapshot-'))
  t.after(() => rmSync(dir, { recursive: true }))
  const region = join(dir, 'aws_configs', 'us-east-1')
  mkdirSync(region, { recursive: true })
  const vpc = { VpcId: 'vpc-0123456789abcdef0', CidrBlock: '10.0.0.0/16', OwnerId: '123456789012', State: 'available' }
  writeFileSync(join(region, 'vpcs.json'), JSON.stringify({ Vpcs: [vpc] }))
  assert.equal(snapshotSubject(dir).snapshot, true)
})
