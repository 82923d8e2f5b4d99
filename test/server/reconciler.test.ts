import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { Caller } from '../../src/ec2/resource.ts'
import type { Engine } from '../../src/engines/engine.ts'
import { simulator } from '../../src/engines/simulator/simulator.ts'
import { prefix } from '../../src/ip/prefix.ts'
import { type ControlPlane, controlPlane } from '../../src/server/control-plane.ts'
import { keeperOf } from '../../src/server/instances.ts'
import { type Reconciler, reconciler } from '../../src/server/reconciler.ts'
import { sqliteStore } from '../../src/store/sqlite.ts'
import type { Store } from '../../src/store/store.ts'

const CALLER: Caller = { account: '123456789012', region: 'us-east-1', requestId: 'test' }
/** Milliseconds: long against what the simulator takes. */
const AT_ONCE = 2_000
const A_MOMENT = 30

interface Bench {
  readonly plane: ControlPlane
  readonly reconcile: Reconciler
  readonly logged: readonly string[]
  /** What the engine or the store does wrong from now on; undefined for nothing. */
  broken: string | undefined
  /** Whether guests take for ever to come up. */
  boots: 'at once' | 'never'
  /** What happens next while a network is applied. */
  meanwhile: (() => void) | undefined
  applied: number[]
  createVpc(block: string): void
}

/** A reconciler between a real control plane and a simulator whose `part` fails while `broken` says how. */
function bench(part: 'engine' | 'store', close: (work: () => unknown) => void): Bench {
  const failing = () => {
    if (it.broken !== undefined) throw new Error(it.broken)
  }
  const engine: Engine = simulator()
  const store: Store = sqliteStore(':memory:')
  const { apply } = engine
  engine.apply = async (network, revision) => {
    it.applied.push(revision)
    if (part === 'engine') failing()
    await apply(network, revision)
    const happens = it.meanwhile
    it.meanwhile = undefined
    happens?.()
    // Whoever was woken by that has seen that an apply is under way.
    for (let turn = 0; turn < 2; turn++) await new Promise((resolve) => setImmediate(resolve))
  }
  const host: Engine['host'] = {
    ...engine.host,
    boot: (...guest) => (it.boots === 'never' ? new Promise(() => {}) : engine.host.boot(...guest)),
  }
  const { commit } = store
  store.commit = (...change) => {
    if (part === 'store') failing()
    return commit(...change)
  }
  const plane = controlPlane({
    store,
    publicPool: prefix('198.18.0.0/22'),
    guests: { console: engine.host.console, health: () => 'ok' },
    isUp: (id) => engine.host.guests().has(id),
    now: Date.now,
    onCommit: () => reconcile.wake(),
  })
  const logged: string[] = []
  const keep = keeperOf(
    plane,
    host,
    () => reconcile.wake(),
    () => {},
  )
  const reconcile = reconciler(plane, engine, keep, (line) => void logged.push(line), 20)
  close(() => reconcile.stop())
  const createVpc = (CidrBlock: string) => void plane.execute('CreateVpc', { CidrBlock }, CALLER)
  const it: Bench = {
    plane,
    reconcile,
    logged,
    broken: undefined,
    boots: 'at once',
    meanwhile: undefined,
    applied: [],
    createVpc,
  }
  return it
}

const states = ({ plane }: Bench): string[] => {
  const { Reservations } = plane.execute('DescribeInstances', {}, CALLER) as {
    Reservations: { Instances: { State: { Name: string } }[] }[]
  }
  return Reservations.flatMap((r) => r.Instances.map((i) => i.State.Name))
}

function launch({ plane }: Bench): void {
  const { Images } = plane.execute('DescribeImages', { Owners: ['amazon'] }, CALLER) as {
    Images: { ImageId: string }[]
  }
  const run = { ImageId: Images[0]?.ImageId, InstanceType: 't3.micro', MinCount: 1, MaxCount: 1 }
  plane.execute('RunInstances', run, CALLER)
}

describe('the kernel follows the state', () => {
  test('a failing apply is tried again and told once, waiting says no, the API goes on; it catches up', async (t) => {
    const it = bench('engine', (work) => t.after(work))
    it.broken = 'no space for another namespace'
    it.createVpc('10.0.0.0/16')
    while (it.applied.length < 3) assert.equal(await it.reconcile.reached(it.plane.revision, A_MOMENT), false)
    assert.match(it.logged.join('\n'), /^The network could not be brought to revision \d+.*no space for another/)
    assert.equal(it.logged.length, 1)
    assert.equal(it.reconcile.failure, it.broken)
    it.createVpc('10.1.0.0/16')
    it.broken = undefined
    assert.equal(await it.reconcile.reached(it.plane.revision, AT_ONCE), true)
    assert.equal(it.reconcile.failure, undefined)
    assert.match(it.logged[1] ?? '', /as it should be again, at revision \d+/)
    assert.equal(it.applied.at(-1), it.plane.revision)
  })

  test('another failure is told, too', async (t) => {
    const it = bench('engine', (work) => t.after(work))
    it.broken = 'first'
    it.createVpc('10.0.0.0/16')
    while (it.logged.length < 1) await it.reconcile.reached(it.plane.revision, A_MOMENT)
    it.broken = 'second'
    while (it.logged.length < 2) await it.reconcile.reached(it.plane.revision, A_MOMENT)
    assert.deepEqual(
      it.logged.map((line) => /first|second/.exec(line)?.[0]),
      ['first', 'second'],
    )
  })

  test('an instance is pending until the engine has it, and running when waiting ends', async (t) => {
    const it = bench('engine', (work) => t.after(work))
    it.broken = 'not yet'
    launch(it)
    await it.reconcile.reached(it.plane.revision, A_MOMENT)
    assert.deepEqual(states(it), ['pending'])
    it.broken = undefined
    assert.equal(await it.reconcile.reached(it.plane.revision, AT_ONCE), true)
    assert.deepEqual(states(it), ['running'])
  })

  test('where the state cannot be written meanwhile, an instance settles once it can', async (t) => {
    const it = bench('store', (work) => t.after(work))
    launch(it)
    it.broken = 'disk full'
    assert.equal(await it.reconcile.reached(it.plane.revision, A_MOMENT), false)
    assert.deepEqual(states(it), ['pending'])
    it.broken = undefined
    assert.equal(await it.reconcile.reached(it.plane.revision, AT_ONCE), true)
    assert.deepEqual(states(it), ['running'])
  })

  test('what is called while a network is applied does not wait for guests that boot', async (t) => {
    const it = bench('engine', (work) => t.after(work))
    it.boots = 'never'
    it.meanwhile = () => void it.plane.execute('CreateSecurityGroup', { GroupName: 'a', Description: 'a' }, CALLER)
    launch(it)
    for (let i = 0; i < 30 && it.applied.at(-1) !== it.plane.revision; i++)
      await it.reconcile.reached(it.plane.revision, A_MOMENT)
    assert.equal(it.applied.at(-1), it.plane.revision)
    assert.equal(it.applied.length, 2)
  })

  test('the first thing a server does is bring the machine to its state, whatever was left there', async (t) => {
    const it = bench('engine', (work) => t.after(work))
    it.reconcile.wake()
    assert.equal(await it.reconcile.reached(0, AT_ONCE), true)
    assert.deepEqual(it.applied, [0])
  })

  test('who waits when it stops is told at once that it was not reached', async () => {
    const it = bench('engine', () => {})
    it.broken = 'never'
    it.createVpc('10.0.0.0/16')
    const waiting = it.reconcile.reached(99, 2 ** 31 - 1)
    await it.reconcile.stop()
    assert.equal(await waiting, false)
  })
})
