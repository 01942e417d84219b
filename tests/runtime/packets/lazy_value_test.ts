import { assertEquals, assertRejects } from "@std/assert";
import { LazyPacketValueEvaluationError } from "../../../runtime/packets/error.ts";
import { LazyPacketValueSpec, lazyValueEvaluator } from "../../../runtime/packets/lazy_value.ts";

const echo = lazyValueEvaluator(() => (...args) => args);

Deno.test("named arguments follow as one object, and only if there are any", async () => {
  const call = (args: unknown[], kwargs?: Record<string, unknown>) =>
    echo(new LazyPacketValueSpec("./f.ts::f", args, kwargs), "01J0");
  assertEquals(await call([1, 2]), [1, 2]);
  assertEquals(await call([1], {}), [1]);
  assertEquals(await call([1], { x: 3 }), [1, { x: 3 }]);
});

Deno.test("2: what loading throws passes unchanged, what the function throws is wrapped", async () => {
  const failLoading = lazyValueEvaluator(() => Promise.reject(new URIError("no such module")));
  const spec = new LazyPacketValueSpec("./f.ts::f");
  await assertRejects(async () => await failLoading(spec, "01J0"), URIError, "no such module");

  const failCalling = lazyValueEvaluator(() => () => Promise.reject("a string"));
  const error = await assertRejects(
    async () => await failCalling(spec, "01J0"),
    LazyPacketValueEvaluationError,
    "`./f.ts::f` threw a string",
  );
  assertEquals([error.code, error.cause], ["LazyPacketValueEvaluation", "a string"]);
});
