/** A command as it may be noted: what was run, and no word that could be a secret. */

/** Programs whose arguments are addresses, names and numbers. */
const PLAIN: ReadonlySet<string> = new Set([
  ...['ping', 'ping6', 'traceroute', 'tracepath', 'dig', 'host', 'nslookup', 'ip', 'ss', 'nc', 'ncat'],
  ...['hostname', 'uname', 'whoami', 'id', 'uptime', 'true', 'false'],
])
/** Of other programs, where something was asked for: without the user, the path and what follows. */
const PLACE = /^(?:https?:\/\/)?(?:\d{1,3}(?:\.\d{1,3}){3}|[a-z0-9-]+(?:\.[a-z0-9-]+)+)(?::\d+)?(?=$|\/)/i
const PLAIN_WORD = /^[\w.:%+-]{1,64}(?:\/\d{1,3})?$/
/** Runs another so that its lines come at once. */
const AT_ONCE = 'stdbuf'
const LONGEST = 200

export function commandWords(command: readonly string[]): string {
  const words = command[0] === AT_ONCE ? command.slice(2) : command
  // A shell reads one word as several; of a script, the first line.
  const [line = ''] = (words[0] ?? '').trim().split('\n')
  const [program = '', ...more] = words.length === 1 ? line.split(/\s+/) : words
  const name = program.split('/').at(-1) ?? ''
  // It may begin with a variable and its value.
  if (!/^[\w.+-]{1,40}$/.test(name)) return '…'
  const shown = PLAIN.has(name) ? plainIn(more) : placesIn(more)
  return [name, ...shown].join(' ').slice(0, LONGEST)
}

/** Up to the first that is none: after a semicolon something else may follow. */
function plainIn(words: readonly string[]): readonly string[] {
  const end = words.findIndex((word) => !PLAIN_WORD.test(word))
  return end < 0 ? words : [...words.slice(0, end), '…']
}

function placesIn(words: readonly string[]): string[] {
  const places = words.flatMap((word) => PLACE.exec(word)?.[0] ?? [])
  return words.length > places.length ? ['…', ...places] : places
}
