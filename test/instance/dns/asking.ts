/** Two VPCs that can be peered, and questions to their DNS. */
import { type Answer, decode, encode, type Packet, RECURSION_DESIRED, type RecordType } from 'dns-packet'
import { dnsAnswer } from '../../../src/instance/dns/dns.ts'
import { must, place } from '../../ec2/place.ts'

export type Place = ReturnType<typeof place>

/** A VPC whose instances get public names. */
export function namedPlace(): Place {
  const p = place()
  p.call('ModifyVpcAttribute', { VpcId: p.vpcId, EnableDnsHostnames: { Value: true } })
  return p
}

/** Another VPC in the same world, with a subnet, a gateway and both DNS attributes. */
export function secondVpc({ call }: Place, block = '10.2.0.0/16'): { vpcId: string; subnetId: string } {
  const vpcId = must(call('CreateVpc', { CidrBlock: block }).Vpc?.VpcId)
  call('ModifyVpcAttribute', { VpcId: vpcId, EnableDnsHostnames: { Value: true } })
  const gateway = must(call('CreateInternetGateway', {}).InternetGateway?.InternetGatewayId)
  call('AttachInternetGateway', { InternetGatewayId: gateway, VpcId: vpcId })
  return { vpcId, subnetId: must(call('CreateSubnet', { VpcId: vpcId, CidrBlock: block }).Subnet?.SubnetId) }
}

/** An instance with an Elastic IP: its private address, its public address, and the public name. */
export function publicInstance(p: Place, subnetId = p.subnetId): { id: string; inside: string; outside: string } {
  const id = p.running({ SubnetId: subnetId })
  p.call('AssociateAddress', { AllocationId: p.elastic(), InstanceId: id })
  const { PrivateIpAddress, PublicIpAddress } = p.see(id)
  return { id, inside: must(PrivateIpAddress), outside: must(PublicIpAddress) }
}

export const publicName = (address: string): string => `ec2-${address.replaceAll('.', '-')}.compute-1.amazonaws.com`
export const reverseOf = (address: string): string => `${address.split('.').reverse().join('.')}.in-addr.arpa`

export const query = (name: string, type: RecordType, more: Partial<Packet> = {}): Buffer =>
  encode({ type: 'query', id: 7, flags: RECURSION_DESIRED, questions: [{ name, type }], ...more })

export interface Asked {
  readonly rcode: string
  readonly flags: number
  /** Of the answers. */
  readonly data: readonly unknown[]
  readonly answers: readonly Answer[]
  readonly authorities: readonly Answer[]
  readonly additionals: readonly Answer[]
  readonly id: number | undefined
}

/** The answer to one question, or undefined for silence. */
export function ask(p: Place, vpcId: string, name: string, type: RecordType = 'A'): Asked | undefined {
  const answer = dnsAnswer(p.records, vpcId, query(name, type))
  return answer && read(answer)
}

export function read(answer: Uint8Array): Asked {
  const { answers = [], authorities = [], additionals = [], id, flags = 0, ...rest } = decode(Buffer.from(answer))
  const { rcode } = rest as { rcode?: string }
  const data = answers.map((a) => ('data' in a ? a.data : undefined))
  return { rcode: rcode ?? '', flags, data, answers, authorities, additionals, id }
}

/** The answers of one type, where the name is there. */
export function resolved(p: Place, vpcId: string, name: string, type: RecordType = 'A'): readonly unknown[] {
  const asked = ask(p, vpcId, name, type)
  return asked?.rcode === 'NOERROR' ? asked.data : [asked?.rcode]
}
