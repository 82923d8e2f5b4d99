/** DNS messages on the wire (RFC 1035, 6891): from a query's bytes to an answer's, whatever the bytes are. */
import { type Answer, decode, encode, type OptAnswer } from 'dns-packet'

/** One question. */
export interface Question {
  /** As it was asked, without the dot at its end. */
  readonly name: string
  /** Number of the record type. */
  readonly type: number
}

export interface Reply {
  readonly rcode: keyof typeof RCODES
  readonly answers: readonly Answer[]
  readonly authorities: readonly Answer[]
}

const RCODES = { NOERROR: 0, FORMERR: 1, NXDOMAIN: 3, NOTIMP: 4, REFUSED: 5, BADVERS: 16 } as const
const HEADER = 12
const FLAG = { response: 0x8000, recursionDesired: 0x0100, recursionAvailable: 0x0080, checkingDisabled: 0x0010 }
const DNSSEC_OK = 0x8000
/** Zone transfers (IXFR, AXFR) are for name servers. */
const TRANSFERS: readonly number[] = [251, 252]
const CLASSES: readonly number[] = [1, 255]
/** Bytes that a datagram may have on any way. */
const UDP_PAYLOAD = 1232

const bare = (rcode: Reply['rcode']): Reply => ({ rcode, answers: [], authorities: [] })

/** What a query holds beside its header. */
interface Query {
  readonly question: Question & { readonly class: number; readonly bytes: Buffer }
  /** The extensions that the client speaks. */
  readonly opt?: OptAnswer
}

/**
 * The answer to a message; undefined is silence: for what is no query, and so nothing one could answer.
 * No answer is larger than the 512 bytes every client takes, so none is truncated.
 */
export function answerTo(message: Uint8Array, resolve: (question: Question) => Reply): Uint8Array | undefined {
  const bytes = Buffer.from(message.buffer, message.byteOffset, message.byteLength)
  if (bytes.length < HEADER || bytes.readUInt16BE(2) & FLAG.response) return undefined
  const opcode = (bytes.readUInt16BE(2) >> 11) & 15
  if (opcode !== 0) return write(bytes, bare('NOTIMP'))
  const query = read(bytes)
  return query ? write(bytes, judge(query, resolve), query) : write(bytes, bare('FORMERR'))
}

function judge({ question, opt }: Query, resolve: (question: Question) => Reply): Reply {
  if (opt && opt.ednsVersion > 0) return bare('BADVERS')
  if (!CLASSES.includes(question.class) || TRANSFERS.includes(question.type)) return bare('REFUSED')
  return resolve(question)
}

/** Undefined where it is malformed, or has another number of questions than one. */
function read(bytes: Buffer): Query | undefined {
  const question = bytes.readUInt16BE(4) === 1 ? readQuestion(bytes) : undefined
  const opts = question && readExtensions(bytes)
  if (!question || !opts || opts.length > 1) return undefined
  return { question, ...(opts[0] && { opt: opts[0] }) }
}

function readQuestion(bytes: Buffer): Query['question'] | undefined {
  const labels: string[] = []
  let at = HEADER
  for (let length = bytes[at]; length !== 0; length = bytes[at]) {
    if (length === undefined || length > 63 || at - HEADER + length > 253) return undefined
    // A dot within a label is none between two, and must not look like one.
    labels.push(bytes.toString('latin1', at + 1, at + 1 + length).replaceAll('.', '\\.'))
    at += 1 + length
  }
  const end = at + 5
  if (end > bytes.length) return undefined
  return {
    name: labels.join('.'),
    type: bytes.readUInt16BE(at + 1),
    class: bytes.readUInt16BE(at + 3),
    bytes: bytes.subarray(HEADER, end),
  }
}

/** The OPT records; undefined where the rest of the message can not be read. */
function readExtensions(bytes: Buffer): OptAnswer[] | undefined {
  try {
    return (decode(bytes).additionals ?? []).filter((record) => record.type === 'OPT')
  } catch {
    return undefined
  }
}

/** The header and question as they came: a client that mixes upper and lower case looks whether they come back. */
function write(asked: Buffer, { rcode, answers, authorities }: Reply, query?: Query): Uint8Array {
  const kept = asked.readUInt16BE(2) & (0x7800 | FLAG.recursionDesired | FLAG.checkingDisabled)
  const code = RCODES[rcode]
  const message = encode({
    type: 'response',
    id: asked.readUInt16BE(0),
    flags: kept | FLAG.recursionAvailable | (code & 15),
    answers: [...answers],
    authorities: [...authorities],
    additionals: query?.opt ? [extensions(query.opt, code >> 4)] : [],
  })
  if (!query) return message
  message.writeUInt16BE(1, 4)
  return Buffer.concat([message.subarray(0, HEADER), query.question.bytes, message.subarray(HEADER)])
}

const extensions = ({ flags }: OptAnswer, extendedRcode: number): OptAnswer => ({
  type: 'OPT',
  name: '.',
  udpPayloadSize: UDP_PAYLOAD,
  extendedRcode,
  ednsVersion: 0,
  flags: flags & DNSSEC_OK,
  flag_do: (flags & DNSSEC_OK) !== 0,
  options: [],
})
