/** `live-on-linux.ts`: a ping between two instances as a page starts it, dropped and then let in; prints what was seen. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { CaptureEvent, CaptureRow } from '../../src/server/live/capture.ts'
import type { PingEvent } from '../../src/server/live/ping.ts'
import type { Counter } from '../../src/engines/counting.ts'
import { ask, caughtUp, clientOf, served } from './bench.ts'
import { launchedInstance } from './instance.ts'
import { first, only, pageOf } from './live.ts'

const stateDir = mkdtempSync(join(tmpdir(), 'isthmus-alone-'))
const ends: (() => unknown)[] = []
const server = await served({ after: (end) => void ends.push(end as () => unknown) }, stateDir, { sim: false })
const ec2 = clientOf(server.endpoint)
const { id, address, vpcId } = await launchedInstance(ec2)
const [{ ImageId } = {}] = (await ec2.call('DescribeImages', { Owners: ['amazon'] })).Images ?? []
const { Subnets: [{ SubnetId } = {}] = [] } = await ec2.call('DescribeSubnets', {
  Filters: [{ Name: 'vpc-id', Values: [vpcId] }],
})
const group = { VpcId: vpcId, GroupName: 'other', Description: 'is let in by nobody' }
const { GroupId = '' } = await ec2.call('CreateSecurityGroup', group)
const launch = { ImageId, InstanceType: 't3.micro' as const, MinCount: 1, MaxCount: 1, SubnetId }
const { Instances: [sender] = [] } = await ec2.call('RunInstances', { ...launch, SecurityGroupIds: [GroupId] })
await caughtUp(stateDir)

const { body } = await ask({ stateDir }, 'GET', '/status')
const page = pageOf(String(body.console))
const capture = page.events<CaptureEvent>(`capture?where=${id}`)
await first(capture, (event) => 'begin' in event)
const rows: CaptureRow[] = []
const rowLike = async (isWanted: (row: CaptureRow) => boolean): Promise<CaptureRow | undefined> => {
  for (;;) {
    const found = rows.find(isWanted)
    if (found) return found
    const event = await first(capture, (one) => 'rows' in one)
    if ('rows' in event) rows.push(...event.rows)
  }
}
const ping = () => only(page.events<PingEvent>(`ping?from=${sender?.InstanceId}&to=${address}`))

const lost = await ping()
const dropped = await rowLike(({ cause }) => cause !== undefined)
const own = (await ec2.call('DescribeInstances', { InstanceIds: [id] })).Reservations?.[0]?.Instances?.[0]
const theirs = own?.SecurityGroups?.[0]?.GroupId ?? ''
await page.get(`counters?resource=${theirs}`)
const IpPermissions = [{ IpProtocol: 'icmp', FromPort: -1, ToPort: -1, IpRanges: [{ CidrIp: '10.42.0.0/16' }] }]
const { SecurityGroupRules: [rule] = [] } = await ec2.call('AuthorizeSecurityGroupIngress', {
  GroupId: theirs,
  IpPermissions,
})
await caughtUp(stateDir)
const answered = await ping()
const passed = await rowLike(({ info }) => info.startsWith('echo reply'))
await capture.return(undefined)
const { counters } = await page.get<{ counters: Counter[] }>(`counters?resource=${theirs}`)
const counted = [rule?.SecurityGroupRuleId, 'ingress'].map((name) => counters.find((one) => one.rule === name))

await ask({ stateDir }, 'POST', '/stop', { body: {} })
await server.ended
for (const end of ends) await end()
rmSync(stateDir, { recursive: true, force: true })
process.stdout.write(`${JSON.stringify({ lost, answered, dropped, passed, counted })}\n`)
