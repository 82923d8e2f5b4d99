/** The system of one instance, for tests of what is made of it. */
import type { Machine } from '../../src/instance/system/machine.ts'
import { ip } from '../../src/ip/address.ts'

export const machine: Machine = {
  instanceId: 'i-0123456789abcdef0',
  hostname: 'ip-10-1-7-162',
  domain: 'ec2.internal',
  nameserver: ip('10.1.0.2'),
  image: 'al2023',
  login: { name: 'ec2-user', comment: 'EC2 Default User', groups: ['wheel'], prompt: '$ ' },
  memory: 1024,
}
