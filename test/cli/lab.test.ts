/** The peering lab, played from start to clean-up on each engine; and how its outcomes are told. */
import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { after, test } from 'node:test'
import { NotSeen, narrator } from '../../src/lab/narrator.ts'
import { allHold, completed, outcome, outcomeTable } from '../../src/lab/outcomes.ts'
import { noKernel } from '../kernel.ts'

interface Report {
  readonly ok: boolean
  readonly outcomes: readonly { id: string; judge: string; result: string; evidence: string }[]
}

function play(...flags: string[]): Promise<{ code: number; report: Report; story: string }> {
  return new Promise((done) => {
    execFile(
      resolve('bin/isthmus'),
      ['lab', 'run', 'peering', '-o', 'json', ...flags],
      { env: { ...process.env, TMPDIR: temporary } },
      (error, stdout, stderr) => done({ code: Number(error?.code ?? 0), report: JSON.parse(stdout), story: stderr }),
    )
  })
}

/** Where the lab makes its server's folder: it has to be empty again. */
const temporary = mkdtempSync(join(tmpdir(), 'isthmus-lab-test-'))
after(() => rmSync(temporary, { recursive: true }))

async function holds(flags: string[], judge: string): Promise<void> {
  const { code, report, story } = await play(...flags)
  const failed = report.outcomes.filter(({ result }) => result === 'failed')
  assert.deepEqual(failed, [], story)
  assert.equal(code, 0)
  assert.deepEqual(
    report.outcomes.map(({ id }) => id),
    Array.from({ length: 20 }, (_, index) => `A${index + 1}`),
  )
  assert.equal(report.outcomes.find(({ id }) => id === 'A14')?.judge, judge)
  assert.deepEqual(readdirSync(temporary), [])
}

test('A1-A20: the lab holds on the simulator, and says that packets are simulated', () => holds(['--sim'], 'model'))

test('A1-A20: the lab holds with real packets', { skip: noKernel }, () => holds([], 'wire'))

test('an outcome that is not seen has failed, and the lab goes on', async () => {
  const lines: string[] = []
  const teller = narrator('linux', (line) => lines.push(line))
  assert.equal(
    await teller.check('A13', () => {
      throw new NotSeen('an answer came')
    }),
    false,
  )
  assert.equal(await teller.check('A14', () => 'icmp_seq=9'), true)
  const outcomes = completed(teller.outcomes, 'linux')
  assert.equal(allHold(outcomes), false)
  assert.deepEqual(outcomes.find(({ id }) => id === 'A13')?.evidence, 'an answer came')
  assert.ok(lines.some((line) => line.includes('✘ A13') && line.includes('an answer came')))
})

test('what the lab did not come to has failed', () => {
  const outcomes = completed([], 'linux')
  const results = Object.fromEntries(outcomes.map(({ id, result }) => [id, result]))
  assert.equal(results.A1, 'failed')
  assert.equal(results.A9, 'failed')
  assert.equal(allHold(outcomes), false)
})

test('the table names the judge of each outcome: API, wire or model', () => {
  const [api, wire, model] = outcomeTable([
    outcome('A1', 'linux', 'ok', ''),
    outcome('A13', 'linux', 'failed', 'x'),
    outcome('A12', 'simulator', 'failed', 'no prompt'),
  ])
  assert.match(api ?? '', /^A1 .* API +ok$/)
  assert.match(wire ?? '', /^A13 .* wire +FAILED$/)
  assert.match(model ?? '', /^A12 .* model +FAILED$/)
})
