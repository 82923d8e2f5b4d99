/** Snapshots that can not be read: one sentence with file and place, and never anything else. */
import assert from 'node:assert/strict'
import { closeSync, ftruncateSync, openSync } from 'node:fs'
import { join } from 'node:path'
import { describe, test, type TestContext } from 'node:test'
import { readSnapshot } from '../../src/snapshot/read-snapshot.ts'
import { SnapshotError } from '../../src/snapshot/snapshot-error.ts'
import { folderOf } from './estate.ts'

const VPC = { VpcId: 'vpc-00000001', CidrBlock: '10.0.0.0/16', OwnerId: '111122223333', State: 'available' }
const vpcs = (...some: unknown[]) => ({ 'us-east-1/vpcs.json': { Vpcs: some } })
const subnet = (more: object) => ({
  ...vpcs(VPC),
  'us-east-1/subnets.json': {
    Subnets: [{ SubnetId: 'subnet-00000001', VpcId: 'vpc-00000001', CidrBlock: '10.0.1.0/24', ...more }],
  },
})

function refused(t: TestContext, files: Record<string, unknown>, words: RegExp): void {
  assert.throws(
    () => readSnapshot(folderOf(t, files)),
    (error: unknown) => {
      assert.ok(error instanceof SnapshotError, String(error instanceof Error ? error.stack : error))
      assert.match(error.message, words)
      assert.ok(error.message.length < 400, `${error.message.length} characters`)
      return true
    },
  )
}

describe('a snapshot that can not be read', () => {
  test('names the file and the place where it is no JSON', (t) => {
    refused(
      t,
      { 'us-east-1/a.json': '{"Vpcs": [\n  {"a": x}]}' },
      /^us-east-1\/a\.json is no JSON from line 2, column 9 on/,
    )
    refused(t, { 'us-east-1/a.json': '{"Vpcs": [' }, /it ends too early/)
    refused(t, { 'us-east-1/a.json': '' }, /it is empty/)
    refused(t, { 'us-east-1/a.json': '{"a": "\\q"}' }, /line 1, column 8/)
    refused(t, { 'us-east-1/a.json': '{"a": 1,}' }, /line 1, column 9/)
    refused(t, { 'us-east-1/a.json': '[1]' }, /must hold an object .* is a list/)
  })

  test('names the JSON path where a value is of another kind', (t) => {
    refused(t, vpcs(7), /^us-east-1\/vpcs\.json: Vpcs\[0\] must be an object, and is a number/)
    refused(t, vpcs(VPC, null), /Vpcs\[1\] must be an object, and is null/)
    refused(t, vpcs([[VPC]]), /Vpcs\[0\] must be an object, and is a list/)
    refused(t, { 'vpcs.json': { Vpcs: {} } }, /^vpcs\.json: Vpcs must be a list, and is an object/)
    refused(t, vpcs({ ...VPC, CidrBlock: 10 }), /Vpcs\[0\]\.CidrBlock must be a text, and is a number/)
    refused(t, vpcs({ ...VPC, CidrBlock: 'x' }), /Vpcs\[0\] can not be: .*x/)
    refused(t, vpcs({ ...VPC, IsDefault: 'yes' }), /IsDefault must be true or false/)
    refused(t, vpcs({ ...VPC, Tags: [{ Key: 1 }] }), /Vpcs\[0\]\.Tags\[0\]\.Key must be a text/)
    refused(t, vpcs({ ...VPC, VpcId: undefined }), /VpcId is missing/)
    refused(t, vpcs({ ...VPC, VpcId: '../../etc' }), /VpcId must be an id/)
    refused(t, vpcs({ ...VPC, OwnerId: 'me' }), /OwnerId must be an account/)
    refused(t, vpcs({ ...VPC, State: 'odd' }), /State must be one of pending, available/)
  })

  test('says what contradicts what', (t) => {
    refused(
      t,
      vpcs(VPC, { ...VPC, CidrBlock: '10.1.0.0/16' }),
      /Vpcs\[1\] describes vpc-00000001 otherwise than .*Vpcs\[0\]/,
    )
    refused(t, subnet({ CidrBlock: '10.7.1.0/24' }), /in no block of vpc-00000001/)
    const two = subnet({})['us-east-1/subnets.json'].Subnets[0]
    const overlapping = { Subnets: [two, { ...two, SubnetId: 'subnet-00000002', CidrBlock: '10.0.0.0/20' }] }
    refused(t, { ...vpcs(VPC), 'us-east-1/subnets.json': overlapping }, /overlaps subnet-00000001/)
    const main = { VpcId: 'vpc-00000001', Associations: [{ Main: true }], Routes: [] }
    const tables = ['rtb-00000001', 'rtb-00000002'].map((RouteTableId) => ({ ...main, RouteTableId }))
    refused(t, { ...vpcs(VPC), 'us-east-1/rtb.json': { RouteTables: tables } }, /vpc-00000001 has 2 main route tables/)
    const side = { VpcId: 'vpc-00000001' }
    const peering = { VpcPeeringConnectionId: 'pcx-00000001', RequesterVpcInfo: side, AccepterVpcInfo: side }
    refused(
      t,
      { ...vpcs(VPC), 'us-east-1/p.json': { VpcPeeringConnections: [peering] } },
      /joins vpc-00000001 to itself/,
    )
    const addresses = [1, 2].map((n) => ({ AllocationId: `eipalloc-0000000${n}`, PublicIp: '1.2.3.4' }))
    refused(t, { 'us-east-1/a.json': { Addresses: addresses } }, /PublicIp is 1\.2\.3\.4, as that of eipalloc-00000001/)
  })

  test('is bounded in depth, number of values and size', (t) => {
    refused(t, { 'a.json': `{"Vpcs":${'['.repeat(1_000_000)}` }, /more than 64 levels/)
    const wide = folderOf(t, { 'a.json': `{"Vpcs":[${'0,'.repeat(17_000_000)}0]}` })
    assert.throws(() => readSnapshot(wide), /more than 16000000 values/)
    const large = folderOf(t, { 'a.json': '' })
    const file = openSync(join(large, 'aws_configs', 'a.json'), 'w')
    ftruncateSync(file, 300 * 1024 * 1024)
    closeSync(file)
    assert.throws(() => readSnapshot(large), /a\.json has 300 MB, and 256 MB is the most/)
  })

  test('is no folder, or one without a snapshot', (t) => {
    const dir = folderOf(t, { 'readme.txt': 'x' })
    assert.throws(() => readSnapshot(dir), /holds no snapshot: .*--print-commands/)
    assert.throws(() => readSnapshot(`${dir}/none`), /There is no folder/)
    assert.throws(() => readSnapshot(join(dir, 'aws_configs', 'readme.txt')), /is no folder/)
  })
})

describe('a snapshot with odd names', () => {
  test('has keys, tags and groups named __proto__ as any other', (t) => {
    const text = JSON.stringify({ Vpcs: [{ ...VPC, Tags: [{ Key: '__proto__', Value: 'x' }] }] })
    const dir = folderOf(t, { 'us-east-1/a.json': text.replace('{', '{"__proto__": {"polluted": 1},') })
    const { state, report } = readSnapshot(dir)
    assert.deepEqual(Object.entries(state.get('vpc', 'vpc-00000001')?.tags ?? {}), [['__proto__', 'x']])
    assert.ok(report.notes.some((note) => note.what === 'the key "__proto__"'))
    assert.equal(({} as { polluted?: number }).polluted, undefined)
  })

  test('lists files and folders that have no place', (t) => {
    const { report } = readSnapshot(
      folderOf(t, { ...vpcs(VPC), 'notes.txt': 'x', 'old/vpcs.json': '{', 'accounts/me/a.json': '{' }),
    )
    const files = report.notes.find((note) => note.what === 'files')
    assert.deepEqual(files?.examples.toSorted(), ['accounts/me', 'notes.txt', 'old/'])
  })

  test('lists an unknown field with its place', (t) => {
    const { report } = readSnapshot(folderOf(t, vpcs({ ...VPC, Warp: { Speed: 9 }, Empty: [] })))
    const unknown = report.notes.filter((note) => note.kind === 'unknown')
    assert.deepEqual(
      unknown.map(({ what, examples }) => [what, examples]),
      [['the field Vpcs[].Warp', ['us-east-1/vpcs.json: Vpcs[0]']]],
    )
  })
})
