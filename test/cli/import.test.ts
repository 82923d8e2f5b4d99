/** `isthmus import` and `isthmus export` as a person runs them. */
import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { isthmusOn } from './person.ts'

const folder = mkdtempSync(join(tmpdir(), 'isthmus-import-'))
const [here, there] = [join(folder, 'here'), join(folder, 'there')]
after(async () => {
  for (const state of [here, there]) await isthmus(state, 'down', '--purge')
  rmSync(folder, { recursive: true, force: true })
})

const isthmus = (state: string, ...args: string[]) => isthmusOn(state)(...args)

test('both have help with examples', async () => {
  for (const command of ['import', 'export']) {
    const { code, stdout } = await isthmus(here, command, '--help')
    assert.equal(code, 0)
    assert.match(stdout, new RegExp(`Examples:\\n  isthmus ${command} `))
  }
})

test('--print-commands prints a script that only describes', async () => {
  const { stdout } = await isthmus(here, 'import', 'my account', '--print-commands', '--region', 'eu-west-1')
  const calls = [...stdout.matchAll(/aws ec2 (.*?)(?: >|\))/g)].map(([, words = '']) => words)
  assert.ok(calls.length > 15)
  for (const call of calls) assert.match(call, /^--region eu-west-1 (--output json )?(describe|get)-[a-z-]+( |$)/)
  const script = join(folder, 'take.sh')
  writeFileSync(script, stdout)
  const answers = `aws() { case "$*" in *--query*) echo vpc-1;; *) echo '{}';; esac; }\n. ${script}`
  await new Promise<void>((done, failed) => {
    execFile('sh', ['-euc', answers], { cwd: folder }, (error) => (error ? failed(error) : done()))
  })
  const files = readdirSync(join(folder, 'my account', 'aws_configs', 'eu-west-1'))
  assert.ok(files.includes('vpcs.json') && files.includes('vpc-attribute-vpc-1-enableDnsSupport.json'), files.join())
})

test('--dry-run needs no server, and says what is in a snapshot', async () => {
  const { code, stdout } = await isthmus(here, 'import', 'test/snapshot/account', '--dry-run')
  assert.equal(code, 0)
  assert.match(stdout, /account 111122223333, us-east-1: 1 VPC, .*1 NAT gateway/)
  assert.match(stdout, /Not emulated:\n(.*\n)*.*routes to transit gateways .*: they are blackholes here/)
  const json = await isthmus(here, 'import', 'test/snapshot/account', '--dry-run', '-o', 'json')
  assert.equal((JSON.parse(json.stdout) as { files: number }).files, 20)
})

test('what can not be done is one sentence, with the exit code of its kind', async () => {
  const noServer = await isthmus(here, 'import', 'test/snapshot/account')
  assert.deepEqual([noServer.code, noServer.stdout], [1, ''])
  assert.match(noServer.stderr, /^Isthmus is not running .*`isthmus up`\.\n$/)
  assert.equal((await isthmus(here, 'import')).code, 2)
  const none = await isthmus(here, 'import', folder, '--dry-run')
  assert.equal(none.code, 1)
  assert.match(none.stderr, /^.* holds no snapshot: .*\n$/)
})

test('what one server exports another imports, and its map is the same', async () => {
  for (const state of [here, there]) assert.equal((await isthmus(state, 'up', '-d', '--sim', '--port', '0')).code, 0)
  assert.equal((await isthmus(here, 'create', 'vpc', 'shop', '10.1.0.0/16')).code, 0)
  assert.equal((await isthmus(here, 'create', 'vpc', 'far', '10.2.0.0/16', '--region', 'eu-west-1')).code, 0)
  const dir = join(folder, 'taken')
  const taken = await isthmus(here, 'export', dir, '--all-accounts')
  assert.equal(taken.code, 0, taken.stderr)
  assert.ok(existsSync(join(dir, 'aws_configs', 'accounts', '123456789012', 'eu-west-1', 'vpcs.json')))
  const imported = await isthmus(there, 'import', dir)
  assert.equal(imported.code, 0, imported.stderr)
  assert.match(imported.stdout, /isthmus map --region eu-west-1/)
  for (const args of [['map'], ['map', '--region', 'eu-west-1', '-o', 'json']]) {
    const [first, second] = await Promise.all([isthmus(here, ...args), isthmus(there, ...args)])
    assert.match(first.stdout, /shop|far/)
    assert.equal(second.stdout, first.stdout)
  }
  const again = await isthmus(there, 'import', dir)
  assert.equal(again.code, 1)
  assert.match(again.stderr, /^The vpc vpc-\w+ is here already, .*\n$/)
  assert.match((await isthmus(here, 'export', dir)).stderr, /is not empty: give another folder/)
})

test('of another account it says how to see it', async () => {
  const { code, stdout, stderr } = await isthmus(there, 'import', 'test/snapshot/account')
  assert.equal(code, 0, stderr)
  assert.match(stdout, /AWS_ACCESS_KEY_ID=111122223333 AWS_SECRET_ACCESS_KEY=isthmus isthmus map\n/)
})
