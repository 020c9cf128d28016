import type { ProxiedCall, ProxyHooks } from "./recording_proxy.ts";

/** Before a call reaches its upstream, or after it has taken effect and before it is answered. */
export type Moment = "before" | "after";

/** Kills a process at one of the calls that it makes through recording proxies. */
export interface CrashInjector {
  readonly hooks: ProxyHooks;
  /**
   * Runs `act`, and kills a process at the `n`th call that reaches the proxies.
   * @returns that call, if it came
   */
  crashAt(
    n: number,
    moment: Moment,
    pid: number,
    act: () => Promise<unknown>,
  ): Promise<ProxiedCall | undefined>;
}

/** An injector for proxies that share it, so that calls through all of them are counted together. */
export function createCrashInjector(): CrashInjector {
  let plan: { n: number; moment: Moment; pid: number; hit?: ProxiedCall } | undefined;
  const numbers = new Map<ProxiedCall, number>();
  const crash = (call: ProxiedCall, moment: Moment) => {
    if (!plan || plan.hit || plan.moment !== moment || numbers.get(call) !== plan.n) return false;
    plan.hit = call;
    Deno.kill(plan.pid, "SIGKILL");
    return true;
  };
  return {
    hooks: {
      before: (call) => {
        if (plan) numbers.set(call, numbers.size + 1);
        return crash(call, "before") ? new Response(null, { status: 503 }) : undefined;
      },
      after: (call) => void crash(call, "after"),
    },
    crashAt: async (n, moment, pid, act) => {
      numbers.clear();
      plan = { n, moment, pid };
      await act().catch(() => {});
      const { hit } = plan;
      plan = undefined;
      return hit;
    },
  };
}
