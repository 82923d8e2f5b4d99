/** The labs that come with Isthmus, each proved on each engine: no check passes before its solution, all after it. */
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe, test } from 'node:test'
import { findLab, shippedLabs } from '../../src/cli/lab-find.ts'
import { environment, launcher, run } from '../cli/person.ts'
import { noKernel } from '../kernel.ts'

const noAws = spawnSync('aws', ['--version']).status === 0 ? false : 'the AWS CLI is not installed'

/** Where each lab makes its server's folder: it has to be empty again. */
const temporary = mkdtempSync(join(tmpdir(), 'isthmus-shipped-'))
after(() => rmSync(temporary, { recursive: true }))

async function holds(lab: string, engine: string, flags: readonly string[]): Promise<void> {
  const env = { ...environment(join(temporary, 'none')), TMPDIR: temporary }
  const { stdout, stderr, code } = await run(launcher, ['lab', 'test', lab, '-o', 'json', ...flags], { env })
  const report = JSON.parse(stdout || '{}')
  const problems = report.steps?.flatMap((step: { problems: string[] }) => step.problems)
  assert.deepEqual(problems, [], stderr)
  assert.deepEqual([code, report.ok, report.engine], [0, true, engine], stderr)
  assert.deepEqual(readdirSync(temporary), [])
}

describe('labs that come with Isthmus', () => {
  test('are read without a problem', () => {
    assert.ok(shippedLabs().includes('peering'))
    for (const name of shippedLabs()) assert.equal(findLab(name).slug, name)
  })

  test('never find anything by its Name tag', () => {
    for (const name of shippedLabs())
      for (const { where } of findLab(name).steps)
        for (const { selector } of where) assert.equal(selector.having.name, undefined, name)
  })

  for (const name of shippedLabs()) {
    test(`${name} holds on the simulator`, { skip: noAws }, () => holds(name, 'simulator', ['--sim']))
    test(`${name} holds with real packets`, { skip: noKernel || noAws }, () => holds(name, 'linux', []))
  }
})
