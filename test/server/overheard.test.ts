/** What is noted of terminals: commands without their secrets, and pings with the first answer, whatever is around them. */
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { control, type PingSeen } from '../../src/client/control.ts'
import { connect, execute, executeQuietly } from '../../src/client/exec.ts'
import { commandWords } from '../../src/server/command-words.ts'
import { pingListener } from '../../src/server/ping-heard.ts'
import { caughtUp, clientOf, running } from './bench.ts'
import { heard as heardOf, launchedInstance } from './instance.ts'
import { place } from './login-bench.ts'

const HEAD = 'PING 10.2.11.172 (10.2.11.172) 56(84) bytes of data.'
const reply = (n: number) => `64 bytes from 10.2.11.172: icmp_seq=${n} ttl=127 time=0.4 ms`
const END = [
  '',
  '--- 10.2.11.172 ping statistics ---',
  '410 packets transmitted, 3 received, 99.2683% packet loss, time 418840ms',
]
const RTT = 'rtt min/avg/max/mdev = 0.385/0.402/0.421/0.015 ms'

/** What is told of a text that comes in pieces of so many characters. */
function heard(text: string, size = text.length): PingSeen[] {
  const told: PingSeen[] = []
  const listener = pingListener((ping) => told.push(ping))
  for (let i = 0; i < text.length; i += size) listener.hear(Buffer.from(text.slice(i, i + size)))
  listener.end()
  return told
}

describe('a ping on a terminal', () => {
  const session = [
    '\u001b]0;ec2-user@ip-10-1-7-162\u0007\u001b[?2004h[ec2-user@ip-10-1-7-162 ~]$ ping 10.2.11.172\r',
    ...[HEAD, reply(408), reply(409), reply(410)].map((line) => `${line}\r`),
    '^C',
    ...[...END, RTT].map((line) => `${line}\r`),
    '\u001b[?2004h[ec2-user@ip-10-1-7-162 ~]$ cat secret\r',
    'hunter2\r',
    '',
  ].join('\n')

  for (const size of [1, 7, 100_000])
    test(`is told at its first answer and at its end, in pieces of ${size}`, () => {
      const told = heard(session, size)
      const [first, last] = [told[0], told.at(-1)]
      assert.deepEqual([first?.first, first?.received, first?.sent], [408, 1, undefined])
      assert.equal(first?.text, `${HEAD}\n${reply(408)}`)
      assert.deepEqual([last?.first, last?.received, last?.sent, last?.rtt], [408, 3, 410, '0.385/0.402/0.421/0.015'])
      assert.equal(new Set(told.map(({ id }) => id)).size, 1)
      assert.match(last?.text ?? '', /icmp_seq=410 .*\n\^C\n\n--- .*\n410 packets.*\nrtt /)
      assert.doesNotMatch(JSON.stringify(told), /hunter2|secret|\\u001b/)
    })

  test('that nobody answers is told when its terminal closes, or another begins', () => {
    assert.deepEqual(
      heard(`${HEAD}\n`).map(({ first, received, text }) => [first, received, text]),
      [[undefined, 0, HEAD]],
    )
    assert.deepEqual(
      heard(`${HEAD}\n$ \n${HEAD}\n${reply(1)}\n`).map(({ received }) => received),
      [0, 1, 1],
    )
  })

  test('is kept within bounds: its beginning, the first answers, and its end', () => {
    const unreachable = Array.from(
      { length: 50 },
      (_, i) => `From 10.1.0.9 icmp_seq=${i + 1} Destination Host Unreachable`,
    )
    const replies = Array.from({ length: 5000 }, (_, i) => reply(i + 51))
    const { text = '' } = heard([HEAD, ...unreachable, ...replies, ...END, ''].join('\n')).at(-1) ?? {}
    const lines = text.split('\n')
    assert.equal(lines.length, 14)
    assert.deepEqual([lines[0], lines[3], lines[4], lines[6]], [HEAD, '...', reply(51), '...'])
    assert.equal(lines.at(-1), END[2])
    assert.ok(
      heard(`${HEAD}\n64 bytes from x: icmp_seq=1 time=1 ms${'x'.repeat(100_000)}\n`)[0]?.text.length ?? 0 < 500,
    )
  })
})

test('a command is noted without what could be a secret', () => {
  assert.deepEqual(
    [
      ['stdbuf', '-oL', 'ping', '-c', '3', '10.2.11.172'],
      ['curl', '-u', 'me:hunter2', 'https://me:hunter2@10.0.0.1/a?token=hunter2', 'http://10.1.0.7:80/hunter2'],
      ['mysql', '-phunter2', 'shop'],
      ['ping 10.0.0.1; mysql -phunter2'],
      ['ping 10.0.0.1\nmysql -phunter2'],
      ['PASSWORD=hunter2 run'],
      ['/usr/sbin/ip', 'route', 'get', '10.2.0.0/16'],
      ['bash', '-c', 'echo hunter2 | passwd --stdin'],
      ['hostname'],
    ].map(commandWords),
    [
      'ping -c 3 10.2.11.172',
      'curl … http://10.1.0.7:80',
      'mysql …',
      'ping …',
      'ping 10.0.0.1',
      '…',
      'ip route get 10.2.0.0/16',
      'bash …',
      'hostname',
    ],
  )
})

test('commands in instances are noted with their exit code and their pings, but not those of checks', async (t) => {
  const { stateDir, endpoint } = await running(t)
  const { id, address } = await launchedInstance(clientOf(endpoint))
  await caughtUp(stateDir)
  const ended = await execute(stateDir, id, ['ping', '-c', '2', '-i', '0.2', address])
  assert.equal((await ended.exit).code, 0)
  await (await executeQuietly(stateDir, id, ['ping', '-c', '1', address])).exit
  await (await execute(stateDir, id, ['false'])).exit
  const { entries } = await control(stateDir).events(0)
  const noted = entries.filter(({ action }) => action === 'Exec' || action === 'Ping')
  assert.deepEqual(
    noted.map(({ action, command, exit, changed, ping }) => [action, command ?? ping?.received, exit, changed]),
    [
      ['Ping', 1, undefined, [id]],
      ['Ping', 2, undefined, [id]],
      ['Exec', `ping -c 2 -i 0.2 ${address}`, 0, [id]],
      ['Exec', 'false', 1, [id]],
    ],
  )
  const [, last] = noted
  assert.deepEqual([last?.ping?.to, last?.ping?.first, last?.ping?.sent], [address, 1, 2])
})

test('of a login the pings in its shell are noted, and nothing else that is typed there', async (t) => {
  const here = await place(t)
  const { id, groupId, privateIp } = await here.launch()
  const rule = { IpProtocol: 'tcp', FromPort: 22, ToPort: 22, IpRanges: [{ CidrIp: '0.0.0.0/0' }] }
  here.call('AuthorizeSecurityGroupIngress', { GroupId: groupId, IpPermissions: [rule] })
  await here.settle()
  const terminal = { columns: 80, rows: 24 }
  const session = await connect(here.stateDir, { instance: id, user: 'ec2-user', terminal })
  const output = heardOf(session)
  await output.line('~]$ ')
  session.write(Buffer.from(`ping -c 1 ${privateIp}\r`))
  await output.line('packets transmitted')
  session.write(Buffer.from('echo hunter2\r'))
  await output.line('hunter2\r\n')
  session.write(Buffer.from('exit\r'))
  await session.exit
  const { entries } = await control(here.stateDir).events(0)
  const noted = entries.filter(({ changed, action }) => changed.includes(id) && action !== 'RunInstances')
  assert.deepEqual([...new Set(noted.map(({ action }) => action))], ['Connect', 'Ping'])
  const { ping } = noted.findLast(({ action }) => action === 'Ping') ?? {}
  assert.deepEqual([ping?.to, ping?.first, ping?.sent, ping?.received], [privateIp, 1, 1, 1])
  assert.doesNotMatch(JSON.stringify(entries), /hunter2/)
})
