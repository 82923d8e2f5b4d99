/** What a page asks of what goes on: calls, packets, counters and pings, for who has the token. */
import assert from 'node:assert/strict'
import { before, describe, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { clientName } from '../../src/protocol/client-name.ts'
import type { JournalEntry } from '../../src/server/journal.ts'
import type { CaptureEvent } from '../../src/server/live/capture.ts'
import { eventIn, type PingEvent } from '../../src/server/live/ping.ts'
import { noKernel } from '../kernel.ts'
import { ask, caughtUp, clientOf, running, suite } from './bench.ts'
import { launchedInstance } from './instance.ts'
import { first, only, pageOf } from './live.ts'
import { alone } from './machine.ts'

describe('what goes on', () => {
  const t = suite()
  let server: Awaited<ReturnType<typeof running>>
  let page: ReturnType<typeof pageOf>
  let instance: Awaited<ReturnType<typeof launchedInstance>>
  before(async () => {
    server = await running(t)
    page = pageOf(server.console)
    instance = await launchedInstance(clientOf(server.endpoint))
    await caughtUp(server.stateDir)
  })

  test('is told to nobody without the token', async () => {
    const { host } = new URL(server.endpoint)
    for (const path of [
      'activity',
      'counters?resource=sg-0',
      `capture?where=${instance.id}`,
      'ping?from=i-0&to=10.0.0.1',
    ])
      assert.equal((await ask({ url: server.endpoint }, 'GET', `/_isthmus/${path}`, { headers: { host } })).status, 403)
  })

  test('is each call since the last that is known, and the news tell that there is one', async () => {
    const { entries } = await page.get<{ entries: JournalEntry[] }>('activity')
    assert.ok(entries.some(({ action, client }) => action === 'RunInstances' && client === 'isthmus'))
    const news = page.events<{ activity?: number; types: string[] }>('events')
    await first(news, () => true)
    await clientOf(server.endpoint)
      .call('CreateVpc', { CidrBlock: '10.0.0.0/8' })
      .catch(() => {})
    const piece = await first(news, ({ activity }) => activity !== undefined)
    assert.deepEqual(piece.types, [], 'a refused call has changed nothing')
    const since = entries.at(-1)?.number
    const later = await page.get<{ entries: JournalEntry[] }>(`activity?since=${since}`)
    assert.deepEqual(
      later.entries.map(({ number, error }) => [number, error]),
      [[piece.activity, 'InvalidVpc.Range']],
    )
    await assert.rejects(page.get('activity?since=x'), /400/)
  })

  test('is a ping with what became of each packet, from where pings may begin, to an address', async () => {
    const silent = page.events<PingEvent>(`ping?from=${instance.id}&to=10.42.1.77`)
    assert.deepEqual(await only(silent), { sequence: 1, lost: true })
    const answered = page.events<PingEvent>(`ping?from=${instance.id}&to=${instance.address}`)
    const reply = await only(answered)
    assert.ok('ms' in reply && reply.sequence === 1, JSON.stringify(reply))
    const news = page.events<{ activity?: number }>('events')
    await first(news, () => true)
    const again = page.events<PingEvent>(`ping?from=${instance.id}&to=${instance.address}`)
    await only(again)
    await first(news, ({ activity }) => activity !== undefined)
    const { entries } = await page.get<{ entries: JournalEntry[] }>('activity')
    assert.equal(entries.findLast(({ action }) => action === 'Ping')?.ping?.to, instance.address)
    for (const [from, to] of [
      [instance.id, '-f'],
      [instance.id, 'x; reboot'],
      [instance.vpcId, '10.42.1.77'],
      ['', ''],
    ]) {
      const ended = page.events<PingEvent>(`ping?${new URLSearchParams({ from: from ?? '', to: to ?? '' })}`)
      assert.ok('ended' in (await only(ended)), `${from} ${to}`)
    }
  })

  test('is a capture, or why there is none', async () => {
    const capture = page.events<CaptureEvent>(`capture?where=${instance.id}`)
    await first(capture, (event) => 'begin' in event)
    const ping = page.events<PingEvent>(`ping?from=${instance.id}&to=10.42.9.9`)
    await only(ping)
    const event = await first(capture, (one) => 'rows' in one)
    const [row] = 'rows' in event ? event.rows : []
    assert.equal(row?.to, '10.42.9.9')
    assert.equal(row?.protocol, 'ICMP')
    assert.match(row?.info ?? '', /^echo request/)
    const nowhere = page.events<CaptureEvent>('capture?where=i-0')
    const refused = await first(nowhere, (one) => 'error' in one)
    assert.match(JSON.stringify(refused), /i-0/)
    assert.deepEqual(await page.get('counters?resource=sg-0'), { counters: [] })
    await assert.rejects(page.get('counters?resource=x%22'), /400/)
  })
})

test('a client is known by what it calls itself, and the tool before what it is made of', () => {
  for (const [agent, name] of [
    ['aws-cli/2.15.30 md/awscrt#0.19.19 ua/2.0 os/linux#6.1 md/arch#x86_64 lang/python#3.11', 'AWS CLI'],
    ['Boto3/1.34.50 md/Botocore#1.34.50 ua/2.0 os/linux#6.1', 'Boto3'],
    ['APN/1.0 HashiCorp/1.0 Terraform/1.9.5 (+https://www.terraform.io) aws-sdk-go-v2/1.30.4 os/linux', 'Terraform'],
    ['Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36', 'console'],
    ['curl/8.5.0', 'curl'],
    ['<b>bold</b>', undefined],
    ['', undefined],
    [`x${'y'.repeat(100)}`, `x${'y'.repeat(39)}`],
  ] as const)
    assert.equal(clientName(agent), name)
})

test('a line of ping tells of one packet, or of none', () => {
  assert.deepEqual(eventIn('64 bytes from 10.2.11.172: icmp_seq=408 ttl=127 time=0.4 ms'), { sequence: 408, ms: 0.4 })
  assert.deepEqual(eventIn('no answer yet for icmp_seq=7'), { sequence: 7, lost: true })
  assert.equal(eventIn('PING 10.2.11.172 (10.2.11.172) 56(84) bytes of data.'), undefined)
})

describe('what goes on in a kernel', { skip: noKernel, timeout: 120_000 }, () => {
  test('is real packets: dropped by the group, then let in by a rule, counted, and captured both times', async () => {
    const program = fileURLToPath(new URL('live-on-linux.ts', import.meta.url))
    const { lost, answered, dropped, passed, counted } = (await alone(program)) as Record<string, unknown>
    assert.deepEqual(lost, { sequence: 1, lost: true })
    assert.equal((answered as { sequence: number }).sequence, 1)
    const row = dropped as { info: string; verdict: string; cause: { resource: string; rule: string } }
    assert.match(row.info, /^echo request/)
    assert.match(row.verdict, /^dropped: sg-\w+ ingress: no rule of the security group allows it/)
    assert.equal(row.cause.rule, 'ingress')
    assert.match((passed as { info: string }).info, /^echo reply/)
    const [rule, rest] = counted as { passed: number; dropped: number }[]
    assert.deepEqual([rule?.passed, rule?.dropped], [1, 0])
    assert.ok((rest?.dropped ?? 0) >= 1)
  })
})
