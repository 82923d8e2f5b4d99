import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { noKernel } from '../kernel.ts'
import { alone, settled, sysctls } from './machine.ts'

interface Seen<T> {
  /** What ip, nft, findmnt, ps and sysctl say of the machine, by what it is about. */
  readonly before: Record<string, string[]>
  readonly during: Record<string, string[]>
  readonly after: Record<string, string[]>
  /** What is in the server's folder afterwards. */
  readonly files: readonly string[]
  readonly seen: T
}

const program = fileURLToPath(new URL('peering-on-linux.ts', import.meta.url))
const play = async <T>(end: string): Promise<Seen<T>> => (await alone(program, end)) as Seen<T>

/** That something was there to be left, and is not there any more. */
function leftNothing({ before, during, after, files }: Seen<unknown>): void {
  for (const what of ['links', 'addresses', 'routes', 'namespaces', 'mounts', 'processes'])
    assert.notDeepEqual(during[what], before[what], `the lab shows in ${what}`)
  assert.deepEqual(after, before)
  assert.deepEqual(
    // The disks of instances that were not terminated are part of the state.
    files.filter((file) => !file.startsWith('state.db') && file !== 'guests'),
    [],
  )
}

describe('a server leaves nothing on the machine', { skip: noKernel, timeout: 120_000 }, () => {
  test('after it was stopped, with two peered VPCs, instances, an Elastic IP and a command that runs', async () => {
    const settings = sysctls()
    const played = await play<{ status: number; exit: number }>('stop')
    assert.deepEqual(played.seen, { status: 200, exit: 0 })
    leftNothing(played)
    assert.deepEqual(
      await settled(sysctls, settings),
      settings,
      'nor in the settings that all networks of the machine share',
    )
  })

  test('after it was killed with -9 and taken down afterwards', async () => {
    const played = await play<{ left: number }>('kill')
    assert.ok(played.seen.left > 0)
    leftNothing(played)
  })

  test('killed with -9 and started again, its instances go on: not a packet is lost', async () => {
    type Restart = { before: string[]; after: string[]; statistics: string; states: string[] }
    const played = await play<Restart>('restart')
    const { before, after, statistics, states } = played.seen
    assert.deepEqual(after, before, 'the very same namespaces')
    assert.match(statistics, /, 0% packet loss/)
    assert.deepEqual(states, ['running', 'running'])
    leftNothing(played)
  })
})
