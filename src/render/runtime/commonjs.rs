//! The text of the helpers that CommonJS modules take.

// A module that throws is forgotten, as Node does, so that the next `require` runs it again. While it runs,
// `require` sees the unfinished `exports`: that is how cycles work.
pub(super) const COMMON_JS: &str = "var __commonJS = (body, module) => () => {
  if (!module) {
    module = { exports: {} };
    try {
      body.call(module.exports, module.exports, module);
    } catch (error) {
      module = undefined;
      throw error;
    }
  }
  return module.exports;
};";

// `details` are what is known of the module before it runs. `running` are the modules of this kind that are running.
pub(super) const COMMON_JS_MODULE: &str =
    "var __commonJSModule = ((running) => (body, details, module) => () => {
  var { cache, key } = details;
  if (cache) module = cache[key];
  if (!module) {
    var parent = running.at(-1) || details.parent;
    var current = (module = { exports: {}, loaded: false, children: [], paths: [], ...details, parent });
    if (cache) cache[key] = module;
    if (parent) parent.children.push(module);
    running.push(module);
    try {
      body.call(module.exports, module.exports, module);
      current.loaded = true;
    } catch (error) {
      module = undefined;
      if (cache) delete cache[key];
      throw error;
    } finally {
      running.pop();
    }
    return current.exports;
  }
  return module.exports;
})([]);";

// The path that Node was started with may be a link, and may lack its extension.
pub(super) const IS_MAIN: &str = "var __isMain = (() => {
  try {
    return __require.resolve(process.argv[1]) === __fileName;
  } catch {
    return false;
  }
})();";

pub(super) const MAIN_MODULE: &str = "var __mainModule = __require.main || {
  id: \".\",
  filename: process.argv[1],
  exports: {},
  loaded: true,
  children: [],
  paths: [],
  require: __require
};";

// Node gives `module.exports` as `default`. Code written for bundlers expects the `default` of a module that
// says it was an ES module, if it has one. An instance keeps its prototype, so that its methods can be imported by name;
// a plain object looks like the namespace that Node makes of it.
//
// `manner` is 0 for importers that bundlers are used to, for whom everything is live; 1 for importers that Node would
// know as ES modules; 2 for those of them that come when the module has finished: Node has read the values by then.
// `known` are the names that Node would show without running the module; they are given where the object itself is
// used. It shows no others, but they are there for code that works in other bundlers.
pub(super) const TO_ES_MODULE: &str = "var __toESM = (value, manner, known) => {
  var isObject = (value && typeof value === \"object\") || typeof value === \"function\";
  var prototype = isObject ? Object.getPrototypeOf(value) : null;
  var target = Object.create(prototype === Object.prototype ? null : prototype);
  var isMarked = !manner && value && value.__esModule;
  var names = new Set(isObject ? Object.getOwnPropertyNames(value) : []).add(\"default\");
  if (!isMarked) for (var name of known || []) names.add(name);
  for (let name of [...names].sort()) {
    var found = isObject ? Object.getOwnPropertyDescriptor(value, name) : undefined;
    var isKnown = known && known.includes(name);
    var property = {
      enumerable: manner && known ? isKnown : found ? found.enumerable || (manner && name === \"__esModule\") : true
    };
    if (name === \"default\" && !isMarked) {
      property = { value, enumerable: true };
    } else if (name === \"default\") {
      property.get = () => (\"default\" in value ? value.default : value);
    } else if (manner === 2 && (isKnown || !found || \"value\" in found)) {
      try {
        property.value = value[name];
      } catch {}
    } else {
      property.get = () => value?.[name];
    }
    Object.defineProperty(target, name, property);
  }
  Object.defineProperty(target, Symbol.toStringTag, { value: \"Module\" });
  return Object.preventExtensions(target);
};";

// The same for importers that bundlers are used to, where they read nothing but `default`.
pub(super) const WITH_DEFAULT: &str = "var __withDefault = (value) => {
  if (!value || !value.__esModule) return { default: value };
  return { get default() { return \"default\" in value ? value.default : value; } };
};";

// What Node cannot read is `undefined`. `names` are those of all importers.
pub(super) const TAKE_NAMES: &str = "var __takeNames = (load, names) => {
  var value = load();
  if (load.taken) return load.taken;
  var taken = (load.taken = { __proto__: null });
  for (var name of names) {
    try {
      taken[name] = value[name];
    } catch {}
  }
  return taken;
};";

pub(super) const IMPORTED_COMMON_JS: &str = "var __importedCommonJS = ((views) => (file) => {
  if (!views.has(file)) views.set(file, __toESM(file.default, 0, Object.keys(file)));
  return views.get(file);
})(new WeakMap());";

pub(super) const TO_COMMON_JS: &str = "var __toCommonJS = ((views) => (namespace) => {
  var view = views.get(namespace);
  if (!view) {
    view = {};
    Object.defineProperty(view, \"__esModule\", { value: true });
    Object.defineProperty(view, Symbol.toStringTag, { value: \"Module\" });
    views.set(namespace, view);
    for (let name of Reflect.ownKeys(namespace)) {
      if (typeof name === \"string\" && name !== \"__esModule\") {
        Object.defineProperty(view, name, { get: () => namespace[name], enumerable: true });
      }
    }
  }
  return view;
})(new WeakMap());";

// A provided CommonJS package shows `module.exports` as `default` and its properties as names: then
// `require` must give `module.exports` back, which may be a function.
pub(super) const REQUIRE_EXTERNAL: &str = "var __requireExternal = (namespace) => {
  if (\"module.exports\" in namespace) return namespace[\"module.exports\"];
  var value = namespace.default;
  if (value?.__esModule) return value;
  if (namespace.__esModule) return namespace;
  var isMirror = (typeof value === \"object\" && value !== null) || typeof value === \"function\";
  if (isMirror && Object.keys(namespace).every((name) => name === \"default\" || namespace[name] === value[name])) {
    return value;
  }
  return __toCommonJS(namespace);
};";

pub(super) const DEFAULT_OF: &str = "var __defaultOf = (value) =>
  value && value.__esModule && \"default\" in value ? value.default : value;";

pub(super) const REQUIRE_IN_BROWSER: &str = "var __require = (name) => {
  throw Object.assign(new Error(`Cannot find module '${name}': only what is known when bundling can be required`), {
    code: \"MODULE_NOT_FOUND\"
  });
};
__require.resolve = __require;";

pub(super) const ASYNC_MODULE: &str = "var __asyncModule = (name) => {
  throw Object.assign(new Error(`require() cannot be used on an ES module with top-level await: '${name}'`), {
    code: \"ERR_REQUIRE_ASYNC_MODULE\"
  });
};";

pub(super) const MISSING_MODULE: &str = "var __missing = (name) => {
  throw Object.assign(new Error(`Cannot find module '${name}'`), { code: \"MODULE_NOT_FOUND\" });
};";

// Every name starts with a dot, so that none is found on `Object.prototype`.
pub(super) const REQUIRE_BY_NAME_TEXT: &str =
    "var __requireByName = (modules, name) => (modules[name] || (() => __missing(name)))();";

pub(super) const IMPORT_BY_NAME_TEXT: &str = "var __importByName = async (modules, name) => {
  var load = modules[name];
  if (load) return load();
  throw Object.assign(new Error(`Cannot find module '${name}'`), { code: \"ERR_MODULE_NOT_FOUND\" });
};";
