/**
 * Replaces what the function's packages contain but the function does not use: the other clients of
 * supabase-js, which it creates with every client, and the event streams of the AWS client. Together
 * they are a quarter of the code. Their use throws.
 */
class Unused {
  constructor() {
    return new Proxy(this, { get: (target, name) => Reflect.get(target, name) ?? fail(name) });
  }
}

function fail(name: string | symbol): never {
  throw new Error(`Cannot use ${String(name)}: it is not in the built function (ops/function)`);
}

/** supabase-js passes its token on when it is created. */
export class RealtimeClient extends Unused {
  setAuth() {}
}

export {
  Unused as AuthClient,
  Unused as EventStreamSerde,
  Unused as FunctionsClient,
  Unused as StorageClient,
};

// Names that supabase-js only exports again.
export {
  Unused as FunctionRegion,
  Unused as FunctionsError,
  Unused as FunctionsFetchError,
  Unused as FunctionsHttpError,
  Unused as FunctionsRelayError,
  Unused as StorageApiError,
};
