/** The few calls of the C library that Node does not offer: joining a network namespace, and raw sockets. */
import { closeSync, openSync, readdirSync } from 'node:fs'
import koffi from 'koffi'

const CLONE_NEWNET = 0x40000000
const lib = koffi.load('libc.so.6')

const setns = lib.func('int setns(int fd, int nstype)')
const SOCK_CLOEXEC = 0o2000000
const open = lib.func('int socket(int domain, int type, int protocol)')
/**
 * See the manual pages of the same names. A result below zero is an error; `errno()` says which. No socket is passed on
 * to the programs that are started: it would let what runs in an instance speak where only the server may.
 */
export const socket = (domain: number, type: number, protocol: number): number =>
  open(domain, type | SOCK_CLOEXEC, protocol)
export const bind = lib.func('int bind(int fd, const uint8_t *address, uint32_t length)') as (
  fd: number,
  address: Uint8Array,
  length: number,
) => number
const connect = lib.func('int connect(int fd, const uint8_t *address, uint32_t length)')
/** Connects on another thread, which may wait. Resolves to 0, or to the errno. */
export const connectLater = (fd: number, address: Uint8Array): Promise<number> =>
  new Promise((resolve, reject) => {
    connect.async(fd, address, address.length, (error: unknown, result: number) => {
      if (error) reject(error)
      else resolve(result < 0 ? koffi.errno() : 0)
    })
  })
export const send = lib.func('intptr_t send(int fd, const uint8_t *data, size_t length, int flags)') as (
  fd: number,
  data: Uint8Array,
  length: number,
  flags: number,
) => number
export const sendTo = lib.func(
  'intptr_t sendto(int fd, const uint8_t *data, size_t length, int flags, const uint8_t *address, uint32_t size)',
) as (fd: number, data: Uint8Array, length: number, flags: number, address: Uint8Array, size: number) => number
export const receive = lib.func('intptr_t recv(int fd, _Out_ uint8_t *data, size_t length, int flags)') as (
  fd: number,
  data: Uint8Array,
  length: number,
  flags: number,
) => number
export const setOption = lib.func(
  'int setsockopt(int fd, int level, int name, const uint8_t *value, uint32_t length)',
) as (fd: number, level: number, name: number, value: Uint8Array, length: number) => number
const getOption = lib.func(
  'int getsockopt(int fd, int level, int name, _Out_ uint8_t *value, _Inout_ uint32_t *length)',
) as (fd: number, level: number, name: number, value: Uint8Array, length: [number]) => number
export const errno = (): number => koffi.errno()

const SOL_SOCKET = 1
const SO_PROTOCOL = 38
const SO_DOMAIN = 39

/** Which protocol of which family a descriptor is a socket of; undefined where it is none. */
export function socketOf(fd: number): { readonly family: number; readonly protocol: number } | undefined {
  const [family, protocol] = [SO_DOMAIN, SO_PROTOCOL].map((name) => {
    const value = Buffer.alloc(4)
    return getOption(fd, SOL_SOCKET, name, value, [4]) < 0 ? undefined : value.readInt32LE()
  })
  return family === undefined || protocol === undefined ? undefined : { family, protocol }
}

const ioctlPointer = lib.func('int ioctl(int fd, unsigned long request, uint8_t *argument)')
const ioctlNumber = lib.func('int ioctl(int fd, unsigned long request, long argument)')
/** See the manual page: the argument is a number or what a pointer leads to. */
export const ioctl = (fd: number, request: number, argument: number | Uint8Array): number =>
  typeof argument === 'number' ? ioctlNumber(fd, request, argument) : ioctlPointer(fd, request, argument)

const SYS_openat2 = 437
const RESOLVE_NO_LINKS = 0x02 | 0x04
const RESOLVE_BENEATH = 0x08
const openat2 = lib.func('long syscall(long number, int folder, const char *path, uint8_t *how, size_t size)')

/**
 * Opens a file by its path below a folder, through no link at all: for paths that somebody else chooses the meaning
 * of. A result below zero is an error.
 */
export function openBeneath(folder: number, path: string, flags: number): number {
  const how = new BigUint64Array([BigInt(flags), 0n, BigInt(RESOLVE_NO_LINKS | RESOLVE_BENEATH)])
  return Number(openat2(SYS_openat2, folder, path, new Uint8Array(how.buffer), how.byteLength))
}

const NS_GET_USERNS = 0xb701

/** A descriptor of the user namespace that the namespace behind `fd` belongs to. */
export function ownerOf(fd: number): number {
  const owner = ioctl(fd, NS_GET_USERNS, 0)
  if (owner < 0) throw new Error(`the owner of a network namespace can not be had (errno ${errno()})`)
  return owner
}

const NS_GET_PARENT = 0xb702

/** A descriptor of the user namespace that the one behind `fd` was made in; undefined where that is out of reach. */
export function parentOf(fd: number): number | undefined {
  const parent = ioctl(fd, NS_GET_PARENT, 0)
  return parent < 0 ? undefined : parent
}

const fcntl = lib.func('int fcntl(int fd, int command, int argument)')
const F_SETFD = 2
const FD_CLOEXEC = 1

/** Whether a program that is started next has the descriptor open, too. */
export function inherit(fd: number, inherited: boolean): void {
  if (fcntl(fd, F_SETFD, inherited ? 0 : FD_CLOEXEC) < 0) throw new Error(`no descriptor ${fd} (errno ${errno()})`)
}

/** Keeps what this process was itself started with from the programs that it starts, but for the usual three. */
export function keepDescriptors(): void {
  for (const name of readdirSync('/proc/self/fd')) if (Number(name) > 2) fcntl(Number(name), F_SETFD, FD_CLOEXEC)
}

export const MSG_DONTWAIT = 0x40
export const EAGAIN = 11

/** The namespace this process started in. */
const home = openSync('/proc/self/ns/net', 'r')

/** Runs `work`, which must not wait, with this thread in the namespace at `path`: sockets opened there stay there. */
export function within<T>(path: string, work: () => T): T {
  const fd = openSync(path, 'r')
  try {
    enter(fd)
    try {
      return work()
    } finally {
      enter(home)
    }
  } finally {
    closeSync(fd)
  }
}

function enter(fd: number): void {
  if (setns(fd, CLONE_NEWNET) < 0) throw new Error(`cannot join a network namespace (errno ${errno()})`)
}
