/** Reports: facts of a journal, and texts that are never markup. */
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { ServerEvent } from '../../src/client/control.ts'
import type { Entry } from '../../src/lab/course/journal.ts'
import type { EstateSeen, NetworkSeen, Setting } from '../../src/lab/course/network-seen.ts'
import { type Block, block, htmlOf, markdownOf } from '../../src/lab/report/blocks.ts'
import { factsOf } from '../../src/lab/report/facts.ts'
import { reportFiles } from '../../src/lab/report/files.ts'
import { reportOf } from '../../src/lab/report/report.ts'
import { lab as twoVpcs } from '../console/estate.ts'
import { resultOf } from '../../src/lab/report/result.ts'
import { labIn, written } from './written.ts'

test('names and error texts are never markup, in Markdown and in HTML', () => {
  const nasty = '<img src=x onerror=alert(1)> | *x* [y](z) ``` "q"'
  const blocks = [
    block('heading', nasty),
    block('code', nasty),
    { kind: 'table', head: ['a'], rows: [[nasty]] } as const,
    { kind: 'list', items: [nasty] } as const,
  ]
  const html = htmlOf(nasty, blocks)
  assert.doesNotMatch(html, /<img/)
  assert.match(html, /&lt;img src=x onerror=alert\(1\)&gt;/)
  const [heading = '', ...rest] = markdownOf(blocks).split('\n\n')
  assert.match(heading, /^## \\<img .*\\\*x\\\* \\\[y\\\]/)
  assert.equal(rest[0], `\`\`\`\`\n${nasty}\n\`\`\`\``)
  assert.match(rest[1] ?? '', /\\\|/)
})

test('how long an error lasted is counted from when it was met until it was gone', (t) => {
  const checks = `expectErrors: [{ id: e, title: E, when: { event: { action: CreateVpc, error: X } } }]
checks: [{ id: a, title: A, exists: { vpc: { id: x } } }]`
  const lab = labIn(written(t, checks))
  const started: Entry = { at: 0, kind: 'started', slug: 'x', folder: '/x', engine: 'linux', cursor: 0 }
  const met: Entry = { at: 9_000, kind: 'error', step: 1, id: 'e', isMet: true, words: 'No.', since: 5_000 }
  const passed: Entry = { at: 65_000, kind: 'passed', step: 1 }
  const lost = (entries: readonly Entry[]) => factsOf(lab, [started, ...entries]).steps[0]?.errors[0]?.lost
  assert.equal(lost([met, passed]), 60_000)
  assert.equal(lost([met, { ...met, at: 20_000, isMet: false }, passed]), 15_000)
  assert.equal(lost([passed]), undefined)
  const back: Entry = { at: 30_000, kind: 'restored', name: 'step-1', snapshot: 's' }
  const again: Entry = { ...met, at: 40_000, since: 40_000 }
  assert.equal(lost([met, back, again, passed]), 50_000)
  const text = markdownOf(reportOf(factsOf(lab, [started, met, passed])))
  assert.match(text, /Met in step 1; over it after 1 min 0 s\./)
  assert.match(text, /with real packets\. All steps are done: 0 of 1 points/)
})

test('what stood on the terminal before and after is in the report, and forgotten calls are owned to', (t) => {
  const lab = labIn(written(t, 'checks: [{ id: a, title: A, exists: { vpc: { id: x } } }]'))
  const seen = (status: 'failed' | 'passed', evidence: string): Entry => ({
    ...{ at: 1, kind: 'check', step: 1, id: 'a', words: 'The group drops it.' },
    status,
    evidence,
  })
  const entries: Entry[] = [
    { at: 0, kind: 'started', slug: 'x', folder: '/x', engine: 'simulator', cursor: 0 },
    seen('failed', '100% packet loss'),
    seen('passed', 'icmp_seq=1'),
    { at: 2, kind: 'missed' },
  ]
  const text = markdownOf(reportOf(factsOf(lab, entries)))
  assert.match(
    text,
    /Before:\n\n```\n100% packet loss\n```\n\n```\nThe group drops it\.\n```\n\nAfter:\n\n```\nicmp_seq=1/,
  )
  assert.match(text, /Some calls were forgotten/)
})

const LAB =
  'checks: [{ id: ping, title: It answers, reach: { from: internet, to: internet, proto: icmp, expect: reachable } }]'
const started: Entry = { at: 0, kind: 'started', slug: 'x', folder: '/x', engine: 'linux', cursor: 0 }
const { groups: _, rules: __, ...estate } = twoVpcs()
const nothing: EstateSeen = { ...estate, vpcs: [], subnets: [], tables: [], gateways: [], peerings: [], instances: [] }
const network = (at: number, step: number, seen: Partial<NetworkSeen>): Entry => ({
  ...{ at, kind: 'network', step },
  network: { map: 'map', estate: nothing, settings: [], ...seen },
})
let number = 0
const event = (at: number, action: string, more: Partial<ServerEvent> = {}): Entry => ({
  ...{ at, kind: 'event' },
  event: { number: ++number, at, account: '1', region: 'r', action, ms: 1, changed: [], ...more },
})

/** The blocks below a heading, up to the next. */
function below(blocks: readonly Block[], heading: string): Block[] {
  const from = blocks.findIndex((one) => one.kind === 'heading' && one.text === heading)
  assert.ok(from >= 0, `no heading ${heading}`)
  const length = blocks.slice(from + 1).findIndex(({ kind }) => kind === 'heading')
  return blocks.slice(from + 1, length < 0 ? undefined : from + 1 + length)
}
const textOf = (blocks: readonly Block[]): string => markdownOf(blocks)

describe('a report', () => {
  test('draws the network before and after, inside the page and as a file beside the Markdown', (t) => {
    const nasty = '</text><script>alert(1)</script>'
    const named = { ...estate, vpcs: estate.vpcs.map((vpc) => ({ ...vpc, name: nasty })) }
    const entries = [started, network(1, 0, {}), network(2, 1, { estate: named }), network(3, 2, {})]
    const files = reportFiles(factsOf(labIn(written(t, LAB)), entries))
    assert.match(
      files['report.md'] ?? '',
      /no VPC but the default one\.[\s\S]*!\[After: [^\]]*\]\(network-after\.svg\)/,
    )
    assert.equal(files['network-before.svg'], undefined)
    const svg = files['network-after.svg'] ?? ''
    assert.match(svg, /^<svg xmlns="http:\/\/www\.w3\.org\/2000\/svg"[^>]*>\n<style>/)
    assert.equal(svg.match(/class="box vpc /g)?.length, 2)
    assert.equal(svg.match(/class="line peering active"/g)?.length, 1)
    const html = files['report.html'] ?? ''
    assert.match(html, /<figure tabindex="0">[\s\S]*<svg class="map"[\s\S]*<\/svg>\n<\/figure>/)
    for (const text of [svg, html]) assert.doesNotMatch(text, /<script|\son\w+=|https?:\/\/(?!www\.w3\.org\/2000)/)
  })

  test('has routes and rules as they were and became, with the calls, and not that all was deleted in the end', (t) => {
    const setting = (...lines: string[]): Setting => ({
      id: 'rtb-1',
      kind: 'route table',
      name: 'main',
      vpcId: 'vpc-1',
      lines,
    })
    const call = event(5, 'CreateRoute', { changed: ['rtb-1'] })
    const entries: Entry[] = [
      started,
      network(1, 0, { settings: [setting('local')] }),
      call,
      { at: 6, kind: 'changed', setting: setting('local', 'pcx'), before: ['local'], by: [number] },
      { at: 7, kind: 'changed', setting: setting(), before: ['local', 'pcx'], by: [] },
    ]
    const text = textOf(below(reportOf(factsOf(labIn(written(t, LAB)), entries)), 'Route tables, before and after'))
    assert.match(text, /before\n {2}local\nafter\n {2}local\n {2}pcx\n/)
    assert.match(text, /CreateRoute \| \+ pcx \|/)
    assert.doesNotMatch(text, /- pcx/)
  })

  test('tells each refusal of a login, how long it took to get over it, and what was done', (t) => {
    const refused = (at: number, message: string) => event(at, 'Connect', { error: 'Refused', message })
    const entries = [
      started,
      refused(10_000, 'no address'),
      refused(20_000, 'no address'),
      event(30_000, 'AssociateAddress', { changed: ['eipalloc-1'] }),
      refused(40_000, 'no answer'),
      event(50_000, 'AuthorizeSecurityGroupIngress', { changed: ['sgr-1'] }),
      event(60_000, 'Connect'),
      event(70_000, 'DeleteVpc'),
    ]
    const text = textOf(
      below(reportOf(factsOf(labIn(written(t, LAB)), entries)), 'Troubleshooting: EC2 Instance Connect'),
    )
    assert.match(
      text,
      /2 times\. It took 30 s to get over it\.\n\n```\nno address\n```[\s\S]*- AssociateAddress eipalloc-1\n/,
    )
    assert.match(text, /once\. It took 20 s [\s\S]*no answer\n```[\s\S]*- AuthorizeSecurityGroupIngress sgr-1\n/)
    assert.doesNotMatch(text, /DeleteVpc/)
    const never = reportOf(factsOf(labIn(written(t, LAB)), entries.slice(0, 3)))
    assert.match(textOf(below(never, 'Troubleshooting: EC2 Instance Connect')), /has not been got over/)
  })

  test('has a ping as it stood on the terminal, and the verdict before and after, in both directions', (t) => {
    const ping = { id: 'p', to: '10.2.11.172', received: 1, first: 408, text: 'PING\nicmp_seq=408' }
    const ways = (isReachable: boolean) => [
      { from: 'i-1', to: 'i-2', isReachable, words: [isReachable ? 'It can.' : 'The group drops it.'] },
      { from: 'i-2', to: 'i-1', isReachable: false, words: ['Nobody asked for that.'] },
    ]
    const entries: Entry[] = [
      started,
      event(1, 'Ping', { changed: ['i-1'], ping: { ...ping, received: 1, text: 'PING' } }),
      { at: 2, kind: 'verdict', step: 1, id: 'ping', ways: ways(false) },
      event(3, 'Ping', { changed: ['i-1'], ping: { ...ping, received: 3, sent: 410, rtt: '1/2/3/4' } }),
      event(3, 'Exec', { changed: ['i-1'], command: 'ping …', exit: 0 }),
      { at: 4, kind: 'verdict', step: 1, id: 'ping', ways: ways(true) },
    ]
    const facts = factsOf(labIn(written(t, LAB)), entries)
    const text = textOf(below(reportOf(facts), 'Troubleshooting: ping'))
    assert.match(
      text,
      /number that was answered is 408: .* 410 sent, 3 answered, 407 lost\. .*1\/2\/3\/4\.\n\n```\nPING\nicmp_seq=408\n```/,
    )
    assert.match(text, /\| i-1 \| i-2 \| not reachable: The group drops it\. \| reachable: It can\. \|/)
    assert.match(text, /\| i-2 \| i-1 \| not reachable: Nobody asked for that\. \| not reachable: /)
    assert.deepEqual(facts.calls, { made: 0, refused: 0 })
    const { pings } = JSON.parse(JSON.stringify(resultOf(facts)))
    assert.deepEqual(pings, [{ from: 'i-1', to: '10.2.11.172', first: 408, sent: 410, received: 3 }])
    assert.match(textOf(below(reportOf(facts), 'Commands in instances')), /\| i-1 \| ping … \| 0 \|/)
  })

  test('proves that everything is gone, or says what is left', (t) => {
    const end: Entry = { at: 9, kind: 'passed', step: 1 }
    const cleanUp = (last: EstateSeen) => {
      const entries = [started, network(1, 0, {}), network(2, 1, { estate }), end, network(10, 1, { estate: last })]
      return textOf(below(reportOf(factsOf(labIn(written(t, LAB)), entries)), 'Clean-up'))
    }
    assert.match(cleanUp(nothing), /nothing is left\.[\s\S]*\| VPCs \| 2 \| 0 \| {2}\|[\s\S]*\| instances \| 2 \| 0 \|/)
    assert.match(
      cleanUp({ ...nothing, vpcs: estate.vpcs.slice(0, 1) }),
      /this is left:[\s\S]*\| VPCs \| 2 \| 1 \| \S+ \|/,
    )
  })

  test('leaves some sentences to the learner, one at the most below each heading', (t) => {
    const report = reportOf(factsOf(labIn(written(t, LAB)), [started, network(1, 0, { estate })]))
    let since = 0
    for (const { kind } of report) {
      since = kind === 'heading' ? 0 : since + Number(kind === 'yours')
      assert.ok(since <= 1)
    }
    assert.ok(report.filter(({ kind }) => kind === 'yours').length >= 3)
  })
})
