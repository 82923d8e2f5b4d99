/** Step 7: one ping process, from silence to answers, and what silences it again. */
import { type LabPing, labPing, type Reply } from '../lab-ping.ts'
import { expect } from '../narrator.ts'
import { run, type Stage } from '../stage.ts'
import type { Machines } from './instances.ts'
import { addRoute, removeRoute } from './peer.ts'
import type { Side, Sides } from './vpcs.ts'

/** Throws nothing: each outcome is noted, and the process is ended whatever happens. */
export async function pingThePeer(stage: Stage, sides: Sides, machines: Machines, peeringId: string): Promise<void> {
  const { narrator } = stage
  narrator.step('7', 'Ping the peer')
  if (stage.engine === 'simulator') narrator.say('(The simulator runs: these packets are simulated.)')
  const ping = await labPing(stage, machines[0].id, machines[1].privateIp)
  try {
    await silentAtFirst(stage, ping, machines)
    const reply = await answeredByRule(stage, ping, sides)
    if (reply) await hopIsHidden(stage, machines, reply)
    await withoutRoutes(stage, ping, sides, peeringId)
  } finally {
    await ping.interrupt()
    narrator.say('Ctrl-C:')
    narrator.show('^C', ...ping.lines.slice(ping.lines.findIndex((line) => line.startsWith('---'))))
  }
}

async function silentAtFirst({ narrator }: Stage, ping: LabPing, [, two]: Machines): Promise<void> {
  narrator.say('From instance 1 to the private address of instance 2. Peering is active, routes are there, and yet:')
  narrator.show(`[ec2-user@instance-1 ~]$ ping ${two.privateIp}`)
  await narrator.check('A13', async () => {
    await ping.silent()
    narrator.show(...ping.lines)
    const [first, ...more] = ping.lines
    expect(first?.startsWith(`PING ${two.privateIp} (${two.privateIp}) 56(84) bytes of data.`) ?? false, `${first}`)
    expect(
      more.every((line) => line === ''),
      `more than one line: ${more.join(' / ')}`,
    )
    return 'one line, no answer, no "Unreachable"'
  })
}

/** Resolves to the first reply of the process that has been silent until now. */
async function answeredByRule(stage: Stage, ping: LabPing, [one, two]: Sides): Promise<Reply | undefined> {
  const { client, narrator } = stage
  narrator.say(
    'It arrives at instance 2, whose security group drops it. The process goes on running; meanwhile ' +
      `VPC 2's group gets an inbound rule: all ICMP from ${one.cidr}. Nothing is changed in VPC 1.`,
  )
  const rule = { IpProtocol: 'icmp', FromPort: -1, ToPort: -1, IpRanges: [{ CidrIp: one.cidr }] }
  await client.call('AuthorizeSecurityGroupIngress', { GroupId: two.groupId, IpPermissions: [rule] })
  let reply: Reply | undefined
  const held = await narrator.check('A14', async () => {
    reply = await ping.answered()
    narrator.show(reply.line)
    return `the same process, from icmp_seq=${reply.sequence} on`
  })
  if (held) await narrator.check('A15', () => noRuleForReplies(stage, one.groupId))
  return reply
}

async function noRuleForReplies({ client }: Stage, groupId: string): Promise<string> {
  const filters = [{ Name: 'group-id', Values: [groupId] }]
  const { SecurityGroupRules = [] } = await client.call('DescribeSecurityGroupRules', { Filters: filters })
  const letIn = SecurityGroupRules.filter(
    ({ IsEgress, ReferencedGroupInfo, IpProtocol }) =>
      !IsEgress && ReferencedGroupInfo?.GroupId !== groupId && IpProtocol !== 'tcp',
  )
  expect(letIn.length === 0, `VPC 1's group has inbound rules: ${letIn.map((rule) => rule.SecurityGroupRuleId)}`)
  return "answers come in, and no inbound rule of VPC 1's group lets ICMP in"
}

async function hopIsHidden(stage: Stage, [one, two]: Machines, reply: Reply): Promise<void> {
  const { narrator } = stage
  await narrator.check('A20', async () => {
    const command = ['traceroute', '-n', '-I', '-w', '1', '-q', '1', '-m', '5', two.privateIp]
    const { output } = await run(stage, one.id, command)
    narrator.show(`$ ${command.join(' ')}`, output.trimEnd())
    const hops = output.trimEnd().split('\n').slice(1)
    expect(hops.length === 1 && (hops[0]?.includes(two.privateIp) ?? false), `${hops.length} hops`)
    expect(reply.ttl === 127, `the TTL arrived as ${reply.ttl}`)
    return 'one hop, ttl=127'
  })
}

async function withoutRoutes(stage: Stage, ping: LabPing, [one, two]: Sides, peeringId: string): Promise<void> {
  const { narrator } = stage
  const route = (side: Side, { cidr }: Side) => ({
    remove: () => removeRoute(stage, side, cidr),
    add: () => addRoute(stage, side, cidr, peeringId),
  })
  const there = route(one, two)
  const back = route(two, one)
  const change = async (...calls: (() => Promise<unknown>)[]) => {
    for (const call of calls) await call()
    await stage.inForce()
  }
  narrator.say('What do the two routes do? We take them away one at a time, under the running ping.')
  await narrator.check('A16', async () => {
    await change(there.remove)
    await ping.silent()
    narrator.show("without VPC 1's route: silence")
    await change(there.add)
    narrator.show(`with it again:         ${(await ping.answered()).line}`)
    await change(back.remove)
    await ping.silent()
    narrator.show("without VPC 2's route: silence, for the answers do not find back")
    return 'silence without either of them, answers with both'
  })
  await narrator.check('A7', async () => {
    await change(there.remove)
    await ping.silent()
    narrator.show('without both:          silence')
    await change(there.add, back.add)
    narrator.show(`with both again:       ${(await ping.answered()).line}`)
    return "silence before any route, and with one side's only"
  })
}
