import type { GateCall, GateWatch } from "./gate.ts";

/** Before a call goes on to its upstream, or when it has taken effect and its answer is under way. */
export type Moment = "before" | "after";

/** Kills a process at one of the calls that it makes through gates. */
export interface Killer {
  readonly watch: GateWatch;
  /** Does something while a process is to die at its `n`th call; answers that call, if it came. */
  during(
    n: number,
    moment: Moment,
    pid: number,
    act: () => Promise<unknown>,
  ): Promise<GateCall | undefined>;
}

/** A killer for gates that share it, so that calls through all of them are counted together. */
export function createKiller(): Killer {
  let plan: { n: number; moment: Moment; pid: number; hit?: GateCall } | undefined;
  const numbers = new Map<GateCall, number>();
  const strike = (call: GateCall, moment: Moment) => {
    if (!plan || plan.hit || plan.moment !== moment || numbers.get(call) !== plan.n) return false;
    plan.hit = call;
    Deno.kill(plan.pid, "SIGKILL");
    return true;
  };
  return {
    watch: {
      before: (call) => {
        if (plan) numbers.set(call, numbers.size + 1);
        return strike(call, "before") ? new Response(null, { status: 503 }) : undefined;
      },
      after: (call) => void strike(call, "after"),
    },
    during: async (n, moment, pid, act) => {
      numbers.clear();
      plan = { n, moment, pid };
      await act().catch(() => {});
      const { hit } = plan;
      plan = undefined;
      return hit;
    },
  };
}
