/** Asks the kernel what it has in a namespace: links, addresses, rules, routes and neighbours, by netlink. */
import { type Ip, fromInteger4 } from '../../ip/address.ts'
import { attributesOf, messagesOf, NETLINK_ROUTE, type NetlinkSocket, openNetlink } from './netlink.ts'

/** An interface of the kernel; `flags` are those of `if.h`. */
export interface LinkRow {
  readonly index: number
  readonly name: string
  readonly mac: string
  readonly mtu: number
  readonly flags: number
}
export interface AddressRow {
  readonly link: number
  readonly address: Ip
  readonly length: number
  readonly scope: number
  /** Who put it there (IFA_PROTO); 0 where nobody says, and on kernels before 5.18. */
  readonly protocol: number
}
export interface RuleRow {
  readonly priority: number
  readonly source: string | undefined
  readonly mark: number | undefined
  readonly table: number
}
/** `type` and `protocol` are those of `rtnetlink.h`. */
export interface RouteRow {
  readonly table: number
  readonly destination: Ip
  readonly length: number
  readonly type: number
  readonly protocol: number
  readonly gateway: Ip | undefined
  readonly link: number | undefined
  readonly onlink: boolean
}
export interface NeighborRow {
  readonly link: number
  readonly address: Ip
  readonly mac: string
  readonly state: number
}

/** What there is of IPv4 in one namespace; each question reads a whole table. */
export interface Kernel {
  links(): LinkRow[]
  addresses(): AddressRow[]
  rules(): RuleRow[]
  routes(): RouteRow[]
  neighbors(): NeighborRow[]
}

/** Asks in the namespace at `path`. */
export function askKernel<T>(path: string, work: (kernel: Kernel) => T): T {
  const socket = openNetlink(path, NETLINK_ROUTE, 0)
  try {
    return work({
      links: () => dump(socket, QUESTIONS.link).map(linkRow),
      addresses: () => dump(socket, QUESTIONS.address).map(addressRow),
      rules: () => dump(socket, QUESTIONS.rule).map(ruleRow),
      routes: () => dump(socket, QUESTIONS.route).map(routeRow),
      neighbors: () => dump(socket, QUESTIONS.neighbor).map(neighborRow),
    })
  } finally {
    socket.close()
  }
}

/** The number of a link in the namespace in which `socket` is open; undefined where there is none of that name. */
export function indexBy(socket: NetlinkSocket, name: string): number | undefined {
  const text = Buffer.from(`${name}\0`)
  const request = Buffer.alloc(16 + QUESTIONS.link.head + 4 + ((text.length + 3) & ~3))
  request.writeUInt32LE(request.length, 0)
  request.writeUInt16LE(QUESTIONS.link.ask, 4)
  request.writeUInt16LE(NLM_F_REQUEST, 6)
  request.writeUInt16LE(4 + text.length, 16 + QUESTIONS.link.head)
  request.writeUInt16LE(IFLA_IFNAME, 16 + QUESTIONS.link.head + 2)
  text.copy(request, 16 + QUESTIONS.link.head + 4)
  socket.send(request)
  const answer = socket.read()
  if (answer === undefined || answer === 'lost') throw new Error(`the kernel does not tell the link ${name}`)
  const [message] = messagesOf(answer)
  return message && message.type !== NLMSG_ERROR ? message.body.readInt32LE(4) : undefined
}

const NLM_F_REQUEST = 0x1
const IFLA_IFNAME = 3

/** RTM_GET*, and how long the fixed head of its messages is. */
const QUESTIONS = {
  link: { ask: 18, head: 16 },
  address: { ask: 22, head: 8 },
  route: { ask: 26, head: 12 },
  neighbor: { ask: 30, head: 12 },
  rule: { ask: 34, head: 12 },
} as const
const AF_INET = 2
const DUMP = 0x301
const NLMSG_ERROR = 2
const NLMSG_DONE = 3
const ATTEMPTS = 5

type Question = (typeof QUESTIONS)[keyof typeof QUESTIONS]

interface Message {
  readonly head: Buffer
  readonly attributes: ReadonlyMap<number, Buffer>
}

/** One table of the kernel. What is changed while it is read is read again. */
function dump(socket: NetlinkSocket, question: Question): Message[] {
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const found = dumpOnce(socket, question)
    if (found) return found
  }
  throw new Error('a table of the kernel does not hold still to be read')
}

function dumpOnce(socket: NetlinkSocket, question: Question): Message[] | undefined {
  socket.send(dumpRequest(question))
  const found: Message[] = []
  let isWhole = true
  for (const { type, flags, body } of answersOf(socket)) {
    isWhole &&= (flags & DUMP_INTERRUPTED) === 0
    if (type === NLMSG_ERROR) throw new Error(`the kernel refuses to tell a table (errno ${-body.readInt32LE(0)})`)
    if (type === NLMSG_DONE) return isWhole ? found : undefined
    const attributes = new Map([...attributesOf(body.subarray(question.head))].map((a) => [a.type, a.data]))
    found.push({ head: body.subarray(0, question.head), attributes })
  }
  return undefined
}

function dumpRequest({ ask, head }: Question): Buffer {
  const request = Buffer.alloc(16 + head + (ask === QUESTIONS.link.ask ? 8 : 0))
  request.writeUInt32LE(request.length, 0)
  request.writeUInt16LE(ask, 4)
  request.writeUInt16LE(DUMP, 6)
  request.writeUInt8(AF_INET, 16)
  if (ask === QUESTIONS.link.ask) WITHOUT_COUNTERS.copy(request, 16 + head)
  return request
}

/** Message by message, for as long as somebody asks. */
function* answersOf(socket: NetlinkSocket) {
  for (;;) {
    const datagram = socket.read()
    if (datagram === undefined || datagram === 'lost') throw new Error('the kernel does not tell a table to its end')
    yield* messagesOf(datagram)
  }
}

const DUMP_INTERRUPTED = 0x10
/** IFLA_EXT_MASK with RTEXT_FILTER_SKIP_STATS: counting all packets takes longer than all else. */
const WITHOUT_COUNTERS = Buffer.from([8, 0, 29, 0, 8, 0, 0, 0])

const ipOf = (data: Buffer | undefined): Ip | undefined => (data ? fromInteger4(data.readUInt32BE(0)) : undefined)
const numberOf = (data: Buffer | undefined): number | undefined => data?.readUInt32LE(0)
const macOf = (data: Buffer | undefined): string => data?.toString('hex').replace(/..(?!$)/g, '$&:') ?? ''
const textOf = (data: Buffer | undefined): string => data?.toString('latin1').replace(/\0+$/, '') ?? ''
const NOWHERE = fromInteger4(0)

const linkRow = ({ head, attributes }: Message): LinkRow => ({
  index: head.readInt32LE(4),
  flags: head.readUInt32LE(8),
  mac: macOf(attributes.get(1)),
  name: textOf(attributes.get(3)),
  mtu: numberOf(attributes.get(4)) ?? 0,
})

const addressRow = ({ head, attributes }: Message): AddressRow => ({
  link: head.readUInt32LE(4),
  length: head.readUInt8(1),
  scope: head.readUInt8(3),
  address: ipOf(attributes.get(2) ?? attributes.get(1)) ?? NOWHERE,
  protocol: attributes.get(11)?.readUInt8(0) ?? 0,
})

function ruleRow({ head, attributes }: Message): RuleRow {
  const source = ipOf(attributes.get(2))
  return {
    priority: numberOf(attributes.get(6)) ?? 0,
    source: source && `${source}/${head.readUInt8(2)}`,
    mark: numberOf(attributes.get(10)),
    table: numberOf(attributes.get(15)) ?? head.readUInt8(4),
  }
}

const ONLINK = 4

const routeRow = ({ head, attributes }: Message): RouteRow => ({
  table: numberOf(attributes.get(15)) ?? head.readUInt8(4),
  destination: ipOf(attributes.get(1)) ?? NOWHERE,
  length: head.readUInt8(1),
  protocol: head.readUInt8(5),
  type: head.readUInt8(7),
  gateway: ipOf(attributes.get(5)),
  link: numberOf(attributes.get(4)),
  onlink: (head.readUInt32LE(8) & ONLINK) !== 0,
})

const neighborRow = ({ head, attributes }: Message): NeighborRow => ({
  link: head.readInt32LE(4),
  state: head.readUInt16LE(8),
  address: ipOf(attributes.get(1)) ?? NOWHERE,
  mac: macOf(attributes.get(2)),
})
