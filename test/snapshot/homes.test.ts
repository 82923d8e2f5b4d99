/** Whose a snapshot is: accounts and Regions by folder, by content, and where two accounts see one thing. */
import assert from 'node:assert/strict'
import { cpSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { readSnapshot } from '../../src/snapshot/read-snapshot.ts'
import { folderOf } from './estate.ts'

const [OWNER, GUEST] = ['111122223333', '444455556666']
const VPC = { VpcId: 'vpc-00000001', CidrBlock: '10.0.0.0/16', OwnerId: OWNER }

test('without folders, account and Region are what the resources say', (t) => {
  const dir = mkdtempSync(join(tmpdir(), 'isthmus-snapshot-'))
  t.after(() => rmSync(dir, { recursive: true, force: true }))
  cpSync('test/snapshot/account/aws_configs/us-east-1', dir, { recursive: true })
  const { state, report } = readSnapshot(dir)
  assert.equal(state.get('elastic-ip', 'eipalloc-0a10000000000000a')?.account, OWNER)
  assert.deepEqual(
    report.contents.map(({ account, region }) => [account, region]),
    [[OWNER, 'us-east-1']],
  )
  assert.ok(!report.notes.some((note) => /account|Region/.test(note.what)))
})

test('the folder of one Region may be given itself', () => {
  const { report } = readSnapshot('test/snapshot/account/aws_configs/us-east-1')
  assert.equal(report.contents[0]?.region, 'us-east-1')
})

test('where nothing says it, that is said', (t) => {
  const { report } = readSnapshot(folderOf(t, { 'a.json': { Vpcs: [{ ...VPC, OwnerId: undefined }] } }))
  const assumed = report.notes.filter((note) => note.kind === 'assumed').map((note) => note.what)
  assert.deepEqual(assumed.slice(0, 2), ['the account', 'the Region'])
})

test("a shared VPC is its owner's, with the owner's tags, whoever else describes it", (t) => {
  const tagged = (Value: string) => ({ Vpcs: [{ ...VPC, Tags: [{ Key: 'Name', Value }] }] })
  for (const [first, second] of [
    [OWNER, GUEST],
    [GUEST, OWNER],
  ]) {
    const files = { [`accounts/${first}/eu-west-1/a.json`]: tagged(`${first}`) }
    const dir = folderOf(t, { ...files, [`accounts/${second}/eu-west-1/a.json`]: tagged(`${second}`) })
    const vpc = readSnapshot(dir).state.get('vpc', VPC.VpcId)
    assert.deepEqual([vpc?.account, vpc?.region, vpc?.tags.Name], [OWNER, 'eu-west-1', OWNER])
  }
})

test('the same described twice in one account is one, and must be the same', (t) => {
  const dir = folderOf(t, { 'eu-west-1/a.json': { Vpcs: [VPC] }, 'eu-west-1/b.json': { Vpcs: [VPC] } })
  assert.equal([...readSnapshot(dir).state.all('vpc')].length, 1)
})
