/** `peering-on-linux.ts stop|kill|restart`: two peered VPCs with real packets, ended that way; prints what it saw. */
import { execFileSync, spawn } from 'node:child_process'
import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Ec2 } from '../../src/client/ec2-client.ts'
import { execute } from '../../src/client/exec.ts'
import { tearDown } from '../../src/server/tear-down.ts'
import { ask, caughtUp, clientOf, type Served, served } from './bench.ts'
import { heard, type Launched, launchedInstance } from './instance.ts'
import { footprint, settled } from './machine.ts'

const stateDir = mkdtempSync(join(tmpdir(), 'isthmus-alone-'))
const ends: (() => unknown)[] = []
const start = () => served({ after: (end) => void ends.push(end as () => unknown) }, stateDir, { sim: false })

/** The lab's two VPCs, peered, an instance in each that answers ping; the first has an Elastic IP. */
async function peered(ec2: Ec2): Promise<{ a: Launched; b: Launched; publicIp: string }> {
  const [a, b] = [await launchedInstance(ec2, '10.1.0.0/16'), await launchedInstance(ec2, '10.2.0.0/16')]
  const asked = await ec2.call('CreateVpcPeeringConnection', { VpcId: a.vpcId, PeerVpcId: b.vpcId })
  const peering = { VpcPeeringConnectionId: asked.VpcPeeringConnection?.VpcPeeringConnectionId ?? '' }
  await ec2.call('AcceptVpcPeeringConnection', peering)
  const route = async (vpcId: string, DestinationCidrBlock: string, target: object) => {
    const Filters = [{ Name: 'vpc-id', Values: [vpcId] }]
    const [table] = (await ec2.call('DescribeRouteTables', { Filters })).RouteTables ?? []
    await ec2.call('CreateRoute', { RouteTableId: table?.RouteTableId ?? '', DestinationCidrBlock, ...target })
  }
  await route(a.vpcId, '10.2.0.0/16', peering)
  await route(b.vpcId, '10.1.0.0/16', peering)
  for (const { groupId: GroupId } of [a, b])
    await ec2.call('AuthorizeSecurityGroupIngress', {
      GroupId,
      IpPermissions: [{ IpProtocol: 'icmp', FromPort: -1, ToPort: -1, IpRanges: [{ CidrIp: '0.0.0.0/0' }] }],
    })
  const made = await ec2.call('CreateInternetGateway', {})
  const gateway = { InternetGatewayId: made.InternetGateway?.InternetGatewayId ?? '' }
  await ec2.call('AttachInternetGateway', { ...gateway, VpcId: a.vpcId })
  await route(a.vpcId, '0.0.0.0/0', { GatewayId: gateway.InternetGatewayId })
  const { AllocationId, PublicIp = '' } = await ec2.call('AllocateAddress', { Domain: 'vpc' })
  await caughtUp(stateDir)
  await ec2.call('AssociateAddress', { AllocationId, InstanceId: a.id })
  await caughtUp(stateDir)
  return { a, b, publicIp: PublicIp }
}

/** One ping from this machine; throws where it is not answered. */
const ping = (address: string): string => execFileSync('ping', ['-c', '1', '-W', '2', address], { encoding: 'utf8' })

/** A ping that no server holds, in an instance; `stop` ends it and answers its statistics. */
async function pingBeside(node: string, address: string): Promise<{ stop(): Promise<string> }> {
  const namespace = readdirSync('/run/netns').find((name) => name.endsWith(node)) ?? ''
  const child = spawn('nsenter', [`--net=/run/netns/${namespace}`, 'ping', '-i', '0.05', address])
  let output = ''
  const first = new Promise((resolve) => child.stdout.on('data', resolve))
  child.stdout.on('data', (data: Buffer) => {
    output += data.toString()
  })
  await first
  return {
    async stop() {
      child.kill('SIGINT')
      await new Promise((resolve) => child.on('close', resolve))
      return /(\d+ packets transmitted.*packet loss)/.exec(output)?.[1] ?? output
    },
  }
}

const namespaces = (): string[] =>
  readdirSync('/run/netns')
    .map((name) => `${name} ${statSync(`/run/netns/${name}`).ino}`)
    .sort()

const endings = {
  async stop(server: Served) {
    const { status } = await ask({ stateDir }, 'POST', '/stop', { body: {} })
    return { status, exit: await server.ended }
  },
  async kill(server: Served) {
    await server.killed()
    const left = namespaces().length
    await tearDown(stateDir)
    return { left }
  },
  async restart(server: Served, { a, b, publicIp }: Awaited<ReturnType<typeof peered>>) {
    const before = namespaces()
    const beside = await pingBeside(a.id, b.address)
    await server.killed()
    ping(publicIp)
    const again = await start()
    await caughtUp(stateDir)
    ping(publicIp)
    const statistics = await beside.stop()
    const { Reservations = [] } = await clientOf(again.endpoint).call('DescribeInstances', {})
    const states = Reservations.flatMap((r) => (r.Instances ?? []).map((i) => i.State?.Name))
    const seen = { before, after: namespaces(), statistics, states }
    await endings.stop(again)
    return seen
  },
}

const before = footprint()
const server = await start()
const lab = await peered(clientOf(server.endpoint))
ping(lab.publicIp)
// A command that runs when the end comes.
const execution = await execute(stateDir, lab.a.id, ['ping', lab.b.address])
await heard(execution).line('ttl=127')
execution.exit.catch(() => {})
const during = footprint()
const seen = await endings[process.argv[2] as keyof typeof endings](server, lab)
const after = await settled(footprint, before)
const files = readdirSync(stateDir).sort()
for (const end of ends) await end()
rmSync(stateDir, { recursive: true, force: true })
process.stdout.write(`${JSON.stringify({ before, during, after, files, seen })}\n`)
