/** A snapshot on its way into a running server: all of it, or nothing. */
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { knownHomes, sendSnapshot } from '../../src/cli/send-snapshot.ts'
import { callOf } from '../../src/snapshot/take-snapshot.ts'
import { readFolder } from '../../src/snapshot/document.ts'
import { linesFrom } from '../../src/snapshot/transfer.ts'
import { ask, caughtUp, clientOf, running, statusOf } from '../server/bench.ts'
import { callsOf, estate, filesOf, folderOf, OTHER } from './estate.ts'

const ACCOUNT = '111122223333'
const send = (stateDir: string, dir: string) => sendSnapshot(stateDir, linesFrom(readFolder(dir)))

describe('an import', () => {
  test('brings a real account up: its instances run, and it describes itself by its own ids', async (t) => {
    const { stateDir, endpoint } = await running(t)
    const report = await send(stateDir, 'test/snapshot/account')
    assert.equal(report.contents[0]?.account, ACCOUNT)
    await caughtUp(stateDir)
    const client = clientOf(endpoint, ACCOUNT)
    const { Reservations = [] } = await client.call('DescribeInstances', {})
    const shown = Reservations.flatMap((r) => r.Instances ?? []).map((i) => `${i.InstanceId} ${i.State?.Name}`)
    assert.deepEqual(shown, ['i-0a100000000000001 running', 'i-0a100000000000002 stopped'])
    const { Vpcs = [] } = await client.call('DescribeVpcs', {})
    assert.deepEqual(
      Vpcs.map((v) => v.VpcId),
      ['vpc-0a1b2c3d4e5f60718'],
      'and no default VPC is made beside it',
    )
    await client.call('StartInstances', { InstanceIds: ['i-0a100000000000002'] })
    await caughtUp(stateDir)
    assert.deepEqual(await knownHomes(stateDir), [{ account: ACCOUNT, region: 'us-east-1' }])
  })

  test('of what is there already changes nothing, and says what is in the way', async (t) => {
    const { stateDir, endpoint } = await running(t)
    await send(stateDir, 'test/snapshot/account')
    const { revision } = await statusOf(stateDir)
    await assert.rejects(send(stateDir, 'test/snapshot/account'), /is here already, in account 111122223333/)
    const address = { AllocationId: 'eipalloc-00000001', PublicIp: '52.0.113.7' }
    const clash = folderOf(t, { 'us-east-1/a.json': { Addresses: [address] } })
    await assert.rejects(send(stateDir, clash), /52\.0\.113\.7, which eipalloc-0a10000000000000a has/)
    const own = folderOf(t, { 'us-east-1/a.json': { Addresses: [{ ...address, PublicIp: '1.1.1.1' }] } })
    await assert.rejects(send(stateDir, own), /1\.1\.1\.1, which a host of the internet here has/)
    const vpc = { VpcId: 'vpc-00000001', CidrBlock: '10.0.0.0/16', IsDefault: true }
    await clientOf(endpoint).call('DescribeRegions', {})
    const second = folderOf(t, { 'accounts/123456789012/us-east-1/a.json': { Vpcs: [vpc] } })
    const before = await statusOf(stateDir)
    await assert.rejects(send(stateDir, second), /second default VPC of account 123456789012 .*: delete vpc-/)
    assert.equal((await statusOf(stateDir)).revision, before.revision)
    assert.ok(Number(before.revision) > Number(revision))
  })

  test('that is wrong, or no snapshot, is refused with a sentence, however it comes', async (t) => {
    const { stateDir } = await running(t)
    const wrong = folderOf(t, { 'us-east-1/a.json': { Vpcs: [{ VpcId: 'vpc-00000001' }] } })
    await assert.rejects(send(stateDir, wrong), /^Failure: us-east-1\/a\.json: Vpcs\[0\]\.CidrBlock is missing/)
    for (const body of [7, null, {}, { file: 'a' }, { strangers: 7 }, []]) {
      const { status, body: answer } = await ask({ stateDir }, 'POST', '/import', { body: body as object })
      assert.equal(status, 400, JSON.stringify(body))
      assert.match(String(answer.error), /same version/)
    }
    await assert.rejects(sendSnapshot(stateDir, ['{', 'x'.repeat(1 << 20)]), /JSON/)
    assert.equal((await statusOf(stateDir)).revision, 0)
  })

  test('of many lines arrives whole, and everybody is served meanwhile', async (t) => {
    const { stateDir, endpoint } = await running(t)
    const vpc = { VpcId: 'vpc-00000001', CidrBlock: '10.0.0.0/16', OwnerId: ACCOUNT }
    const groups = Array.from({ length: 1700 }, (_, i) => ({
      GroupId: `sg-${i.toString(16).padStart(8, '0')}`,
      VpcId: vpc.VpcId,
      GroupName: `group ${i}`,
      Tags: [{ Key: 'text', Value: 'x'.repeat(500) }],
    }))
    const dir = folderOf(t, { 'us-east-1/a.json': { Vpcs: [vpc], SecurityGroups: groups } })
    const [report, regions] = await Promise.all([send(stateDir, dir), clientOf(endpoint).call('DescribeRegions', {})])
    assert.equal(report.contents[0]?.counts['security-group'], 1700 + 1)
    assert.ok((regions.Regions?.length ?? 0) > 10)
  })

  test('of an export is what was exported, over the wire as well', async (t) => {
    const b = await estate(t)
    const { stateDir, endpoint } = await running(t)
    await send(stateDir, folderOf(t, await filesOf(callsOf(b))))
    await caughtUp(stateDir)
    const again = await filesOf(({ account, region }) => callOf(clientOf(endpoint, account, region)))
    const theirs = await filesOf(callsOf(b))
    const name = `accounts/${OTHER.account}/us-east-1/vpc-peering-connections.json`
    assert.deepEqual(again[name], theirs[name])
    assert.deepEqual(Object.keys(again), Object.keys(theirs))
  })
})
