/** VPC Block Public Access in answers: named beside what else is in the way, and mended by as little as can be. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { told } from '../../src/analyzer/words.ts'
import type { End } from '../../src/analyzer/question.ts'
import { type FixBench, HOST, ping, tcp, withBench } from './fix-bench.ts'

const CODE = 'VPC_BLOCK_PUBLIC_ACCESS_ENABLED'
const INTERNET: End = { kind: 'internet' }

/** A web server in a public subnet; who can ask is said by `group`. */
async function web(s: FixBench, group: string, elasticIp = true) {
  const vpc = s.vpc('10.1.0.0/16', { gateway: true })
  const subnet = s.subnet(vpc, '10.1.0.0/20', { table: true })
  const groups = [s.group(vpc, [group])]
  return { vpc, subnet, groups, server: await s.instance(subnet, { groups, elasticIp }) }
}

const block = (s: FixBench, InternetGatewayBlockMode: 'block-bidirectional' | 'block-ingress') =>
  s.bench.call('ModifyVpcBlockPublicAccessOptions', { InternetGatewayBlockMode })

test('G10: one call mends it, an exclusion of the subnet; or the mode is turned off', () =>
  withBench(async (s) => {
    const { subnet, server } = await web(s, 'all 0.0.0.0/0')
    block(s, 'block-ingress')
    for (const [from, to] of [
      [server, HOST],
      [INTERNET, server],
    ] as const) {
      const asked = await s.ask(from, to, ping)
      assert.deepEqual([...new Set(asked.answer.way.blockers.map(({ code }) => code))], [CODE])
      assert.deepEqual(asked.commands({ SUBNET: subnet.id }), [
        [
          'aws ec2 create-vpc-block-public-access-exclusion --subnet-id SUBNET ' +
            '--internet-gateway-exclusion-mode allow-bidirectional',
        ],
        ['aws ec2 modify-vpc-block-public-access-options --internet-gateway-block-mode off'],
      ])
      assert.ok(asked.answer.way.blockers.every(({ also }) => !also.includes('ISTHMUS_ICMP_BLOCKED')))
    }
    const asked = await s.ask(server, HOST, ping)
    const [fix, off] = asked.fixes()
    assert.ok(fix && off)
    assert.ok(fix.opens.length > 0, 'what else an exclusion opens is said')
    await asked.apply(fix)
  }))

test('G10: a sentence says whose mode it is, which, and for which subnet', () =>
  withBench(async (s) => {
    const { subnet, server } = await web(s, 'all 0.0.0.0/0')
    block(s, 'block-bidirectional')
    const { answer } = await s.ask(INTERNET, server, tcp(80))
    const { way, headline } = told(s.bench.plane.state, s.bench.plane.network(), answer)
    const [first, ...others] = way.blockers
    assert.match(
      first?.sentence ?? '',
      /^VPC Block Public Access \(bidirectional\) of account \d{12} in \S+ lets no internet traffic into /,
    )
    assert.ok(first?.sentence.includes(subnet.id))
    assert.deepEqual(others, [], 'one setting stops request and reply')
    assert.match(headline, /: one setting is in the way\.$/)
    assert.ok(way.hops.some(({ sentence, outcome }) => outcome === 'stop' && sentence.includes('Block Public Access')))
  }))

test('G10: what else is in the way of the same packet is named and mended with it', () =>
  withBench(async (s) => {
    const { subnet, server, groups } = await web(s, 'tcp 22 0.0.0.0/0', false)
    block(s, 'block-bidirectional')
    const asked = await s.ask(INTERNET, server, tcp(80))
    const codes = new Set(asked.answer.way.blockers.map(({ code }) => code))
    for (const code of [CODE, 'IGW_PRIVATE_IP_ASSOCIATION_FOR_INGRESS', 'ENI_SG_RULES_MISMATCH'])
      assert.ok(codes.has(code), `${code} is not among ${[...codes].join(' ')}`)
    const [usual = []] = asked.commands({ SUBNET: subnet.id, GROUP: groups[0] as string })
    assert.ok(usual.some((line) => line.startsWith('aws ec2 create-vpc-block-public-access-exclusion')))
    const [fix] = asked.fixes()
    assert.ok(fix)
    await asked.apply(fix)
  }))

test('G10: a NAT gateway needs the way out only; an exclusion that is there is widened for an instance', () =>
  withBench(async (s) => {
    const { vpc, subnet, server } = await web(s, 'all 0.0.0.0/0')
    const nat = s.natGateway(subnet)
    const inside = s.subnet(vpc, '10.1.16.0/20', { table: true })
    s.bench.call('DeleteRoute', { RouteTableId: inside.table, DestinationCidrBlock: '0.0.0.0/0' })
    s.route(inside.table, '0.0.0.0/0', nat.id)
    const hidden = await s.instance(inside)
    block(s, 'block-bidirectional')
    const out = await s.ask(hidden, HOST, ping)
    const [narrow] = out.fixes()
    assert.deepEqual(
      narrow?.calls.map(({ action, input }) => [action, input]),
      [['CreateVpcBlockPublicAccessExclusion', { SubnetId: subnet.id, InternetGatewayExclusionMode: 'allow-egress' }]],
    )
    assert.ok(narrow)
    await out.apply(narrow)
    const asked = await s.ask(INTERNET, server, tcp(80))
    const [wider] = asked.fixes()
    assert.deepEqual(
      wider?.calls.map(({ action }) => action),
      ['ModifyVpcBlockPublicAccessExclusion'],
    )
    assert.ok(wider)
    await asked.apply(wider)
  }))
