//! What browsers and Node give programs: reading these properties runs none of their code, where the objects exist.
//!
//! ```js
//! typeof navigator !== 'undefined' && navigator.userAgent
//! globalThis.document?.contentType
//! ```

use swc_core::ecma::ast::{Expr, MemberExpr, MemberProp, OptChainBase, OptChainExpr};

use super::{Purity, builtins, without_parentheses};

/// Objects that are the global one.
const GLOBAL_OBJECTS: [&str; 4] = ["global", "globalThis", "self", "window"];

/// Objects of platforms, and properties that only tell something.
const OBJECTS: [(&str, &[&str]); 6] = [
    ("crypto", &["getRandomValues", "randomUUID", "subtle"]),
    (
        "document",
        &[
            "body",
            "contentType",
            "currentScript",
            "documentElement",
            "documentMode",
            "head",
            "hidden",
            "readyState",
            "visibilityState",
        ],
    ),
    (
        "location",
        &[
            "hash", "host", "hostname", "href", "origin", "pathname", "port", "protocol", "search",
        ],
    ),
    (
        "navigator",
        &[
            "appVersion",
            "hardwareConcurrency",
            "language",
            "languages",
            "maxTouchPoints",
            "onLine",
            "platform",
            "product",
            "userAgent",
            "vendor",
        ],
    ),
    ("performance", &["now", "timeOrigin"]),
    (
        "process",
        &[
            "argv", "browser", "env", "platform", "release", "version", "versions",
        ],
    ),
];

impl Purity<'_> {
    /// Whether `object.property` tells something of a platform and can not fail.
    pub(super) fn is_platform_property(&self, object: &Expr, property: &str) -> bool {
        match self.global_name(object) {
            Some(global) if GLOBAL_OBJECTS.contains(&global) => {
                self.is_there(global) && (is_object(property) || builtins::is_global(property))
            }
            Some(name) => self.is_there(name) && tells(name, property),
            None => false,
        }
    }

    /// The same of `object?.property`, where there may be no such object.
    pub(super) fn is_platform_chain(&self, chain: &OptChainExpr) -> bool {
        let OptChainBase::Member(MemberExpr {
            obj,
            prop: MemberProp::Ident(property),
            ..
        }) = &*chain.base
        else {
            return false;
        };
        let Expr::Member(MemberExpr {
            obj: global,
            prop: MemberProp::Ident(name),
            ..
        }) = without_parentheses(obj)
        else {
            return false;
        };
        chain.optional && self.is_platform_property(global, &name.sym) && tells(&name.sym, &property.sym)
    }

    fn is_there(&self, name: &str) -> bool {
        name == "globalThis" || self.exists(&name.into())
    }
}

fn is_object(name: &str) -> bool {
    GLOBAL_OBJECTS.contains(&name) || OBJECTS.iter().any(|(object, _)| *object == name)
}

fn tells(name: &str, property: &str) -> bool {
    let mut objects = OBJECTS.iter();
    objects.any(|(object, properties)| *object == name && properties.contains(&property))
}
