/** A lab as a person does it: the commands, from the first step to the report; and what a lab that is wrong gets. */
import assert from 'node:assert/strict'
import { spawn, spawnSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { describe, type TestContext, test } from 'node:test'
import { launcher, ownState } from '../cli/person.ts'
import { INDEX, written } from './written.ts'

const noAws = spawnSync('aws', ['--version']).status === 0 ? false : 'the AWS CLI is not installed'

const steps = [1, 2].map((n) => ({ title: `Step ${n}`, text: `step${n}/text.md` }))
const FILES = {
  'index.json': JSON.stringify({ ...INDEX, steps }),
  'step1/solve.sh': 'isthmus create vpc one 10.20.0.0/16\n',
  'step2/text.md': '# Two\n\n`true`{{exec}}',
  'step2/solve.sh': 'isthmus delete vpc "$one" --yes\n',
  'step2/checks.yaml': `checks:
  - { id: gone, title: It is gone again, absent: $one }
  - { id: spare, title: There is another, level: warning, exists: { vpc: { cidr: 10.21.0.0/16 } } }`,
}
const CHECKS = `where:
  one: { vpc: { cidr: 10.20.0.0/16 } }
expectErrors:
  - { id: too-large, title: A block is too large, when: { event: { action: CreateVpc, error: InvalidVpc.Range } } }
checks:
  - { id: vpc, title: "A <VPC> is there", exists: $one }
  - { id: open, title: It has a gateway, needs: vpc, exists: { internetGateway: { vpc: $one } } }
hints:
  - { after: { fails: 2 }, text: Make one. }
  - { after: { minutes: 60 }, solution: step1/solve.sh }`

test('a lab from its start to its report', async (t) => {
  const { folder, isthmus } = ownState('lab-course')
  const say = async (code: number, ...args: string[]) => {
    const ended = await isthmus('lab', ...args)
    assert.equal(ended.code, code, `${args.join(' ')}: ${ended.stdout}${ended.stderr}`)
    return ended.stdout + ended.stderr
  }
  const lab = written(t, CHECKS, FILES)
  assert.equal((await isthmus('up', '-d', '--sim', '--port', '0')).code, 0)
  assert.match(await say(2, 'check'), /No lab has been started: `isthmus lab list`/)
  assert.match(await say(0, 'start', lab), /Hello\.\n\nStep 1 of 2\n\nOne/)
  assert.match(
    await say(1, 'check'),
    /✗ A <VPC> is there\n {4}There is no VPC of 10\.20\.0\.0\/16\.\n· It has a gateway/,
  )
  assert.match(await say(1, 'hint'), /after 2 checks that fail\. --now gives it at once/)
  await isthmus('create', 'vpc', 'big', '10.0.0.0/8')
  assert.match(await say(1, 'check'), /You have met it: A block is too large\.\n\nThere is a hint for you/)
  assert.match(await say(0, 'hint'), /^Make one\./)
  assert.match(await say(0, 'hint', '--now'), /isthmus create vpc one/)
  assert.match(await say(1, 'hint', '--now'), /no more hints for step 1/)
  assert.match(
    await say(0, 'solve'),
    /\$ isthmus create vpc one 10\.20\.0\.0\/16\n[\s\S]*✓ It has a gateway[\s\S]*Step 2 of 2\n\nTwo\n\ntrue/,
  )
  assert.match(await say(0, 'env'), /^export one=vpc-\w+\n/)
  assert.match(await say(0, 'start', lab), /^Step 2 of 2/)
  assert.match(await say(3, 'solve'), /✓ It is gone again\n! There is another\n[\s\S]*Done\./)
  assert.match(await say(0, 'check'), /Done\./)
  await say(0, 'report', '--out', join(folder, 'out'))
  holdsReport(join(folder, 'out'))
  assert.match(await say(0, 'start', lab, '--restart'), /Step 1 of 2/)
})

function holdsReport(out: string): void {
  const read = (name: string) => readFileSync(join(out, name), 'utf8')
  const result = JSON.parse(read('result.json'))
  assert.deepEqual([result.done, result.points], [true, { reached: 3, of: 4 }])
  const [first, second] = result.steps
  assert.deepEqual([first.fails, first.hints, first.solved, first.done], [2, 2, true, true])
  assert.deepEqual([first.errors[0].met, first.errors[0].id], [true, 'too-large'])
  assert.deepEqual(second.checks[1].status, 'failed')
  assert.match(read('report.md'), /## Errors on the way\n\n### A block is too large\n\nMet in step 1/)
  assert.match(read('report.md'), /\*\*Yours to write:\*\*/)
  assert.match(read('junit.xml'), /<testsuites name="A lab" tests="4" failures="0">/)
  assert.match(read('junit.xml'), /<testcase name="A &lt;VPC&gt; is there" classname="[\w-]+\.step1"\/>/i)
  assert.doesNotMatch(read('report.html'), /<script|https?:/)
}

test('check --watch goes on by itself when the network changes', async (t) => {
  const { isthmus, env } = ownState('lab-watch')
  const lab = written(t, CHECKS, FILES)
  await isthmus('up', '-d', '--sim', '--port', '0')
  await isthmus('lab', 'start', lab)
  const watching = spawn(launcher, ['lab', 'check', '--watch'], { env, stdio: ['ignore', 'pipe', 'inherit'] })
  t.after(() => watching.kill())
  const lines = createInterface({ input: watching.stdout })[Symbol.asyncIterator]()
  const until = async (pattern: RegExp) => {
    for (let next = await lines.next(); !next.done; next = await lines.next()) if (pattern.test(next.value)) return
    assert.fail(`${pattern} is not said`)
  }
  await until(/✗ A <VPC> is there/)
  // Refused, and so no change.
  await isthmus('create', 'vpc', 'big', '10.0.0.0/8')
  await until(/You have met it: A block is too large\./)
  await isthmus('create', 'vpc', 'one', '10.20.0.0/16')
  await until(/^Step 2 of 2/)
  await isthmus('delete', 'vpc', 'one', '--yes')
  await until(/✓ It is gone again/)
  await until(/^Done\./)
})

describe('lab test', () => {
  const { folder, isthmus } = ownState('lab-test')

  async function problems(t: TestContext, checks: string, more: Readonly<Record<string, string>>): Promise<string[]> {
    const { code, stdout, stderr } = await isthmus('lab', 'test', written(t, checks, more), '--sim', '-o', 'json')
    assert.equal(code, 1, stderr)
    return JSON.parse(stdout).steps.flatMap((step: { problems: string[] }) => step.problems)
  }
  const VPC = 'exists: { vpc: { cidr: 10.20.0.0/16 } }'
  const solve = { 'step1/solve.sh': 'isthmus create vpc one 10.20.0.0/16' }

  test('says what passes too early, what does not pass, what fails, and what was never met', async (t) => {
    const early = `checks: [{ id: a, ${VPC} }, { id: b, absent: { vpc: { cidr: 10.9.0.0/16 } } }]`
    assert.deepEqual(await problems(t, early, solve), ['b passes before the step is solved.'])
    const late = `checks: [{ id: a, exists: { vpc: { cidr: 10.9.0.0/16 } } }]`
    assert.deepEqual(await problems(t, late, solve), [
      'a does not pass after solve.sh: There is no VPC of 10.9.0.0/16.',
    ])
    const never = `expectErrors: [{ id: e, when: { event: { action: CreateVpc, error: X } } }]\nchecks: [{ id: a, ${VPC} }]`
    assert.match((await problems(t, never, solve)).join(), /^The expected error e was not met/)
    const broken = { 'step1/solve.sh': 'isthmus create vpc one 10.20.0.0/16\nfalse\ntrue' }
    assert.deepEqual(await problems(t, `checks: [{ id: a, ${VPC} }]`, broken), ['solve.sh ended with 1.'])
    assert.deepEqual(await problems(t, `checks: [{ id: a, ${VPC} }]`, {}), ['There is no solve.sh.'])
  })

  test('refuses a lab with mistakes, and one that is not there, with 2', async (t) => {
    const wrong = await isthmus('lab', 'test', written(t, 'checks: [{ id: a }]'), '--sim')
    assert.deepEqual([wrong.code, /step1\/checks\.yaml:1:10: expected one of/.test(wrong.stderr)], [2, true])
    const nowhere = await isthmus('lab', 'test', 'nowhere')
    assert.deepEqual([nowhere.code, /There is no lab nowhere\. There are .*peering/.test(nowhere.stderr)], [2, true])
  })

  test('accepts the skeleton that lab new writes', { skip: noAws }, async () => {
    assert.equal((await isthmus('lab', 'new', 'mine', '--in', folder)).code, 0)
    const again = await isthmus('lab', 'new', 'mine', '--in', folder)
    assert.deepEqual([again.code, /is there already/.test(again.stderr)], [1, true])
    assert.equal((await isthmus('lab', 'new', 'Not a name')).code, 2)
    const { code, stdout } = await isthmus('lab', 'test', join(folder, 'mine'), '--sim')
    assert.equal(code, 0, stdout)
    writeFileSync(join(folder, 'mine/step1/solve.sh'), 'true')
    assert.equal((await isthmus('lab', 'test', join(folder, 'mine'), '--sim')).code, 1)
  })
})
