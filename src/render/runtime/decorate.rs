//! What decorated classes call.

/// Tells every decorator of a class about what it decorates, and puts what it answers in its place.
///
/// A member is `[kind + 8 if static, key, decorators, access, from]`; the last two are those of private ones. The answer
/// is the class, what runs at its end, for static methods and for methods, and for every member in turn what computes the
/// value and what runs after it, or what a private member has become.
// https://tc39.es/proposal-decorators, https://github.com/tc39/proposal-decorator-metadata
pub(super) const DECORATE_TEXT: &str = "var __decorate = (target, named, members) => {
  var kinds = [\"field\", \"accessor\", \"method\", \"getter\", \"setter\", \"class\"];
  var symbol = Symbol.metadata || Symbol.for(\"Symbol.metadata\");
  var inherited = Object.getPrototypeOf(target)[symbol];
  var metadata = Object.create(inherited === undefined ? null : inherited);
  var fail = (message) => {
    throw new TypeError(message);
  };
  var callable = (value) => (typeof value === \"function\" ? value : fail(\"Function expected\"));
  var runner = (list) => (self) => {
    for (var run of list) run.call(self);
  };
  var initializer = (list) => (self, value) => {
    for (var run of list) value = run.call(self, value);
    return value;
  };
  var apply = (decorators, kind, name, extra, more, value, take) => {
    for (let index = decorators.length; index--; ) {
      let isDone = false;
      let decorator = decorators[index];
      let receiver;
      if (Array.isArray(decorator)) [receiver, decorator] = decorator;
      let addInitializer = (run) => {
        if (isDone) fail(\"Already initialized\");
        extra.push(callable(run));
      };
      let context = Object.assign({ kind: kinds[kind], name, metadata, addInitializer }, more());
      let result = callable(decorator).call(receiver, value(), context);
      isDone = true;
      if (result !== undefined) take(result);
    }
  };
  // Static ones come first, and fields after all others.
  var rank = ([flags]) => ((flags & 7) ? 0 : 2) + (flags > 7 ? 0 : 1);
  var order = members.map((member, index) => index).sort((one, other) => rank(members[one]) - rank(members[other]));
  var results = [];
  var ofStatic = [];
  var ofInstance = [];
  if (named) {
    var [className, classDecorators] = named;
    if (typeof className === \"symbol\") className = className.description === undefined ? \"\" : `[${className.description}]`;
    className = `${className}`;
    var own = Object.getOwnPropertyDescriptor(target, \"name\");
    if (!own || (!own.writable && typeof own.value === \"string\")) {
      Object.defineProperty(target, \"name\", { value: className, configurable: true });
    }
  }
  for (let index of order) {
    let [flags, key, decorators, access, from] = members[index];
    let kind = flags & 7;
    let isStatic = flags > 7;
    let name = typeof key === \"symbol\" ? key : `${key}`;
    let holder = from || (isStatic ? target : target.prototype);
    let descriptor = kind ? Object.getOwnPropertyDescriptor(holder, name) : undefined;
    let slot = [\"\", \"\", \"value\", \"get\", \"set\"][kind];
    let inits = [];
    let extra = kind < 2 ? [] : isStatic ? ofStatic : ofInstance;
    let isPrivate = !!access;
    let [has, get, set] = access || [
      (of) => name in of,
      (of) => of[name],
      (of, value) => {
        of[name] = value;
      },
    ];
    apply(
      decorators,
      kind,
      name,
      extra,
      () => {
        var all = { has };
        if (kind !== 4) all.get = get;
        if (kind < 2 || kind > 3) all.set = set;
        return { static: isStatic, private: isPrivate, access: all };
      },
      () => (kind > 1 ? descriptor[slot] : kind ? { get: descriptor.get, set: descriptor.set } : undefined),
      (result) => {
        if (kind > 1) {
          descriptor[slot] = callable(result);
          return;
        }
        if (kind) {
          if (typeof result !== \"object\" || result === null) fail(\"Object expected\");
          for (let part of [\"get\", \"set\"]) {
            let given = result[part];
            if (given !== undefined) descriptor[part] = callable(given);
          }
          result = result.init;
          if (result === undefined) return;
        }
        inits.unshift(callable(result));
      },
    );
    if (kind && !from) Object.defineProperty(holder, name, descriptor);
    results[index] = kind < 2 ? [initializer(inits), runner(extra)] : [];
    if (from) results[index].push(...(kind > 1 ? [descriptor[slot]] : [descriptor.get, descriptor.set]));
  }
  var ofClass = [];
  if (named) {
    apply(
      classDecorators,
      5,
      className,
      ofClass,
      () => {},
      () => target,
      (result) => {
        target = callable(result);
      },
    );
  }
  Object.defineProperty(target, symbol, { value: metadata, enumerable: true, configurable: true, writable: true });
  return [target, runner(ofClass), runner(ofStatic), runner(ofInstance)].concat(...results);
};";

/// ECMA-262 §7.1.19.
pub(super) const PROPERTY_KEY_TEXT: &str = "var __propertyKey = (key) => Reflect.ownKeys({ [key]: 0 })[0];";
