/** Functions of `retries.netrun.toml`. */
import type { NodeExecutionContext, Out } from "@netrun/netrun/node";

/** A city that is known. */
interface Place {
  city: string;
  people: number;
}

const population: Record<string, number> = { Oslo: 717_710, Bergen: 291_940, Tromso: 78_745 };

/** Asks a service that is often busy, and that does not know every city. */
export function lookUp(city: string, ctx: NodeExecutionContext): Out<Place> {
  if (ctx.retryCount < city.length % 3) throw new Error("The service is busy");
  const people = population[city];
  if (people === undefined) throw new RangeError(`There is no city ${city}`);
  return { city, people };
}

/** One line of the report. */
export const describe = (place: Place): string => `${place.city} has ${place.people} inhabitants`;

/** What became of a city that could not be looked up. */
export const apologize = (
  failure: { error: { message: string }; inputs: { city: string[] }; retry_count: number },
): string =>
  `${failure.inputs.city[0]}: ${failure.error.message} (after ${failure.retry_count + 1} attempts)`;
