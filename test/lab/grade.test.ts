/** Grading a class: what learners hand in is counted, and trusted with nothing. */
import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { describe, type TestContext, test } from 'node:test'
import { bestOf, exitCodeOfGrades, type Grade, gradeOf } from '../../src/lab/grade/grade.ts'
import { isthmusOn } from '../cli/person.ts'

type Status = 'passed' | 'failed'
const check = (status: Status, level = 'error') => ({ id: 'a', title: 'A', level, points: 2, status })
const result = (lab: string, done: boolean, checks: object[], more = {}) => ({
  ...{ lab, done, points: { reached: 99, of: 99 } },
  steps: [{ number: 1, title: 'One', done, seconds: 90, fails: 1, hints: 2, solved: true, checks }],
  ...more,
})

/** Files in a folder that is gone afterwards. */
function handedIn(t: TestContext, files: Readonly<Record<string, unknown>>): string {
  const folder = mkdtempSync(join(tmpdir(), 'isthmus-grade-'))
  t.after(() => rmSync(folder, { recursive: true }))
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true })
    writeFileSync(join(folder, name), typeof content === 'string' ? content : JSON.stringify(content))
  }
  return folder
}

describe('isthmus lab grade', () => {
  const isthmus = isthmusOn('/nonexistent')
  const grade = async (folder: string, ...more: string[]) => isthmus('lab', 'grade', '--all', folder, ...more)

  test('counts what each has reached, by folder or by file, the best of each lab', async (t) => {
    const folder = handedIn(t, {
      'ada/isthmus-lab-peering/result.json': result('peering', true, [check('passed')]),
      'ada/first-try/result.json': result('peering', false, [check('failed')]),
      'ada/other/result.json': result('build-a-vpc', true, [check('passed'), check('failed', 'warning')]),
      'bob.json': result('peering', true, [check('passed'), check('failed')]),
      'bob/notes.json': '{}',
      'cy/result.json': 'no JSON',
    })
    symlinkSync('/etc/hostname', join(folder, 'cy/linked.json'))
    const { code, stdout } = await grade(folder, '-o', 'json')
    const seen = JSON.parse(stdout).map(({ learner, lab, verdict, points }: Grade) => [
      ...[learner, lab, verdict, points.reached, points.of],
    ])
    assert.deepEqual(seen, [
      ['ada', 'build-a-vpc', 'warnings', 2, 4],
      ['ada', 'peering', 'passed', 2, 2],
      ['bob', 'peering', 'failed', 2, 4],
      ['cy', '', 'unreadable', 0, 0],
    ])
    assert.equal(code, 1)
    const text = await grade(folder)
    assert.match(text.stdout, /^Learner +Lab +Verdict +Points +Time/)
    assert.match(text.stdout, /ada +peering +passed +2 of 2 +1 min 30 s +1 +2 +1/)
    assert.match(text.stdout, /cy\/result\.json: It is no JSON\.\n\n2 of 4 passed\./)
    const one = await grade(folder, '--lab', 'build-a-vpc', '-o', 'json')
    assert.deepEqual(
      JSON.parse(one.stdout).map(({ learner }: Grade) => learner),
      ['ada', 'cy'],
    )
  })

  test('reads journals of state folders, by the labs that the teacher has', async (t) => {
    const journal = (slug: string) =>
      [
        { at: 0, kind: 'started', slug, folder: '/etc', engine: 'simulator', cursor: 0 },
        { at: 5000, kind: 'check', step: 1, id: 'vpc', status: 'passed', words: '' },
        'cut off',
      ]
        .map((line) => JSON.stringify(line))
        .join('\n')
    const folder = handedIn(t, {
      'dee/labs/build-a-vpc.jsonl': journal('build-a-vpc'),
      'dee/labs/build-a-vpc.1700000000000.jsonl': journal('build-a-vpc'),
      'eve/state/labs/own.jsonl': journal('own'),
    })
    const { code, stdout } = await grade(folder, '-o', 'json')
    const [dee, eve] = JSON.parse(stdout)
    assert.equal(code, 1)
    assert.deepEqual([dee.learner, dee.verdict, dee.points.reached > 0], ['dee', 'failed', true])
    assert.match(eve.problem, /There is no lab own here: name its folder with --lab/)
  })

  test('a spreadsheet gets no formulas and a terminal no control characters', async (t) => {
    const folder = handedIn(t, { '=1+1/result.json': result('a,"b"\u001b[2J', true, [check('passed')]) })
    const { code, stdout } = await grade(folder, '-o', 'csv')
    assert.equal(code, 0)
    const [head, row] = stdout.split('\r\n')
    assert.match(head ?? '', /^learner,lab,verdict,points,of,seconds,/)
    assert.match(row ?? '', /^"'=1\+1","a,""b"" \[2J",passed,2,2,90,1,2,1,/)
  })

  test('says with its exit code whether all have passed, and refuses what is no folder', async (t) => {
    const grades = (...verdicts: Grade['verdict'][]) =>
      verdicts.map((verdict) => ({ ...gradeOf('x', 'x', result('l', true, [check('passed')])), verdict }))
    assert.deepEqual(
      [[], grades('passed'), grades('passed', 'warnings'), grades('warnings', 'failed'), grades('unreadable')].map(
        exitCodeOfGrades,
      ),
      [2, 0, 3, 1, 1],
    )
    assert.equal((await grade(handedIn(t, {}))).code, 2)
    assert.deepEqual((await grade('/nonexistent')).code, 2)
  })

  test('points are counted anew, and what is no result is none', () => {
    assert.deepEqual(gradeOf('x', 'f', result('l', true, [check('passed')])).points, { reached: 2, of: 2 })
    const wrong = [null, [], {}, { lab: 'l', steps: [] }, { lab: 'l', steps: [null, { checks: 5 }] }]
    for (const one of wrong) assert.throws(() => gradeOf('x', 'f', one), /^Error: It /, JSON.stringify(one))
    assert.deepEqual(gradeOf('x', 'f', result('l', true, [{ ...check('passed'), points: -5 }])).points.of, 0)
    assert.equal(bestOf([]).length, 0)
  })
})
