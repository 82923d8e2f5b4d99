/** What the server tells the console's pages of the ways to an instance. */

export interface Ways {
  /** The account that its image has. */
  readonly user: string
  /** The key pair of its launch. */
  readonly keyName?: string
  /** EC2 Instance Connect, over the internet. */
  readonly service: WayTold
  /** An EC2 Instance Connect Endpoint of its VPC. */
  readonly endpoint: WayTold
}

/** Whence a connection comes (an address or a range) and where it goes, or why there can be none, in words. */
export type WayTold =
  | { readonly from: string; readonly to: string; readonly through?: string; readonly note?: string }
  | { readonly refused: string }
