/**
 * Sends and takes packets in the network namespace that it is started in, by plain system calls: so what is measured is
 * the network and not the program. It is told what to do in lines of JSON, and answers each in one.
 */
import { readFileSync } from 'node:fs'
import { createInterface } from 'node:readline'
import koffi from 'koffi'
import { bind, errno, receive, send, setOption, socket } from '../../src/engines/linux/libc.ts'
import type { Job, Outcome } from './agent.ts'

const lib = koffi.load('libc.so.6')
const connect = lib.func('int connect(int fd, const uint8_t *address, uint32_t length)')
const listen = lib.func('int listen(int fd, int backlog)')
const accept = lib.func('int accept(int fd, void *address, void *length)')
const close = lib.func('int close(int fd)')
const receiveFrom = lib.func(
  'intptr_t recvfrom(int fd, _Out_ uint8_t *data, size_t length, int flags, _Out_ uint8_t *address, _Inout_ uint32_t *size)',
)
const sendTo = lib.func(
  'intptr_t sendto(int fd, const uint8_t *data, size_t length, int flags, const uint8_t *address, uint32_t size)',
)

const AF_INET = 2
const TCP = 1
const UDP = 2
const RAW = 3
const ICMP = 1
const SOL_SOCKET = 1
const SO_REUSEADDR = 2
const SO_RCVTIMEO = 20
const SO_SNDTIMEO = 21
const SO_LINGER = 13
/** As large a frame of 64 bytes carries, with its Ethernet, IP and UDP headers. */
const SMALL = Buffer.alloc(22)
const LARGE = Buffer.alloc(128 * 1024)

function addressOf(host: string, port: number): Uint8Array {
  const bytes = Buffer.alloc(16)
  bytes.writeUInt16LE(AF_INET, 0)
  bytes.writeUInt16BE(port, 2)
  for (const [i, part] of host.split('.').entries()) bytes[4 + i] = Number(part)
  return bytes
}

/** Two numbers as the kernel takes them. */
const pair = (bits: 32 | 64, ...values: readonly [number, number]): Uint8Array =>
  new Uint8Array(bits === 64 ? new BigInt64Array(values.map(BigInt)).buffer : new Int32Array(values).buffer)

const checked = (result: number): number => {
  if (result < 0) throw new Error(`errno ${errno()}`)
  return result
}

/** A socket whose calls give up after a tenth of a second, so that no loop waits for ever. */
function opened(type: number, port?: number, protocol = 0): number {
  const fd = checked(socket(AF_INET, type, protocol))
  const tenth = pair(64, 0, 100_000)
  checked(setOption(fd, SOL_SOCKET, SO_RCVTIMEO, tenth, tenth.length))
  checked(setOption(fd, SOL_SOCKET, SO_SNDTIMEO, tenth, tenth.length))
  checked(setOption(fd, SOL_SOCKET, SO_REUSEADDR, new Uint8Array([1, 0, 0, 0]), 4))
  if (port !== undefined) checked(bind(fd, addressOf('0.0.0.0', port), 16))
  return fd
}

function connected(type: number, { to, port }: { to: string; port: number }): number {
  const fd = opened(type)
  checked(connect(fd, addressOf(to, port), 16))
  return fd
}

/** Runs `work` until the time is over, and answers how often it said that it did something, a second. */
function during(ms: number, work: () => number): Outcome {
  const start = performance.now()
  let count = 0
  // The clock is read seldom, but after each time that nothing came of it, as that may have taken long.
  while (performance.now() - start < ms)
    for (let i = 0, did = 1; i < 16 && did > 0; i++) {
      did = work()
      count += did
    }
  return { perSecond: (count / (performance.now() - start)) * 1000 }
}

/** Monotonic, and the same in all processes; in milliseconds. */
const clock = (): number => Number(process.hrtime.bigint()) / 1e6

/** Datagrams that came to a socket's port, read or not. */
function arrivedDatagrams(): number {
  const lines = readFileSync('/proc/net/snmp', 'utf8').split('\n')
  const [names = [], values = []] = lines.filter((line) => line.startsWith('Udp:')).map((line) => line.split(' '))
  const of = (name: string) => Number(values[names.indexOf(name)] ?? 0)
  return of('InDatagrams') + of('RcvbufErrors')
}

const buffer = Buffer.alloc(LARGE.length)
let holding: number[] = []

const jobs: { readonly [K in Job['do']]: (job: Extract<Job, { do: K }>) => Outcome } = {
  hold({ port }) {
    holding.push(opened(UDP, port))
    return {}
  },
  release() {
    for (const fd of holding) close(fd)
    holding = []
    return {}
  },
  arrived: () => ({ count: arrivedDatagrams() }),
  flood(job) {
    const fd = connected(UDP, job)
    // What the network can not take is refused with an error, and counts as sent all the same: arrivals are counted.
    const outcome = during(job.ms, () => {
      send(fd, SMALL, SMALL.length, 0)
      return 1
    })
    close(fd)
    return outcome
  },
  echo({ port, ms }) {
    const fd = opened(UDP, port)
    const from = Buffer.alloc(16)
    const outcome = during(ms, () => {
      const length = receiveFrom(fd, buffer, 64, 0, from, [16]) as number
      if (length <= 0) return 0
      sendTo(fd, buffer, length, 0, from, 16)
      return 1
    })
    close(fd)
    return outcome
  },
  roundTrips(job) {
    const fd = connected(UDP, job)
    const outcome = during(job.ms, () => {
      send(fd, SMALL, SMALL.length, 0)
      return receive(fd, buffer, 64, 0) > 0 ? 1 : 0
    })
    close(fd)
    return outcome
  },
  accept({ port, ms, read }) {
    const fd = opened(TCP, port)
    checked(listen(fd, 1024))
    const outcome = during(ms, () => {
      const one = accept(fd, null, null)
      if (one < 0) return 0
      if (read) while (receive(one, buffer, buffer.length, 0) > 0);
      close(one)
      return 1
    })
    close(fd)
    return outcome
  },
  connections(job) {
    const address = addressOf(job.to, job.port)
    const linger = pair(32, 1, 0)
    return during(job.ms, () => {
      const fd = opened(TCP)
      // Reset at the end, so that no port is kept for a minute.
      setOption(fd, SOL_SOCKET, SO_LINGER, linger, linger.length)
      const done = connect(fd, address, 16) === 0 ? 1 : 0
      close(fd)
      return done
    })
  },
  stream(job) {
    const fd = connected(TCP, job)
    const outcome = during(job.ms, () => Math.max(send(fd, LARGE, LARGE.length, 0), 0))
    close(fd)
    return outcome
  },
  /** One datagram a time until one arrives there, which the other side tells. */
  drip({ to, port, ms, every }) {
    const fd = connected(UDP, { to, port })
    const start = performance.now()
    // It sleeps in between: a processor that it kept busy would be missing where the rule is made.
    const asleep = new Int32Array(new SharedArrayBuffer(4))
    while (performance.now() - start < ms) {
      send(fd, SMALL, SMALL.length, 0)
      Atomics.wait(asleep, 0, 0, every)
    }
    close(fd)
    return {}
  },
  firstArrival({ port, ms }) {
    const fd = opened(UDP, port)
    const deadline = performance.now() + ms
    while (performance.now() < deadline)
      if (receive(fd, buffer, 64, 0) > 0) {
        const at = clock()
        close(fd)
        return { at }
      }
    close(fd)
    return {}
  },
  /** Pings all, again every 50 ms those that have not answered, until all have. */
  pingAll({ all, ms }) {
    const fd = opened(RAW, undefined, ICMP)
    setOption(fd, SOL_SOCKET, SO_RCVTIMEO, pair(64, 0, 20_000), 16)
    const missing = new Map(all.map((address, index) => [address, echoRequest(index)]))
    const deadline = performance.now() + ms
    while (missing.size > 0 && performance.now() < deadline) {
      for (const [address, request] of missing) sendTo(fd, request, request.length, 0, addressOf(address, 0), 16)
      const again = performance.now() + 50
      while (missing.size > 0 && performance.now() < again) {
        const length = receive(fd, buffer, 1500, 0)
        if (length >= 28 && buffer[20] === 0) missing.delete([...buffer.subarray(12, 16)].join('.'))
      }
    }
    close(fd)
    return { count: all.length - missing.size, at: clock() }
  },
}

/** An ICMP echo request with its checksum. */
function echoRequest(sequence: number): Buffer {
  const packet = Buffer.from([8, 0, 0, 0, 0x49, 0x53, sequence >> 8, sequence & 255])
  let sum = 0
  for (let i = 0; i < packet.length; i += 2) sum += packet.readUInt16BE(i)
  while (sum > 0xffff) sum = (sum & 0xffff) + (sum >> 16)
  packet.writeUInt16BE(0xffff - sum, 2)
  return packet
}

for await (const line of createInterface({ input: process.stdin })) {
  const job = JSON.parse(line) as Job
  let outcome: Outcome
  try {
    outcome = (jobs[job.do] as (job: Job) => Outcome)(job)
  } catch (error) {
    outcome = { error: String(error) }
  }
  process.stdout.write(`${JSON.stringify(outcome)}\n`)
}
