/** An estate in which every instance is there many times, as an Auto Scaling group has it: larger, and no more varied. */
import type { Instance } from '../../src/ec2/instance.ts'
import type { NetworkInterface } from '../../src/ec2/network-interface.ts'
import type { Change, Records } from '../../src/ec2/state.ts'
import type { Ip } from '../../src/ip/address.ts'
import { addressAt, prefix } from '../../src/ip/prefix.ts'

const POOL = prefix('198.20.0.0/14')

/** Adds `times` - 1 copies of each instance, with its interfaces, in the same subnets and groups. */
export function replicate(records: Records, times: number): void {
  const changes: Change[] = []
  const maker = new Copies(records, changes)
  for (const instance of [...records.all('instance')]) for (let i = 1; i < times; i++) maker.copy(instance)
  records.accept(changes)
}

class Copies {
  readonly #records: Records
  readonly #changes: Change[]
  /** The last offset of each subnet that is taken. */
  readonly #taken = new Map<string, number>()
  #ids = 0

  constructor(records: Records, changes: Change[]) {
    this.#records = records
    this.#changes = changes
  }

  copy(instance: Instance): void {
    const record = { ...instance, id: this.#id('i') }
    this.#changes.push({ type: 'instance', id: record.id, record })
    for (const eni of this.#records.where('network-interface', 'attachment.instanceId', instance.id))
      this.#copyInterface(eni, record.id)
  }

  #copyInterface(eni: NetworkInterface, instanceId: string): void {
    const { attachment, privateIpAddresses, publicIp } = eni
    const record: NetworkInterface = {
      ...eni,
      id: this.#id('eni'),
      privateIpAddresses: privateIpAddresses.map(() => this.#address(eni.subnetId)),
      ...(attachment && { attachment: { ...attachment, attachmentId: this.#id('eni-attach'), instanceId } }),
      ...(publicIp && { publicIp: addressAt(POOL, ++this.#ids) }),
    }
    this.#changes.push({ type: 'network-interface', id: record.id, record })
  }

  #address(subnetId: string): Ip {
    const subnet = this.#records.get('subnet', subnetId)
    if (!subnet) throw new Error(`no ${subnetId}`)
    // Behind those of the estate itself.
    const offset = (this.#taken.get(subnetId) ?? 255) + 1
    this.#taken.set(subnetId, offset)
    return addressAt(subnet.cidrBlock, offset)
  }

  #id(kind: string): string {
    return `${kind}-${(0xc0000000 + ++this.#ids).toString(16).padStart(17, '0')}`
  }
}
