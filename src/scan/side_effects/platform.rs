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

/// What every browser's window has, as far as reading it can not fail. (HTML Standard §7.2, DOM Standard, and the standards of
/// what they name.)
const OF_BROWSERS: &[&str] = &[
    "AnimationEvent",
    "Attr",
    "Audio",
    "AudioContext",
    "BeforeUnloadEvent",
    "Blob",
    "CSSRule",
    "CSSStyleDeclaration",
    "CSSStyleRule",
    "CSSStyleSheet",
    "CanvasGradient",
    "CanvasRenderingContext2D",
    "CharacterData",
    "Clipboard",
    "ClipboardEvent",
    "Comment",
    "CompositionEvent",
    "CustomEvent",
    "DOMException",
    "DOMMatrix",
    "DOMParser",
    "DOMPoint",
    "DOMRect",
    "DOMStringMap",
    "DOMTokenList",
    "DataTransfer",
    "Document",
    "DocumentFragment",
    "DragEvent",
    "Element",
    "ErrorEvent",
    "File",
    "FileList",
    "FileReader",
    "FocusEvent",
    "FontFace",
    "FormData",
    "HTMLAnchorElement",
    "HTMLAudioElement",
    "HTMLBodyElement",
    "HTMLButtonElement",
    "HTMLCanvasElement",
    "HTMLCollection",
    "HTMLDivElement",
    "HTMLDocument",
    "HTMLElement",
    "HTMLFormElement",
    "HTMLHeadElement",
    "HTMLHeadingElement",
    "HTMLHtmlElement",
    "HTMLIFrameElement",
    "HTMLImageElement",
    "HTMLInputElement",
    "HTMLLIElement",
    "HTMLLabelElement",
    "HTMLLinkElement",
    "HTMLMediaElement",
    "HTMLOListElement",
    "HTMLOptionElement",
    "HTMLParagraphElement",
    "HTMLScriptElement",
    "HTMLSelectElement",
    "HTMLSlotElement",
    "HTMLSpanElement",
    "HTMLStyleElement",
    "HTMLTableElement",
    "HTMLTemplateElement",
    "HTMLTextAreaElement",
    "HTMLUListElement",
    "HTMLUnknownElement",
    "HTMLVideoElement",
    "HashChangeEvent",
    "Headers",
    "History",
    "Image",
    "ImageData",
    "InputEvent",
    "IntersectionObserver",
    "KeyboardEvent",
    "Location",
    "MediaQueryList",
    "MessageChannel",
    "MessageEvent",
    "MessagePort",
    "MouseEvent",
    "MutationObserver",
    "Navigator",
    "Node",
    "NodeFilter",
    "NodeList",
    "Option",
    "Path2D",
    "PerformanceObserver",
    "PointerEvent",
    "PopStateEvent",
    "ProgressEvent",
    "PromiseRejectionEvent",
    "Range",
    "ReadableStream",
    "Request",
    "ResizeObserver",
    "Response",
    "SVGElement",
    "SVGGraphicsElement",
    "SVGSVGElement",
    "Selection",
    "ShadowRoot",
    "Storage",
    "StorageEvent",
    "StyleSheet",
    "SubmitEvent",
    "Text",
    "TextMetrics",
    "TransitionEvent",
    "TreeWalker",
    "UIEvent",
    "WebGL2RenderingContext",
    "WebGLRenderingContext",
    "WebSocket",
    "WheelEvent",
    "Window",
    "Worker",
    "XMLHttpRequest",
    "XMLSerializer",
    "addEventListener",
    "alert",
    "atob",
    "btoa",
    "cancelAnimationFrame",
    "confirm",
    "crypto",
    "customElements",
    "dispatchEvent",
    "document",
    "fetch",
    "getComputedStyle",
    "getSelection",
    "history",
    "location",
    "matchMedia",
    "navigator",
    "performance",
    "postMessage",
    "prompt",
    "removeEventListener",
    "requestAnimationFrame",
    "screen",
    "self",
    "structuredClone",
    "visualViewport",
    "window",
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

    /// Whether a global is there: a test says so, or the program is to run where it is.
    pub(super) fn is_there(&self, name: &str) -> bool {
        name == "globalThis" || self.exists(&name.into()) || self.is_promised_global(name)
    }

    fn is_promised_global(&self, name: &str) -> bool {
        // Who waits for failures may be asking whether this is a browser.
        if self.is_tried || !is_of_browsers(name) {
            return false;
        }
        match self.promised {
            Some(promised) => promised.note(|relied| relied.browser = true),
            None => self.missed.set(true),
        }
        self.promised.is_some()
    }

    /// Whether what browsers have was taken for missing since the last question.
    pub fn takes_browser_for_missing(&self) -> bool {
        self.missed.take()
    }
}

fn is_of_browsers(name: &str) -> bool {
    OF_BROWSERS.binary_search(&name).is_ok()
}

fn is_object(name: &str) -> bool {
    GLOBAL_OBJECTS.contains(&name) || OBJECTS.iter().any(|(object, _)| *object == name)
}

fn tells(name: &str, property: &str) -> bool {
    let mut objects = OBJECTS.iter();
    objects.any(|(object, properties)| *object == name && properties.contains(&property))
}
