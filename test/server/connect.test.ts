import assert from 'node:assert/strict'
import { Duplex } from 'node:stream'
import { describe, test } from 'node:test'
import { connect, type Connecting, tunnel } from '../../src/client/exec.ts'
import { INSTANCE_CONNECT_RANGES } from '../../src/ec2/instance-connect-range.ts'
import { DialError } from '../../src/engines/engine.ts'
import type { Ip } from '../../src/ip/address.ts'
import { contains, type Prefix } from '../../src/ip/prefix.ts'
import { heard } from './instance.ts'
import { type Launched, type Place, place } from './login-bench.ts'

const RANGE = INSTANCE_CONNECT_RANGES['us-east-1'] as Prefix
const TERMINAL = { columns: 80, rows: 24 }
const wish = ({ id }: Launched, more: Partial<Connecting> = {}): Connecting => ({
  instance: id,
  user: 'ec2-user',
  ...more,
})

const allowSsh = ({ call }: Place, { groupId }: Launched, CidrIp: string) =>
  call('AuthorizeSecurityGroupIngress', {
    GroupId: groupId,
    IpPermissions: [{ IpProtocol: 'tcp', FromPort: 22, ToPort: 22, IpRanges: [{ CidrIp }] }],
  })

describe('EC2 Instance Connect', () => {
  test('I3, A9: without a public IPv4 address it is refused to the word, before any packet', async (t) => {
    const dialled: string[] = []
    const here = await place(t, {
      dial: (node) => {
        dialled.push(node)
        return Promise.reject(new DialError('timeout', ''))
      },
    })
    const subnet = (here.call('DescribeSubnets', {}) as { Subnets: { SubnetId: string }[] }).Subnets[0]?.SubnetId
    const NetworkInterfaces = [{ DeviceIndex: 0, SubnetId: subnet, AssociatePublicIpAddress: false }]
    const instance = await here.launch({ NetworkInterfaces })
    await assert.rejects(connect(here.stateDir, wish(instance)), {
      message:
        'The instance does not have a public IPv4 address\n' +
        'To connect using the EC2 Instance Connect browser-based client, the instance must have a public IPv4 address.',
    })
    assert.deepEqual(dialled, [])
    assert.equal([...here.plane.state.all('pushed-key')].length, 0)
  })

  test('I4, A11, D28b: a group that lets only others in makes it fail to the word', async (t) => {
    const here = await place(t)
    const instance = await here.launch()
    allowSsh(here, instance, '203.0.113.10/32')
    await here.settle()
    await assert.rejects(connect(here.stateDir, wish(instance)), {
      message:
        'Failed to connect to your instance\n' +
        'EC2 Instance Connect is unable to connect to your instance. Ensure your instance network settings are ' +
        'configured correctly for EC2 Instance Connect. For more information, see Set up EC2 Instance Connect at ' +
        'https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/ec2-instance-connect-set-up.html.',
    })
  })

  test("I5, D28c, A12: from the service's range it gives a shell in a terminal", async (t) => {
    const here = await place(t)
    const instance = await here.launch()
    allowSsh(here, instance, RANGE)
    await here.settle()
    const session = await connect(here.stateDir, wish(instance, { terminal: TERMINAL }))
    const output = heard(session)
    await output.line('~]$ ')
    session.write(Buffer.from('whoami\r'))
    await output.line('ec2-user\r\n')
    session.write(Buffer.from('exit\r'))
    assert.deepEqual(await session.exit, { code: 0, signal: null })
    assert.match(output.all(), /packets are simulated/)
    const again = await connect(here.stateDir, wish(instance, { terminal: TERMINAL }))
    await heard(again).line(' from 18.206.107.')
    again.leave()
  })

  test('runs a command without a terminal, with its exit code', async (t) => {
    const here = await place(t)
    const instance = await here.launch()
    allowSsh(here, instance, RANGE)
    await here.settle()
    const session = await connect(here.stateDir, wish(instance, { command: ['echo', 'a  b;', 'false'] }))
    const output = heard(session)
    assert.deepEqual(await session.exit, { code: 1, signal: null })
    assert.equal(output.all(), 'a b\n')
  })

  test('dials from the range to the public address; who refuses, and who has no such user, is told apart', async (t) => {
    const dialled: { from: Ip; to: Ip; port: number }[] = []
    const refusing = await place(t, {
      dial: (_, from, to, port) => {
        dialled.push({ from, to, port })
        return Promise.reject(new DialError('refused', ''))
      },
    })
    const instance = await refusing.launch()
    await assert.rejects(
      connect(refusing.stateDir, wish(instance)),
      /^Error: Failed to connect to your instance\nError establishing SSH connection to your instance\./,
    )
    assert.ok(dialled[0] && contains(RANGE, dialled[0].from))
    assert.deepEqual([dialled[0]?.to, dialled[0]?.port], [instance.publicIp, 22])

    const here = await place(t)
    const other = await here.launch()
    allowSsh(here, other, RANGE)
    await here.settle()
    await assert.rejects(
      connect(here.stateDir, wish(other, { user: 'nobody' })),
      /^Error: Permission denied \(publickey\)/,
    )
  })

  test("I5: where the Region's range is not known, that of us-east-1 is used, and it says so", async (t) => {
    const here = await place(t, { region: 'eu-north-1' })
    const instance = await here.launch()
    allowSsh(here, instance, RANGE)
    await here.settle()
    const session = await connect(here.stateDir, wish(instance, { command: ['whoami'] }))
    const output = heard(session)
    await session.exit
    assert.match(
      output.all(),
      /EC2 Instance Connect in eu-north-1 is not known here: that of us-east-1[\s\S]*ec2-user\n$/,
    )
  })

  test('an unreachable or unknown instance and a wrong request are refused in words', async (t) => {
    const here = await place(t)
    const instance = await here.launch()
    await assert.rejects(connect(here.stateDir, wish({ ...instance, id: 'i-0' })), /There is no instance i-0/)
    here.call('StopInstances', { InstanceIds: [instance.id] })
    await assert.rejects(connect(here.stateDir, wish(instance)), /only a running instance/)
    const wrong = { instance: instance.id, user: 7 } as unknown as Connecting
    await assert.rejects(connect(here.stateDir, wrong), /x-isthmus-command must be/)
  })

  test('who takes no notice of the handshake, and hangs up, is an SSH failure', async (t) => {
    const here = await place(t, { dial: async () => hangingUp() })
    const instance = await here.launch()
    await assert.rejects(connect(here.stateDir, wish(instance)), /Error establishing SSH connection to your instance/)
  })
})

const hangingUp = (): Duplex =>
  new Duplex({
    read() {},
    write(_chunk, _encoding, done) {
      this.push(null)
      done()
    },
  })

describe('EC2 Instance Connect Endpoint', () => {
  async function withEndpoint(here: Place): Promise<{ instance: Launched; id: string }> {
    const instance = await here.launch()
    const told = here.call('DescribeInstances', { InstanceIds: [instance.id] })
    const { Reservations } = told as { Reservations: { Instances: { SubnetId: string }[] }[] }
    const SubnetId = Reservations[0]?.Instances[0]?.SubnetId
    const made = here.call('CreateInstanceConnectEndpoint', { SubnetId })
    const { InstanceConnectEndpointId: id } = (made as { InstanceConnectEndpoint: Record<string, string> })
      .InstanceConnectEndpoint
    here.pass(2000)
    here.call('DescribeInstanceConnectEndpoints', {})
    await here.settle()
    return { instance, id: id ?? '' }
  }

  test('I7: it leads to the private address, from its own', async (t) => {
    const here = await place(t)
    const { instance, id } = await withEndpoint(here)
    for (const endpoint of [id, 'auto']) {
      const session = await connect(here.stateDir, wish(instance, { endpoint, command: ['hostname'] }))
      const output = heard(session)
      assert.deepEqual(await session.exit, { code: 0, signal: null })
      assert.match(output.all(), /^host-of-/)
    }
  })

  test('I7: only ports 22 and 3389, and twenty connections at a time', async (t) => {
    const ends: (() => void)[] = []
    const open = () => {
      const stream = new Duplex({ read() {}, write: (_chunk, _encoding, done) => done() })
      ends.push(() => stream.destroy())
      return stream
    }
    const here = await place(t, { dial: async () => open() })
    const { instance, id } = await withEndpoint(here)
    const to = (port: number, endpoint = id) => tunnel(here.stateDir, { instance: instance.id, port, endpoint })
    await assert.rejects(to(80), /The specified RemotePort is not valid/)
    await assert.rejects(to(22, 'eice-0'), /The instance connect endpoint ID 'eice-0' does not exist/)
    const sockets = await Promise.all(Array.from({ length: 20 }, () => to(22)))
    await assert.rejects(to(3389), /20 connections already/)
    const closed = new Promise((resolve) => sockets[0]?.once('close', resolve))
    ends[0]?.()
    sockets[0]?.resume()
    await closed
    sockets.push(await to(3389))
    for (const socket of sockets) socket.destroy()
  })

  test('a VPC without one says how to make one', async (t) => {
    const here = await place(t)
    const instance = await here.launch()
    await assert.rejects(
      connect(here.stateDir, wish(instance, { endpoint: 'auto' })),
      /create-instance-connect-endpoint/,
    )
  })
})

describe('a tunnel', () => {
  test('carries bytes as they are, both ways and to their ends', async (t) => {
    const here = await place(t, { dial: async () => echo() })
    const instance = await here.launch()
    const socket = await tunnel(here.stateDir, { instance: instance.id, port: 8080 })
    const sent = Buffer.from(Array.from({ length: 300_000 }, (_, i) => i % 251))
    socket.end(sent)
    const got: Buffer[] = []
    for await (const chunk of socket) got.push(chunk as Buffer)
    assert.ok(Buffer.concat(got).equals(sent))
  })

  test('to a closed port is one sentence', async (t) => {
    const here = await place(t)
    const instance = await here.launch()
    await assert.rejects(tunnel(here.stateDir, { instance: instance.id, port: 22 }), /does not answer at .* port 22/)
    await assert.rejects(tunnel(here.stateDir, { instance: instance.id, port: 0 }), /x-isthmus-command must be/)
  })
})

/** Says what it hears. */
function echo(): Duplex {
  return new Duplex({
    read() {},
    write(chunk, _encoding, done) {
      this.push(chunk)
      done()
    },
    final(done) {
      this.push(null)
      done()
    },
  })
}
