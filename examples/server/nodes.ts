/** Functions of `server.netrun.toml`. */
import type { Out } from "@netrun/netrun/node";

/** What is asked: the request tells the answers of many apart. */
interface Question {
  request: string;
  article: string;
}

const prices: Record<string, number> = { apple: 30, pear: 45, plum: 20 };

/** Fails for an article that is not known. */
export function price(question: Question): Out<{ request: string; cents: number }> {
  const cents = prices[question.article];
  if (cents === undefined) throw new RangeError(`There is no article ${question.article}`);
  return { request: question.request, cents };
}

/** Takes its time, as a warehouse does. */
export async function stock(question: Question): Promise<Out<{ request: string; count: number }>> {
  const count = question.article.length;
  await new Promise<void>((resolve) => setTimeout(resolve, count % 5));
  return { request: question.request, count };
}

/** What the caller gets. */
export const answer = (
  found: { price: { cents: number }; stock: { count: number } },
): Out<{ cents: number; count: number }> => ({
  cents: found.price.cents,
  count: found.stock.count,
});
