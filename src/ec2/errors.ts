/** Every error a caller can meet, with AWS's code and words (spec 1.13). Impossible states throw plain errors. */

/** An answer with `<Code>` and `<Message>`; the HTTP status is 400 unless AWS says otherwise. */
export class ApiError extends Error {
  readonly code: string
  readonly status: number
  constructor(code: string, message: string, status = 400) {
    super(message)
    this.name = 'ApiError'
    this.code = code
    this.status = status
  }
}

export const invalidValue = (message: string): ApiError => new ApiError('InvalidParameterValue', message)
export const invalidParameter = (value: unknown, parameter: string, why = ''): ApiError =>
  invalidValue(`Value (${value}) for parameter ${parameter} is invalid.${why && ` ${why}`}`)
export const invalidCombination = (message: string): ApiError => new ApiError('InvalidParameterCombination', message)
export const missingParameter = (name: string): ApiError =>
  new ApiError('MissingParameter', `The request must contain the parameter ${name}`)
/** AWS carries it out, Isthmus does not (yet): said, never faked. */
export const unsupported = (what: string): ApiError => new ApiError('UnsupportedOperation', what)
export const dependencyViolation = (message: string): ApiError => new ApiError('DependencyViolation', message)
export const dryRun = (): ApiError =>
  new ApiError('DryRunOperation', 'Request would have succeeded, but DryRun flag is set.', 412)
