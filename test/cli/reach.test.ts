/** `isthmus reach`, as a person runs it. */
import assert from 'node:assert/strict'
import { join } from 'node:path'
import { before, test } from 'node:test'
import { reachText } from '../../src/cli/reach-text.ts'
import type { Ec2 } from '../../src/client/ec2-client.ts'
import { ownState, shop } from './person.ts'

const { folder, isthmus } = ownState('reach')

let client: Ec2
let group: string

/** What may come in, to the one group that there is. */
const allow = (protocol: string, port: number, from: object) =>
  client.call('AuthorizeSecurityGroupIngress', {
    GroupId: group,
    IpPermissions: [{ IpProtocol: protocol, FromPort: port, ToPort: port, ...from }],
  })

before(async () => {
  const names = ['web', 'db', 'mail'].map((name) => ({ name, isPublic: name === 'web' }))
  ;({ client, group } = await shop(isthmus, 'shop', names))
  await allow('tcp', 22, { UserIdGroupPairs: [{ GroupId: group }] })
  await allow('tcp', 443, { IpRanges: [{ CidrIp: '0.0.0.0/0' }] })
  await allow('tcp', 8080, { IpRanges: [{ CidrIp: '203.0.113.0/24' }] })
  assert.equal((await isthmus('status', '--wait')).code, 0)
})

const reach = async (line: string): Promise<string> => {
  const { code, stdout, stderr } = await isthmus('reach', ...line.split(' '))
  assert.equal(code, 0, stderr)
  return stdout
}

test('who can reach one thing, and what it can reach: each kind of sender and receiver in a row', async () => {
  assert.equal(
    await reach('to db'),
    `FROM       TO  ANSWERED
mail, web  db  TCP port 22, TCP port 443
`,
  )
  assert.equal(
    await reach('from web'),
    `FROM  TO        ANSWERED
web   internet  everything
web   db, mail  TCP port 22, TCP port 443
`,
  )
  assert.match(await reach('to 1.2.3.4'), /^web +1\.2\.3\.4\/32 +everything$/m)
})

test('what the internet reaches, by where it comes from', async () => {
  const table = `FROM            TO            ANSWERED
internet        web (public)  TCP port 443
203.0.113.0/24  web (public)  TCP port 8080
`
  assert.equal(await reach('internet'), table)
  assert.equal(await reach('from internet'), table)
  const { rows, names } = JSON.parse(await reach('internet -o json'))
  assert.deepEqual(rows[1].from, { kind: 'internet', ids: ['203.0.113.0/24'] })
  assert.deepEqual(rows[1].answered, ['TCP port 8080'])
  assert.equal(names[rows[1].to.ids[0]], 'web')
})

test('the matrix, by group, by subnet and by instance', async () => {
  assert.match(await reach('matrix'), /^shop +shop +TCP port 22, TCP port 443$/m)
  assert.match(await reach('matrix --by subnet'), /^internet +shop-subnet-public1-us-east-1a \(public\) +TCP port 443/m)
  const byInstance = await reach('matrix --by instance')
  assert.match(byInstance, /^mail +db +TCP port 22, TCP port 443$/m)
  assert.doesNotMatch(byInstance, /^db +db /m)
})

test('what has changed since a snapshot, and an answer from the snapshot alone', async () => {
  const before = join(folder, 'before')
  assert.equal((await isthmus('export', before)).code, 0)
  assert.equal(await reach(`diff ${before}`), 'Nothing has been opened or closed.\n')
  await allow('tcp', 25, { IpRanges: [{ CidrIp: '10.1.0.0/24' }, { CidrIp: '10.1.0.0/16' }] })
  const { code, stdout } = await isthmus('reach', 'diff', before)
  assert.equal(code, 1)
  assert.match(stdout, /^opened +db, mail, web +db, mail +TCP port 25$/m)
  await isthmus('down')
  assert.match(await reach(`internet --snapshot ${before}`), /^203\.0\.113\.0\/24 +web \(public\) +TCP port 8080$/m)
})

test('what can not be asked is 2, in one sentence', async () => {
  const none = join(folder, 'none')
  for (const line of [
    `to x --snapshot ${none}`,
    `diff ${none} --snapshot ${join(folder, 'before')}`,
    'matrix --by zone',
  ])
    assert.equal((await isthmus('reach', ...line.split(' '))).code, 2, line)
  const { code, stderr } = await isthmus('reach', 'to', 'nobody', '--snapshot', join(folder, 'before'))
  assert.equal(code, 2)
  assert.match(stderr, /^There is no instance nobody\. There is: /m)
})

test('each has help with examples', async () => {
  for (const command of ['reach', 'reach to', 'reach from', 'reach matrix', 'reach internet', 'reach diff']) {
    const { code, stdout } = await isthmus(...command.split(' '), '--help')
    assert.equal(code, 0, command)
    assert.match(stdout, /Examples:\n {2}isthmus /, command)
  }
})

test('a column for what arrives and is not answered is there where something is; many names are counted', () => {
  const side = (...ids: string[]) => ({ kind: 'instance', ids }) as const
  const row = { from: side('i-1', 'i-2', 'i-3', 'i-4', 'i-5'), to: side('i-6'), aimedAt: 'private' } as const
  const rows = [{ ...row, answered: ['ping'], unanswered: ['TCP port 22'] }]
  assert.equal(
    reachText({ kind: 'to', rows, names: { 'i-6': 'db' } }),
    'FROM                      TO  ANSWERED  ARRIVES ONLY\ni-1, i-2, i-3 and 2 more  db  ping      TCP port 22',
  )
  assert.equal(reachText({ kind: 'internet', rows: [], names: {} }), 'The internet reaches nobody.')
})

test('a name that several groups have is told apart by their ids', () => {
  const side = (...ids: string[]) => ({ kind: 'group', ids }) as const
  const row = { aimedAt: 'private', answered: ['ping'], unanswered: [] } as const
  const rows = [
    { ...row, from: side('sg-1'), to: side('sg-2') },
    { ...row, from: side('sg-3'), to: side('sg-1') },
  ]
  const names = { 'sg-1': 'default', 'sg-2': 'default', 'sg-3': 'web' }
  assert.equal(
    reachText({ kind: 'matrix', rows, names }),
    'FROM            TO              ANSWERED\ndefault (sg-1)  default (sg-2)  ping\nweb             default (sg-1)  ping',
  )
})
