import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { Guest, Host } from '../../src/engines/engine.ts'
import { type Keeper, keeper, type Wanted } from '../../src/instance/keeper.ts'

/** A host whose boots end when the test says so. */
function bench() {
  const up = new Map<string, { boot: number }>()
  const begun: string[] = []
  const halted: string[] = []
  const waiting = new Map<string, (error?: Error) => void>()
  const host = {
    boot: (node: string, { boot }: Guest) =>
      new Promise<void>((resolve, reject) => {
        begun.push(`${node} ${boot}`)
        waiting.set(node, (error) => {
          waiting.delete(node)
          if (error) return reject(error)
          up.set(node, { boot })
          resolve()
        })
      }),
    guests: () => up,
    async halt(node: string) {
      halted.push(node)
      up.delete(node)
    },
    keepDisks: async () => {},
  } as unknown as Host
  const wanted = new Map<string, Wanted>()
  const logged: string[] = []
  let changes = 0
  const keep: Keeper = keeper({
    host,
    wanted: () => [...wanted.values()],
    kept: () => new Set(wanted.keys()),
    onChange: () => void changes++,
    log: (line) => void logged.push(line),
    retryAfter: 1,
  })
  return {
    keep,
    up,
    begun,
    halted,
    logged,
    changes: () => changes,
    want: (id: string, boots = 1) =>
      wanted.set(id, { id, boots, guest: () => ({ boot: boots, hostname: id, files: [], memory: 1 }) }),
    drop: (id: string) => wanted.delete(id),
    /** The boot of `node` under way ends, well or with an error. */
    async ends(node: string, error?: Error) {
      while (!waiting.has(node)) await turn()
      waiting.get(node)?.(error)
      await turn()
    },
  }
}

const turn = () => new Promise((resolve) => setImmediate(resolve))
const all = () => true

describe('the keeper of guests', () => {
  test('boots each instance once, however often it is asked to meanwhile', async () => {
    const it = bench()
    it.want('i-1')
    it.keep.tend(all)
    it.keep.tend(all)
    assert.equal(it.keep.idle, false)
    assert.equal(it.keep.health('i-1'), 'initializing')
    await it.ends('i-1')
    it.keep.tend(all)
    assert.deepEqual(it.begun, ['i-1 1'])
    assert.ok(it.keep.isUp('i-1') && it.keep.idle)
    assert.equal(it.keep.health('i-1'), 'ok')
    assert.equal(it.changes(), 1)
  })

  test('boots no instance whose network is not in force', async () => {
    const it = bench()
    it.want('i-1')
    it.keep.tend(() => false)
    await turn()
    assert.deepEqual(it.begun, [])
  })

  test('boots an instance again that has been rebooted, also while it boots', async () => {
    const it = bench()
    it.want('i-1', 1)
    it.keep.tend(all)
    it.want('i-1', 2)
    it.keep.tend(all)
    await it.ends('i-1')
    await it.ends('i-1')
    assert.deepEqual(it.begun, ['i-1 1', 'i-1 2'])
    assert.ok(it.keep.idle)
  })

  test('tries a boot that failed again, says so once, and is impaired meanwhile', async () => {
    const it = bench()
    it.want('i-1')
    it.keep.tend(all)
    await it.ends('i-1', new Error('no disk'))
    assert.equal(it.keep.health('i-1'), 'impaired')
    assert.equal(it.keep.idle, false)
    await it.ends('i-1', new Error('no disk'))
    await it.ends('i-1')
    assert.equal(it.keep.health('i-1'), 'ok')
    assert.deepEqual(it.logged, ['i-1 could not be booted, and it is tried again: no disk'])
    assert.ok(it.keep.idle)
  })

  test('begins no boot while it is held, and those that wait once it is let go', async () => {
    const it = bench()
    it.want('i-a')
    it.keep.hold()
    it.keep.tend(() => true)
    await it.ends('i-a')
    it.want('i-b')
    it.want('i-c')
    it.keep.tend((id) => id === 'i-b')
    it.keep.hold()
    await it.ends('i-b')
    assert.deepEqual(it.begun, ['i-a 1', 'i-b 1'])
    it.keep.tend(() => true)
    await it.ends('i-c')
    assert.deepEqual(it.begun, ['i-a 1', 'i-b 1', 'i-c 1'])
  })

  test('ends the guests of instances that shall not run, also one that is just booting', async () => {
    const it = bench()
    it.want('i-1')
    it.want('i-2')
    it.keep.tend(all)
    await it.ends('i-1')
    it.drop('i-1')
    it.drop('i-2')
    const retired = it.keep.retire()
    await it.ends('i-2')
    await retired
    assert.deepEqual(it.halted, ['i-1', 'i-2'])
    assert.equal(it.up.size, 0)
  })
})
