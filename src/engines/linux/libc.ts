/** The few calls of the C library that Node does not offer: joining a network namespace, and raw sockets. */
import { closeSync, openSync } from 'node:fs'
import koffi from 'koffi'

const CLONE_NEWNET = 0x40000000
const lib = koffi.load('libc.so.6')

const setns = lib.func('int setns(int fd, int nstype)')
/** See the manual pages of the same names. A result below zero is an error; `errno()` says which. */
export const socket = lib.func('int socket(int domain, int type, int protocol)') as (
  domain: number,
  type: number,
  protocol: number,
) => number
export const bind = lib.func('int bind(int fd, const uint8_t *address, uint32_t length)') as (
  fd: number,
  address: Uint8Array,
  length: number,
) => number
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
export const errno = (): number => koffi.errno()

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
