/** The commands as a person runs them: launcher, a server on the simulator, exit codes and words. */
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import * as fs from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { launcher, ownState, run } from './person.ts'

const { existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } = fs

const { folder, state, isthmus, env } = ownState('cli')

test('the launcher works through a symlink and from any folder, and keeps stdout for the command', async () => {
  const link = join(folder, 'linked')
  symlinkSync(launcher, link)
  const { code, stdout } = await run(link, ['--version'], { env, cwd: '/' })
  assert.equal(code, 0)
  assert.match(stdout, /^\d+\.\d+\.\d+\n$/)
})

test('every command has help with examples', async () => {
  const commands = ['up', 'down', 'status', 'env', 'aws', 'create vpc', 'delete vpc', 'ping', 'exec', 'map', 'lab run']
  for (const command of commands) {
    const { code, stdout } = await isthmus(...command.split(' '), '--help')
    assert.equal(code, 0, command)
    assert.match(stdout, new RegExp(`Examples:\\n  .*isthmus ${command}`), command)
    assert.doesNotMatch(stdout, /default: (false|\{\})/, command)
  }
})

test('a wrong option or argument exits 2 and says so', async () => {
  for (const line of ['nothing', 'up --port x', 'ping a', 'lab run other', 'status -o xml']) {
    const { code, stderr } = await isthmus(...line.split(' '))
    assert.equal(code, 2, line)
    assert.match(stderr, /error:/, line)
  }
})

test('without a server a command exits 1 and says how to start one', async () => {
  for (const command of ['status', 'env', 'map']) {
    const { code, stderr } = await isthmus(command)
    assert.equal(code, 1)
    assert.match(stderr, /^Isthmus is not running .*`isthmus up`\.\n$/, command)
  }
  assert.match((await isthmus('down')).stdout, /not running, and nothing is left/)
})

test('up -d starts a server that status, env and a second up find', async () => {
  const up = await isthmus('up', '-d', '--sim', '--port', '0')
  assert.equal(up.code, 0, up.stderr)
  assert.match(up.stdout, /Engine {4}simulator\n.*--sim/)
  const { stdout } = await isthmus('status', '--wait', '-o', 'json')
  const { endpoint, pid, revision, reached } = JSON.parse(stdout)
  assert.equal(revision, reached)
  assert.match((await isthmus('env')).stdout, new RegExp(`^export AWS_ENDPOINT_URL=${endpoint}\n`))
  assert.match((await isthmus('up', '-d')).stdout, new RegExp(`already running, process ${pid}`))
})

test('a port in use is one sentence, in the foreground and in the background, and leaves nothing running', async () => {
  const { port } = JSON.parse(readFileSync(join(state, 'server.json'), 'utf8'))
  const second = join(folder, 'second')
  for (const flags of [[], ['-d']]) {
    const { code, stderr } = await isthmus('up', ...flags, '--sim', '--state', second, '--port', String(port))
    assert.equal(code, 1)
    assert.match(stderr, /^Port \d+ is in use: .*--port.*\n$/)
  }
  assert.equal((await isthmus('status', '--state', second)).code, 1)
})

test("create vpc makes the wizard's parts, and map shows them", async () => {
  const { code, stdout } = await isthmus('create', 'vpc', 'shop', '10.1.0.0/16', '-o', 'json')
  assert.equal(code, 0)
  const made = JSON.parse(stdout)
  const map = await isthmus('map')
  for (const part of ['shop-vpc', made.vpc, made.igw, made['rtb-public']]) assert.ok(map.stdout.includes(part), part)
  const refused = await isthmus('create', 'vpc', 'big', '10.0.0.0/8')
  assert.equal(refused.code, 1)
  assert.match(refused.stderr, /CreateVpc was refused: .*\(InvalidVpc\.Range\)/)
})

/** The instances of these names, in the subnet of `shop`; resolves when they run. */
async function launch(...names: string[]): Promise<void> {
  const { ec2 } = await import('../../src/client/ec2-client.ts')
  const { identityOf } = await import('../../src/client/sign.ts')
  const { endpoint } = JSON.parse((await isthmus('status', '-o', 'json')).stdout)
  const client = ec2(endpoint, { region: 'us-east-1', identity: identityOf('123456789012') })
  const filters = [{ Name: 'cidr-block', Values: ['10.1.0.0/20'] }]
  const { Subnets: [subnet] = [] } = await client.call('DescribeSubnets', { Filters: filters })
  const { Images: [image] = [] } = await client.call('DescribeImages', { Owners: ['amazon'] })
  for (const name of names) {
    await client.call('RunInstances', {
      ImageId: image?.ImageId as string,
      InstanceType: 't2.micro',
      MinCount: 1,
      MaxCount: 1,
      SubnetId: subnet?.SubnetId as string,
      TagSpecifications: [{ ResourceType: 'instance', Tags: [{ Key: 'Name', Value: name }] }],
    })
  }
  assert.equal((await isthmus('status', '--wait')).code, 0)
}

test('ping takes names and ends with the code of ping; exec with that of its command', async () => {
  await launch('Web 1', 'db')
  const answered = await isthmus('ping', '-c', '1', 'web-1', 'db')
  assert.equal(answered.code, 0, answered.stderr)
  assert.match(answered.stdout, /icmp_seq=1 ttl=127/)
  const silent = await isthmus('ping', '-c', '1', 'web-1', '10.1.15.250')
  assert.equal(silent.code, 1)
  assert.match(silent.stdout, /100% packet loss/)
  assert.equal((await isthmus('exec', 'db', '--', 'ping', 'nowhere')).code, 2)
  const unknown = await isthmus('exec', 'db', '--', 'python3')
  assert.equal(unknown.code, 1)
  assert.match(unknown.stderr, /The simulator runs no programs/)
  assert.equal((await isthmus('ping', 'nobody', 'db')).code, 2)
})

test('Ctrl-C lets ping print its statistics', async () => {
  const child = spawn(launcher, ['ping', 'web-1', 'db'], { env, stdio: ['ignore', 'pipe', 'inherit'] })
  let output = ''
  child.stdout.on('data', (data: Buffer) => {
    if (!output.includes('icmp_seq') && data.includes('icmp_seq')) child.kill('SIGINT')
    output += data.toString()
  })
  const [code] = await once(child, 'close')
  assert.equal(code, 0)
  assert.match(output, /--- 10\.1\.\d+\.\d+ ping statistics ---/)
})

test('delete vpc lists what goes and asks; where nobody can be asked it does nothing', async () => {
  const unasked = await isthmus('delete', 'vpc', 'shop')
  assert.equal(unasked.code, 2)
  assert.match(unasked.stderr, /instance Web 1[\s\S]*subnet shop-subnet-public1-us-east-1a[\s\S]*say --yes/)
  const { code, stderr } = await isthmus('delete', 'vpc', 'shop', '--yes')
  assert.equal(code, 0, stderr)
  assert.match((await isthmus('map')).stdout, /There are no VPCs here yet/)
})

test('after kill -9, status says that nothing runs, down cleans up, and up finds what was created', async () => {
  await isthmus('create', 'vpc', 'kept', '10.3.0.0/16')
  const { pid } = JSON.parse((await isthmus('status', '-o', 'json')).stdout)
  process.kill(pid, 'SIGKILL')
  while (existsSync(`/proc/${pid}`)) await new Promise(setImmediate)
  assert.equal((await isthmus('status')).code, 1)
  assert.match((await isthmus('down')).stdout, /had ended without cleaning up/)
  assert.equal((await isthmus('up', '-d', '--sim', '--port', '0')).code, 0)
  assert.match((await isthmus('map')).stdout, /kept-vpc/)
})

test('in the foreground SIGTERM stops it cleanly', async () => {
  const here = join(folder, 'foreground')
  const args = ['up', '--sim', '--port', '0', '--state', here]
  const child = spawn(launcher, args, { env, stdio: ['ignore', 'pipe', 'inherit'] })
  let output = ''
  child.stdout.on('data', (data: Buffer) => {
    output += data.toString()
    if (data.includes('Stop with Ctrl-C')) child.kill('SIGTERM')
  })
  const [code] = await once(child, 'close')
  assert.equal(code, 0)
  assert.match(output, /Stopping: .*\nStopped\.\n$/)
  assert.ok(!existsSync(join(here, 'server.json')))
})

test("down --purge removes what is Isthmus's and nothing else", async () => {
  const shared = join(folder, 'shared')
  mkdirSync(shared)
  writeFileSync(join(shared, 'thesis.txt'), 'x')
  assert.equal((await isthmus('up', '-d', '--sim', '--port', '0', '--state', shared)).code, 0)
  assert.equal((await isthmus('down', '--purge', '--state', shared)).code, 0)
  assert.deepEqual(readdirSync(shared), ['thesis.txt'])
  assert.match((await isthmus('down', '--purge')).stdout, /^Stopped:/)
  assert.ok(!existsSync(state))
})
