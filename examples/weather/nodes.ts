/**
 * The nodes of the weather net: plain functions, their parameters are the input ports.
 *
 * @module
 */
import { parse } from "csv-parse/sync";
import type { NodeExecutionContext, Out } from "@netrun/netrun/node";

/** One day at one place: precipitation in mm, temperatures in °C, wind in km/h. */
interface Day {
  city: string;
  date: string;
  precipitation: number;
  warmest: number;
  coldest: number;
  wind: number;
  weather: string;
}

/** The days of one city in one year. */
interface Year {
  city: string;
  year: number;
  days: Day[];
}

/** What a year of a city comes down to. */
interface Summary {
  city: string;
  year: number;
  precipitation: number;
  wetDays: number;
  mean: number;
  hottest: Day;
  coldest: Day;
}

/** Reads the table and hands it on a city and year at a time. */
export function* read(file: string, ctx: NodeExecutionContext): Generator<Year> {
  const text = Deno.readTextFileSync(`${ctx.projectRoot}/${file}`);
  const rows: Record<string, string>[] = parse(text, { columns: true });
  const chunks = Map.groupBy(rows, (row) => `${row.location} ${row.date!.slice(0, 4)}`);
  for (const chunk of chunks.values()) {
    const days = chunk.map((row) => ({
      city: row.location!,
      date: row.date!,
      precipitation: Number(row.precipitation),
      warmest: Number(row.temp_max),
      coldest: Number(row.temp_min),
      wind: Number(row.wind),
      weather: row.weather!,
    }));
    yield { city: days[0]!.city, year: Number(days[0]!.date.slice(0, 4)), days };
  }
}

/** Sets aside the days whose label contradicts the gauge: called rainy, but nothing was measured. */
export function clean(chunk: Year): { year: Year; rejected?: string } {
  const dryRain = ({ weather, precipitation }: Day) =>
    (weather === "rain" || weather === "drizzle") && precipitation === 0;
  const days = chunk.days.filter((day) => !dryRain(day));
  const rejected = chunk.days.length - days.length;
  const year = { ...chunk, days };
  if (rejected === 0) return { year };
  return { year, rejected: `${chunk.city} ${chunk.year}: ${rejected} rainy days without rain` };
}

/** Sends each year down the branch of its city. */
export function split(year: Year): { seattle?: Year; newYork?: Year } {
  return year.city === "Seattle" ? { seattle: year } : { newYork: year };
}

/** Sums up a year. */
export function summarize(year: Year): Summary {
  const { days } = year;
  const total = (value: (day: Day) => number) => days.reduce((sum, day) => sum + value(day), 0);
  return {
    city: year.city,
    year: year.year,
    precipitation: total((day) => day.precipitation),
    wetDays: days.filter((day) => day.precipitation > 0).length,
    mean: total((day) => (day.warmest + day.coldest) / 2) / days.length,
    hottest: days.reduce((a, b) => b.warmest > a.warmest ? b : a),
    coldest: days.reduce((a, b) => b.coldest < a.coldest ? b : a),
  };
}

/** Writes `report.md` beside the net and prints it. */
export function report(
  cities: { seattle: Summary[]; new_york: Summary[] },
  ctx: NodeExecutionContext,
): Out<{ file: string; years: number; wetter: string }> {
  const row = (summary: Summary) =>
    "| " + [
      summary.city.padEnd(8),
      summary.year,
      `${summary.precipitation.toFixed(0).padStart(5)} mm`,
      String(summary.wetDays).padStart(8),
      `${summary.mean.toFixed(1).padStart(5)} °C`,
      `${summary.hottest.warmest.toFixed(1)} °C on ${summary.hottest.date}`,
      `${summary.coldest.coldest.toFixed(1).padStart(5)} °C on ${summary.coldest.date}`,
    ].join(" | ") + " |";
  const rows = [...cities.seattle, ...cities.new_york];
  const table = [
    "| city     | year | rain     | wet days | mean     | hottest               | coldest                |",
    "| -------- | ---- | -------- | -------- | -------- | --------------------- | ---------------------- |",
    ...rows.map(row),
  ].join("\n");
  Deno.writeTextFileSync(`${ctx.projectRoot}/report.md`, `${table}\n`);
  ctx.print(`\n${table}`);
  const rain = (summaries: Summary[]) => summaries.reduce((sum, s) => sum + s.precipitation, 0);
  const wetter = rain(cities.seattle) > rain(cities.new_york) ? "Seattle" : "New York";
  return { file: "report.md", years: rows.length, wetter };
}
