//! Helper functions for what SWC's helpers do not do as the language has it; most of it waits.
//!
//! Written in the words of ES2015, which every target has.

/// One helper function.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum OwnHelper {
    /// The right side of `in` must be an object.
    Object,
    /// Runs a generator whose `yield` waits.
    Async,
    /// Marks what an async generator waits for.
    Await,
    /// An async generator from a generator.
    AsyncGenerator,
    /// The iterator of `for await` and `yield*`.
    AsyncIterator,
    /// `yield*` of an async generator.
    Delegate,
    /// The state of a `for await`.
    ForAwait,
    /// The strings of a tagged template.
    Template,
    /// What a value is as the name of a property.
    Key,
    /// What stands for a method that is assigned to.
    Method,
    /// Gives a function its name.
    Named,
}

impl OwnHelper {
    /// All of them.
    pub const ALL: &'static [Self] = &[
        Self::Object,
        Self::Async,
        Self::Await,
        Self::AsyncGenerator,
        Self::AsyncIterator,
        Self::Delegate,
        Self::ForAwait,
        Self::Template,
        Self::Key,
        Self::Method,
        Self::Named,
    ];

    /// The name code calls it by.
    pub fn name(self) -> &'static str {
        match self {
            Self::Object => "__object",
            Self::Async => "__async",
            Self::Await => "__Await",
            Self::AsyncGenerator => "__asyncGenerator",
            Self::AsyncIterator => "__asyncIterator",
            Self::Delegate => "__delegate",
            Self::ForAwait => "__forAwait",
            Self::Template => "__template",
            Self::Key => "__key",
            Self::Method => "__method",
            Self::Named => "__named",
        }
    }

    /// Helpers whose code it calls, and those that these call.
    pub fn needs(self) -> &'static [Self] {
        match self {
            Self::Object
            | Self::Async
            | Self::Await
            | Self::Template
            | Self::Key
            | Self::Method
            | Self::Named => &[],
            Self::AsyncGenerator => &[Self::Object, Self::Await],
            Self::AsyncIterator => &[Self::Object],
            Self::Delegate => &[Self::Object, Self::Await, Self::AsyncIterator],
            Self::ForAwait => &[Self::Object, Self::AsyncIterator],
        }
    }

    /// Its declaration. Functions, so that code which runs in a cycle before the chunk finds them.
    pub fn declaration(self) -> &'static str {
        match self {
            Self::Object => OBJECT,
            Self::Async => ASYNC,
            Self::Await => AWAIT,
            Self::AsyncGenerator => ASYNC_GENERATOR,
            Self::AsyncIterator => ASYNC_ITERATOR,
            Self::Delegate => DELEGATE,
            Self::ForAwait => FOR_AWAIT,
            Self::Template => TEMPLATE,
            Self::Key => KEY,
            Self::Method => METHOD,
            Self::Named => NAMED,
        }
    }
}

const OBJECT: &str = "function __object(value) {
  if (Object(value) !== value) throw new TypeError(`${String(value)} is not an object`);
  return value;
}";

// ECMA-262 §27.7.5.1 and §27.7.5.3. `Promise.resolve(…).then(…)` takes as many turns as `await`.
const ASYNC: &str = "function __async(receiver, args, body) {
  return new Promise((resolve, reject) => {
    var generator = body.apply(receiver, args);
    var step = (method, value) => {
      try {
        var result = generator[method](value);
      } catch (error) {
        return reject(error);
      }
      if (result.done) resolve(result.value);
      else Promise.resolve(result.value).then((value) => step(\"next\", value), (error) => step(\"throw\", error));
    };
    step(\"next\");
  });
}";

// What `yield` hands to the async generator that is not for its caller. `method` is what a delegate was asked.
const AWAIT: &str = "function __Await(value, delegate, method) {
  this.value = value;
  this.delegate = delegate;
  this.method = method;
}";

// ECMA-262 §27.6.3: requests wait in a queue. `state` is 0 before the start, 1 at a `yield`, 2 while running and 3 at the end.
// A `return` that is asked for at a `yield` waits for its value, unless a `yield*` passes it on.
const ASYNC_GENERATOR: &str = "function __asyncGenerator(receiver, args, body) {
  var generator = body.apply(receiver, args);
  var queue = [];
  var state = 0;
  var delegate;
  var settle = (next, method, value) => {
    state = next;
    queue.shift()[method](value);
    drain();
  };
  var run = (method, value) => {
    state = 2;
    try {
      var result = generator[method](value);
    } catch (error) {
      return settle(3, \"reject\", error);
    }
    value = result.value;
    if (result.done) return settle(3, \"resolve\", { value, done: true });
    if (!(value instanceof __Await)) {
      delegate = undefined;
      return settle(1, \"resolve\", { value, done: false });
    }
    delegate = value.delegate;
    method = value.method;
    Promise.resolve(value.value).then((value) => {
      if (!delegate) return run(\"next\", value);
      try {
        __object(value);
        var done = value.done;
        value = value.value;
      } catch (error) {
        delegate.isFinished = true;
        return run(\"throw\", error);
      }
      if (!done) return settle(1, \"resolve\", { value, done: false });
      delegate.isFinished = true;
      run(method === \"return\" ? \"return\" : \"next\", value);
    }, (error) => {
      if (delegate) delegate.isFinished = true;
      run(\"throw\", error);
    });
  };
  var drain = () => {
    if (state === 2 || !queue.length) return;
    var method = queue[0].method;
    var value = queue[0].value;
    if (method === \"next\" && state === 3) return settle(3, \"resolve\", { value: undefined, done: true });
    if (method === \"next\" || (state === 1 && (delegate || method === \"throw\"))) return run(method, value);
    if (method === \"throw\") return settle(3, \"reject\", value);
    var isSuspended = state === 1;
    state = 2;
    Promise.resolve(value).then(
      (value) => (isSuspended ? run(\"return\", value) : settle(3, \"resolve\", { value, done: true })),
      (error) => (isSuspended ? run(\"throw\", error) : settle(3, \"reject\", error))
    );
  };
  var ask = (method) => (value) => new Promise((resolve, reject) => {
    queue.push({ method, value, resolve, reject });
    drain();
  });
  return Object.defineProperty({
    next: ask(\"next\"),
    throw: ask(\"throw\"),
    return: ask(\"return\"),
    [Symbol.asyncIterator || Symbol.for(\"Symbol.asyncIterator\")]() {
      return this;
    }
  }, Symbol.toStringTag, { value: \"AsyncGenerator\", configurable: true });
}";

// ECMA-262 §7.4.3 and §27.1.6: an iterator that does not wait gets its values waited for.
const ASYNC_ITERATOR: &str = "function __asyncIterator(iterable) {
  var method = iterable[Symbol.asyncIterator || Symbol.for(\"Symbol.asyncIterator\")];
  if (method != null) return __object(method.call(iterable));
  var iterator = __object(iterable[Symbol.iterator]());
  var next = iterator.next;
  var settle = (ask) => {
    try {
      var result = __object(ask());
      var done = result.done;
      return Promise.resolve(result.value).then((value) => ({ value, done }));
    } catch (error) {
      return Promise.reject(error);
    }
  };
  return {
    next: (value) => settle(() => next.call(iterator, value)),
    return: (value) => settle(() => {
      var method = iterator.return;
      return method == null ? { value, done: true } : method.call(iterator, value);
    }),
    throw: (value) => settle(() => {
      var method = iterator.throw;
      if (method != null) return method.call(iterator, value);
      if (iterator.return != null) iterator.return();
      throw new TypeError(\"The iterator does not have a throw method\");
    })
  };
}";

// ECMA-262 §15.5.5, `yield *`: every request goes to the inner iterator and is waited for by the generator around it, which
// says when the inner one has finished.
const DELEGATE: &str = "function __delegate(iterable) {
  var iterator = __asyncIterator(iterable);
  var next = iterator.next;
  var asks = {
    next: (value) => next.call(iterator, value),
    return: (value) => {
      var method = iterator.return;
      if (method != null) return method.call(iterator, value);
      return Promise.resolve(value).then((value) => ({ value, done: true }));
    },
    throw: (value) => {
      var method = iterator.throw;
      if (method != null) return method.call(iterator, value);
      return Promise.resolve(iterator.return == null ? undefined : iterator.return()).then(() => {
        throw new TypeError(\"The iterator does not have a throw method\");
      });
    }
  };
  var answer = (method) => (value) => {
    if (!self.isFinished) return { value: new __Await(asks[method](value), self, method), done: false };
    if (method === \"throw\") throw value;
    return { value, done: true };
  };
  var self = {
    isFinished: false,
    next: answer(\"next\"),
    return: answer(\"return\"),
    throw: answer(\"throw\"),
    [Symbol.iterator]: () => self
  };
  return self;
}";

// `isOpen` while the body runs: whoever leaves it then must close the iterator.
const FOR_AWAIT: &str = "function __forAwait(iterable) {
  var iterator = __asyncIterator(iterable);
  var next = iterator.next;
  return {
    isOpen: false,
    value: undefined,
    next: () => next.call(iterator),
    take(result) {
      this.isOpen = !__object(result).done;
      if (this.isOpen) this.value = result.value;
      return this.isOpen;
    },
    close() {
      var method = iterator.return;
      return method == null ? this : method.call(iterator);
    },
    check: __object
  };
}";

// ECMA-262 §13.2.8.4.
const TEMPLATE: &str = "function __template(cooked, raw) {
  return Object.freeze(Object.defineProperty(cooked, \"raw\", { value: Object.freeze(raw) }));
}";

// ECMA-262 §7.1.19.
const KEY: &str = "function __key(value) {
  return Reflect.ownKeys({ [value]: 0 })[0];
}";

const NAMED: &str = "function __named(target, value) {
  Object.defineProperty(target, \"name\", { value, configurable: true });
}";

// ECMA-262 §7.3.31.
const METHOD: &str = "function __method() {
  return {
    set value(value) {
      throw new TypeError(\"A private method cannot be assigned to\");
    }
  };
}";
