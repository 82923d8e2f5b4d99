import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { portName } from '../../src/engines/linux/names.ts'
import { patched } from '../../src/network/patch.ts'
import { noKernel } from '../kernel.ts'
import { machine, pings, withEngine } from './bench.ts'
import { lab, PING_IN_A, PING_IN_B } from './networks.ts'

/** What someone does by hand in `<tag>-<node>`. */
const DAMAGE: Readonly<Record<string, readonly [node: string, ...command: string[]]>> = {
  'the link of an instance': ['i-a', 'ip', 'link', 'del', 'eth0'],
  'a port of a router': ['vpc-a', 'ip', 'link', 'del', portName('i-a-eni')],
  'a peering': ['vpc-b', 'ip', 'link', 'del', portName('pcx:vpc-b')],
  'a link that is down': ['vpc-a', 'ip', 'link', 'set', portName('pcx:vpc-a'), 'down'],
  'a route': ['vpc-a', 'ip', 'route', 'del', '10.2.0.0/16', 'table', '16777217'],
  'a routing rule': ['vpc-a', 'ip', 'rule', 'del', 'pref', '100', 'fwmark', '1'],
  'a gateway address': ['vpc-a', 'ip', 'addr', 'del', '10.1.11.1/32', 'dev', 'lo'],
  'a neighbour': ['vpc-b', 'ip', 'neigh', 'del', '10.2.11.172', 'dev', portName('i-b-eni')],
  'the nft table': ['vpc-b', 'nft', 'delete', 'table', 'inet', 'isthmus'],
}

describe('what is changed by hand is put right', { concurrency: 1, skip: noKernel, timeout: 120_000 }, () => {
  const network = lab(PING_IN_A, PING_IN_B)
  /** Without what the kernel says up to a second later: whether a link runs. */
  const state = (tag: string, node: string) =>
    ['link', 'rule', 'addr', 'route show table all']
      .map((what) =>
        machine(`${tag}-${node}`, 'ip', '-br', ...what.split(' '))
          .replace(/@if\d+|qlen \d+|NO-CARRIER,/g, '')
          .replace(/^(\S+ +)(UP|DOWN|UNKNOWN)/gm, '$1'),
      )
      .map((t) =>
        t
          .split('\n')
          .map((l) => l.split(/\s+/).sort().join(' '))
          .sort()
          .join('\n'),
      )

  test('one thing after another', () =>
    withEngine(async (engine, { tag }) => {
      await engine.apply(network, 1)
      await engine.repair()
      for (const [what, [node, ...command]] of Object.entries(DAMAGE)) {
        const before = state(tag, 'vpc-a')
        machine(`${tag}-${node}`, ...command)
        assert.equal(await engine.repair(), true, `${what} is noticed`)
        assert.equal(await pings(engine, 'i-a', '10.2.11.172'), true, `${what} is back`)
        assert.deepEqual(state(tag, 'vpc-a'), before, `${what} is back as it was`)
      }
    }))

  test('what was added by hand goes', () =>
    withEngine(async (engine, { tag }) => {
      await engine.apply(network, 1)
      machine(`${tag}-vpc-a`, 'ip', 'route', 'add', '9.9.9.0/24', 'dev', 'lo', 'table', '16777217')
      machine(`${tag}-vpc-a`, 'ip', 'link', 'add', 'stray', 'type', 'veth', 'peer', 'name', 'stray2')
      await engine.repair()
      assert.equal(machine(`${tag}-vpc-a`, 'ip', 'route', 'show', 'table', 'all').includes('9.9.9.0'), false)
      assert.equal(machine(`${tag}-vpc-a`, 'ip', 'link').includes('stray'), false)
    }))

  test('a namespace whose name is deleted comes back with what runs in it', () =>
    withEngine(async (engine, { tag }) => {
      await engine.apply(network, 1)
      const running = engine.host.spawn('i-a', ['ping', '-i', '0.2', '10.2.11.172'])
      const heard = () =>
        new Promise<void>((resolve) =>
          running.onOutput((_, data) => {
            if (Buffer.from(data).includes('ttl=')) resolve()
          }),
        )
      await heard()
      machine(undefined, 'ip', 'netns', 'del', `${tag}-i-a`)
      await engine.repair()
      assert.equal(await pings(engine, 'i-a', '10.2.11.172'), true)
      await heard()
      running.kill('SIGKILL')
    }))

  /** Of the same facts but for one: of most namespaces nothing has changed. */
  const closed = lab(PING_IN_A)
  const opened = patched(closed, { removed: [], added: [PING_IN_B] })

  test('its name comes back as well when something else is changed before anybody looks', () =>
    withEngine(async (engine, { tag }) => {
      await engine.apply(closed, 1)
      const namespaceOf = () => machine(`${tag}-i-a`, 'readlink', '/proc/self/ns/net')
      const before = namespaceOf()
      machine(undefined, 'ip', 'netns', 'del', `${tag}-i-a`)
      await engine.apply(opened, 2)
      assert.equal(namespaceOf(), before)
      assert.equal(await pings(engine, 'i-a', '10.2.11.172'), true)
    }))

  test('what is damaged elsewhere is put right after a change, and what the change itself needs before it', () =>
    withEngine(async (engine, { tag }) => {
      await engine.apply(closed, 1)
      machine(`${tag}-vpc-a`, 'ip', 'route', 'del', '10.2.0.0/16', 'table', '16777217')
      machine(`${tag}-vpc-b`, 'nft', 'delete', 'table', 'inet', 'isthmus')
      await engine.apply(opened, 2)
      assert.match(machine(`${tag}-vpc-b`, 'nft', 'list', 'table', 'inet', 'isthmus'), /sg-b\|ping/)
      assert.equal(await engine.repair(), true)
      assert.equal(await pings(engine, 'i-a', '10.2.11.172'), true)
      assert.equal(await engine.repair(), false)
    }))

  test('root inside an instance may change its routes, and they stay', () =>
    withEngine(async (engine, { tag }) => {
      await engine.apply(network, 1)
      machine(`${tag}-i-a`, 'ip', 'route', 'add', '9.9.9.0/24', 'dev', 'eth0')
      machine(`${tag}-i-a`, 'ip', 'link', 'set', 'eth0', 'alias', 'touched')
      await engine.repair()
      assert.ok(machine(`${tag}-i-a`, 'ip', 'route').includes('9.9.9.0/24'))
    }))

  test('it is noticed without being asked', () =>
    withEngine(
      async (engine, { tag }) => {
        await engine.apply(network, 1)
        machine(`${tag}-vpc-a`, 'ip', 'route', 'del', '10.2.0.0/16', 'table', '16777217')
        const isBack = () => machine(`${tag}-vpc-a`, 'ip', 'route', 'show', 'table', '16777217').includes('10.2.0.0/16')
        for (let i = 0; i < 50 && !isBack(); i++) await new Promise((resolve) => setTimeout(resolve, 100))
        assert.ok(isBack())
      },
      { driftEvery: 200 },
    ))
})
