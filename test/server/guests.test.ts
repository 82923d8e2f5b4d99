import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { describe, test } from 'node:test'
import type { Ec2 } from '../../src/client/ec2-client.ts'
import { execute } from '../../src/client/exec.ts'
import { noKernel } from '../kernel.ts'
import { ask, clientOf, folder, type Served, served } from './bench.ts'

const real = { sim: false }

/** A subnet with `count` instances that were asked for. */
async function launch(client: Ec2, count: number, more: { UserData?: string } = {}): Promise<string[]> {
  const { Vpc } = await client.call('CreateVpc', { CidrBlock: '10.1.0.0/16' })
  const { Subnet } = await client.call('CreateSubnet', { VpcId: Vpc?.VpcId ?? '', CidrBlock: '10.1.0.0/20' })
  const { Images = [] } = await client.call('DescribeImages', { Owners: ['amazon'] })
  const { Instances = [] } = await client.call('RunInstances', {
    ImageId: Images[0]?.ImageId ?? '',
    InstanceType: 't3.micro',
    SubnetId: Subnet?.SubnetId ?? '',
    MinCount: count,
    MaxCount: count,
    ...more,
  })
  return Instances.map(({ InstanceId }) => InstanceId ?? '')
}

async function described(client: Ec2, ids: readonly string[]) {
  const { Reservations = [] } = await client.call('DescribeInstances', { InstanceIds: [...ids] })
  return Reservations.flatMap(({ Instances = [] }) => Instances)
}

/** Resolves once all are in the state; the test's own limit ends a wait in vain. */
async function reached(client: Ec2, ids: readonly string[], state: string): Promise<void> {
  while (!(await described(client, ids)).every(({ State }) => State?.Name === state)) await sleep(50)
}

/** What a shell line prints inside an instance, as root. */
async function inside({ stateDir }: Served, id: string, line: string): Promise<string> {
  const running = await execute(stateDir, id, ['sh', '-c', line])
  let output = ''
  running.onOutput((_, data) => {
    output += data.toString()
  })
  await running.write(null)
  await running.exit
  return output.trim()
}

const down = (stateDir: string, purge: boolean) => ask({ stateDir }, 'POST', '/stop', { body: { purge } })

describe('instances of a server', { concurrency: 1, skip: noKernel, timeout: 180_000 }, () => {
  test('live as the API says: stopped and started with their disk, shut down and rebooted from inside, ended', async (t) => {
    const server = await served(t, folder(t), real)
    const client = clientOf(server.endpoint)
    const ids = await launch(client, 1, {
      UserData: Buffer.from('#!/bin/sh\necho done > /root/done\n').toString('base64'),
    })
    const [id = ''] = ids
    await reached(client, ids, 'running')
    while ((await inside(server, id, 'cat /root/done')) !== 'done') await sleep(50)

    await client.call('StopInstances', { InstanceIds: ids })
    await reached(client, ids, 'stopped')
    await assert.rejects(execute(server.stateDir, id, ['true']))
    await client.call('StartInstances', { InstanceIds: ids })
    await reached(client, ids, 'running')
    assert.equal(await inside(server, id, 'cat /root/done; rm /root/done'), 'done')

    await inside(server, id, 'echo here > /run/here; /opt/isthmus/bin/reboot')
    while ((await inside(server, id, '[ -e /run/here ] || echo fresh').catch(() => '')) !== 'fresh') await sleep(50)
    assert.equal(await inside(server, id, 'ls /root/done 2> /dev/null'), '', 'user data runs at the first boot only')

    const note = join(server.stateDir, 'guests', id, 'process.json')
    const { pid } = JSON.parse(readFileSync(note, 'utf8')) as { pid: number }
    process.kill(pid, 'SIGKILL')
    const booted = () => inside(server, id, 'echo well').catch(() => '')
    while (readFileIn(server.stateDir, id).includes(`:${pid},`) || (await booted()) !== 'well') await sleep(50)

    await inside(server, id, '/opt/isthmus/bin/shutdown -h now')
    await reached(client, ids, 'stopped')
    const [stopped] = await described(client, ids)
    assert.equal(stopped?.StateReason?.Code, 'Client.InstanceInitiatedShutdown')

    await client.call('TerminateInstances', { InstanceIds: ids })
    await reached(client, ids, 'terminated')
    await ask(server, 'GET', '/wait')
    assert.deepEqual(
      readdirSync(join(server.stateDir, 'guests')).filter((name) => !name.startsWith('.')),
      [],
    )
    await down(server.stateDir, true)
  })

  test('run on when it is killed, and are booted again after the machine has been down', async (t) => {
    const stateDir = folder(t)
    const first = await served(t, stateDir, real)
    const ids = await launch(clientOf(first.endpoint), 1)
    const [id = ''] = ids
    await reached(clientOf(first.endpoint), ids, 'running')
    await inside(first, id, 'echo kept > /root/kept; sleep 600 > /dev/null 2>&1 &')
    await first.killed()

    const second = await served(t, stateDir, real)
    await ask({ stateDir }, 'GET', '/wait')
    assert.match(await inside(second, id, 'ps -eo args='), /^sleep 600$/m)
    await down(stateDir, false)
    assert.equal(await second.ended, 0)

    const third = await served(t, stateDir, real)
    await ask({ stateDir }, 'GET', '/wait')
    assert.doesNotMatch(await inside(third, id, 'ps -eo args='), /^sleep 600$/m)
    assert.equal(await inside(third, id, 'cat /root/kept'), 'kept')
    assert.equal((await described(clientOf(third.endpoint), ids))[0]?.State?.Name, 'running')
    await down(stateDir, true)
  })

  test('are all there and whole when it is killed while they launch', async (t) => {
    const stateDir = folder(t)
    const first = await served(t, stateDir, real)
    const ids = await launch(clientOf(first.endpoint), 12)
    // Some have a disk by now, and some have not.
    while (!disksIn(stateDir).some((node) => readFileIn(stateDir, node) !== '')) await sleep(5)
    await first.killed()

    const second = await served(t, stateDir, real)
    const client = clientOf(second.endpoint)
    await reached(client, ids, 'running')
    const names = await Promise.all(ids.map((id) => inside(second, id, 'hostname')))
    const wanted = (await described(client, ids)).map(({ PrivateDnsName }) => PrivateDnsName?.split('.')[0])
    assert.deepEqual(names.toSorted(), wanted.toSorted())
    await down(stateDir, true)
  })
})

const disksIn = (stateDir: string): string[] => {
  try {
    return readdirSync(join(stateDir, 'guests')).filter((name) => !name.startsWith('.'))
  } catch {
    return []
  }
}

/** Which process a guest is known by; empty where it has not come up. */
function readFileIn(stateDir: string, node: string): string {
  try {
    return readFileSync(join(stateDir, 'guests', node, 'process.json'), 'utf8')
  } catch {
    return ''
  }
}
