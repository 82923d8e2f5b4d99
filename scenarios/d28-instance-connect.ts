/** D28: EC2 Instance Connect comes from its own range, and its key is good for a minute (I1 to I5). */
import assert from 'node:assert/strict'
import { ip } from '../src/ip/address.ts'
import type { SshError } from '../src/server/ssh-session.ts'
import { scenario, tcp } from './scenario.ts'

const SERVICE = ip('18.206.107.26')
const NO_ADDRESS =
  'The instance does not have a public IPv4 address\nTo connect using the EC2 Instance Connect browser-based client, ' +
  'the instance must have a public IPv4 address.'
const SILENT =
  'Failed to connect to your instance\nEC2 Instance Connect is unable to connect to your instance. Ensure your instance ' +
  'network settings are configured correctly for EC2 Instance Connect. For more information, see Set up EC2 Instance ' +
  'Connect at https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/ec2-instance-connect-set-up.html.'

export default scenario(
  'D28',
  'Instance Connect: from its own range, with a key that is good for a minute',
  async (s) => {
    const vpc = s.vpc('10.1.0.0/16', { gateway: true })
    const subnet = s.subnet(vpc, '10.1.0.0/20', { table: true })
    const group = s.group(vpc, ['tcp 22 203.0.113.10/32'])
    const instance = await s.instance(subnet, { groups: [group] })

    await assert.rejects(s.login(instance, 'true'), { message: NO_ADDRESS })

    const { ip: publicIp } = s.elasticIp(instance)
    await s.silent(SERVICE, publicIp, tcp(22), { resource: group, rule: 'ingress' })
    await assert.rejects(s.login(instance, 'true'), { message: SILENT })

    s.allow(group, 'tcp 22 18.206.107.24/29')
    await s.answered(SERVICE, publicIp, tcp(22))
    assert.equal(await s.login(instance, 'whoami'), 'ec2-user')

    const keys = s.push(instance.id)
    assert.equal(await s.login(instance, 'whoami', keys), 'ec2-user')
    s.bench.clock.now += 61_000
    await assert.rejects(s.login(instance, 'whoami', keys), (error: SshError) => error.why === 'key')

    s.refused('EC2InstanceNotFoundException', () => s.push('i-0123456789abcdef0'))
  },
)
