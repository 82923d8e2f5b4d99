/** What an account may have, in the words of EC2's oldest call about it. */
import { defaultVpcOf } from './default-vpc.ts'
import { invalidParameter } from './errors.ts'
import { quota } from './quotas.ts'
import type { Context, Handlers } from './resource.ts'

const attributes: Readonly<Record<string, (context: Context) => string>> = {
  'supported-platforms': () => 'VPC',
  'default-vpc': (context) => defaultVpcOf(context)?.id ?? 'none',
  'max-instances': () => '20',
  'vpc-max-security-groups-per-interface': () => String(quota('securityGroupsPerInterface')),
  'max-elastic-ips': () => String(quota('elasticIps')),
  'vpc-max-elastic-ips': () => String(quota('elasticIps')),
}

export const accountAttributeActions: Handlers = {
  DescribeAccountAttributes({ AttributeNames: names = [] }, context) {
    const unknown = names.find((name) => !Object.hasOwn(attributes, name))
    if (unknown) throw invalidParameter(unknown, 'attributeName')
    const asked = Object.entries(attributes).filter(
      ([name]) => names.length === 0 || names.includes(name as (typeof names)[number]),
    )
    return {
      AccountAttributes: asked.map(([AttributeName, read]) => ({
        AttributeName,
        AttributeValues: [{ AttributeValue: read(context) }],
      })),
    }
  },
}
