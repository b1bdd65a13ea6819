//! `new URL(…)` of files, and style sheets before `import()`: what the scan left as numbers of requests becomes
//! the names of files.

use swc_core::ecma::ast::{CallExpr, Expr, Lit, MemberProp, NewExpr};

use super::ast;
use super::rewrite::Rewriter;
use super::runtime::Helper;
use super::{Delivered, DeliveryPlace};
use crate::graph::{ModuleId, RecordId, RequestSyntax, Target};

impl Rewriter<'_> {
    /// What `new URL(<request>, import.meta.url)`, or `.href` of it, becomes.
    pub fn file_url(&mut self, expression: &Expr) -> Option<Expr> {
        match expression {
            Expr::Member(member) if is_href(&member.prop) => {
                let Expr::New(new) = &*member.obj else { return None };
                let (record, rest) = self.file_record(new)?;
                self.prefixed_url(record, &rest)
            }
            Expr::New(new) => {
                let (record, rest) = self.file_record(new)?;
                if self.module.syntax.records[record].syntax == RequestSyntax::StyleText {
                    let Target::Module(target) = self.module.targets[record] else {
                        return Some(ast::string(""));
                    };
                    return Some(ast::string(&self.surroundings.style_text(target)));
                }
                let url = with_rest(&self.relative_url(record), &rest);
                let mut new = new.clone();
                if let Some(arguments) = &mut new.args {
                    arguments.truncate(2);
                    *arguments[0].expr = ast::string(&url);
                }
                Some(Expr::New(new))
            }
            _ => None,
        }
    }

    /// The request of `new URL(<number>, import.meta.url, <rest>)`, if the number is one, and what stands behind its path.
    fn file_record(&self, new: &NewExpr) -> Option<(RecordId, String)> {
        let Expr::Ident(callee) = &*new.callee else {
            return None;
        };
        if callee.ctxt != self.contexts.unresolved || callee.sym != *"URL" {
            return None;
        }
        let [first, second, rest @ ..] = new.args.as_deref()? else {
            return None;
        };
        let rest = match rest {
            [] => String::new(),
            [rest] => rest.expr.as_lit()?.as_str()?.value.to_string_lossy().into_owned(),
            _ => return None,
        };
        let is_meta_url =
            matches!(&*second.expr, Expr::Member(member) if matches!(&*member.obj, Expr::MetaProp(_)));
        if !is_meta_url {
            return None;
        }
        let Expr::Lit(Lit::Num(number)) = &*first.expr else {
            return None;
        };
        let record = crate::graph::record_number(number.value)?;
        let syntax = self.module.syntax.records.get(record)?.syntax;
        matches!(
            syntax,
            RequestSyntax::Asset | RequestSyntax::Worker | RequestSyntax::StyleText
        )
        .then_some((record, rest))
    }

    /// The string that a URL is where URLs have a prefix.
    fn prefixed_url(&mut self, record: RecordId, rest: &str) -> Option<Expr> {
        let Target::Module(target) = self.module.targets[record] else {
            return None;
        };
        if let Some(url) = self.surroundings.data_url(target) {
            return Some(ast::string(&with_rest(url, rest)));
        }
        let file = self.surroundings.delivered_file(target)?;
        let url = self.surroundings.options.assets.prefixed_url(&file)?;
        self.deliver(target, DeliveryPlace::BehindPrefix);
        Some(ast::string(&with_rest(&url, rest)))
    }

    /// What leads from the code to the file of a request.
    fn relative_url(&mut self, record: RecordId) -> String {
        let request = &self.module.syntax.records[record];
        // What leads nowhere stays what the source says.
        let Target::Module(target) = self.module.targets[record] else {
            return request.specifier.to_string();
        };
        if request.syntax == RequestSyntax::Worker {
            return self
                .surroundings
                .worker_url(target)
                .expect("every included worker is an entry");
        }
        if let Some(url) = self.surroundings.data_url(target) {
            return url.to_owned();
        }
        let Some(file) = self.surroundings.delivered_file(target) else {
            return request.specifier.to_string();
        };
        self.deliver(target, DeliveryPlace::BesideCode);
        self.surroundings.relative_url(&file)
    }

    /// Notes that a file is needed, and what it names itself.
    fn deliver(&mut self, module: ModuleId, place: DeliveryPlace) {
        self.delivered.push(Delivered { module, place });
        let named = self.surroundings.named_by_delivered(module).iter();
        let named = named.map(|module| Delivered {
            module: *module,
            place,
        });
        self.delivered.extend(named);
    }

    /// The style sheets that the target of an `import()` needs on the page.
    pub fn styles_of_import(&self, call: &CallExpr) -> Vec<String> {
        let target = self.imported_module(call);
        target.map_or_else(Vec::new, |target| self.surroundings.styles_of_import(target))
    }

    /// The files that the target of an `import()` needs beside its own.
    pub fn preloads_of_import(&self, call: &CallExpr, waits_for_styles: bool) -> Vec<String> {
        let target = self.imported_module(call);
        target.map_or_else(Vec::new, |target| {
            self.surroundings.preloads_of_import(target, waits_for_styles)
        })
    }

    fn imported_module(&self, call: &CallExpr) -> Option<ModuleId> {
        let record = Self::record_of(call)?;
        let request = self.module.syntax.records.get(record)?;
        match self.module.targets[record] {
            Target::Module(target) if request.syntax == RequestSyntax::Dynamic => Some(target),
            _ => None,
        }
    }

    /// `__preload(["./shared.mjs"], () => import("./a.mjs"))`
    pub fn after_preloads(&mut self, files: &[String], import: Expr) -> Expr {
        let files = files.iter().map(|file| ast::string(file)).collect();
        let load = ast::arrow(import);
        self.helper(self.surroundings.preload_helper(), vec![ast::array(files), load])
    }

    /// `__styles(["./a.css"], () => import("./a.mjs"))`
    pub fn after_styles(&mut self, styles: &[String], import: Expr) -> Expr {
        let urls = styles.iter().map(|url| ast::string(url)).collect();
        let load = ast::arrow(import);
        self.helper(Helper::Styles, vec![ast::array(urls), load])
    }
}

/// A URL with what stood behind it; a `data:` URL has no query.
fn with_rest(url: &str, rest: &str) -> String {
    let rest = if url.starts_with("data:") {
        rest.find('#').map_or("", |start| &rest[start..])
    } else {
        rest
    };
    format!("{url}{rest}")
}

fn is_href(property: &MemberProp) -> bool {
    matches!(property, MemberProp::Ident(name) if name.sym == *"href")
}
