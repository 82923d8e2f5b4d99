/** Times as people say them. */

const MINUTE = 60_000
const HOUR = 60 * MINUTE

/** Of milliseconds. */
export function inWords(milliseconds: number): string {
  const seconds = Math.round(milliseconds / 1000)
  if (milliseconds >= HOUR) return `${Math.floor(seconds / 3600)} h ${Math.round((seconds % 3600) / 60)} min`
  return seconds < 60 ? `${seconds} s` : `${Math.floor(seconds / 60)} min ${seconds % 60} s`
}

/** The time of day of a moment, in UTC. */
export const clock = (at: number): string => new Date(at).toISOString().slice(11, 19)
