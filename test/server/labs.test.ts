/** Labs as the console's pages ask for them: who may, what for, and one thing after the other. */
import assert from 'node:assert/strict'
import { appendFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { before, describe, test } from 'node:test'
import { makeCurrent } from '../../src/lab/course/journal.ts'
import type { LabSummary, ReportView } from '../../src/lab/course/view.ts'
import { INDEX, written } from '../lab/written.ts'
import { ask, suite } from './bench.ts'
import { CHECKS, isIdle, kindsOf, opened, shelfOf, type Site, started, until } from './lab-page.ts'

describe('a page without the token', () => {
  const t = suite()
  let site: Site
  before(async () => {
    site = await opened(t)
  })
  for (const [method, path] of [
    ['GET', ''],
    ['GET', '/course'],
    ['GET', '/report'],
    ['POST', '/start'],
    ['POST', '/reset'],
    ['POST', '/jump'],
    ['POST', '/check'],
    ['POST', '/solve'],
    ['POST', '/hint'],
    ['POST', '/words'],
    ['POST', '/looking'],
  ] as const)
    test(`is refused: ${method} /_isthmus/labs${path}`, async () => {
      const { 'x-isthmus-token': _, ...own } = site.own
      const body = method === 'POST' ? { body: { slug: 'build-a-vpc' } } : {}
      for (const headers of [
        own,
        {},
        { ...own, 'x-isthmus-token': 'wrong' },
        { ...site.own, origin: 'https://a.example' },
      ])
        assert.equal(
          (await ask({ url: site.endpoint }, method, `/_isthmus/labs${path}`, { headers, ...body })).status,
          403,
        )
      assert.equal((await site.view()).course, undefined, 'nothing has begun')
    })
})

describe('which lab', () => {
  test('those that come with Isthmus are offered, and those of the folder that is named at the start', async (t) => {
    const site = await opened(t, shelfOf(t, { mine: {}, peering: {}, broken: { 'step1/checks.yaml': 'checks: 3' } }))
    const labs = JSON.parse((await site.get('')).text) as LabSummary[]
    const named = new Map(labs.map((lab) => [lab.slug, lab]))
    assert.ok(named.has('build-a-vpc') && named.has('mine'))
    assert.equal(named.get('peering')?.title, 'VPC peering', 'the shipped one')
    assert.match(named.get('broken')?.problems ?? '', /broken\/step1\/checks\.yaml:1:\d+: /)
    assert.equal((await site.post('start', { slug: 'broken' })).status, 409)
  })

  test('a name that is no lab of these leads nowhere, whatever stands there', async (t) => {
    const shelf = shelfOf(t, { inside: {}, outside: { 'setup.sh': 'touch "$ISTHMUS_STATE/it-ran"' } })
    const site = await opened(t, join(shelf, 'inside'))
    const outside = join(shelf, 'outside')
    for (const slug of [
      ...['', '.', '..', '../outside', 'inside/../../outside', outside, `file://${outside}`, '..%2foutside'],
      ...[
        'build-a-vpc/',
        './build-a-vpc',
        'build-a-vpc/../build-a-vpc',
        '__proto__',
        'constructor',
        'x\0',
        3,
        null,
        [],
      ],
    ])
      assert.equal((await site.post('start', { slug })).status, 404, JSON.stringify(slug))
    assert.equal((await site.view()).course, undefined)
    assert.equal(existsSync(join(site.stateDir, 'it-ran')), false)
  })

  test('a body that is no JSON object is refused', async (t) => {
    const site = await opened(t)
    for (const body of ['[', 3, 'text']) assert.equal((await site.post('start', body)).status, 400)
  })

  test('one that was started elsewhere from a folder of its own is named, and none of its scripts run', async (t) => {
    const shelf = shelfOf(t, { mine: {} })
    const site = await opened(t, shelf)
    await started(site, 'mine')
    const file = join(site.stateDir, 'labs', 'mine.jsonl')
    writeFileSync(file, readFileSync(file, 'utf8').replaceAll(shelf, dirname(written(t, CHECKS))))
    assert.deepEqual(await site.view(), { elsewhere: 'mine' })
    assert.equal((await site.post('solve')).status, 409)
    assert.equal((await site.post('check')).status, 409)
  })
})

describe('a lab', () => {
  test('goes on where the commands have left it, and they where the page has', async (t) => {
    const site = await opened(t, shelfOf(t, { mine: {}, other: {} }))
    await started(site, 'mine')
    await started(site, 'other')
    makeCurrent(site.stateDir, 'mine')
    const file = join(site.stateDir, 'labs', 'mine.jsonl')
    appendFileSync(file, `${JSON.stringify({ at: Date.now(), kind: 'hint', step: 1, index: 0 })}\n`)
    const { course } = await site.view()
    assert.deepEqual([course?.slug, course?.steps[0]?.hints], ['mine', ['Make one.']])
  })

  test('is looked at after each change and each refusal while a page looks, and is passed by itself', async (t) => {
    const site = await opened(t, shelfOf(t, { mine: {} }))
    await started(site, 'mine')
    await site.post('looking')
    const first = await until(site, ({ course }) => course?.steps[0]?.checks[0]?.status === 'failed')
    assert.equal(first.course?.steps[0]?.checks[0]?.words, 'There is no VPC of 10.20.0.0/16.')
    await assert.rejects(site.client.call('CreateVpc', { CidrBlock: '10.0.0.0/8' }))
    const met = await until(site, ({ course }) => course?.steps[0]?.met.length === 1)
    const { title, words } = met.course?.steps[0]?.met[0] ?? {}
    assert.deepEqual([title, words], ['A block is too large', "The CIDR '10.0.0.0/8' is invalid."])
    const { Vpc } = await site.client.call('CreateVpc', { CidrBlock: '10.20.0.0/16' })
    const { course } = await until(site, (view) => view.course?.step === 2 && view.course.names.vpc !== undefined)
    assert.equal(course?.steps[0]?.isDone, true)
    assert.deepEqual([course?.names.vpc?.id, course?.steps[0]?.checks[0]?.names], [Vpc?.VpcId, ['vpc']])
    assert.equal(kindsOf(site, 'mine', 'fail').length, 0, 'nobody has asked')
  })

  test('gives hints when they are due, or at once to who can not wait, and no more than there are', async (t) => {
    const site = await opened(t, shelfOf(t, { mine: {} }))
    await started(site, 'mine')
    assert.equal((await site.post('hint')).status, 409)
    await site.post('check')
    const { course } = await until(site, (view) => view.course?.steps[0]?.fails === 1)
    assert.equal(course?.steps[0]?.nextHint?.isDue, true)
    assert.equal((await site.post('hint')).status, 200)
    const { course: later } = await site.view()
    const next = later?.steps[0]?.nextHint
    assert.deepEqual([next?.isDue, (next?.at ?? 0) - (later?.stepStartedAt ?? 0)], [false, 3_600_000])
    assert.equal((await site.post('hint', { now: true })).status, 200)
    assert.equal((await site.post('hint', { now: true })).status, 409)
    assert.deepEqual((await site.view()).course?.steps[0]?.hints, ['Make one.', 'Really.'])
  })

  test('is solved command by command before the page, and not twice at a time', async (t) => {
    const solve = 'isthmus create vpc one 10.20.0.0/16\n'
    const site = await opened(t, shelfOf(t, { mine: { 'step1/solve.sh': solve } }))
    await started(site, 'mine')
    assert.equal((await site.post('solve')).status, 200)
    const again = await site.post('solve')
    assert.deepEqual([again.status, again.body.error], [409, 'A solution is being carried out. Wait for its end.'])
    assert.equal((await site.post('start', { slug: 'peering' })).status, 409)
    await until(site, ({ doing }) => doing?.lines[0] === '$ isthmus create vpc one 10.20.0.0/16')
    const { course } = await until(site, (view) => view.course?.step === 2 && isIdle(view))
    assert.equal(course?.steps[0]?.solved, true)
  })

  test('goes on to a later step by the solutions, back by checkpoints, and to what was before it', async (t) => {
    const steps = [1, 2].map((n) => ({ title: `Step ${n}`, text: `step${n}/text.md` }))
    const two = {
      'index.json': JSON.stringify({ ...INDEX, steps }),
      'step1/solve.sh': 'isthmus create vpc one 10.20.0.0/16\n',
      'step2/text.md': 'Two.',
      'step2/checks.yaml': 'checks: [{ id: other, title: Another, exists: { vpc: { cidr: 10.21.0.0/16 } } }]',
    }
    const site = await opened(t, shelfOf(t, { two }))
    const blocks = async () => {
      const { Vpcs = [] } = await site.client.call('DescribeVpcs', {})
      return Vpcs.flatMap(({ CidrBlock, IsDefault }) => (IsDefault ? [] : (CidrBlock ?? []))).toSorted()
    }
    await site.client.call('CreateVpc', { CidrBlock: '10.99.0.0/16' })
    await started(site, 'two')
    for (const step of [0, 3, 'x', null]) assert.equal((await site.post('jump', { step })).status, 409)
    await site.post('jump', { step: 2 })
    await until(site, (view) => view.course?.step === 2 && isIdle(view))
    assert.deepEqual(await blocks(), ['10.20.0.0/16', '10.99.0.0/16'])
    await site.post('jump', { step: 1 })
    await until(site, (view) => view.course?.step === 1 && isIdle(view))
    assert.deepEqual(await blocks(), ['10.99.0.0/16'])
    const { course: before } = await site.view()
    await site.client.call('CreateVpc', { CidrBlock: '10.98.0.0/16' })
    assert.equal((await site.post('reset', { slug: '../two' })).status, 404)
    await site.post('reset', { slug: 'two' })
    const { course } = await until(site, (view) => view.course?.startedAt !== before?.startedAt && isIdle(view))
    assert.deepEqual([course?.step, await blocks()], [1, ['10.99.0.0/16']])
  })

  test('that can not be prepared, or solved, says why', async (t) => {
    const spoilt = 'aws ec2 create-vpc >&2\n'
    const setup = { 'setup.sh': 'echo "no paint" >&2; exit 3' }
    const index = JSON.stringify({
      title: 'Spoilt',
      description: 'Never begins.',
      details: {
        intro: { text: 'intro.md', background: 'setup.sh' },
        steps: [{ title: 'One', text: 'step1/text.md' }],
        finish: { text: 'finish.md' },
      },
    })
    const site = await opened(
      t,
      shelfOf(t, { spoilt: { ...setup, 'index.json': index }, mine: { 'step1/solve.sh': spoilt } }),
    )
    await site.post('start', { slug: 'spoilt' })
    const view = await until(site, ({ failure }) => failure !== undefined)
    assert.match(view.failure ?? '', /^The lab's setup, .*spoilt\/setup\.sh, ended with 3\.$/)
    assert.equal(view.course, undefined)
    await started(site, 'mine')
    await site.post('solve')
    await until(site, ({ failure }) => /^The solution ended with \d+/.test(failure ?? ''))
    assert.equal((await site.view()).course?.step, 1)
    assert.deepEqual(site.logged, [], 'what is foreseen is no defect')
  })

  test('has a report with the words of the learner, which are no markup', async (t) => {
    const site = await opened(t, shelfOf(t, { mine: {} }))
    await started(site, 'mine')
    const report = async () => (await site.get('/report')).body as unknown as ReportView
    const [question] = (await report()).questions.filter(({ about }) => about === 'What I did not expect')
    assert.equal(question?.text, '')
    assert.equal((await site.post('words', { about: question?.about, text: 'First.' })).status, 200)
    await site.post('words', { about: question?.about, text: '<b>That</b> it is *so* silent.' })
    const { files, questions } = await report()
    assert.deepEqual(Object.keys(files), ['report.md', 'report.html', 'result.json', 'junit.xml'])
    assert.match(files['report.md'] ?? '', /## What I did not expect\n\n\\<b\\>That\\<\/b\\> it is \\\*so\\\* silent\./)
    assert.match(files['report.html'] ?? '', /&lt;b&gt;That&lt;\/b&gt;/)
    assert.doesNotMatch(files['report.md'] ?? '', /First\./)
    assert.equal(questions.find(({ about }) => about === question?.about)?.text, '<b>That</b> it is *so* silent.')
    assert.equal((await site.post('words', { about: 'x', text: 'y'.repeat(5000) })).status, 409)
  })
})

/** A lab whose check takes its time, and writes when it begins and when it ends. */
const SLOW = {
  'step1/verify.sh': 'echo begin >> "$ISTHMUS_STATE/looks"; sleep 0.3; echo end >> "$ISTHMUS_STATE/looks"; exit 1',
}
const looksOf = ({ stateDir }: Site): string[] => {
  const file = join(stateDir, 'looks')
  return existsSync(file) ? readFileSync(file, 'utf8').trim().split('\n') : []
}

describe('looks at a step', () => {
  test('never overlap, and who asks while one goes on is told of the same', async (t) => {
    const site = await opened(t, shelfOf(t, { slow: SLOW }))
    await started(site, 'slow')
    await site.post('looking')
    const asked = await Promise.all([...Array(10)].map(() => site.post('check')))
    assert.deepEqual(
      asked.map(({ status }) => status),
      Array(10).fill(200),
    )
    for (const n of [30, 31, 32]) {
      await site.client.call('CreateVpc', { CidrBlock: `10.${n}.0.0/16` })
      await site.post('looking')
    }
    await until(site, isIdle)
    assert.equal(kindsOf(site, 'slow', 'fail').length, 1)
    const looks = looksOf(site)
    assert.ok(looks.length >= 2)
    for (const [i, word] of looks.entries()) assert.equal(word, i % 2 === 0 ? 'begin' : 'end', looks.join(' '))
  })

  test('are not made while no page looks', async (t) => {
    const site = await opened(t, shelfOf(t, { slow: SLOW }))
    await started(site, 'slow')
    for (const n of [1, 2, 3]) {
      await site.client.call('CreateVpc', { CidrBlock: `10.4${n}.0.0/16` })
      await site.post('check')
      await until(site, isIdle)
    }
    // Each look takes longer than changes are waited for: one that was made by itself would stand here.
    assert.equal(looksOf(site).length, 6)
  })
})

test('pages are told of a lab by the stream of events', async (t) => {
  const site = await opened(t, shelfOf(t, { mine: {} }))
  const stop = new AbortController()
  t.after(() => stop.abort())
  const { body } = await fetch(`${site.endpoint}/_isthmus/events`, {
    headers: { 'x-isthmus-token': site.own['x-isthmus-token'] },
    signal: stop.signal,
  })
  const reader = body?.pipeThrough(new TextDecoderStream()).getReader()
  await site.post('start', { slug: 'mine' })
  let heard = ''
  while (!heard.includes('"lab":true')) heard += (await reader?.read())?.value ?? assert.fail('the stream has ended')
  assert.match(heard, /data: \{"revision":\d+,"types":\[\],.*"lab":true/)
})
