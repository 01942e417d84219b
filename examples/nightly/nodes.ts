/** Functions of `nightly.netrun.toml`. */
import type { Batch, Out } from "@netrun/netrun/node";

/** An order with its price in cents. */
interface Priced {
  country: string;
  cents: number;
}

/** What the orders of a country come to. */
interface Sum {
  country: string;
  orders: number;
  cents: number;
}

/** Fails on an order whose numbers are none: it leaves by the error port. */
export function price(order: Record<string, string>): Out<Priced> {
  const cents = Math.round(Number(order.price) * 100) * Number(order.count);
  if (!Number.isFinite(cents)) throw new TypeError(`Order ${order.id} has no price`);
  return { country: order.country!, cents };
}

/** One record for each country, when all orders are priced. */
export function* byCountry(orders: Batch<Priced, "done">): Generator<Sum> {
  for (const [country, own] of Map.groupBy(orders, (order) => order.country)) {
    const cents = own.reduce((sum, order) => sum + order.cents, 0);
    yield { country, orders: own.length, cents };
  }
}

/** What was wrong with the orders that are missing in the report. */
export const badOrders = (
  failures: Batch<{ error: { message: string } }, "done">,
): string => failures.map(({ error }) => error.message).join("; ");
