/** What a command says: one inside an instance, a script of the lab; and what the journal says was done. */
import { execFile } from 'node:child_process'
import { dirname } from 'node:path'
import type { EventLook, ExecLook, ScriptLook } from '../format/lab.ts'
import { runInside } from './inside.ts'
import { lastLines, type Looker } from './look.ts'

export const exec: Looker<ExecLook> = async ({ on, command, simulated, ...real }, sight) => {
  const { exit, output } = (sight.session.status.engine.name === 'simulator' && simulated) || real
  const words = command.map(sight.names.text)
  const { code, output: said } = await runInside(sight, sight.names.text(on), words)
  const shown = words[0] === 'sh' ? words.slice(2).join(' ') : words.join(' ')
  const pattern = output === undefined ? undefined : sight.names.text(output)
  const fits = pattern === undefined || new RegExp(pattern, 'm').test(said)
  const ended = code === undefined ? 'did not end in time' : `ended with ${code}`
  const missed = fits ? '' : `, and its output does not match ${pattern}`
  return {
    holds: code === exit && fits,
    words: `\`${shown}\` ${ended}${missed}.`,
    evidence: `$ ${shown}\n${lastLines(said)}`,
  }
}

/** Milliseconds that a script may take. */
const PATIENCE = 60_000

export const script: Looker<ScriptLook> = ({ file }, { environment }) =>
  new Promise((resolve) => {
    const options = { cwd: dirname(file), env: environment, timeout: PATIENCE }
    execFile('bash', [file], options, (error, stdout, stderr) => {
      const said = lastLines(`${stdout}${stderr}`)
      resolve({ holds: error === null, words: said || `${file} ${error ? 'is not content' : 'is content'}.` })
    })
  })

export const event: Looker<EventLook> = async ({ action, error, message: words }, { events, names }) => {
  const message = words === undefined ? undefined : names.text(words)
  const mine = events.filter((one) => one.action === action)
  const wanted = mine.filter((one) => {
    if (error === undefined && message === undefined) return one.error === undefined
    return (error === undefined || one.error === error) && (message === undefined || isLike(one.message, message))
  })
  const asked = error ?? (message === undefined ? 'success' : message)
  const [first] = wanted
  if (!first) return { holds: false, words: `Nobody has called ${action} with this end: ${asked}.` }
  return { holds: true, words: first.message ?? `${action} was carried out.`, since: first.at }
}

const isLike = (text: string | undefined, pattern: string): boolean =>
  text !== undefined && new RegExp(pattern).test(text)
