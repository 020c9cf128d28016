import { type FunctionProcess, startFunction } from "../../dev/function/process.ts";
import { startTestStack, type TestStack } from "../support/visits.ts";
import { type CrashInjector, createCrashInjector, type Moment } from "./crash_injector.ts";
import { type Flow, FLOWS, type Origin } from "./kill_flows.ts";
import { startProxy } from "./recording_proxy.ts";
import { type AttackOptions, type Figure, Tally } from "./report.ts";
import { UNTHROTTLED } from "./unthrottled.ts";

/** No join or end makes so many upstream calls: the search for the last one stops here. */
const MOST_CALLS = 12;

/** Both, because a crash before an effect and one after it leave different things behind. */
const MOMENTS: readonly Moment[] = ["before", "after"];

/** Kills processes before and after each of their upstream calls, and then tries everything again. */
export async function killedProcesses({ short }: AttackOptions): Promise<readonly Figure[]> {
  const crashes = createCrashInjector();
  const proxies = [startProxy(crashes.hooks), startProxy(crashes.hooks)] as const;
  const stack = await startTestStack({
    chime: { limits: UNTHROTTLED },
    environment: { SUPABASE_URL: proxies[0].url, CHIME_ENDPOINT: proxies[1].url },
  });
  proxies[0].forwardTo(stack.baseUrl);
  proxies[1].forwardTo(stack.chime.url);
  try {
    const figures: Figure[] = [];
    for (const flow of FLOWS.filter(({ inShort }) => inShort || !short)) {
      figures.push(await killEverywhere(stack, crashes, flow, short ? ["after"] : MOMENTS));
    }
    return figures;
  } finally {
    await stack.stop();
    for (const proxy of proxies) await proxy.stop();
  }
}

async function killEverywhere(
  stack: TestStack,
  crashes: CrashInjector,
  flow: Flow,
  moments: readonly Moment[],
): Promise<Figure> {
  const tally = new Tally(`not healed after a crash: ${flow.name}`);
  const survivor: Origin = () => stack.functions[0]?.url ?? "";
  let victim: FunctionProcess | undefined;
  for (const moment of moments) {
    for (let n = 1; n <= MOST_CALLS; n++) {
      victim ??= await startFunction({ environment: stack.environment });
      const { url } = victim;
      // What the last crash left behind is not a fault of this one.
      stack.chime.faults.add({ kind: "end-meeting" });
      const { act, again } = await flow.prepare(stack, survivor);
      const call = await crashes.crashAt(n, moment, victim.pid, () => act(() => url));
      // There is no such call: the process has crashed at every one before it.
      if (call === undefined) break;
      await victim.stop();
      victim = undefined;
      const fault = await again(survivor);
      tally.add(`killed ${moment} call ${n}, ${call.method} ${shorten(call.path)}`, fault);
    }
  }
  await victim?.stop();
  return tally.figure();
}

/** A path without the ids in it. */
function shorten(path: string): string {
  return path.replace(/[0-9a-f]{8}-[0-9a-f-]{27}/g, "…");
}
