/** The words of answers: none missing, and each silence of the peering lab said so that a learner understands. */
import assert from 'node:assert/strict'
import { afterEach, beforeEach, describe, test } from 'node:test'
import { CODES } from '../../src/analyzer/codes.ts'
import { ADDITIONS, BLOCKERS } from '../../src/analyzer/words/blockers.ts'
import { NOTICES } from '../../src/analyzer/words/notices.ts'
import { explained } from '../../src/check/explanation.ts'
import { trafficOf } from '../../src/check/traffic.ts'
import { explanationText } from '../../src/cli/explain-text.ts'
import { plain } from '../../src/cli/paint.ts'
import { type Lab, lab } from './lab.ts'

test('every code that an answer may have has a sentence', () => {
  const missing = CODES.filter((code) => ![BLOCKERS, ADDITIONS, NOTICES].some((table) => Object.hasOwn(table, code)))
  assert.deepEqual(missing, [])
})

describe('what the lab says', () => {
  let l: Lab
  beforeEach(async () => {
    l = await lab()
  })
  afterEach(() => l.b.close())

  const ask = async (from = 'web', to = 'db', traffic = trafficOf(1)) =>
    explained(await l.subject(), { from, to, traffic, scope: {} })
  const screen = async (...asked: Parameters<typeof ask>): Promise<string> =>
    explanationText(await ask(...asked), { columns: 80, all: false, paint: plain })

  test('A13: of the closed group, naming it, its instance and who is not let in; with the command that mends it', async () => {
    // What the fix itself remarks is its own matter.
    const text = (await screen()).replace(/(\n {2}# .*)+/, '')
    assert.equal(
      text,
      [
        '`web` can not ping `db`: one setting is in the way.',
        '',
        '  request  web ── rtb-1 ── VPC 1 <> VPC 2 ══ group default ✗ ┄┄ db',
        '  reply    db ── rtb-2 ── VPC 1 <> VPC 2 ══ web',
        '',
        `The security group \`default\` (${l.v2.defaultGroup}) of \`db\` lets no ping (ICMP`,
        'echo request) in from 10.1.7.162 (`web`). It lets in only: all traffic from its',
        'own members.',
        '',
        'This mends it (--apply does it now, --all shows other ways):',
        `  aws ec2 authorize-security-group-ingress --group-id ${l.v2.defaultGroup} \\`,
        "    --ip-permissions 'IpProtocol=icmp,FromPort=8,ToPort=-1,IpRanges=[{CidrIp=10.1.0.0/16}]'",
      ].join('\n'),
    )
  })

  test('A16: of a route on one side only, that the reply goes to the internet gateway', async () => {
    l.b.call('DeleteRoute', { RouteTableId: l.s2.table, DestinationCidrBlock: '10.1.0.0/16' })
    const { way } = await ask()
    const sentence = way.blockers.find(({ leg }) => leg === 'reply')?.sentence ?? ''
    assert.match(sentence, /^The route table `rtb-2` \(rtb-\w+\) has no route of its own for 10\.1\.7\.162 \(`web`\): /)
    assert.match(sentence, /0\.0\.0\.0\/0 leads to the internet gateway igw-\w+, which passes nothing on to private/)
    assert.deepEqual(
      way.reply.map(({ name, stops }) => `${name}${stops ? ' ✗' : ''}`),
      ['db', 'rtb-2 ✗', 'VPC 1 <> VPC 2', 'web'],
    )
  })

  test('of no route at all, in a subnet without a default route', async () => {
    l.b.call('DeleteRoute', { RouteTableId: l.s1.table, DestinationCidrBlock: '10.2.0.0/16' })
    l.b.call('DeleteRoute', { RouteTableId: l.s1.table, DestinationCidrBlock: '0.0.0.0/0' })
    const { way } = await ask()
    assert.match(
      way.blockers[0]?.sentence ?? '',
      /^The route table `rtb-1` \(.*\), which routes the subnet `public-1` \(.*\), has no route to 10\.2\.11\.172 \(`db`\)\.$/,
    )
  })

  test('A17: of a deleted peering, that its route is a blackhole and why', async () => {
    l.b.call('DeleteVpcPeeringConnection', { VpcPeeringConnectionId: l.peering })
    const { way } = await ask()
    assert.match(
      way.blockers[0]?.sentence ?? '',
      /^The route 10\.2\.0\.0\/16 in .* leads nowhere \(blackhole\): the peering connection `VPC 1 <> VPC 2` \(.*\) was deleted/,
    )
    assert.equal(way.request.find(({ kind }) => kind === 'link')?.name, 'new peering connection')
  })

  test('D04: of a pending peering, that it is not accepted yet; the line has its name', async () => {
    l.b.call('DeleteVpcPeeringConnection', { VpcPeeringConnectionId: l.peering })
    const again = l.s.peer(l.v1, l.v2, { accept: false })
    l.name(again, 'asked for')
    l.b.call('ReplaceRoute', {
      RouteTableId: l.s1.table,
      DestinationCidrBlock: '10.2.0.0/16',
      VpcPeeringConnectionId: again,
    })
    const { way } = await ask()
    assert.match(way.blockers[0]?.sentence ?? '', /the peering connection `asked for` \(.*\) is not accepted yet/)
    assert.equal(way.request.find(({ kind }) => kind === 'link')?.name, 'asked for')
  })

  test('D29: beside a rule for SSH, that ping needs a rule of its own', async () => {
    assert.deepEqual((await ask()).way.blockers[0]?.remarks, [])
    l.s.allow(l.v2.defaultGroup, 'tcp 22 0.0.0.0/0')
    assert.match((await ask()).way.blockers[0]?.remarks.join(' ') ?? '', /^Ping is ICMP and needs a rule of its own/)
  })

  test('of a network ACL, which numbered rule denies', async () => {
    l.s.entry(l.v2.defaultAcl, 'in 50 deny icmp 10.1.0.0/16')
    const [first] = (await ask()).way.blockers
    assert.match(first?.sentence ?? '', /^The default network ACL acl-\w+ of the subnet `public-2` .* lets no ping/)
    assert.match(first?.sentence ?? '', /: inbound rule 50 denies all ICMP from 10\.1\.0\.0\/16\.$/)
  })

  test('A8: from the internet, that there is no public address; the line begins out there', async () => {
    const { way, headline } = await ask('internet', 'web', trafficOf(6, { from: 22, to: 22 }))
    assert.match(headline, /^The internet does not reach `web` with TCP port 22: 2 settings are in the way\.$/)
    assert.match(way.blockers[0]?.sentence ?? '', /^`web` \(10\.1\.7\.162\) has no public address/)
    assert.deepEqual([way.request[0]?.id, way.request[1]?.stops], ['internet', true])
  })

  test('A14: of a way that is open, which rules and routes let the ping in, both ways', async () => {
    l.s.allow(l.v2.defaultGroup, 'icmp 8 10.1.0.0/16')
    const text = await screen()
    assert.match(text, /^`web` can ping `db`\.\n/)
    assert.match(
      text,
      /✓ Into `db`: the security group `default` \(.*\) lets ping\n {4}\(ICMP type 8\) from 10\.1\.0\.0\/16 pass/,
    )
    assert.match(text, /✓ Out of `db`: no rule is needed, as the group remembers the request/)
    assert.ok(text.split('\n').length <= 24, text)
  })

  test('of a part that arrives, which ports', async () => {
    l.s.allow(l.v2.defaultGroup, 'tcp 22-80 10.1.0.0/16')
    const text = await screen('web', 'db', trafficOf(6, { from: 20, to: 90 }))
    assert.match(
      text,
      /\n {2}Arrives and is answered: ports 22 to 80\.\n {2}Does not arrive: ports 20 to 21, 81 to 90\.\n/,
    )
  })

  test('a stopped instance is marked on the line', async () => {
    l.s.allow(l.v2.defaultGroup, 'icmp 8 10.1.0.0/16')
    l.b.call('StopInstances', { InstanceIds: [l.db.id] })
    const { way } = await ask()
    assert.match(way.blockers[0]?.sentence ?? '', /^The instance `db` \(i-\w+\) is stopped/)
    assert.deepEqual(way.request.at(-1), { id: l.db.id, name: 'db', kind: 'host', stops: true })
  })
})
