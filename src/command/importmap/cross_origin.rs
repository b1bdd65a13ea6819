//! Whether a page may run a module of another origin: the Fetch standard's *CORS check*, in each step of a redirect.

use url::{Origin, Url};

/// A request of a page, as it goes from one server to the next.
pub(super) struct CrossOrigin {
    page: Origin,
    /// The standard's *response tainting*: once a request has left the page's origin it is no longer one of its own.
    has_left: bool,
    /// A server that is not the page's has sent the request on to a third one, which is not told where it comes from.
    is_anonymous: bool,
    /// What a browser says about the first answer that does not allow it.
    refusal: Option<String>,
}

/// The header by which a server allows it.
pub(super) const ALLOW_ORIGIN: &str = "access-control-allow-origin";

impl CrossOrigin {
    /// A request of a page at a URL.
    pub(super) fn of_page(page: &Url) -> Self {
        Self {
            page: page.origin(),
            has_left: false,
            is_anonymous: false,
            refusal: None,
        }
    }

    /// What a server is told about where the request comes from.
    pub(super) fn origin_for(&mut self, url: &Url) -> Option<String> {
        self.has_left |= url.origin() != self.page;
        self.has_left.then(|| self.origin())
    }

    /// Looks at an answer: `allowed` is what [`ALLOW_ORIGIN`] says.
    pub(super) fn answered(&mut self, url: &Url, allowed: Option<&str>) {
        let is_allowed = !self.has_left || allowed == Some("*") || allowed == Some(self.origin().as_str());
        if is_allowed || self.refusal.is_some() {
            return;
        }
        let sent = match allowed {
            None => "without `Access-Control-Allow-Origin`".to_owned(),
            Some(other) => format!("with `Access-Control-Allow-Origin: {other}`"),
        };
        let (other, asking) = (url.origin().ascii_serialization(), self.origin());
        self.refusal = Some(format!("{other} sends it {sent} to {asking}"));
    }

    /// Goes on to where an answer leads.
    pub(super) fn redirected(&mut self, from: &Url, to: &Url) {
        self.is_anonymous |= from.origin() != to.origin() && from.origin() != self.page;
    }

    /// Why a browser keeps the last answer from the page, if it does.
    pub(super) fn refusal(self) -> Option<String> {
        self.refusal
    }

    fn origin(&self) -> String {
        if self.is_anonymous {
            "null".to_owned()
        } else {
            self.page.ascii_serialization()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What becomes of a request that is sent on from one URL to the next, each with what its server allows.
    fn refusal(steps: &[(&str, Option<&str>)]) -> Option<String> {
        let url = |text: &str| Url::parse(text).unwrap();
        let mut request = CrossOrigin::of_page(&url("https://shop.example/page"));
        for (index, (at, allowed)) in steps.iter().enumerate() {
            request.origin_for(&url(at));
            request.answered(&url(at), *allowed);
            if let Some((next, _)) = steps.get(index + 1) {
                request.redirected(&url(at), &url(next));
            }
        }
        request.refusal()
    }

    #[test]
    fn servers_of_other_origins_have_to_allow_it() {
        let page = Some("https://shop.example");
        assert_eq!(refusal(&[("https://shop.example/a.mjs", None)]), None);
        assert_eq!(refusal(&[("https://cdn.example/a.mjs", Some("*"))]), None);
        assert_eq!(refusal(&[("https://cdn.example/a.mjs", page)]), None);
        assert_eq!(
            refusal(&[("https://cdn.example/a.mjs", None)]).as_deref(),
            Some(
                "https://cdn.example sends it without `Access-Control-Allow-Origin` to https://shop.example"
            )
        );
        assert!(refusal(&[("http://shop.example/a.mjs", None)]).is_some());
        assert!(refusal(&[("https://shop.example:444/a.mjs", Some("https://shop.example:444"))]).is_some());
    }

    #[test]
    fn every_step_of_a_redirect_has_to_allow_it() {
        let (own, cdn) = ("https://shop.example/a.mjs", "https://cdn.example/a.mjs");
        let page = Some("https://shop.example");
        assert_eq!(refusal(&[(own, None), (cdn, page)]), None);
        assert_eq!(refusal(&[(cdn, page), (cdn, page)]), None);
        assert!(refusal(&[(cdn, None), (cdn, page)]).is_some());
        // Back at the page's own origin it is still a request that has been elsewhere.
        assert!(refusal(&[(cdn, page), (own, None)]).is_some());
        assert!(refusal(&[(cdn, page), (own, page)]).is_some());
        assert_eq!(refusal(&[(cdn, page), (own, Some("null"))]), None);
        assert_eq!(refusal(&[(cdn, page), (own, Some("*"))]), None);
    }
}
