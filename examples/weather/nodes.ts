/**
 * The nodes of the weather net: plain functions, their parameters are the input ports.
 *
 * @module
 */
import type { Batch, NodeExecutionContext } from "@netrun/netrun/node";

/** A row of the table: texts by column. */
type Row = Record<string, string>;

/** A day at one place: precipitation in mm, temperatures in °C. */
interface Day {
  city: string;
  date: string;
  precipitation: number;
  warmest: number;
  coldest: number;
}

/** What days of one city in one year come down to. */
interface Year {
  year: number;
  days: number;
  wetDays: number;
  precipitation: number;
  /** Sum of the daily means. */
  warmth: number;
  hottest: Day;
  coldest: Day;
}

/** A year in both cities. */
interface Comparison {
  seattle: Year;
  new_york: Year;
}

/** Sets aside the days whose label contradicts the gauge: called rainy, but nothing was measured. */
export function clean(rows: Row[]): { days: Day[]; rejected: number } {
  const isRight = ({ weather, precipitation }: Row) =>
    Number(precipitation) > 0 || weather !== "rain" && weather !== "drizzle";
  const days = rows.filter(isRight).map((row) => ({
    city: row.location!,
    date: row.date!,
    precipitation: Number(row.precipitation),
    warmest: Number(row.temp_max),
    coldest: Number(row.temp_min),
  }));
  return { days, rejected: rows.length - days.length };
}

/** How many days were set aside: fires once, when all rows are clean. */
export const count = (rejected: Batch<number, "done">): number =>
  rejected.reduce((sum, days) => sum + days, 0);

/** Sends the days down the branches of their cities. */
export function split(days: Day[]): { seattle?: Day[]; new_york?: Day[] } {
  const { Seattle: seattle, "New York": new_york } = Object.groupBy(days, (day) => day.city);
  return { ...seattle && { seattle }, ...new_york && { new_york } };
}

/** Sums up some days, by year. */
export function summarize(days: Day[]): Year[] {
  return merge(days.map((day) => ({
    year: Number(day.date.slice(0, 4)),
    days: 1,
    wetDays: day.precipitation > 0 ? 1 : 0,
    precipitation: day.precipitation,
    warmth: (day.warmest + day.coldest) / 2,
    hottest: day,
    coldest: day,
  })));
}

/** Sends the sums of whole years, one after another: starts when there are no more days to come. */
export function* years(parts: Batch<Year[], "done">): Generator<Year> {
  yield* merge(parts.flat());
}

/** Writes the table, and says which city is the wetter one. */
export function report(
  years: Batch<Comparison, "done">,
  ctx: NodeExecutionContext,
): { table: string; summary: { years: number; wetter: string } } {
  const rows = years.toSorted((a, b) => a.seattle.year - b.seattle.year)
    .flatMap(({ seattle, new_york }) => [cells("Seattle", seattle), cells("New York", new_york)]);
  const table = aligned([head, head.map((title) => "-".repeat(title.length)), ...rows]);
  if (rows.length <= 12) ctx.print(`\n${table}`);
  const rain = (city: keyof Comparison) =>
    years.reduce((sum, comparison) => sum + comparison[city].precipitation, 0);
  const wetter = rain("seattle") > rain("new_york") ? "Seattle" : "New York";
  return { table, summary: { years: years.length, wetter } };
}

const head = ["city", "year", "rain", "wet days", "mean", "hottest", "coldest"];

function cells(
  city: string,
  { year, precipitation, wetDays, warmth, days, ...sum }: Year,
): string[] {
  return [
    city,
    `${year}`,
    `${precipitation.toFixed(0)} mm`,
    `${wetDays}`,
    `${(warmth / days).toFixed(1)} °C`,
    `${sum.hottest.warmest.toFixed(1)} °C on ${sum.hottest.date}`,
    `${sum.coldest.coldest.toFixed(1)} °C on ${sum.coldest.date}`,
  ];
}

function aligned(rows: readonly (readonly string[])[]): string {
  const widths = head.map((_, i) =>
    rows.reduce((width, row) => Math.max(width, row[i]!.length), 0)
  );
  const line = (row: readonly string[]) =>
    `| ${row.map((cell, i) => cell.padEnd(widths[i]!)).join(" | ")} |\n`;
  return rows.map(line).join("");
}

/** Adds up what belongs to the same year. */
function merge(parts: readonly Year[]): Year[] {
  const years = new Map<number, Year>();
  for (const part of parts) {
    const sum = years.get(part.year);
    if (!sum) years.set(part.year, { ...part });
    else {
      sum.days += part.days;
      sum.wetDays += part.wetDays;
      sum.precipitation += part.precipitation;
      sum.warmth += part.warmth;
      if (part.hottest.warmest > sum.hottest.warmest) sum.hottest = part.hottest;
      if (part.coldest.coldest < sum.coldest.coldest) sum.coldest = part.coldest;
    }
  }
  return [...years.values()];
}
