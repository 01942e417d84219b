import { assert, assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import {
  type NetAction,
  type NetEvent,
  NetSimError,
  RequestUnconnectedPortError,
  UndoError,
} from "@netrun/netrun/sim";
import { dispatch } from "../../sim/dispatch.ts";
import type { SimState } from "../../sim/state.ts";
import { isBlocked } from "../../sim/step.ts";
import { undoEvents } from "../../sim/undo.ts";
import { propertyRuns } from "../property_runs.ts";
import { Random, randomAction, randomGraph } from "./random_net.ts";
import { checkCapacities, checkInvariants, describeState, newState } from "./state_checks.ts";

/** What an action came to: its result, or the error. */
type Outcome = { data: unknown; events: NetEvent[] } | { error: NetSimError };

function attempt(state: SimState, action: NetAction, at: number): Outcome {
  const events: NetEvent[] = [];
  try {
    return { data: dispatch(state, action, events, at), events };
  } catch (error) {
    if (error instanceof NetSimError) return { error };
    throw error;
  }
}

/** A number of random runs, each with a random graph. */
function forRandomRuns(run: (random: Random) => void, numRuns = propertyRuns(150)): void {
  fc.assert(fc.property(fc.nat(), (seed) => run(new Random(seed))), { numRuns });
}

Deno.test("after every action each packet is in one place and every index is right", () => {
  let done = 0;
  forRandomRuns((random) => {
    const spec = randomGraph(random);
    const state = newState(spec, random.oneIn(2));
    for (let at = 0; at < 120; at++) {
      const before = describeState(state);
      const action = randomAction(random, state);
      const outcome = attempt(state, action, at);
      if ("data" in outcome) done++;
      else if (action.type !== "runStep") assertEquals(describeState(state), before);
      checkInvariants(state, spec);
    }
  });
  assert(done > 4000, `only ${done} actions were possible`);
});

Deno.test("no input port ever holds more than fits", () => {
  forRandomRuns((random) => {
    const state = newState(randomGraph(random));
    for (let at = 0; at < 200; at++) {
      attempt(state, randomAction(random, state), at);
      checkCapacities(state);
    }
  });
});

Deno.test("undoing actions last in, first out restores every state exactly", () => {
  forRandomRuns((random) => {
    const spec = randomGraph(random);
    const state = newState(spec, random.oneIn(2));
    const done: { before: unknown; events: NetEvent[] }[] = [];
    const undoLast = () => {
      const { before, events } = done.pop()!;
      undoEvents(state, JSON.parse(JSON.stringify(events)));
      assertEquals(describeState(state), before);
    };
    for (let at = 0; at < 150; at++) {
      if (random.oneIn(12)) {
        for (let n = random.below(1 + Math.min(done.length, 30)); n > 0; n--) undoLast();
        checkInvariants(state, spec);
        continue;
      }
      const before = describeState(state);
      const action = randomAction(random, state);
      const outcome = attempt(state, action, at);
      if ("data" in outcome) done.push({ before, events: outcome.events });
      else if (action.type === "runStep") done.length = 0;
    }
    while (done.length > 0) undoLast();
    checkInvariants(state, spec);
  });
});

Deno.test("an undo out of turn works wholly, or is refused and changes nothing", () => {
  let refused = 0;
  forRandomRuns((random) => {
    const spec = randomGraph(random);
    const state = newState(spec);
    const history: NetEvent[][] = [];
    for (let at = 0; at < 150; at++) {
      if (history.length > 0 && random.oneIn(4)) {
        const before = describeState(state);
        try {
          undoEvents(state, random.pick(history));
        } catch (error) {
          if (!(error instanceof UndoError)) throw error;
          assertEquals(describeState(state), before);
          refused++;
        }
        checkInvariants(state, spec);
      } else {
        const outcome = attempt(state, randomAction(random, state), at);
        if ("data" in outcome && outcome.events.length > 0) history.push(outcome.events);
      }
    }
  });
  assert(refused > 100, `only ${refused} were refused`);
});

Deno.test("the same actions bring about the same results and events", () => {
  forRandomRuns((random) => {
    const spec = randomGraph(random);
    const first = newState(spec);
    const actions: NetAction[] = [];
    const outcomes = Array.from({ length: 100 }, (_, at) => {
      const action = randomAction(random, first);
      actions.push(action);
      return JSON.stringify(attempt(first, action, at));
    });
    const second = newState(spec);
    const again = actions.map((action, at) => JSON.stringify(attempt(second, action, at)));
    assertEquals(again, outcomes);
  });
});

Deno.test("without a listener the same happens", () => {
  forRandomRuns((random) => {
    const spec = randomGraph(random);
    const heard = newState(spec);
    const unheard = newState(spec);
    for (let at = 0; at < 100; at++) {
      const action = randomAction(random, heard);
      const outcome = attempt(heard, action, at);
      if ("data" in outcome) {
        assertEquals(dispatch(unheard, action, undefined, at), outcome.data as never);
      } else {
        assertThrows(
          () => dispatch(unheard, action, undefined, at),
          outcome.error.constructor as never,
        );
      }
      assertEquals(describeState(unheard), describeState(heard));
    }
  });
});

Deno.test("isBlocked() is false exactly when a step changes something", () => {
  const seen = { blocked: 0, free: 0 };
  forRandomRuns((random) => {
    const state = newState(randomGraph(random), random.oneIn(2));
    for (let at = 0; at < 100; at++) {
      const before = describeState(state);
      const blocked = isBlocked(state);
      assertEquals(describeState(state), before);
      const outcome = attempt(state, { type: "runStep" }, at);
      if (blocked) {
        assertEquals(outcome, {
          data: { type: "step", madeProgress: false, created: [] },
          events: [],
        });
        assertEquals(describeState(state), before);
        seen.blocked++;
      } else if ("data" in outcome) {
        assert(outcome.events.length > 0);
        seen.free++;
      } else {
        assert(outcome.error instanceof RequestUnconnectedPortError);
      }
      for (let n = random.below(4); n >= 0; n--) attempt(state, randomAction(random, state), at);
    }
  });
  assert(seen.blocked > 500 && seen.free > 500, JSON.stringify(seen));
});
