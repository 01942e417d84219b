// Stand-ins for the marker types of the package's own entry point.
export type Batch<T, Count = unknown, WaitFor = unknown> = T[] & {
  readonly limits?: [Count, WaitFor];
};
export type Out<X> = X;
export type Outputs<X> = X;
export type PreCreatedPacket<T = unknown> = string & { readonly value?: T };
