/** What forms show before anything is made: commands for a shell, and a preview of the map; and what lights up. */
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { describe, test } from 'node:test'
import { commandsOf } from '../../src/console/api/command.ts'
import { previewOf } from '../../src/console/forms/preview.ts'
import { layout } from '../../src/console/map/layout.ts'
import { relatedTo } from '../../src/console/map/related.ts'
import { curve, stopsOf } from '../../src/console/map/way.ts'
import { planned, reference } from '../../src/wizard/planned-call.ts'
import { defaults, vpcAndMore } from '../../src/wizard/vpc-and-more.ts'
import { lab } from './estate.ts'

const named = (Value: string) => ({
  TagSpecifications: [{ ResourceType: 'vpc' as const, Tags: [{ Key: 'Name', Value }] }],
})
const plan = vpcAndMore({
  ...defaults,
  name: 'NextWork-1',
  cidr: '10.1.0.0/16',
  zones: ['us-east-1a'],
  publicSubnets: 1,
  privateSubnets: 1,
})

describe('the AWS CLI command of a call', () => {
  test('names what an earlier command makes by a variable of the shell', () => {
    const commands = commandsOf(plan)
    assert.match(commands[0] ?? '', /^VPC=\$\(aws ec2 create-vpc --cidr-block 10\.1\.0\.0\/16 .* --output text\)$/)
    assert.equal(commands[1], 'aws ec2 modify-vpc-attribute --vpc-id "$VPC" --enable-dns-hostnames')
    assert.ok(commands.every((command) => !command.includes('<')))
  })

  for (const name of ["it's", '$(reboot)', '`id`', 'a,b={c}', 'x"y', '<b>', '-n', 'línea', ' ', '\n'])
    test(`leaves a name what it is: ${JSON.stringify(name)}`, () => {
      const [command = ''] = commandsOf([planned('', 'CreateVpc', { CidrBlock: '10.1.0.0/16', ...named(name) })])
      const seen = execFileSync('sh', ['-c', `aws() { printf '%s\\0' "$@"; }\n${command}`], { encoding: 'utf8' })
      const words = seen.split('\0')
      const specification = words[words.indexOf('--tag-specifications') + 1] ?? ''
      const told = specification.startsWith('{')
        ? (JSON.parse(specification) as { Tags: { Value: string }[] }).Tags[0]?.Value
        : /Value=(.*)\}\]$/s.exec(specification)?.[1]
      assert.equal(told, name)
    })

  test('a true and a false are flags', () => {
    const calls = [false, true].map((Value) =>
      planned('', 'ModifyVpcAttribute', { VpcId: reference('vpc'), EnableDnsSupport: { Value } }),
    )
    assert.deepEqual(
      commandsOf(calls).map((command) => command.split(' ').at(-1)),
      ['--no-enable-dns-support', '--enable-dns-support'],
    )
  })
})

test('the preview has what the plan makes: the lab has one subnet, two tables and one connection for each VPC', () => {
  const estate = previewOf(plan.filter(({ input }) => !JSON.stringify(input).includes('private')))
  const { boxes, lines } = layout(estate, { vpcs: new Set(), subnets: new Set() })
  const count = (kind: string) => boxes.filter((box) => box.kind === kind).length
  assert.deepEqual([count('subnet'), count('table'), count('gateway')], [1, 2, 1])
  assert.equal(boxes.find(({ kind }) => kind === 'subnet')?.tone, 'public')
  assert.equal(lines.length, 2)
})

test('hovering an instance lights its subnet, its table and what that leads to, and nothing of a net beyond', () => {
  const lit = relatedTo(lab(), 'i-1-1-0')
  for (const id of ['vpc-1', 'subnet-1-1', 'rtb-1', 'igw-1', 'pcx-1']) assert.ok(lit.has(id), id)
  for (const id of ['rtb-1-main', 'rtb-2', 'subnet-2-1']) assert.ok(!lit.has(id), id)
})

describe("a packet's way over the map", () => {
  const { boxes } = layout(lab(), { vpcs: new Set(), subnets: new Set() })
  const part = (id: string, kind: 'host' | 'table' | 'link' | 'guard', stops = false) => ({ id, name: id, kind, stops })

  test('leaves one VPC by its box of the peering and enters the other by its own', () => {
    const way = [part('i-2-1-0', 'host'), part('rtb-2', 'table'), part('pcx-1', 'link'), part('i-1-1-0', 'host')]
    assert.deepEqual(
      stopsOf(way, boxes).map(({ box }) => box.key),
      ['i-2-1-0', 'rtb-2', 'pcx-1@vpc-2', 'pcx-1@vpc-1', 'i-1-1-0'],
    )
  })

  test('ends red where a group stops it, and what lies behind is beyond', () => {
    const way = [part('i-1-1-0', 'host'), part('sg-1', 'guard', true), part('rtb-1', 'table')]
    assert.deepEqual(
      stopsOf(way, boxes).map(({ box, stops, beyond }) => [box.id, stops, beyond]),
      [
        ['i-1-1-0', true, false],
        ['rtb-1', false, true],
      ],
    )
  })

  test('a group of the destination stops it there, and not at the peering before', () => {
    const way = [part('i-1-1-0', 'host'), part('rtb-1', 'table'), part('sg-2', 'guard', true), part('i-2-1-0', 'host')]
    assert.deepEqual(
      stopsOf(way, boxes).map(({ box, stops, beyond }) => [box.id, stops, beyond]),
      [
        ['i-1-1-0', false, false],
        ['rtb-1', false, false],
        ['i-2-1-0', true, false],
      ],
    )
  })

  test('comes down from the internet to the top of the gateway', () => {
    const [internet, gateway] = ['internet', 'igw-1'].map((id) => boxes.find((box) => box.id === id))
    assert.ok(internet && gateway)
    assert.ok(curve(internet, gateway, 0).endsWith(` ${gateway.x + gateway.width / 2} ${gateway.y}`))
    assert.ok(curve(gateway, internet, 0).endsWith(` ${internet.y + internet.height}`))
  })

  test('goes between the sides of boxes that face each other', () => {
    const [one, other] = ['i-1-1-0', 'rtb-1'].map((id) => boxes.find((box) => box.id === id))
    assert.ok(one && other)
    assert.ok(curve(one, other, 0).startsWith(`M${one.x + one.width} `))
    assert.ok(curve(other, one, 0).startsWith(`M${other.x} `))
  })
})
