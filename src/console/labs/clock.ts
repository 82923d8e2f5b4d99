/** Time as the server has it, each second, and durations in words. */
import { signal } from '@preact/signals'
import { useEffect } from 'preact/hooks'
import { ahead } from './desk.ts'

const SECOND = 1000
const now = signal(Date.now())

/** Milliseconds since the epoch by the server's clock; who uses it is drawn again each second. */
export function useNow(): number {
  useEffect(() => {
    const beat = setInterval(() => {
      now.value = Date.now()
    }, SECOND)
    return () => clearInterval(beat)
  }, [])
  return now.value + ahead.value
}

/** 65,000 → `1:05`. */
export function clock(milliseconds: number): string {
  const seconds = Math.max(0, Math.round(milliseconds / SECOND))
  const [hours, minutes, rest] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60]
  const two = (number: number) => String(number).padStart(2, '0')
  return hours > 0 ? `${hours}:${two(minutes)}:${two(rest)}` : `${minutes}:${two(rest)}`
}
