/**
 * Who this page is to the server: the token of the address it was opened by, and the account and Region it looks at.
 *
 * Invariants of this folder: the public API for everything that AWS has an API for; every request carries the token.
 */
import { signal } from '@preact/signals'
import type { Identity } from './sign.ts'

const KEPT = 'isthmus-token'

/** The token in the address, which then leaves the address and the history; else the one of this tab. */
function takeToken(): string {
  const given = new URLSearchParams(location.hash.slice(1)).get('token')
  if (given) {
    sessionStorage.setItem(KEPT, given)
    history.replaceState(null, '', location.pathname + location.search)
  }
  return sessionStorage.getItem(KEPT) ?? ''
}

export const token = takeToken()
const IDENTITY = 'isthmus-identity'
const DEFAULT: Identity = { accessKeyId: '123456789012', secretAccessKey: 'isthmus' }

/** Whose keys sign the page's calls: any will do, unless the server was started with --auth. */
export const identity = signal<Identity>(JSON.parse(sessionStorage.getItem(IDENTITY) ?? 'null') ?? DEFAULT)

export function signIn(given: Identity): void {
  sessionStorage.setItem(IDENTITY, JSON.stringify(given))
  identity.value = given
}

/** The account whose things are meant: a 12-digit access key id is its account. */
export const account = (): string =>
  /^\d{12}$/.test(identity.value.accessKeyId) ? identity.value.accessKeyId : DEFAULT.accessKeyId

/** For calls in the name of another account on a server that takes any credentials. */
export const identityOf = (whose: string): Identity =>
  whose === account() ? identity.value : { ...DEFAULT, accessKeyId: whose }

export const region = signal(sessionStorage.getItem('isthmus-region') ?? 'us-east-1')

/** What a request to the server's own routes carries. */
export const ownHeaders = (): Record<string, string> => ({ 'x-isthmus-token': token })

/** A new address with a token was opened in this tab. */
addEventListener('hashchange', () => {
  if (location.hash.includes('token=')) location.reload()
})
