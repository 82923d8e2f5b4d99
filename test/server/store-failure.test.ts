import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readdirSync, rmdirSync, rmSync, statfsSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, test, type TestContext } from 'node:test'
import type { Ec2 } from '../../src/client/ec2-client.ts'
import { ask, caughtUp, clientOf, folder, NotStarted, type Served, served, statusOf } from './bench.ts'

const noLimit = process.platform === 'linux' ? false : 'prlimit is Linux'
const noMount = process.platform === 'linux' && process.getuid?.() === 0 ? false : 'mounting needs Linux and root'
/** No 5xx: SDKs repeat those, some for minutes. */
const refusedByDisk = { code: 'StateNotWritable', status: 400 }
const quotas = { vpcs: 10_000 }

const create = async (ec2: Ec2, CidrBlock = '10.0.0.0/16') => (await ec2.call('CreateVpc', { CidrBlock })).Vpc?.VpcId
const vpcs = async (ec2: Ec2) => (await ec2.call('DescribeVpcs', {})).Vpcs ?? []
const ids = async (ec2: Ec2) => (await vpcs(ec2)).map((v) => v.VpcId).toSorted()

/** Makes VPCs until one is refused; their ids, and the refusal. */
async function fill(ec2: Ec2): Promise<{ made: (string | undefined)[]; refusal: { code?: string; status?: number } }> {
  const made: (string | undefined)[] = []
  for (;;) {
    try {
      made.push(await create(ec2))
    } catch (refusal) {
      return { made, refusal: refusal as { code: string; status: number } }
    }
  }
}

/** What the server has told of its disk. */
const told = (server: Served): string[] =>
  server
    .log()
    .split('\n')
    .filter((line) => /^The state/.test(line))

describe('a state that cannot be written', { skip: noLimit }, () => {
  test('a full disk: a call gets 400 and changes nothing, the log says why once, the server goes on', async (t) => {
    const stateDir = folder(t)
    const server = await served(t, stateDir, { quotas })
    const ec2 = clientOf(server.endpoint)
    await ec2.call('DescribeVpcs', {})
    const room = statSync(join(stateDir, 'state.db-wal')).size + 100_000
    const limit = (bytes: string) => execFileSync('prlimit', ['--pid', `${server.process.pid}`, `--fsize=${bytes}:`])
    limit(`${room}`)
    const { made, refusal } = await fill(ec2)
    assert.deepEqual({ code: refusal.code, status: refusal.status }, refusedByDisk)
    assert.ok(made.length > 0)
    const before = await ids(ec2)
    assert.deepEqual(
      made.filter((id) => !before.includes(id)),
      [],
    )
    const { revision } = await statusOf(stateDir)
    await assert.rejects(create(ec2), (error: Error) => {
      assert.match(error.message, /^The server cannot write its state \(.+\): nothing was changed\. .+\.$/)
      assert.doesNotMatch(error.message, /sqlite|state\.db/i, 'where it is concerns the log alone')
      return true
    })
    assert.deepEqual(await ids(ec2), before, 'what was refused is not there')
    assert.equal((await statusOf(stateDir)).revision, revision)
    const [why, ...more] = told(server)
    assert.match(why ?? '', /^The state in \S+ cannot be written \(.+\): nothing was changed\. See to the disk\.$/)
    assert.deepEqual(more, [], 'once')
    limit('unlimited')
    const last = await create(ec2, '10.1.0.0/16')
    assert.deepEqual(told(server)[1], 'The state can be written again.')
    await server.killed()
    const again = await served(t, stateDir, { quotas })
    assert.deepEqual(await ids(clientOf(again.endpoint)), [...before, last].toSorted())
  })

  test('reset on a full disk deletes nothing', async (t) => {
    const stateDir = folder(t)
    const server = await served(t, stateDir, { allowReset: true })
    const ec2 = clientOf(server.endpoint)
    await create(ec2)
    // What follows by itself, that it becomes available, is written too.
    await caughtUp(stateDir)
    execFileSync('prlimit', ['--pid', `${server.process.pid}`, '--fsize=4096:'])
    const { status, text } = await ask({ url: server.endpoint }, 'POST', '/_isthmus/reset')
    assert.equal(status, 400)
    assert.doesNotMatch(text, /sqlite|state\.db/i)
    assert.equal((await vpcs(ec2)).length, 2)
  })
})

/** A small file system at a folder, gone after the test; `fill` leaves no room on it, `free` gives it back. */
function smallDisk(t: TestContext, options = 'size=1m') {
  const path = mkdtempSync(join(tmpdir(), 'isthmus-disk-'))
  execFileSync('mount', ['-t', 'tmpfs', '-o', `${options},mode=700`, 'isthmus-test', path])
  t.after(() => {
    execFileSync('umount', ['--lazy', path])
    rmdirSync(path)
  })
  const filler = join(path, 'filler')
  return {
    path,
    fill() {
      const { bavail, bsize } = statfsSync(path)
      writeFileSync(filler, Buffer.alloc(bavail * bsize))
    },
    free: () => rmSync(filler),
  }
}

describe('a disk without room', { skip: noMount }, () => {
  test('reads are answered, also where something follows by itself and in a Region that nobody has touched', async (t) => {
    const disk = smallDisk(t)
    const server = await served(t, disk.path)
    const ec2 = clientOf(server.endpoint)
    await ec2.call('DescribeVpcs', {})
    await caughtUp(disk.path)
    const { InternetGateway } = await ec2.call('CreateInternetGateway', {})
    const { Subnets = [] } = await ec2.call('DescribeSubnets', {})
    const { NatGateway } = await ec2.call('CreateNatGateway', {
      SubnetId: Subnets[0]?.SubnetId ?? '',
      ConnectivityType: 'private',
    })
    const { revision } = await statusOf(disk.path)
    disk.fill()
    await assert.rejects(create(ec2), refusedByDisk)
    const NatGatewayIds = [NatGateway?.NatGatewayId ?? '']
    const state = async () => (await ec2.call('DescribeNatGateways', { NatGatewayIds })).NatGateways?.[0]?.State
    // It moves on as time does, though nothing of it can be written.
    for (let seen = await state(); seen !== 'available'; seen = await state()) assert.equal(seen, 'pending')
    assert.equal((await statusOf(disk.path)).revision, revision, 'nothing was written')
    assert.deepEqual(await vpcs(clientOf(server.endpoint, '123456789012', 'eu-west-1')), [])
    await assert.rejects(
      clientOf(server.endpoint, '123456789012', 'eu-west-1').call('CreateDefaultVpc', {}),
      refusedByDisk,
    )
    disk.free()
    assert.equal((await vpcs(clientOf(server.endpoint, '123456789012', 'eu-west-1'))).length, 1)
    assert.equal(await state(), 'available')
    assert.ok(Number((await statusOf(disk.path)).revision) > Number(revision))
    const InternetGatewayIds = [InternetGateway?.InternetGatewayId ?? '']
    assert.equal((await ec2.call('DescribeInternetGateways', { InternetGatewayIds })).InternetGateways?.length, 1)
  })

  test('a client token that met a full disk is not used up', async (t) => {
    const disk = smallDisk(t)
    const ec2 = clientOf((await served(t, disk.path)).endpoint)
    const [{ SubnetId = '' } = {}] = (await ec2.call('DescribeSubnets', {})).Subnets ?? []
    const wish = { SubnetId, ConnectivityType: 'private', ClientToken: 'once' } as const
    disk.fill()
    await assert.rejects(ec2.call('CreateNatGateway', wish), refusedByDisk)
    disk.free()
    const first = await ec2.call('CreateNatGateway', wish)
    const second = await ec2.call('CreateNatGateway', wish)
    assert.equal(first.NatGateway?.NatGatewayId, second.NatGateway?.NatGatewayId)
  })

  test('a snapshot that finds no room leaves nothing of it, and a restore changes nothing', async (t) => {
    const disk = smallDisk(t)
    const { endpoint } = await served(t, disk.path)
    const ec2 = clientOf(endpoint)
    await create(ec2)
    const tell = async (path: string, name: string) =>
      (await ask({ stateDir: disk.path }, 'POST', path, { body: { name } })).status
    assert.equal(await tell('/snapshot', 'one'), 200)
    await create(ec2, '10.1.0.0/16')
    const before = await ids(ec2)
    disk.fill()
    assert.equal(await tell('/snapshot', 'two'), 422)
    assert.equal(await tell('/restore', 'one'), 422)
    assert.deepEqual(readdirSync(join(disk.path, 'snapshots')), ['one.db'])
    assert.deepEqual(await ids(ec2), before)
  })

  test('a server does not start on a disk that is full or read-only, and says so in one sentence', async (t) => {
    const full = smallDisk(t, 'size=64k')
    full.fill()
    const disk = smallDisk(t)
    const first = await served(t, disk.path)
    await create(clientOf(first.endpoint))
    await first.killed()
    execFileSync('mount', ['-o', 'remount,ro', disk.path])
    for (const [path, why] of [
      [full.path, /full/],
      [disk.path, /readonly|read-only|unable to open/],
    ] as const) {
      const refusal: unknown = await served(t, path).catch((error: unknown) => error)
      assert.ok(refusal instanceof NotStarted, String(refusal))
      assert.match(refusal.message, /^StartError: The state in [^\n]+\.$/)
      assert.match(refusal.message, why)
    }
    execFileSync('mount', ['-o', 'remount,rw', disk.path])
    const again = await served(t, disk.path)
    assert.equal((await vpcs(clientOf(again.endpoint))).length, 2)
  })
})
