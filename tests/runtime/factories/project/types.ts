export interface Foreign {
  id: number;
}
