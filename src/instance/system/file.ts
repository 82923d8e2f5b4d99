/** Two sorts of a guest's files: those that are its owner's from the first boot on, and those that stay Isthmus's. */
import type { GuestFile } from '../../engines/engine.ts'

/** Written at the first boot; what the guest makes of it stays. */
export const kept = (path: string, text: string, mode = 0o644): GuestFile => ({ path, text, mode, once: true })

/** Written at every boot, so that it is as new as the server. */
export const fresh = (path: string, text: string, mode = 0o644): GuestFile => ({ path, text, mode })

/** A script of ours, at every boot. */
export const script = (path: string, text: string, mode = 0o755): GuestFile => fresh(path, text, mode)

/** Where a program is looked for, everywhere in a guest: its own commands stand before the host's. */
export const PATH = '/opt/isthmus/bin:/usr/local/bin:/usr/bin:/usr/local/sbin:/usr/sbin'
