//! Files that stand in their URLs.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use percent_encoding::percent_decode_str;
use url::Url;

use super::Fetched;

/// A file that stands in its URL: `data:text/javascript;base64,…`.
pub(super) fn read(url: &Url) -> Result<Fetched, String> {
    let (kind, body) = url[url::Position::BeforePath..url::Position::AfterQuery]
        .split_once(',')
        .ok_or("it has no comma before its contents")?;
    let decoded: Vec<u8> = percent_decode_str(body).collect();
    let is_base64 = kind
        .rsplit(';')
        .next()
        .is_some_and(|last| last.trim().eq_ignore_ascii_case("base64") && kind.contains(';'));
    let bytes = if is_base64 {
        STANDARD
            .decode(decoded)
            .map_err(|error| format!("its contents are no Base64: {error}"))?
    } else {
        decoded
    };
    let mime = kind.split(';').next().unwrap_or_default().trim();
    Ok(Fetched {
        url: url.clone(),
        bytes,
        mime: if mime.is_empty() { "text/plain" } else { mime }.to_ascii_lowercase(),
        refusal: None,
    })
}
