/** Answers of the analyzer: every setting in the way, both ways, and what would have to be otherwise. */
import assert from 'node:assert/strict'
import { afterEach, beforeEach, describe, test } from 'node:test'
import { bench, type Bench } from '../../scenarios/bench.ts'
import type { Instance, Vpc } from '../../scenarios/builder.ts'
import { type Stage, stage } from '../../scenarios/scenario.ts'
import type { Answer } from '../../src/analyzer/answer.ts'
import { explain, QuestionError } from '../../src/analyzer/explain.ts'
import type { End, Question, Traffic } from '../../src/analyzer/question.ts'
import { told } from '../../src/analyzer/words.ts'
import { simulator } from '../../src/engines/simulator/simulator.ts'
import { ports } from '../../src/headers/boxes.ts'
import { ip } from '../../src/ip/address.ts'
import { hostPrefix, prefix } from '../../src/ip/prefix.ts'

const PING: Traffic = { protocol: 1 }
const tcp = (port: number): Traffic => ({ protocol: 6, destinationPorts: { from: port, to: port } })
const INTERNET: End = { kind: 'internet' }
const at = ({ id }: Instance): End => ({ kind: 'instance', id })

let b: Bench
let s: Stage
beforeEach(() => {
  b = bench((services) => simulator({ services }))
  s = stage(b)
})
afterEach(() => b.close())

async function ask(from: End, to: End, traffic = PING, more: Partial<Question> = {}): Promise<Answer> {
  const network = await b.catchUp()
  return explain(b.plane.state, network, { from, to, traffic, ...more })
}

/** `leg code remedy`, in the order met. */
const inTheWay = ({ way }: Answer): string[] => way.blockers.map((x) => `${x.leg} ${x.code} ${x.remedy.kind}`)

describe('what is in the way', () => {
  let a: Vpc
  let c: Vpc
  let one: Instance
  let two: Instance
  beforeEach(async () => {
    const pair = await s.openPair()
    a = pair.a
    c = pair.b
    one = pair.one
    two = pair.two
  })

  test('is told with ids as they are, also where a sentence begins', async () => {
    const network = await b.catchUp()
    const { headline } = told(b.plane.state, network, await ask(at(one), at(two)))
    assert.ok(headline.startsWith(`${one.id} can not ping `), headline)
  })

  test('nothing is there: the peering, and a route each way', async () => {
    const answer = await ask(at(one), at(two))
    assert.equal(answer.verdict, 'unreachable')
    assert.deepEqual(inTheWay(answer), [
      'request NO_ROUTE_TO_DESTINATION route',
      'request DISCONNECTED_VPCS peering',
      'reply NO_ROUTE_TO_DESTINATION route',
    ])
    assert.ok(answer.way.complete)
  })

  test('X4, D04: a pending peering is in the way itself, its route is not', async () => {
    const pcx = s.peer(a, c, { accept: false })
    s.route(a.mainTable, '10.2.0.0/16', pcx)
    s.route(c.mainTable, '10.1.0.0/16', pcx)
    assert.deepEqual(inTheWay(await ask(at(one), at(two))), [
      'request BAD_STATE_ROUTE peering',
      'reply BAD_STATE_ROUTE peering',
    ])
  })

  test('X9, D07: with one route it is the return leg', async () => {
    const pcx = s.peer(a, c)
    s.route(a.mainTable, '10.2.0.0/16', pcx)
    const answer = await ask(at(one), at(two))
    assert.deepEqual(inTheWay(answer), ['reply NO_ROUTE_TO_DESTINATION route'])
    assert.deepEqual(answer.way.blockers[0]?.also, ['ISTHMUS_RETURN_BLOCKED'])
    assert.deepEqual(answer.way.blockers[0]?.remedy, {
      kind: 'route',
      table: c.mainTable,
      to: { kind: 'link', interface: `${c.id}/${pcx}` },
    })
  })

  test('both routes, closed groups on both sides: each rule that is missing, the replies need none (S2)', async () => {
    const pcx = s.peer(a, c)
    s.route(a.mainTable, '10.2.0.0/16', pcx)
    s.route(c.mainTable, '10.1.0.0/16', pcx)
    for (const [vpc, who] of [[a, one] as const, [c, two] as const])
      b.call('ModifyInstanceAttribute', { InstanceId: who.id, Groups: [s.group(vpc, [], [])] })
    const answer = await ask(at(one), at(two))
    assert.deepEqual(inTheWay(answer), ['request SG_HAS_NO_RULES allow', 'request SG_HAS_NO_RULES allow'])
    assert.deepEqual(
      answer.way.blockers.map(({ stage }) => stage),
      ['egress-rules', 'ingress-rules'],
    )
    assert.deepEqual(answer.way.blockers[0]?.also, ['ISTHMUS_ICMP_BLOCKED'])
  })

  test('everything open: reachable, every hop both ways with the fact that decided', async () => {
    const pcx = s.peer(a, c)
    s.route(a.mainTable, '10.2.0.0/16', pcx)
    s.route(c.mainTable, '10.1.0.0/16', pcx)
    const answer = await ask(at(one), at(two))
    assert.equal(answer.verdict, 'reachable')
    assert.deepEqual(inTheWay(answer), [])
    const facts = (leg: string) => answer.way.hops.filter((hop) => hop.leg === leg).map(({ origin }) => origin.resource)
    assert.ok(facts('request').includes(a.mainTable) && facts('reply').includes(c.mainTable))
    assert.ok(facts('request').includes(two.id) || facts('request').includes(two.interface))
  })

  test('D06: a route that leads astray is told, with where it would have to lead', async () => {
    const pcx = s.peer(a, c)
    s.route(c.mainTable, '10.1.0.0/16', pcx)
    const { InternetGateway } = b.call('CreateInternetGateway', {})
    const InternetGatewayId = InternetGateway?.InternetGatewayId as string
    b.call('AttachInternetGateway', { InternetGatewayId, VpcId: a.id })
    s.route(a.mainTable, '0.0.0.0/0', InternetGatewayId)
    const answer = await ask(at(one), at(two))
    assert.deepEqual(inTheWay(answer), ['request IGW_DESTINATION_ADDRESS_NOT_IN_RFC1918_EGRESS route'])
    assert.deepEqual(answer.way.blockers[0]?.remedy, {
      kind: 'route',
      table: a.mainTable,
      to: { kind: 'link', interface: `${a.id}/${pcx}` },
      replaces: '0.0.0.0/0',
    })
  })

  test('R7, D05: a deleted peering: a new one, and both routes anew', async () => {
    const pcx = s.peer(a, c)
    s.route(a.mainTable, '10.2.0.0/16', pcx)
    s.route(c.mainTable, '10.1.0.0/16', pcx)
    b.call('DeleteVpcPeeringConnection', { VpcPeeringConnectionId: pcx })
    assert.deepEqual(inTheWay(await ask(at(one), at(two))), [
      'request BAD_STATE_ROUTE route',
      'request DISCONNECTED_VPCS peering',
      'reply BAD_STATE_ROUTE route',
    ])
  })

  test('G1, I3: from the internet an instance without a public address lacks it, and all else that is missing', async () => {
    const answer = await ask(INTERNET, at(two), tcp(22))
    assert.deepEqual(inTheWay(answer), [
      'request ISTHMUS_NO_INTERNET_GATEWAY internet-gateway',
      'request IGW_PRIVATE_IP_ASSOCIATION_FOR_INGRESS public-address',
      'reply NO_ROUTE_TO_DESTINATION route',
    ])
    const service = await ask({ kind: 'address', address: ip('18.206.107.25') }, at(two), tcp(22))
    assert.ok(service.way.blockers[1]?.also.includes('ISTHMUS_INSTANCE_CONNECT_NO_PUBLIC_IPV4'))
  })

  test('to the internet from a VPC without a gateway: the route, the gateway, the address', async () => {
    assert.deepEqual(inTheWay(await ask(at(one), INTERNET, tcp(443))), [
      'request NO_ROUTE_TO_DESTINATION route',
      'request ISTHMUS_NO_INTERNET_GATEWAY internet-gateway',
      'request IGW_PUBLIC_IP_ASSOCIATION_FOR_EGRESS public-address',
    ])
  })

  test('X11, D18: a rule that names the group of a peer that is gone is stale; a new peering makes it work again', async () => {
    const pcx = s.peer(a, c)
    s.route(a.mainTable, '10.2.0.0/16', pcx)
    s.route(c.mainTable, '10.1.0.0/16', pcx)
    const peer = s.group(a, [])
    b.call('ModifyInstanceAttribute', { InstanceId: one.id, Groups: [peer] })
    b.call('ModifyInstanceAttribute', { InstanceId: two.id, Groups: [s.group(c, [`icmp ${peer}`])] })
    assert.equal((await ask(at(one), at(two))).verdict, 'reachable')
    b.call('DeleteVpcPeeringConnection', { VpcPeeringConnectionId: pcx })
    const answer = await ask(at(one), at(two))
    assert.deepEqual(inTheWay(answer), [
      'request BAD_STATE_ROUTE route',
      'request DISCONNECTED_VPCS peering',
      'request ENI_SG_RULES_MISMATCH peering',
      'reply BAD_STATE_ROUTE route',
    ])
    assert.ok(answer.way.blockers[2]?.also.includes('ISTHMUS_STALE_GROUP_REFERENCE'))
    // What else the group would let in is no help for another protocol.
    const ssh = await ask(at(one), at(two), tcp(22))
    assert.ok(!ssh.way.blockers.some(({ also }) => also.includes('ISTHMUS_STALE_GROUP_REFERENCE')))
  })

  test('a stopped instance is in the way, and so is what comes after it', async () => {
    b.call('StopInstances', { InstanceIds: [two.id] })
    await b.catchUp()
    assert.deepEqual(inTheWay(await ask(at(one), at(two))).slice(0, 2), [
      'request BAD_STATE start',
      'request NO_ROUTE_TO_DESTINATION route',
    ])
  })

  test('X13: a packet that is too large for a link', async () => {
    const pcx = s.peer(a, c)
    s.route(a.mainTable, '10.2.0.0/16', pcx)
    s.route(c.mainTable, '10.1.0.0/16', pcx)
    const answer = await ask(at(one), at(two), { protocol: 1, length: 9002 })
    assert.deepEqual(answer.way.blockers[0]?.remedy, { kind: 'smaller', mtu: 9001 })
    assert.equal(answer.way.blockers[0]?.code, 'ISTHMUS_MTU')
  })

  test('R3: a rule for all of IPv6 is told as one that says nothing of IPv4', async () => {
    const group = s.group(a, ['all 0.0.0.0/0'])
    b.call('AssociateVpcCidrBlock', { VpcId: a.id, AmazonProvidedIpv6CidrBlock: true })
    const IpPermissions = [{ IpProtocol: '-1', IpRanges: [{ CidrIp: '0.0.0.0/0' }] }]
    b.call('RevokeSecurityGroupEgress', { GroupId: group, IpPermissions })
    const subnet = s.subnet(a, '10.1.240.0/20')
    const closed = await s.instance(subnet, { groups: [group] })
    const answer = await ask(at(closed), at(one))
    const [blocker] = told(b.plane.state, b.plane.network(), answer).way.blockers
    assert.match(blocker?.sentence ?? '', /It lets out only: all traffic to anywhere over IPv6\.$/)
  })

  test('what is not there is said', async () => {
    await assert.rejects(ask({ kind: 'instance', id: 'i-0' }, at(two)), new QuestionError('There is no i-0.'))
    await assert.rejects(ask({ kind: 'address', address: ip('10.9.9.9') }, at(two)), /Nothing has the address 10.9.9.9/)
    await assert.rejects(ask({ kind: 'address', address: ip('10.1.0.1') }, at(two)), /is the router's of vpc-/)
    await assert.rejects(ask(at(one), { kind: 'internet-gateway', id: 'igw-1' }), QuestionError)
    const nobody = await ask(at(one), { kind: 'address', address: ip('10.1.0.77') })
    assert.deepEqual(inTheWay(nobody), ['request NO_POSSIBLE_DESTINATION none'])
    assert.equal(nobody.way.complete, false)
  })
})

describe('sets of headers', () => {
  test('D14: an ACL that lets out some client ports only: partly, and which', async () => {
    const vpc = s.vpc('10.1.0.0/16', { gateway: true })
    const subnet = s.subnet(vpc, '10.1.0.0/20', { table: true })
    const web = await s.instance(subnet, { groups: [s.group(vpc, ['tcp 22 0.0.0.0/0'])], elasticIp: true })
    s.acl(subnet, ['in 100 allow tcp 22 0.0.0.0/0', 'out 100 allow tcp 32768-65535 0.0.0.0/0'])
    const answer = await ask(INTERNET, at(web), tcp(22))
    assert.equal(answer.verdict, 'partly')
    assert.deepEqual(ports(answer.answered, 'sourcePort'), [{ from: 32768, to: 65535 }])
    assert.deepEqual(ports(answer.unanswered, 'sourcePort'), [{ from: 1024, to: 32767 }])
    assert.deepEqual(inTheWay(answer), ['reply SUBNET_ACL_RESTRICTION allow'])
  })

  test('P3: from one network of the internet only, to a gateway and from one', async () => {
    const vpc = s.vpc('10.1.0.0/16', { gateway: true })
    const subnet = s.subnet(vpc, '10.1.0.0/20', { table: true })
    const web = await s.instance(subnet, { groups: [s.group(vpc, ['tcp 443 203.0.113.0/24'])], elasticIp: true })
    const igw: End = { kind: 'internet-gateway', id: vpc.gateway as string }
    assert.equal((await ask(INTERNET, at(web), tcp(443))).verdict, 'partly')
    assert.equal((await ask(igw, at(web), tcp(443), { source: prefix('203.0.113.0/24') })).verdict, 'reachable')
    assert.equal((await ask(igw, at(web), tcp(443), { source: prefix('198.51.100.0/24') })).verdict, 'unreachable')
    assert.equal((await ask(at(web), igw, tcp(443))).verdict, 'reachable')
  })

  test('out of a peering and into one', async () => {
    const { a, b: c, one, two } = await s.openPair()
    const id = s.peer(a, c)
    const pcx: End = { kind: 'vpc-peering-connection', id }
    s.route(a.mainTable, '10.2.0.0/16', id)
    assert.equal((await ask(at(one), pcx)).verdict, 'reachable')
    assert.deepEqual(inTheWay(await ask(pcx, at(two), PING, { source: hostPrefix(one.ip) })), [
      'reply NO_ROUTE_TO_DESTINATION route',
    ])
    s.route(c.mainTable, '10.1.0.0/16', id)
    assert.equal((await ask(pcx, at(two), PING, { source: hostPrefix(one.ip) })).verdict, 'reachable')
  })
})

describe('notices', () => {
  test('D20, X12: the public name of a peer means its public address; the peering can change that', async () => {
    const a = s.vpc('10.1.0.0/16', { gateway: true })
    const c = s.vpc('10.2.0.0/16', { gateway: true })
    for (const { id: VpcId } of [a, c]) b.call('ModifyVpcAttribute', { VpcId, EnableDnsHostnames: { Value: true } })
    const one = await s.instance(s.subnet(a, '10.1.0.0/20'), { groups: [a.defaultGroup] })
    const two = await s.instance(s.subnet(c, '10.2.0.0/20', { table: true }), {
      groups: [c.defaultGroup],
      elasticIp: true,
    })
    const VpcPeeringConnectionId = s.peer(a, c)
    const told = async () =>
      (await ask(at(one), at(two))).notices.some(({ code }) => code === 'ISTHMUS_DNS_PUBLIC_ADDRESS')
    assert.equal(await told(), true)
    const AccepterPeeringConnectionOptions = { AllowDnsResolutionFromRemoteVpc: true }
    b.call('ModifyVpcPeeringConnectionOptions', { VpcPeeringConnectionId, AccepterPeeringConnectionOptions })
    assert.equal(await told(), false)
  })

  test('X9: traffic for a peer that leaves through the internet gateway is a leak', async () => {
    const a = s.vpc('10.1.0.0/16', { gateway: true })
    const c = s.vpc('10.2.0.0/16')
    const one = await s.instance(s.subnet(a, '10.1.0.0/20', { table: true }), { elasticIp: true })
    const two = await s.instance(s.subnet(c, '10.2.0.0/20'))
    s.peer(a, c)
    const answer = await ask(at(one), at(two))
    assert.ok(answer.notices.some(({ code }) => code === 'ISTHMUS_LEAK_THROUGH_INTERNET_GATEWAY'))
  })
})
