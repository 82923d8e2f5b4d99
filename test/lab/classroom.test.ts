/** The example for GitHub Classroom: its workflow is whole, its commands are there, and right answers get all points. */
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import {
  copyFileSync,
  cpSync,
  existsSync,
  globSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { describe, type TestContext, test } from 'node:test'
import { parse } from 'yaml'
import { findLab } from '../../src/cli/lab-find.ts'
import { environment, isthmusOn, run } from '../cli/person.ts'

const noAws = spawnSync('aws', ['--version']).status === 0 ? false : 'the AWS CLI is not installed'

const example = 'examples/classroom'
const template = join(example, 'template')
const workflow = parse(readFileSync(join(template, '.github/workflows/classroom.yml'), 'utf8'))
const { env, steps } = workflow.jobs['run-autograding-tests']

interface Step {
  readonly id?: string
  readonly uses?: string
  readonly run?: string
  readonly env?: Readonly<Record<string, string>>
  readonly with?: Readonly<Record<string, string>>
}
const graders: Step[] = steps.filter(({ uses = '' }: Step) => uses.includes('autograding-command-grader'))

describe('the example for GitHub Classroom', () => {
  test('has a grader for each step of its lab, and reports each', () => {
    const lab = findLab(env.LAB)
    const numbers = lab.steps.map(({ number }) => String(number))
    assert.deepEqual(
      graders.map(({ with: given }) => given?.command),
      numbers.map((n) => `.github/grade.sh passed ${n}`),
    )
    const reporter: Step = steps.find(({ uses = '' }: Step) => uses.includes('autograding-grading-reporter'))
    assert.equal(reporter.with?.runners, graders.map(({ id }) => id).join(','))
    for (const { id = '' } of graders)
      assert.equal(reporter.env?.[`${id.toUpperCase()}_RESULTS`], `\${{ steps.${id}.outputs.result }}`)
    for (const n of numbers) assert.ok(existsSync(join(template, `answers/step${n}.sh`)), n)
  })

  test('names files and commands that are there', async () => {
    const files = globSync(`${example}/**/*`, { exclude: ['**/node_modules/**'] })
      .concat(join(template, '.github/grade.sh'), join(template, '.github/workflows/classroom.yml'))
      .filter((file) => /\.(md|sh|yml)$/.test(file))
    const texts = files.map((file) => readFileSync(file, 'utf8')).join('\n')
    for (const { run: line = '' } of steps as Step[])
      if (line !== '') assert.ok(existsSync(join(template, line.split(' ')[0] ?? '')), line)
    const called = new Set([...texts.matchAll(/isthmus ((?:lab )?[a-z]+)(?=[ `)"|])/g)].map(([, words = '']) => words))
    const all = [...called].filter((words) => !/^(and|in|on|server)$/.test(words))
    assert.ok(all.includes('lab grade') && all.includes('lab check') && all.includes('up'), all.join())
    for (const words of all) {
      const { code } = await isthmusOn('/nonexistent')(...words.split(' '), '--help')
      assert.equal(code, 0, `isthmus ${words}`)
    }
  })

  /** A repository of a learner, and what its grading comes to. */
  async function graded(t: TestContext, answers: readonly number[]) {
    const folder = mkdtempSync(join(tmpdir(), 'isthmus-classroom-'))
    t.after(() => rmSync(folder, { recursive: true, force: true }))
    cpSync(template, folder, { recursive: true })
    symlinkSync(resolve('.'), join(folder, '.isthmus'))
    for (const n of answers) copyFileSync(`labs/${env.LAB}/step${n}/solve.sh`, join(folder, `answers/step${n}.sh`))
    const variables = { ...environment(join(folder, '.state')), LAB: env.LAB, PORT: '0' }
    // Runners of the workflow may have real packets; here that is proved elsewhere.
    const script = join(folder, '.github/grade.sh')
    writeFileSync(script, readFileSync(script, 'utf8').replace('isthmus up -d', 'isthmus up -d --sim'))
    const played = await run(script, ['play'], { env: variables })
    const passed = await Promise.all(
      graders.map(({ with: given }) => {
        const words = (given?.command ?? '').split(' ').slice(1)
        return run(script, words, { env: variables }).then(({ code }) => code === 0)
      }),
    )
    return { played, passed, report: join(folder, 'hand-in') }
  }

  test('gives all points to right answers, and those before it to a wrong one', { skip: noAws }, async (t) => {
    const { steps: all } = findLab(env.LAB)
    const right = await graded(
      t,
      all.map(({ number }) => number),
    )
    assert.deepEqual(
      right.passed,
      all.map(() => true),
      right.played.stdout + right.played.stderr,
    )
    const { done } = JSON.parse(readFileSync(join(right.report, 'result.json'), 'utf8'))
    assert.equal(done, true)
    assert.match(readFileSync(join(right.report, 'junit.xml'), 'utf8'), /failures="0"/)
    const wrong = await graded(t, [1, 3])
    assert.deepEqual(
      wrong.passed,
      all.map(({ number }) => number === 1),
    )
  })
})
