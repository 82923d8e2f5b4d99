/** Steps 5 and 6: logging in to the first instance, as the browser does it: refused, unanswered, and then a shell. */
import { setTimeout as sleep } from 'node:timers/promises'
import { connect, type Execution } from '../../client/exec.ts'
import { instanceConnectRange } from '../../ec2/instance-connect-range.ts'
import { ip } from '../../ip/address.ts'
import { contains } from '../../ip/prefix.ts'
import { expect } from '../narrator.ts'
import type { Stage } from '../stage.ts'
import { type Machine, type Machines, running } from './instances.ts'
import type { Side, Sides } from './vpcs.ts'

/** What is there to release in the end. */
export interface ElasticIp {
  readonly allocationId: string
  readonly publicIp: string
}

export async function logIn(stage: Stage, [side]: Sides, [machine]: Machines): Promise<ElasticIp> {
  const { narrator } = stage
  narrator.step('5', 'A way in')
  narrator.say(
    'We want a shell on the first instance, and press Connect. Instance Connect comes over the internet, so it asks ' +
      'for a public address before it sends any packet.',
  )
  await narrator.check('A9', () => refusedWithoutAddress(stage, machine))
  const elasticIp = await publicAddress(stage, machine)
  narrator.step('6', 'A closed door')
  narrator.say(
    'With a public address the attempt is made. The default security group lets in its own members only, and says ' +
      'nothing to anybody else: we wait, and wait ...',
  )
  await narrator.check('A11', () => unanswered(stage, machine))
  await openForService(stage, side)
  await narrator.check('A12', () => shell(stage, machine))
  return elasticIp
}

const USER = 'ec2-user'
const shown = (name: string): string => `$ isthmus connect ${name}`

/** What Instance Connect says instead of opening a session; throws NotSeen where it opens one. */
async function refusal({ stateDir, narrator }: Stage, { id }: Machine): Promise<string> {
  const outcome = await connect(stateDir, { instance: id, user: USER, command: ['true'] }).then(
    (execution) => execution.leave(),
    (error: Error) => error.message,
  )
  expect(outcome !== undefined, 'a session was opened')
  narrator.show(shown(id), ...outcome.split('\n'))
  return outcome
}

async function refusedWithoutAddress(stage: Stage, machine: Machine): Promise<string> {
  const text = await refusal(stage, machine)
  expect(
    text ===
      'The instance does not have a public IPv4 address\nTo connect using the EC2 Instance Connect browser-based ' +
        'client, the instance must have a public IPv4 address.',
    text,
  )
  return 'refused for lack of a public IPv4 address'
}

async function publicAddress(stage: Stage, { id }: Machine): Promise<ElasticIp> {
  const { client, narrator } = stage
  const { AllocationId = '', PublicIp = '' } = await client.call('AllocateAddress', { Domain: 'vpc' })
  await client.call('AssociateAddress', { AllocationId, InstanceId: id })
  await stage.inForce()
  await narrator.check('A10', async () => {
    const [described] = await running(stage, [id])
    expect(described?.publicIp === PublicIp, `the instance shows ${described?.publicIp || 'no public address'}`)
    narrator.show(`Elastic IP ${PublicIp} is associated with ${id}`)
    return PublicIp
  })
  return { allocationId: AllocationId, publicIp: PublicIp }
}

async function unanswered(stage: Stage, machine: Machine): Promise<string> {
  const text = await refusal(stage, machine)
  expect(text.startsWith('Failed to connect to your instance\nEC2 Instance Connect is unable to connect'), text)
  return 'a timeout, and no reset'
}

/** The connection comes from the service's range, not from the learner's own address. */
async function openForService({ client, narrator, inForce }: Stage, { groupId }: Side): Promise<void> {
  const { range } = instanceConnectRange(client.region)
  narrator.say(
    `The connection does not come from our own address, but from the service's: ${range}. An inbound rule for SSH ` +
      'from there, and no wider, opens the door:',
  )
  const rule = { IpProtocol: 'tcp', FromPort: 22, ToPort: 22, IpRanges: [{ CidrIp: range }] }
  await client.call('AuthorizeSecurityGroupIngress', { GroupId: groupId, IpPermissions: [rule] })
  narrator.show(
    `$ aws ec2 authorize-security-group-ingress --group-id ${groupId} --protocol tcp --port 22 --cidr ${range}`,
  )
  await inForce()
}

/** Milliseconds. */
const PATIENCE = 15_000

/** A terminal session: the prompt of Amazon Linux, who one is, and that one comes from the service's range. */
async function shell({ stateDir, narrator, client }: Stage, { id, privateIp }: Machine): Promise<string> {
  const terminal = { columns: 100, rows: 30 }
  const session = await connect(stateDir, { instance: id, user: USER, terminal })
  const prompt = `[${USER}@ip-${privateIp.replaceAll('.', '-')} ~]$`
  const screen = screenOf(session)
  await screen.shows(prompt)
  await session.write(Buffer.from('whoami\r'))
  await screen.shows(`${prompt} whoami`, USER, prompt)
  await session.write(Buffer.from('ip addr show eth0\r'))
  await screen.shows(`inet ${privateIp}/`, prompt)
  await session.write(Buffer.from('echo came from $SSH_CONNECTION\r'))
  await screen.shows('came from $SSH', '\ncame from ', prompt)
  await session.write(Buffer.from('exit\r'))
  await Promise.race([session.exit, sleep(PATIENCE)])
  session.leave()
  narrator.show(shown(id), ...screen.lines())
  expect(screen.lines().includes(USER), 'whoami does not say ec2-user')
  const { range } = instanceConnectRange(client.region)
  const from = /^came from (\S+)/m.exec(screen.lines().join('\n'))?.[1] ?? ''
  expect(contains(range, ip(from)), `the session comes from ${from}, and not from ${range}`)
  return `a terminal with the prompt ${prompt}, as ${USER}, from ${from}`
}

/** What a terminal shows, without its colours and titles. */
function screenOf(session: Execution) {
  let text = ''
  session.onOutput((_, data) => {
    text += data.toString()
  })
  // biome-ignore lint/suspicious/noControlCharactersInRegex: that is what they are.
  const plain = () => text.replace(/\x1b\[[0-9;?]*[A-Za-z]|\x1b\][^\x07]*\x07|\r/g, '')
  return {
    lines: () =>
      plain()
        .split('\n')
        .map((line) => line.trimEnd())
        .filter(Boolean),
    /** Resolves once all of `parts` are there, in order. Throws NotSeen where they do not come. */
    async shows(...parts: readonly string[]) {
      const deadline = Date.now() + PATIENCE
      const missing = () => {
        let rest = plain()
        return parts.find((part) => {
          const at = rest.indexOf(part)
          rest = rest.slice(at + part.length)
          return at < 0
        })
      }
      while (missing() !== undefined && Date.now() < deadline) await sleep(50)
      expect(missing() === undefined, `"${missing()}" is not shown:\n${plain()}`)
    },
  }
}
