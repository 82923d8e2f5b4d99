/** Modules that the build makes: the console's part of the API's model, and style as text. */
declare module 'virtual:ec2-model' {
  const model: import('../protocol/shapes.ts').Model
  export default model
}
declare module '*.css' {}
declare module '*.css?inline' {
  const text: string
  export default text
}
