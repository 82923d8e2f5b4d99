/** Labs as they are written: what is read, and how mistakes are pointed at. */
import assert from 'node:assert/strict'
import { join } from 'node:path'
import { describe, type TestContext, test } from 'node:test'
import { readLab } from '../../src/lab/format/read-lab.ts'
import { filled, mentionsIn } from '../../src/lab/names/template.ts'
import { INDEX, labIn, written } from './written.ts'

const ONE = 'checks: [{ id: there, exists: { vpc: { cidr: 10.0.0.0/16 } } }]'

/** `file:line: message` of every problem, files from the lab's folder. */
function problems(t: TestContext, checks: string, more: Readonly<Record<string, string>> = {}): string[] {
  const folder = written(t, checks, more)
  const read = readLab(folder)
  assert.ok('problems' in read, 'nothing is wrong')
  return read.problems.map(({ file, line, message }) => `${file.slice(folder.length + 1)}:${line}: ${message}`)
}

describe('a lab that is read', () => {
  test('has what its files say, in either form of index.json', (t) => {
    const { title, description, ...details } = INDEX
    const killercoda = { 'index.json': JSON.stringify({ title, description, details }) }
    for (const more of [{}, killercoda]) {
      const lab = labIn(written(t, ONE, more))
      assert.deepEqual([lab.title, lab.intro, lab.finish, lab.steps.length], ['A lab', 'Hello.', 'Done.', 1])
      assert.deepEqual(lab.steps[0]?.checks[0], {
        ...{ id: 'there', title: 'there', needs: [], wait: 0, level: 'error', points: 1, fail: '{{explain}}' },
        look: { kind: 'exists', selector: { kind: 'vpc', having: { cidr: ['10.0.0.0/16'] } } },
      })
    }
  })

  test('knows the names of earlier steps in later ones, and a later meaning wins', (t) => {
    const steps = [1, 2].map((n) => ({ title: `${n}`, text: `step${n}/text.md` }))
    const where = 'where: { a: { vpc: { cidr: 10.0.0.0/16 } }, b: { subnet: { vpc: $a } } }'
    const folder = written(t, `${where}\n${ONE}`, {
      'index.json': JSON.stringify({ ...INDEX, steps }),
      'step2/text.md': '# Two',
      'step2/checks.yaml': 'where: { b: { instance: { vpc: $a } } }\nchecks: [{ id: x, exists: $b }]',
    })
    const [, second] = labIn(folder).steps
    assert.deepEqual(
      second?.where.map(({ name, selector }) => [name, selector.kind]),
      [
        ['a', 'vpc'],
        ['b', 'instance'],
      ],
    )
  })

  test('has verify.sh and solve.sh of its steps, and a hint that shows the solution', (t) => {
    const hints = '\nhints: [{ after: { minutes: 2 }, solution: step1/solve.sh }]'
    const folder = written(t, ONE + hints, { 'step1/verify.sh': 'true', 'step1/solve.sh': 'aws ec2 create-vpc' })
    const [step] = labIn(folder).steps
    assert.equal(step?.solution, join(folder, 'step1/solve.sh'))
    assert.deepEqual(
      step?.checks.map(({ id }) => id),
      ['there', 'verify'],
    )
    assert.match(step?.hints[0]?.text ?? '', /aws ec2 create-vpc$/)
  })

  test('has its steps wherever their texts are, and solutions of hints by their path in the lab', (t) => {
    const hints = '\nhints: [{ after: { minutes: 2 }, solution: PATH }]'
    for (const folder of ['', 'steps/first/']) {
      const lab = labIn(
        written(t, ONE, {
          'index.json': JSON.stringify({ ...INDEX, steps: [{ title: 'One', text: `${folder}one.md` }] }),
          [`${folder}one.md`]: '# One',
          [`${folder}checks.yaml`]: ONE + hints.replace('PATH', `${folder}solve.sh`),
          [`${folder}solve.sh`]: 'aws ec2 create-vpc',
        }),
      )
      assert.match(lab.steps[0]?.hints[0]?.text ?? '', /aws ec2 create-vpc$/, folder)
    }
  })
})

describe('mistakes are named with file and line', () => {
  test('in names: unknown kinds, attributes and mentions', (t) => {
    const checks = `where:
  a: { vpc: { cidr: 10.0.0.0/16 } }
  b: { subnet: { vpc: $nobody } }
  c: { router: { vpc: $a } }
  d: { vpc: { colour: red } }
checks:
  - id: x
    reach: { from: $a.privateIp, to: "\${b.id}", expect: reachable }`
    const found = problems(t, checks)
    assert.deepEqual(
      found.map((one) => one.replace(/; expected.*|: vpc,.*/, '')),
      [
        'step1/checks.yaml:3: `where` binds no nobody; there is a',
        'step1/checks.yaml:4: unknown key router',
        'step1/checks.yaml:4: expected one kind of thing',
        'step1/checks.yaml:5: unknown key colour',
        'step1/checks.yaml:5: expected what tells this vpc from others',
        'step1/checks.yaml:8: a has no privateIp; there is id, cidr, name, default',
      ],
    )
  })

  test('in checks: each kind says what it wants', (t) => {
    const wrong: [string, RegExp][] = [
      ['{ id: x }', /expected one of reach, api/],
      ['{ id: x, exists: { vpc: { id: a } }, exec: { on: a, command: b } }', /expected one of reach, api/],
      ['{ exists: { vpc: { id: a } } }', /expected `id`/],
      ['{ id: x, needs: y, exists: { vpc: { id: a } } }', /no check y comes before this one/],
      ['{ id: x, wait: soon, exists: { vpc: { id: a } } }', /expected a whole number from 0 to 600/],
      ['{ id: x, level: bad, exists: { vpc: { id: a } } }', /expected one of error, warning/],
      ['{ id: x, reach: { from: a, to: b } }', /expected either `expect` or `is`/],
      ['{ id: x, reach: { from: a, to: b, proto: icmp, port: 22, is: blocked } }', /only tcp and udp have ports/],
      ['{ id: x, reach: { from: a, to: b, is: reachable, by: security-group } }', /expect unreachable, then/],
      ['{ id: x, api: { action: CreateVpc, path: Vpcs } }', /CreateVpc is no action of EC2 that only reads/],
      ['{ id: x, api: { action: DescribeVpcs, path: "Vpcs[?" } }', /Invalid jmespath expression/],
      ['{ id: x, api: { action: DescribeVpcs, path: "size(Vpcs)" } }', /size/],
      ['{ id: x, api: { action: DescribeVpcs, path: Vpcs, equals: 1, contains: 2 } }', /one of equals, contains/],
      ['{ id: x, event: { action: MakeCoffee } }', /MakeCoffee is no action of EC2/],
      ['{ id: x, explain: { from: a, to: b, code: NO_SUCH_CODE } }', /expected one of BAD_STATE/],
      ['{ id: x, script: missing.sh }', /there is no .*missing\.sh/],
      ['{ id: x, exec: { on: a, command: b, output: "[" } }', /Invalid regular expression/],
      ['{ id: x, exec: { on: a, command: "echo $" } }', /write \$\$ for itself/],
      [
        '{ id: x, exec: { on: a, command: b, simulated: { code: 1 } } }',
        /unknown key code; expected one of exit, output/,
      ],
      ['{ id: x, engine: wire, event: { action: CreateVpc } }', /`engine` goes with `reach`/],
    ]
    for (const [check, words] of wrong) assert.match(problems(t, `checks:\n  - ${check}`).join('\n'), words, check)
  })

  test('in hints, in YAML itself, and in index.json', (t) => {
    assert.match(problems(t, `${ONE}\nhints: [{ text: go }]`).join(), /checks\.yaml:2: expected `after/)
    assert.match(problems(t, 'checks: [\n').join(), /^step1\/checks\.yaml:2: /)
    assert.match(problems(t, `${ONE}\nx: &a 1\ny: *a`).join(), /aliases are not for labs/)
    const nowhere = JSON.stringify({ ...INDEX, steps: [{ title: 'One', text: 'nowhere.md' }] })
    assert.match(problems(t, ONE, { 'index.json': nowhere }).join(), /index\.json:1: there is no .*nowhere\.md/)
    assert.match(problems(t, 'checks: []').join(), /One has nothing to check/)
  })

  test('in a check that has the name of verify.sh', (t) => {
    const found = problems(t, 'checks: [{ id: verify, event: { action: CreateVpc } }]', { 'step1/verify.sh': 'true' })
    assert.match(found.join(), /^index\.json:1: One has a check called verify/)
  })

  test('where there is no lab at all', () => {
    const read = readLab('/nonexistent')
    assert.deepEqual('problems' in read && read.problems[0]?.message, 'this file can not be read')
  })
})

test('texts mention names with or without braces and attributes, and two dollar signs are one', () => {
  const text = `$a \${b.privateIp} $c.cidr $$x costs $$5`
  assert.deepEqual(mentionsIn(text), [
    { name: 'a', attribute: 'id' },
    { name: 'b', attribute: 'privateIp' },
    { name: 'c', attribute: 'cidr' },
  ])
  assert.equal(
    filled(text, ({ name, attribute }) => `<${name}:${attribute}>`),
    '<a:id> <b:privateIp> <c:cidr> $x costs $5',
  )
  assert.throws(() => mentionsIn('5 $'), SyntaxError)
})
