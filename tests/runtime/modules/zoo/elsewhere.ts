export interface Stats {
  mean: number;
}
