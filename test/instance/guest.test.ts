import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { compile } from '../../src/compile/compile.ts'
import { publicParameter } from '../../src/ec2/image.ts'
import type { LinuxEngine } from '../../src/engines/linux/linux.ts'
import { guestOf } from '../../src/instance/guest.ts'
import { services } from '../../src/instance/services.ts'
import { US, world } from '../ec2/world.ts'
import { noKernel } from '../kernel.ts'
import { inside, until, withEngine } from '../linux/bench.ts'

const SSH = [
  '-o',
  'StrictHostKeyChecking=no',
  '-o',
  'LogLevel=ERROR',
  '-o',
  'IdentitiesOnly=yes',
  '-o',
  'BatchMode=yes',
]
const IMAGE = '/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-x86_64'
const SERVER = '10.1.7.162'

/** User data of the client: the keys it logs in with, and a script. */
const clientData = (pair = '', pushed = ''): string => `#cloud-config
hostname: client
write_files:
${[
  ['pair', pair],
  ['pushed', pushed],
]
  .map(([name, key]) => {
    const content = Buffer.from(key ?? '').toString('base64')
    return `  - {path: /root/${name}, permissions: '0600', encoding: b64, content: ${content}}`
  })
  .join('\n')}
  - {path: /var/lib/cloud/scripts/per-boot/count, permissions: '0755', content: "#!/bin/sh\\necho booted"}
runcmd: ['echo once >> /root/ran; echo it ran; exit 3']
`

/** Two booted instances of a subnet whose default group lets them talk, and keys pushed to the server’s ec2-user. */
async function withInstances(work: (bench: Bench) => Promise<void>): Promise<void> {
  const active = new Set<string>()
  const w = world()
  const vpc = w.call('CreateVpc', { CidrBlock: '10.1.0.0/16' }).Vpc?.VpcId ?? ''
  const subnet = w.call('CreateSubnet', { VpcId: vpc, CidrBlock: '10.1.0.0/20' }).Subnet?.SubnetId ?? ''
  const [pair, pushed] = ['pair', 'pushed'].map(
    (KeyName) => w.call('CreateKeyPair', { KeyName, KeyType: 'ed25519' }).KeyMaterial ?? '',
  )
  const pushedKey = [...w.records.all('key-pair')].find(({ keyName }) => keyName === 'pushed')?.publicKey ?? ''
  const launch = (PrivateIpAddress: string, data: string): string =>
    w.call('RunInstances', {
      ImageId: publicParameter(IMAGE, US.region)?.value,
      InstanceType: 't2.micro',
      SubnetId: subnet,
      KeyName: 'pair',
      UserData: Buffer.from(data).toString('base64'),
      ...{ PrivateIpAddress, MinCount: 1, MaxCount: 1 },
    }).Instances?.[0]?.InstanceId ?? ''
  const client = launch('10.1.7.161', clientData(pair, pushed))
  const server = launch(SERVER, '#!/bin/sh\necho "I am $(id -un)"\n')
  const answers = services({
    state: () => w.records,
    now: () => w.clock.now,
    activeKeys: (_, id, user) => (id === server && user === 'ec2-user' ? [...active] : []),
  })
  const run = async (engine: LinuxEngine) => {
    const boot = async (id: string, boots = 1) => {
      const record = w.records.get('instance', id)
      assert.ok(record)
      await engine.host.boot(id, guestOf(w.records, { ...record, boots }))
      await until(() => (logOf(id).match(/ login: /g)?.length ?? 0) >= boots)
    }
    const logOf = (id: string) => Buffer.from(engine.host.console(id)?.output ?? []).toString()
    await engine.apply(compile(w.records), 1)
    await Promise.all([boot(client), boot(server)])
    const login = (key: 'pair' | 'pushed', user: string, ...command: string[]) =>
      inside(engine, client, 'ssh', ...SSH, '-i', `/root/${key}`, `${user}@${SERVER}`, ...command)
    await work({ engine, client, server, boot, logOf, login, push: () => void active.add(pushedKey) })
  }
  await withEngine(run, { services: answers })
}

interface Bench {
  readonly engine: LinuxEngine
  readonly client: string
  readonly server: string
  boot(id: string, boots: number): Promise<void>
  logOf(id: string): string
  login(key: 'pair' | 'pushed', user: string, ...command: string[]): Promise<{ code: number | null; output: string }>
  push(): void
}

describe('an instance', { concurrency: 1, skip: noKernel, timeout: 120_000 }, () => {
  test('is logged in to with its key pair, and its ec2-user may do all', () =>
    withInstances(async ({ engine, client, login }) => {
      const { code, output } = await login('pair', 'ec2-user', 'whoami; pwd; sudo whoami; sudo -i pwd')
      assert.equal(`${output}${code}`, 'ec2-user\n/home/ec2-user\nroot\n/root\n0')
      assert.match((await login('pair', 'ec2-user', 'echo $PATH')).output, /^\/opt\/isthmus\/bin:/)
      const root = await inside(
        engine,
        client,
        'timeout',
        '5',
        'ssh',
        ...SSH,
        '-i',
        '/root/pair',
        `root@${SERVER}`,
        'id',
      )
      assert.match(root.output, /^Please login as the user "ec2-user"/)
    }))

  test('has a terminal with the prompt, and says where the last login came from', () =>
    withInstances(async ({ engine, client, login }) => {
      await inside(engine, client, 'ssh', ...SSH, '-tt', '-i', '/root/pair', `ec2-user@${SERVER}`, 'true')
      const shell = `printf 'tty; who\\nexit\\n' | ssh ${SSH.join(' ')} -tt -i /root/pair ec2-user@${SERVER}`
      const { output } = await inside(engine, client, 'sh', '-c', shell)
      assert.match(output, /^Last login: .* from 10\.1\.7\.161\r?$/m)
      assert.match(output, /\[ec2-user@ip-10-1-7-162 ~\]\$ /)
      assert.match(output, /^\/dev\/pts\/\d+\r?$/m)
      assert.match(output, /^ec2-user +pts\/\d+ .*\(10\.1\.7\.161\)\r?$/m)
      assert.match((await login('pair', 'ec2-user', 'cat /etc/motd')).output, /Isthmus/)
    }))

  test('honours a key that Instance Connect has pushed, while it is there and for its user only (I1)', () =>
    withInstances(async ({ login, push }) => {
      const refused = await login('pushed', 'ec2-user', 'id')
      assert.match(refused.output, /Permission denied \(publickey\)/)
      push()
      assert.equal((await login('pushed', 'ec2-user', 'id -un')).output, 'ec2-user\n')
      assert.match((await login('pushed', 'root', 'id')).output, /Permission denied \(publickey\)/)
    }))

  test('carries its user data out once, and its log is on the console', () =>
    withInstances(async ({ engine, client, server, boot, logOf }) => {
      assert.match(logOf(server), /^I am root$/m)
      assert.match(logOf(client), /^it ran\n.*runcmd failed with exit code 3$/m)
      assert.match(logOf(client), /^client login: $/m)
      assert.match(logOf(client), /BEGIN SSH HOST KEY FINGERPRINTS-----\n256 SHA256:/)
      const keys = 'cat /etc/ssh/ssh_host_ed25519_key.pub /root/ran'
      const before = await inside(engine, client, 'sh', '-c', keys)
      await boot(client, 2)
      const now = await inside(engine, client, 'sh', '-c', keys)
      assert.deepEqual(now, before)
      assert.match(now.output, /^ssh-ed25519 .*\nonce\n$/)
      assert.equal(logOf(client).match(/^booted$/gm)?.length, 2, 'its scripts of per-boot, at each boot')
      assert.match((await inside(engine, client, 'cat', '/var/log/cloud-init-output.log')).output, /^it ran$/m)
    }))

  test('lets its users ping, and find what the host’s programs need', () =>
    withInstances(async ({ login }) => {
      const ran = await login(
        'pair',
        'ec2-user',
        'ping -c 1 -W 2 10.1.7.161; awk "BEGIN { print 6 * 7 }"; ls -d /etc/ssl/.',
      )
      assert.match(ran.output, /ttl=127/)
      assert.match(ran.output, /^42$/m)
      assert.match(ran.output, /^\/etc\/ssl\/\.$/m)
    }))

  test('is ended and begun again from inside, by root alone', () =>
    withInstances(async ({ engine, server, boot, login }) => {
      const ends: string[] = []
      engine.host.onEnd((node, how) => void ends.push(`${node} ${how}`))
      assert.match((await login('pair', 'ec2-user', 'reboot')).output, /only root may do this/)
      await login('pair', 'ec2-user', 'sudo reboot')
      await until(() => ends.length === 1)
      await boot(server, 2)
      await login('pair', 'ec2-user', 'sudo shutdown -h now')
      await until(() => ends.length === 2)
      assert.deepEqual(ends, [`${server} reboot`, `${server} halt`])
    }))
})
