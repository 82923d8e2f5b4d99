/** `isthmus explain`, `check`, and what `ping` says of a silence, as a person runs them. */
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { before, test } from 'node:test'
import { painter, plain } from '../../src/cli/paint.ts'
import { wrapped, wrappedCommand } from '../../src/cli/wrap.ts'
import { launcher, ownState, shop } from './person.ts'

const { folder, env, isthmus } = ownState('explain')
const reach = join(folder, 'reach.yaml')

let group: string

before(async () => {
  const names = ['web', 'db'].map((name) => ({ name, isPublic: false }))
  ;({ group } = await shop(isthmus, 'closed', names))
  writeFileSync(reach, 'assertions:\n  - {name: ping, from: web, to: db, expect: reachable, because: it must}\n')
})

test('both have help with examples', async () => {
  for (const command of ['explain', 'check']) {
    const { code, stdout } = await isthmus(command, '--help')
    assert.equal(code, 0)
    assert.match(stdout, new RegExp(`Examples:\\n  isthmus ${command} `))
  }
})

test('what arrives not is 1, what can not be asked is 2, in one sentence', async () => {
  assert.equal((await isthmus('explain', 'web', 'db')).code, 1)
  const wrong: readonly (readonly [RegExp, ...string[]])[] = [
    [/^There is no instance nobody\. There is: .*web/, 'explain', 'nobody', 'db'],
    [/^Nothing has the address 10\.1\.2\.3\./, 'explain', '10.1.2.3', 'db'],
    [/^Give one of --tcp, --udp/, 'explain', 'web', 'db', '--tcp', '1', '--udp', '2'],
    [/Give a port from 0 to 65535/, 'explain', 'web', 'db', '--tcp', '99999'],
    [/^Isthmus is not running /, 'explain', 'web', 'db', '--state', join(folder, 'none')],
    [/^.*none.*\n$/, 'explain', 'web', 'db', '--snapshot', join(folder, 'none')],
    [/^--apply needs a running server/, 'explain', 'web', 'db', '--apply', '--snapshot', folder],
    [/^Say which file to check/, 'check'],
    [/can not be read/, 'check', join(folder, 'none.yaml')],
    [/^Isthmus is not running /, 'check', reach, '--state', join(folder, 'none')],
    [/^--wire and --watch need a running server/, 'check', reach, '--wire', '--snapshot', folder],
  ]
  for (const [message, ...args] of wrong) {
    const { code, stderr, stdout } = await isthmus(...args)
    assert.equal(code, 2, `${args.join(' ')}\n${stdout}`)
    assert.match(stderr, message, args.join(' '))
    assert.doesNotMatch(stderr, /defect/)
  }
})

test('a silent ping ends with the first sentence of the explanation, and keeps its exit code', async () => {
  const { code, stdout, stderr } = await isthmus('ping', '-c', '1', 'web', 'db')
  assert.equal(code, 1)
  assert.match(stdout, /100% packet loss/)
  assert.match(stderr, /^\nThe security group `closed` \(sg-\w+\) of `db` has no inbound rules,\nso it lets no ping/)
  assert.match(stderr, /\nMore, and how to mend it: isthmus explain web db\n$/)
})

test('Ctrl-C ends a silent ping with it, too', async () => {
  const child = spawn(launcher, ['ping', 'web', 'db'], { env, stdio: ['ignore', 'pipe', 'pipe'] })
  let said = ''
  child.stderr.on('data', (data: Buffer) => {
    said += data.toString()
  })
  child.stdout.once('data', () => child.kill('SIGINT'))
  const code = await new Promise((done) => child.on('close', done))
  assert.equal(code, 1)
  assert.match(said, /More, and how to mend it/)
})

test('-o json has the answer with hops, blockers, fixes and sets', async () => {
  const { code, stdout } = await isthmus('explain', 'web', 'db', '--tcp', '22', '-o', 'json')
  assert.equal(code, 1)
  const { verdict, way, fixes, lost, question } = JSON.parse(stdout)
  assert.equal(verdict, 'unreachable')
  assert.deepEqual(question.traffic, { protocol: 6, destinationPorts: { from: 22, to: 22 } })
  assert.deepEqual([way.blockers[0].code, way.blockers[0].origin.resource], ['SG_HAS_NO_RULES', group])
  assert.match(fixes[0].calls[0].command, /^aws ec2 authorize-security-group-ingress --group-id sg-/)
  assert.deepEqual(lost[0].destinationPorts, [{ from: 22, to: 22 }])
  assert.ok(way.hops.length > 0)
})

test('a check that fails is 1, with what is in the way and the command that mends it; --junit writes a file', async () => {
  const { code, stdout } = await isthmus('check', reach, '--wire', '--junit', join(folder, 'out.xml'))
  assert.equal(code, 1)
  assert.match(stdout, /^✗ ping\n {4}because: it must\n {4}`web` can not ping `db`: one setting is in the way\.\n/)
  assert.match(stdout, /\n {6}aws ec2 authorize-security-group-ingress .*\n(.*\n)*0 hold, 1 does not\n$/)
  assert.match(readFileSync(join(folder, 'out.xml'), 'utf8'), /<failure message="`web` can not ping `db`/)
})

test('mistakes in the file are 2, each at its line and column', async () => {
  const file = join(folder, 'wrong.yaml')
  writeFileSync(file, 'assertions:\n  - {from: web, too: db, expect: reachable}\n')
  const { code, stderr } = await isthmus('check', file)
  assert.equal(code, 2)
  assert.match(stderr, /wrong\.yaml:2:17: unknown key too; expected one of .*\n.*wrong\.yaml:2:5: expected `to`/)
})

test('--watch checks again after a change, and prints what changed', async () => {
  const child = spawn(launcher, ['check', reach, '--watch'], {
    env,
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let said = ''
  const seen = (pattern: RegExp) =>
    new Promise<void>((done) => {
      const look = () => {
        if (!pattern.test(said)) return
        child.stdout.off('data', look)
        done()
      }
      child.stdout.on('data', look)
      look()
    })
  child.stdout.on('data', (data: Buffer) => {
    said += data.toString()
  })
  await seen(/^✗ ping\n[\s\S]*0 hold, 1 does not\n/)
  assert.equal((await isthmus('explain', 'web', 'db', '--apply')).code, 0)
  await seen(/\n✓ ping\n\d\d:\d\d:\d\d 1 holds\n/)
  child.kill('SIGINT')
  await new Promise((done) => child.on('close', done))
})

test('what --apply has mended is so on the network: the ping is answered and says nothing more', async () => {
  const { code, stderr } = await isthmus('ping', '-c', '1', 'web', 'db')
  assert.deepEqual([code, stderr], [0, ''])
  const open = await isthmus('explain', 'web', 'db', '--apply')
  assert.equal(open.code, 0)
  assert.match(open.stdout, /^`web` can ping `db`\.\n/)
  assert.match((await isthmus('check', reach, '--wire')).stdout, /^✓ ping\n1 holds\n$/)
})

test('a snapshot answers as the server that it was taken from, without it', async () => {
  const dir = join(folder, 'snapshot')
  assert.equal((await isthmus('export', dir)).code, 0)
  const off = ['--snapshot', dir, '--state', join(folder, 'none')]
  const { code, stdout } = await isthmus('explain', 'web', 'db', ...off)
  assert.equal(code, 0, stdout)
  assert.match(stdout, /^`web` can ping `db`\.\n/)
  assert.equal((await isthmus('explain', 'db', 'web', '--tcp', '22', ...off)).code, 1)
  assert.match((await isthmus('check', reach, ...off)).stdout, /^✓ ping\n1 holds\n$/)
})

test('colours are for terminals, and not where NO_COLOR is set', () => {
  assert.equal(painter({ isTTY: false }, {}), plain)
  assert.equal(painter({}, {}), plain)
  assert.equal(painter({ isTTY: true }, { NO_COLOR: '1' }), plain)
  assert.equal(painter({ isTTY: true }, { TERM: 'dumb' }), plain)
  assert.equal(painter({ isTTY: true }, {})('red', 'no'), '\x1b[31mno\x1b[39m')
})

test('lines fit: words are kept whole, commands go on as a shell reads them', () => {
  assert.deepEqual(wrapped('one two three', 9, '- ', '  '), ['- one two', '  three'])
  assert.deepEqual(wrapped('averylongword x', 5), ['averylongword', 'x'])
  assert.deepEqual(wrappedCommand('aws ec2 go --a 1 --b 2', 16, '', '  '), ['aws ec2 go \\', '  --a 1 --b 2'])
})
