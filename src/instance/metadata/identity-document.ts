/** The instance identity document: who this instance is, as JSON, with AWS's fields in AWS's order. */
import { primaryAddress } from '../../ec2/network-interface.ts'
import type { Subject } from './subject.ts'

/**
 * Unsigned: only Amazon can sign as Amazon, so `signature`, `pkcs7` and `rsa2048`, which a verifier would check against
 * Amazon's certificate, are not there.
 */
export function identityDocument({ instance, primary }: Subject): string {
  const fields = {
    accountId: instance.account,
    architecture: instance.architecture,
    availabilityZone: instance.availabilityZone,
    billingProducts: null,
    devpayProductCodes: null,
    marketplaceProductCodes: null,
    imageId: instance.imageId,
    instanceId: instance.id,
    instanceType: instance.instanceType,
    kernelId: null,
    pendingTime: new Date(instance.launchTime).toISOString().replace(/\.\d+Z$/, 'Z'),
    privateIp: primaryAddress(primary),
    ramdiskId: null,
    region: instance.region,
    version: '2017-09-30',
  }
  const lines = Object.entries(fields).map(([name, value]) => `  "${name}" : ${JSON.stringify(value)}`)
  return `{\n${lines.join(',\n')}\n}`
}
