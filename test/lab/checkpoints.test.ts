/** To and fro in a lab: checkpoints, jumps and the start, and that the journal keeps all of it. */
import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { checkpointsOf } from '../../src/lab/course/checkpoints.ts'
import { type Entry, entriesIn } from '../../src/lab/course/journal.ts'
import { lineOf } from '../../src/lab/course/line.ts'
import { progressOf } from '../../src/lab/course/progress.ts'
import { stepTimes } from '../../src/lab/report/times.ts'
import { ownState } from '../cli/person.ts'
import { INDEX, written } from './written.ts'

const steps = [1, 2, 3].map((n) => ({ title: `Step ${n}`, text: `step${n}/text.md` }))
const made = (n: number) => `checks: [{ id: there, title: VPC ${n}, exists: { vpc: { cidr: 10.2${n}.0.0/16 } } }]`
const FILES = {
  'index.json': JSON.stringify({ ...INDEX, intro: { text: 'intro.md', background: 'setup.sh' }, steps }),
  'setup.sh': 'isthmus create vpc ground 10.9.0.0/16\n',
  ...Object.fromEntries(
    [1, 2, 3].flatMap((n) => [
      [`step${n}/text.md`, `Task ${n}`],
      [`step${n}/solve.sh`, `isthmus create vpc v${n} 10.2${n}.0.0/16\n`],
      [`step${n}/checks.yaml`, made(n)],
    ]),
  ),
}

describe('to and fro in a lab', () => {
  const { state, isthmus } = ownState('lab-back')
  const say = async (code: number, ...args: string[]) => {
    const ended = await isthmus('lab', ...args)
    assert.equal(ended.code, code, `${args.join(' ')}: ${ended.stdout}${ended.stderr}`)
    return ended.stdout + ended.stderr
  }
  const blocks = async () => {
    const { vpcs } = JSON.parse((await isthmus('map', '-o', 'json')).stdout)
    const own = vpcs.filter(({ isDefault }: { isDefault: boolean }) => !isDefault)
    return own.flatMap(({ cidrs }: { cidrs: string[] }) => cidrs).sort()
  }
  const snapshots = () => readdirSync(join(state, 'snapshots')).filter((name) => name.startsWith('lab-'))

  test('checkpoints are restored, steps are jumped to, and a reset begins anew', async (t) => {
    await isthmus('up', '-d', '--sim', '--port', '0')
    await isthmus('create', 'vpc', 'earlier', '10.8.0.0/16')
    const lab = written(t, made(1), FILES)
    await say(0, 'start', lab)
    assert.match(await say(0, 'solve'), /Step 2 of 3/)
    await isthmus('create', 'vpc', 'stray', '10.30.0.0/16')
    assert.match(await say(0, 'save', 'mine'), /isthmus lab restore mine/)
    assert.match(await say(1, 'save', 'step-2'), /saved by themselves/)
    await isthmus('delete', 'vpc', 'v1-vpc', '--yes')
    assert.deepEqual(await blocks(), ['10.30.0.0/16', '10.8.0.0/16', '10.9.0.0/16'])
    assert.match(await say(0, 'restore', 'mine'), /as it was at mine\.[\s\S]*Step 2 of 3/)
    assert.deepEqual(await blocks(), ['10.21.0.0/16', '10.30.0.0/16', '10.8.0.0/16', '10.9.0.0/16'])
    assert.match(await say(1, 'restore', 'other'), /There is no checkpoint other\. There are: step-1, step-2, mine\./)
    assert.match(await say(0, 'restore'), /step-1 .*\nstep-2 .*\nmine .*, saved by you/)

    // Step 3 was never begun: from the beginning of step 2 on its solution is played.
    assert.match(
      await say(0, 'jump', '3'),
      /as it was at step-2\.[\s\S]*2\. Step 2\n\$ isthmus create vpc v2[\s\S]*Step 3 of 3/,
    )
    assert.deepEqual(await blocks(), ['10.21.0.0/16', '10.22.0.0/16', '10.8.0.0/16', '10.9.0.0/16'])
    assert.match(await say(0, 'jump', '1'), /as it was at step-1\.\n\n\nStep 1 of 3/)
    assert.deepEqual(await blocks(), ['10.8.0.0/16', '10.9.0.0/16'])
    assert.match(await say(0, 'jump', '3'), /as it was at step-3\.\n\n\nStep 3 of 3/)
    assert.match(await say(2, 'jump', '4'), /There is no step 4: the lab has 3\./)

    const before = readFileSync(join(state, 'labs', `${slugOf(lab)}.jsonl`), 'utf8')
    const [ground] = JSON.parse((await isthmus('map', '-o', 'json')).stdout).vpcs.filter(isGround)
    assert.match(await say(0, 'reset'), /as it was when the lab began[\s\S]*Step 1 of 3/)
    assert.deepEqual(await blocks(), ['10.8.0.0/16', '10.9.0.0/16'])
    const [again] = JSON.parse((await isthmus('map', '-o', 'json')).stdout).vpcs.filter(isGround)
    assert.notEqual(again.id, ground.id, 'the setup was not run again')
    const old = readdirSync(join(state, 'labs')).filter((name) => /\.\d+\.jsonl$/.test(name))
    assert.deepEqual(
      old.map((name) => readFileSync(join(state, 'labs', name), 'utf8')),
      [before],
    )
    // One before the lab, one of its start, and the one that a person has named.
    assert.equal(snapshots().length, 3, snapshots().join())
  })
})

const isGround = ({ cidrs }: { cidrs: string[] }) => cidrs.includes('10.9.0.0/16')
const slugOf = (folder: string) => folder.split('/').at(-1)

describe('the line of a journal', () => {
  const event = (number: number) => ({ number, at: 0, account: '', region: '', action: 'Connect', ms: 0, changed: [] })
  const entries: Entry[] = [
    { at: 0, kind: 'started', slug: 'x', folder: '/x', engine: 'simulator', cursor: 1 },
    { at: 10, kind: 'passed', step: 1 },
    { at: 11, kind: 'checkpoint', name: 'step-2', snapshot: 's2', next: 2, isAutomatic: true },
    { at: 20, kind: 'event', event: event(5) },
    { at: 20, kind: 'fail', step: 2 },
    { at: 30, kind: 'passed', step: 2 },
    { at: 31, kind: 'checkpoint', name: 'step-3', snapshot: 's3', next: 3, isAutomatic: true },
    { at: 50, kind: 'restored', name: 'step-2', snapshot: 's2' },
  ]

  test('leaves out what came after the checkpoint, but takes no event twice', () => {
    const { step, fails, events, cursor, stepStartedAt } = progressOf(entries)
    assert.deepEqual(
      { step, fails, events, cursor, stepStartedAt },
      { step: 2, fails: 0, events: [], cursor: 5, stepStartedAt: 50 },
    )
  })

  test('leads on to a checkpoint of the way that was left', () => {
    const on: Entry[] = [...entries, { at: 60, kind: 'restored', name: 'step-3', snapshot: 's3' }]
    assert.equal(progressOf(on).step, 3)
    assert.deepEqual(
      lineOf(on).map(({ at }) => at),
      [0, 10, 11, 20, 20, 30, 31, 60],
    )
    assert.deepEqual(
      checkpointsOf(on).map(({ name }) => name),
      ['step-2', 'step-3'],
    )
  })

  test('counts the time of a step also where one came back to it', () => {
    const on: Entry[] = [...entries, { at: 65, kind: 'passed', step: 2 }]
    assert.deepEqual(
      [...stepTimes(on)],
      [
        [1, 10],
        [2, 35],
        [3, 20],
      ],
    )
  })

  test('has an event once, though two have noted it', () => {
    const text = [event(1), event(2), event(1)]
      .map((one) => JSON.stringify({ at: 1, kind: 'event', event: one }))
      .join('\n')
    assert.equal(entriesIn(`${text}\n{"kind":"ev`).length, 2)
  })
})
