/** ClassicLink: what joined VPCs to EC2-Classic, which is gone. It is off everywhere, and nothing switches it on. */
import { type FilterTable, matching } from './catalogue.ts'
import { unsupported } from './errors.ts'
import { find, visible } from './lookup.ts'
import type { Context, Handlers } from './resource.ts'
import { type Filter, pageOf } from './select.ts'
import { showTags } from './tags.ts'
import type { Vpc } from './vpc.ts'

export const vpcClassicLinkActions: Handlers = {
  DescribeVpcClassicLink(input, context) {
    const vpcs = matching(named(context, input.VpcIds), filtersFor(input.Filters), input.Filters)
    return { Vpcs: vpcs.map((v) => ({ VpcId: v.id, ClassicLinkEnabled: false, Tags: showTags(v.tags) })) }
  },
  DescribeVpcClassicLinkDnsSupport(input, context) {
    const question = `classic-link-dns ${(input.VpcIds ?? []).join(' ')}`
    const { items, ...page } = pageOf(named(context, input.VpcIds), input, question, { min: 5, max: 255 })
    return { Vpcs: items.map((v) => ({ VpcId: v.id, ClassicLinkDnsSupported: false })), ...page }
  },
  EnableVpcClassicLink: ({ VpcId }, context) => refuse(context, VpcId),
  DisableVpcClassicLink: ({ VpcId }, context) => refuse(context, VpcId),
  EnableVpcClassicLinkDnsSupport: ({ VpcId }, context) => refuse(context, VpcId),
  DisableVpcClassicLinkDnsSupport: ({ VpcId }, context) => refuse(context, VpcId),
}

/** The words are those of the Regions that never had EC2-Classic. */
function refuse(context: Context, vpcId: string | undefined): never {
  if (vpcId !== undefined) find(context, 'vpc', vpcId)
  throw unsupported('The functionality you requested is not available in this region.')
}

const named = (context: Context, ids: readonly string[] | undefined): Vpc[] =>
  ids?.length ? [...new Set(ids)].map((id) => find(context, 'vpc', id)) : [...visible(context, 'vpc')]

/** Its filters are not those of VPCs: but for tags it knows one. */
const filtersFor = (filters: readonly Filter[] | undefined): FilterTable<Vpc> => ({
  'is-classic-link-enabled': () => false,
  'tag-key': (v) => Object.keys(v.tags),
  'tag-value': (v) => Object.values(v.tags),
  ...Object.fromEntries(
    (filters ?? []).flatMap(({ Name = '' }) =>
      Name.startsWith('tag:') ? [[Name, (v: Vpc) => v.tags[Name.slice(4)]]] : [],
    ),
  ),
})
