//! The few functions that linked code may call. Each chunk carries only those it calls, as text.

mod commonjs;
mod decorate;

use serde::{Deserialize, Serialize};

use self::commonjs::{
    ASYNC_MODULE, COMMON_JS, COMMON_JS_MODULE, DEFAULT_OF, IMPORT_BY_NAME_TEXT, IMPORTED_COMMON_JS, IS_MAIN,
    MAIN_MODULE, MISSING_MODULE, REQUIRE_BY_NAME_TEXT, REQUIRE_EXTERNAL, REQUIRE_IN_BROWSER, TAKE_NAMES,
    TO_COMMON_JS, TO_ES_MODULE, WITH_DEFAULT,
};
use self::decorate::{DECORATE_TEXT, PROPERTY_KEY_TEXT};
use crate::graph::{DECORATE, IMPORT_BY_NAME, KEEP_NAME, MAP_ARGUMENT, PROPERTY_KEY, REQUIRE_BY_NAME};

/// One helper function.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Helper {
    /// Evaluates a CommonJS module once and gives its `module.exports`.
    CommonJs,
    /// The same for a module that asks for more of `module`.
    CommonJsModule,
    /// `require.cache`.
    ModuleCache,
    /// Evaluates an ES module once, at the first call; a failure is remembered.
    Lazy,
    /// The same for a module with top-level `await`.
    LazyAsync,
    /// What a binding is that has no value yet.
    Unset,
    /// The value of a binding, if it has one.
    Read,
    /// The value for a binding, if it has one already.
    Write,
    /// A namespace object.
    Namespace,
    /// The same for a module that passes on what modules outside the bundle export.
    NamespaceWithStars,
    /// A namespace object that is made when all its values are there and stay.
    SettledNamespace,
    /// What an ES module sees of a CommonJS module.
    ToEsModule,
    /// What an ES module sees of a CommonJS module of which it reads nothing but `default`.
    WithDefault,
    /// Names of a CommonJS module with the values that they have.
    TakeNames,
    /// What `import()` gives of the file of a CommonJS module.
    ImportedCommonJs,
    /// What `require()` gives of an ES module in the bundle.
    ToCommonJs,
    /// What `require()` gives of a module outside the bundle.
    RequireExternal,
    /// The value `default` of a CommonJS entry.
    DefaultOf,
    /// `require` as a value, and for Node's own modules.
    Require,
    /// The path of the file.
    FileName,
    /// The directory of the file.
    DirectoryName,
    /// Whether Node was started with the file.
    IsMain,
    /// `require.main` where that is another module.
    MainModule,
    /// Throws what Node throws for a `require()` that leads nowhere.
    MissingModule,
    /// Throws what Node throws for a `require()` of a module with top-level `await`.
    AsyncModule,
    /// Requires one of several modules by its name.
    RequireByName,
    /// Imports one of several modules by its name.
    ImportByName,
    /// Looks at the options of an `import()` before it loads.
    ImportWith,
    /// The `import.meta` of one of several modules in the file.
    ImportMeta,
    /// Makes an element of `arguments` and a parameter one variable.
    MapArgument,
    /// Gives a function its name back.
    KeepName,
    /// Applies the decorators of a class.
    Decorate,
    /// The key of a property for a value.
    PropertyKey,
    /// Puts style sheets on the page before something is loaded.
    Styles,
    /// Fetches files beside what is loaded.
    Preload,
    /// The same for names in an import map.
    PreloadMapped,
}

/// All names that helpers declare: chunk-level names avoid them.
pub const HELPER_NAMES: &[&str] = &[
    "__commonJS",
    "__commonJSModule",
    "__moduleCache",
    "__isMain",
    "__mainModule",
    "__lazy",
    "__lazyAsync",
    "__unset",
    "__read",
    "__write",
    "__namespace",
    "__namespaceWithStars",
    "__settledNamespace",
    "__toESM",
    "__withDefault",
    "__takeNames",
    "__importedCommonJS",
    "__toCommonJS",
    "__requireExternal",
    "__defaultOf",
    "__require",
    "__missing",
    "__asyncModule",
    KEEP_NAME,
    MAP_ARGUMENT,
    DECORATE,
    PROPERTY_KEY,
    REQUIRE_BY_NAME,
    IMPORT_BY_NAME,
    "__importWith",
    "__importMeta",
    "__fileName",
    "__directoryName",
    "__fileURLToPath",
    "__styles",
    "__preload",
    "__createRequire",
];

/// Globals that helpers use: a chunk-level binding of such a name would hide it from them.
pub const HELPER_GLOBALS: &[&str] = &[
    "Array",
    "Error",
    "Math",
    "Object",
    "Promise",
    "Proxy",
    "ReferenceError",
    "Reflect",
    "Set",
    "SuppressedError",
    "Symbol",
    "TypeError",
    "URL",
    "WeakMap",
    "WeakSet",
    "document",
];

impl Helper {
    /// The name code calls it by.
    pub fn name(self) -> &'static str {
        match self {
            Self::CommonJs => "__commonJS",
            Self::CommonJsModule => "__commonJSModule",
            Self::ModuleCache => "__moduleCache",
            Self::IsMain => "__isMain",
            Self::MainModule => "__mainModule",
            Self::Lazy => "__lazy",
            Self::LazyAsync => "__lazyAsync",
            Self::Unset => "__unset",
            Self::Read => "__read",
            Self::Write => "__write",
            Self::Namespace => "__namespace",
            Self::NamespaceWithStars => "__namespaceWithStars",
            Self::SettledNamespace => "__settledNamespace",
            Self::ToEsModule => "__toESM",
            Self::ImportedCommonJs => "__importedCommonJS",
            Self::ToCommonJs => "__toCommonJS",
            Self::RequireExternal => "__requireExternal",
            Self::WithDefault => "__withDefault",
            Self::TakeNames => "__takeNames",
            Self::DefaultOf => "__defaultOf",
            Self::Require => "__require",
            Self::MissingModule => "__missing",
            Self::AsyncModule => "__asyncModule",
            Self::RequireByName => REQUIRE_BY_NAME,
            Self::ImportByName => IMPORT_BY_NAME,
            Self::ImportWith => "__importWith",
            Self::ImportMeta => "__importMeta",
            Self::MapArgument => MAP_ARGUMENT,
            Self::KeepName => KEEP_NAME,
            Self::Decorate => DECORATE,
            Self::PropertyKey => PROPERTY_KEY,
            Self::FileName => "__fileName",
            Self::DirectoryName => "__directoryName",
            Self::Styles => "__styles",
            Self::Preload | Self::PreloadMapped => "__preload",
        }
    }

    /// Helpers whose code it calls.
    pub fn needs(self) -> &'static [Self] {
        match self {
            Self::IsMain => &[Self::Require, Self::FileName],
            Self::MainModule => &[Self::Require],
            Self::ImportedCommonJs => &[Self::ToEsModule],
            Self::RequireByName => &[Self::MissingModule],
            Self::RequireExternal => &[Self::ToCommonJs],
            Self::Read => &[Self::Unset],
            Self::NamespaceWithStars => &[Self::Namespace],
            _ => &[],
        }
    }

    /// Its declaration, readable; that of some is another in Node, see [`Helper::declaration_in_node`].
    pub fn declaration(self) -> &'static str {
        match self {
            Self::CommonJs => COMMON_JS,
            Self::CommonJsModule => COMMON_JS_MODULE,
            Self::ModuleCache => "var __moduleCache = Object.create(null);",
            // Only Node has a main module.
            Self::IsMain => "var __isMain = false;",
            Self::MainModule => "var __mainModule;",
            Self::Lazy => LAZY,
            Self::LazyAsync => LAZY_ASYNC,
            Self::Unset => UNSET,
            Self::Read => READ,
            Self::Write => WRITE,
            Self::Namespace => NAMESPACE,
            Self::NamespaceWithStars => NAMESPACE_WITH_STARS,
            Self::SettledNamespace => SETTLED_NAMESPACE,
            Self::ToEsModule => TO_ES_MODULE,
            Self::ImportedCommonJs => IMPORTED_COMMON_JS,
            Self::ToCommonJs => TO_COMMON_JS,
            Self::RequireExternal => REQUIRE_EXTERNAL,
            Self::WithDefault => WITH_DEFAULT,
            Self::TakeNames => TAKE_NAMES,
            Self::DefaultOf => DEFAULT_OF,
            Self::Require => REQUIRE_IN_BROWSER,
            Self::MissingModule => MISSING_MODULE,
            Self::AsyncModule => ASYNC_MODULE,
            Self::RequireByName => REQUIRE_BY_NAME_TEXT,
            Self::ImportByName => IMPORT_BY_NAME_TEXT,
            Self::ImportWith => IMPORT_WITH,
            Self::ImportMeta => IMPORT_META,
            Self::MapArgument => MAP_ARGUMENT_TEXT,
            Self::KeepName => KEEP_NAME_TEXT,
            Self::Decorate => DECORATE_TEXT,
            Self::PropertyKey => PROPERTY_KEY_TEXT,
            Self::Styles => STYLES,
            Self::Preload => PRELOAD,
            Self::PreloadMapped => PRELOAD_MAPPED,
            // Bundled code has no path in a browser; what other bundlers say is what code expects.
            Self::FileName => "var __fileName = \"/index.js\";",
            Self::DirectoryName => "var __directoryName = \"/\";",
        }
    }

    /// Its declaration where Node's own modules are at hand, if it is another.
    pub fn declaration_in_node(self) -> Option<&'static str> {
        match self {
            Self::Require => Some("var __require = __createRequire(import.meta.url);"),
            Self::FileName => Some("var __fileName = __fileURLToPath(import.meta.url);"),
            Self::DirectoryName => {
                Some("var __directoryName = __fileURLToPath(new URL(\".\", import.meta.url)).slice(0, -1);")
            }
            Self::IsMain => Some(IS_MAIN),
            Self::MainModule => Some(MAIN_MODULE),
            _ => None,
        }
    }
}

// ECMA-262 §16.2.1.5.3: a module in evaluation is not entered again; an error is thrown again to every importer.
const LAZY: &str = "var __lazy = (body, state, error) => () => {
  if (state === 2) throw error;
  if (!state) {
    state = 1;
    try {
      body();
    } catch (reason) {
      state = 2;
      throw (error = reason);
    }
  }
};";

// ECMA-262 §16.2.1.5.3, `InnerModuleEvaluation` and `AsyncModuleExecutionFulfilled`. A module whose start leads back to
// itself does not wait for itself. What has nobody to wait for runs at once, and is waited for by nobody when it is done. What
// waits runs in the very moment when the last of them is done, those that became ready together in the order in which they
// were started. Who asks for a module of a circle from outside waits for the one through which the circle was entered, its
// root; a module is on the stack until it is known. The files of a program count together.
const LAZY_ASYNC: &str = "var __lazyAsync = ((started) => {
  var stack = (started.stack ||= []);
  var waits = (module) => module.body[Symbol.toStringTag] === \"AsyncFunction\";
  var failed = (module, error) => {
    if (module.state !== 1) return;
    module.state = 3;
    module.error = error;
    module.reject(error);
    for (var parent of module.parents) failed(parent, error);
  };
  var release = (module, ready) => {
    module.parents.forEach((parent) => {
      if (parent.state === 1 && !--parent.waiting) {
        ready.push(parent);
        if (!waits(parent)) release(parent, ready);
      }
    });
    return ready;
  };
  var done = (module) => {
    module.state = 2;
    module.resolve();
  };
  var run = (module) =>
    module.body().then(
      () => {
        if (module.state !== 1) return;
        done(module);
        for (let next of release(module, []).sort((a, b) => a.order - b.order)) {
          if (next.state === 1) {
            if (waits(next)) run(next);
            else {
              try {
                next.body();
                done(next);
              } catch (error) {
                failed(next, error);
              }
            }
          }
        }
      },
      (error) => failed(module, error)
    );
  var evaluate = (module) => {
    var importer = started.importer;
    var place = (module.lowest = stack.push(module));
    module.state = 1;
    started.importer = module;
    try {
      for (var pending of module.start()) {
        if (pending) {
          pending.module.parents.push(module);
          module.waiting++;
        }
      }
      started.importer = undefined;
      if (!module.waiting && !waits(module)) {
        module.body();
        module.state = 2;
      } else {
        module.order = started.count++;
        module.promise = new Promise((resolve, reject) => Object.assign(module, { resolve, reject }));
        module.promise.catch(() => {});
        module.promise.module = module;
        if (!module.waiting) run(module);
      }
    } catch (error) {
      for (let other of stack.splice(place - 1)) Object.assign(other, { state: 3, error });
      throw error;
    } finally {
      started.importer = importer;
    }
    if (module.lowest === place) for (var other of stack.splice(place - 1)) other.root = module;
  };
  return (start, body) => {
    var module = { start, body, parents: [], waiting: 0 };
    return () => {
      if (!module.state) evaluate(module);
      var { root = module } = module;
      var { importer } = started;
      if (root.state === 3) throw root.error;
      if (!module.root && importer) importer.lowest = Math.min(importer.lowest, module.lowest);
      return root.state === 1 ? root.promise : undefined;
    };
  };
})((globalThis[Symbol.for(\"esmx-build.started\")] ||= { count: 0 }));";

// The files of a program must agree on it.
const UNSET: &str = "var __unset = Symbol.for(\"unset\");";

const READ: &str = "var __read = (value, name) => {
  if (value === __unset) throw new ReferenceError(`Cannot access '${name}' before initialization`);
  return value;
};";

// The second argument is a read that throws where there is no value yet.
const WRITE: &str = "var __write = (value, old) => value;";

// ECMA-262 §10.4.6: data properties whose values are read when they are asked for, sorted by code units; no prototype, not
// extensible; what is not initialised throws. A proxy over an object with these properties can say so. The proxy around it
// is for Node's `console.log`, which shows what is behind a proxy.
const NAMESPACE: &str = "var __namespace = (getters) => {
  var target = Object.create(null, { [Symbol.toStringTag]: { value: \"Module\" } });
  for (var name of Object.keys(getters).sort()) target[name] = undefined;
  var describe = (target, name) => {
    var found = Reflect.getOwnPropertyDescriptor(target, name);
    if (found?.writable) found.value = getters[name]();
    return found;
  };
  return new Proxy(new Proxy(Object.seal(target), {
    get: (target, name) => (name in target && getters[name] ? getters[name]() : target[name]),
    set() {},
    getOwnPropertyDescriptor: describe,
    defineProperty: (target, name, wanted, found = describe(target, name)) =>
      found && Object.keys(wanted).every((key) => key in found && Object.is(wanted[key], found[key]))
  }), {});
};";

// `stars` are modules outside the bundle that are exported with `export *`.
const NAMESPACE_WITH_STARS: &str = "var __namespaceWithStars = (getters, ...stars) => {
  Object.setPrototypeOf(getters, null);
  for (let star of stars) {
    for (let name of Object.getOwnPropertyNames(star)) {
      if (name !== \"default\") getters[name] ??= () => star[name];
    }
  }
  return __namespace(getters);
};";

// The same for values that stay: what asks for them is not the proxy's business, and `console.log` shows them.
const SETTLED_NAMESPACE: &str = "var __settledNamespace = (values) => {
  var target = Object.create(null, { [Symbol.toStringTag]: { value: \"Module\" } });
  for (var name of Object.keys(values).sort()) target[name] = values[name];
  return new Proxy(Object.seal(target), {
    set() {},
    defineProperty: (target, name, wanted, found = Object.getOwnPropertyDescriptor(target, name)) =>
      found && Object.keys(wanted).every((key) => key in found && Object.is(wanted[key], found[key]))
  });
};";

// ECMA-262 §13.3.12.1: every module has an object of its own, that anybody may write to.
const IMPORT_META: &str = "var __importMeta = ((metas) => (number) => (metas[number] ??= Object.assign(Object.create(null), import.meta)))([]);";

// ECMA-262 §10.4.4.7: only arguments that were given are mapped.
const MAP_ARGUMENT_TEXT: &str = "var __mapArgument = (list, index, get, set) => {
  if (index < list.length) Object.defineProperty(list, index, { get, set, enumerable: true, configurable: true });
};";

const KEEP_NAME_TEXT: &str = "var __keepName = (target, value) => Object.defineProperty(target, \"name\", { value, configurable: true });";
// A link that the page came with is loaded, or its failure is the page's matter. One that is added here is waited
// for by everybody who needs it; after a failure it is gone, so that the next `import()` tries again.
const STYLES: &str = "var __styles = (urls, load) => {
  if (typeof document === \"undefined\") return load?.();
  var added = Promise.all(urls.map((url) => {
    var { href } = new URL(url, import.meta.url);
    for (var link of document.querySelectorAll(\"link[rel~=stylesheet]\")) {
      if (link.href === href) return link.pending;
    }
    link = document.createElement(\"link\");
    link.rel = \"stylesheet\";
    link.href = href;
    link.pending = new Promise((resolve, reject) => {
      link.onload = resolve;
      link.onerror = () => {
        link.remove();
        reject(new Error(`Cannot load the style sheet ${href}`));
      };
    });
    document.head.append(link);
    return link.pending;
  }));
  return load ? added.then(load) : added.catch(() => {});
};";

/// What fetches files ahead; `$find` sets `href`, or goes on with the next file.
macro_rules! preload {
    ($find:literal) => {
        concat!(
            "var __preload = ((known) => (files, load) => {
  if (typeof document !== \"undefined\") {
    for (var file of files) {
      ",
            $find,
            "
      known.add(href);
      var link = document.createElement(\"link\");
      link.rel = \"modulepreload\";
      link.href = href;
      link.nonce = document.querySelector(\"script[nonce]\")?.nonce ?? \"\";
      document.head.append(link);
    }
  }
  return load();
})(new Set());"
        )
    };
}

// `modulepreload` fetches with the integrity of the import map and runs nothing. Policies that ask for a nonce get that of
// the page's scripts.
const PRELOAD: &str = preload!(
    "var { href } = new URL(file, import.meta.url);
      if (known.has(href)) continue;"
);

// Browsers that know `modulepreload` and not `import.meta.resolve` fetch file by file.
const PRELOAD_MAPPED: &str = preload!(
    "var href = import.meta.resolve?.(file);
      if (!href || known.has(href)) continue;"
);

const IMPORT_WITH: &str = "var __importWith = async (options, load) => {
  var check = (isRight, what) => {
    if (!isRight) throw new TypeError(`${what} of import() cannot be used`);
  };
  if (options !== undefined) {
    check(Object(options) === options, \"The second argument\");
    var attributes = options.with;
    if (attributes !== undefined) {
      check(Object(attributes) === attributes, \"The attributes\");
      var entries = Object.entries(attributes);
      check(entries.every(([, value]) => typeof value === \"string\"), \"A value in the attributes\");
      check(entries.every(([name]) => name === \"type\"), \"A name in the attributes\");
    }
  }
  return load();
};";
